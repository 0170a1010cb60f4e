import type { Page } from '../contract/change.ts';
import type { AuditEvent, LogInput } from '../contract/log.ts';
import { type AuditEntry, readAudit } from '../db/audit.ts';
import { objectTypes } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

const DEFAULT_LIMIT = 50;

/** The audit trail, newest first (spec section 5). */
export async function listLog(work: Work, input: LogInput): Promise<Page<AuditEvent>> {
  const limit = input.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw invalid(`limit ${quote(limit)} is not a whole number from 1 to 500`, 'give a limit from 1 to 500');
  const olderThan = input.cursor === undefined ? undefined : parseId(input.cursor);
  if (input.cursor !== undefined && olderThan === undefined)
    throw invalid(`cursor ${quote(input.cursor)} is not one that was given out`, 'pass `nextCursor` of the page before, unchanged');
  const found = await readAudit(work.queries, work.client.id, {
    limit: limit + 1,
    olderThan,
    since: input.since,
    until: input.until,
    objectType: input.objectType,
    objectId: await objectOf(work, input),
    actor: input.actor,
  });
  const items = found.slice(0, limit);
  return { items: items.map(eventOf), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

async function objectOf(work: Work, { objectType, ref }: LogInput): Promise<Id | undefined> {
  if (objectType !== undefined && !objectTypes.includes(objectType))
    throw invalid(`there is no object type ${quote(objectType)}`, `give one of ${objectTypes.join(', ')}`);
  if (ref === undefined) return undefined;
  const id = parseId(ref);
  if (id !== undefined) return id;
  if (objectType === undefined) throw invalid(`${quote(ref)} may be of any kind`, 'name the kind too, or give an id');
  return resolveReference(work, objectType, ref, 'ref');
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
