import type { Page } from '../contract/change.ts';
import { AUDIT_ACTIONS, type AuditAction, type AuditEvent, type LogInput } from '../contract/log.ts';
import { type AuditEntry, readAudit } from '../db/audit.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId, parseIdOrDecimal } from '../values/id.ts';
import { countInput, instantInput, refuseInput, textInput } from './input.ts';
import { encodeCursor, readCursor } from './page.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

const DEFAULT_LIMIT = 50;

/** The audit trail, newest first (spec section 5). */
export async function listLog(work: Work, input: LogInput): Promise<Page<AuditEvent>> {
  const limit = countInput(input.limit, 'limit', [1, 500], DEFAULT_LIMIT);
  const olderThan =
    input.cursor === undefined ? undefined : readCursor(`${work.client.id} log`, input, input.cursor).id;
  const found = await readAudit(work.queries, work.client.id, {
    limit: limit + 1,
    olderThan,
    newerThan: input.after === undefined ? undefined : eventId(input.after, 'after'),
    since: instantInput(input.since, 'since'),
    until: instantInput(input.until, 'until'),
    objectType: input.objectType,
    objectId: await objectOf(work, input),
    actor: input.actor === undefined ? undefined : textInput(input.actor, 'actor'),
    action: actionInput(input.action),
    operation: operationInput(input.operation),
    visibleTo: work.viewerGroups ?? undefined,
  });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(eventOf),
    nextCursor:
      found.length > limit && last !== undefined
        ? encodeCursor(`${work.client.id} log`, input, { id: last.id, updatedDate: null })
        : null,
  };
}

/** The id of an event that an input names. */
export function eventId(value: unknown, field: string): Id {
  const id = typeof value === 'string' ? parseIdOrDecimal(value) : undefined;
  if (id !== undefined) return id;
  throw refuseInput(field, value, 'is no id of an event', 'find it with `tph log`');
}

function operationInput(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const name = textInput(value, 'operation');
  if (/^[a-z]+(\.[a-z]+)?$/i.test(name)) return name;
  throw refuseInput('operation', value, 'is no operation', 'give one such as driver.update, or driver alone');
}

function actionInput(value: unknown): AuditAction | undefined {
  const action = AUDIT_ACTIONS.find((one) => one === value);
  if (value === undefined || action !== undefined) return action;
  throw refuseInput('action', value, 'is no action', `give one of ${AUDIT_ACTIONS.join(', ')}`);
}

/** A record of any state: of a deleted one the trail is wanted most. */
async function objectOf(work: Work, { objectType, ref }: LogInput): Promise<Id | undefined> {
  if (objectType !== undefined && !objectTypes.includes(objectType))
    throw refuseInput('objectType', objectType, 'is no object type', `give one of ${objectTypes.join(', ')}`);
  if (ref === undefined) return undefined;
  const given = parseId(textInput(ref, 'ref'));
  const id =
    given ?? (await (objectType === undefined ? ofAnyKind(work, ref) : liveOrDeleted(work, objectType, ref)));
  // Every record has a row of its creation; of one that whoever asks may not see there is none.
  const visibleTo = work.viewerGroups ?? undefined;
  const [known] = await readAudit(work.queries, work.client.id, { limit: 1, objectId: id, visibleTo });
  if (known === undefined) throw new TphError('NOT_FOUND', `there is no record ${quote(ref)}`);
  return id;
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
