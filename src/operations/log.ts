import type { Page } from '../contract/change.ts';
import type { AuditEvent, LogInput } from '../contract/log.ts';
import { type AuditEntry, readAudit } from '../db/audit.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { countInput, instantInput, refuseInput, textInput } from './input.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

const DEFAULT_LIMIT = 50;

/** The audit trail, newest first (spec section 5). */
export async function listLog(work: Work, input: LogInput): Promise<Page<AuditEvent>> {
  const limit = countInput(input.limit, 'limit', [1, 500], DEFAULT_LIMIT);
  const olderThan = input.cursor === undefined ? undefined : parseId(String(input.cursor));
  if (input.cursor !== undefined && olderThan === undefined)
    throw refuseInput(
      'cursor',
      input.cursor,
      'is not one that was given out',
      'pass `nextCursor` of the page before, unchanged',
    );
  const found = await readAudit(work.queries, work.client.id, {
    limit: limit + 1,
    olderThan,
    since: instantInput(input.since, 'since'),
    until: instantInput(input.until, 'until'),
    objectType: input.objectType,
    objectId: await objectOf(work, input),
    actor: input.actor === undefined ? undefined : textInput(input.actor, 'actor'),
  });
  const items = found.slice(0, limit);
  return { items: items.map(eventOf), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A record of any state: of a deleted one the trail is wanted most. */
async function objectOf(work: Work, { objectType, ref }: LogInput): Promise<Id | undefined> {
  if (objectType !== undefined && !objectTypes.includes(objectType))
    throw refuseInput('objectType', objectType, 'is no object type', `give one of ${objectTypes.join(', ')}`);
  if (ref === undefined) return undefined;
  const id = parseId(textInput(ref, 'ref'));
  if (id !== undefined) {
    // Every record has a row of its creation.
    const [known] = await readAudit(work.queries, work.client.id, { limit: 1, objectId: id });
    if (known === undefined) throw new TphError('NOT_FOUND', `there is no record ${quote(id)}`);
    return id;
  }
  return objectType === undefined ? ofAnyKind(work, ref) : liveOrDeleted(work, objectType, ref);
}

/** The one record of any kind that a handle or internal key names. */
async function ofAnyKind(work: Work, ref: string): Promise<Id> {
  const found: { readonly type: ObjectType; readonly id: Id }[] = [];
  for (const type of objectTypes) {
    try {
      found.push({ type, id: await liveOrDeleted(work, type, ref) });
    } catch (error) {
      if (!(error instanceof TphError) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const message =
    only === undefined ? `there is no record ${quote(ref)}` : `${quote(ref)} fits ${found.length} records`;
  const nouns = found.map(({ type }) => `${definitionOf(type).noun}:${ref}`);
  const hint =
    only === undefined
      ? 'give the id, or the kind too, such as driver:D7'
      : `name the kind too: ${nouns.join(', ')}`;
  throw new TphError(only === undefined ? 'NOT_FOUND' : 'CONFLICT', message, {
    hint,
    details: [{ field: 'ref', value: ref, message, hint }],
  });
}

async function liveOrDeleted(work: Work, objectType: ObjectType, ref: string): Promise<Id> {
  try {
    return await resolveReference(work, objectType, ref, 'ref', 'live');
  } catch (error) {
    if (!(error instanceof TphError) || error.code !== 'NOT_FOUND') throw error;
    // What is wrong is said of the live records, with their nearest spellings.
    return resolveReference(work, objectType, ref, 'ref', 'deleted').catch(() => Promise.reject(error));
  }
}

const eventOf = ({ objectType, objectId, objectName, ...entry }: AuditEntry): AuditEvent => ({
  id: entry.id,
  at: entry.at,
  actor: entry.actor,
  reason: entry.reason,
  operation: entry.operation,
  action: entry.action,
  object: { objectType, id: objectId, name: objectName },
  before: entry.before,
  after: entry.after,
});
