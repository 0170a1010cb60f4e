import { type AuditEntry, readAudit } from '../db/audit.ts';
import type { StoredRecord } from '../db/record-store.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import { type ErrorDetail, quote, TphError } from '../values/error.ts';
import { changedFields } from './difference.ts';
import { presentOne } from './scoped.ts';
import { shortText, storedValue } from './undo-values.ts';
import type { Work } from './work.ts';

/** More changes to one record than are looked through. */
const MOST_LATER = 100_000;

/**
 * Throws CONFLICT, naming what differs and who changed it, where a record is not as a change left it. Changes that
 * took each other back leave it so: what counts is how it is now.
 */
export async function refuseTouched(
  work: Work,
  definition: RecordDefinition,
  entry: AuditEntry,
  record: StoredRecord,
): Promise<void> {
  const later = await readAudit(work.queries, work.client.id, {
    limit: MOST_LATER,
    objectId: entry.objectId,
    newerThan: entry.id,
  });
  const undone = later.find((one) => one.operation === 'log.undo' && isUndoOf(one, entry));
  const details = await differences(work, definition, entry, record, later);
  if (details.length === 0) return;
  const [newest] = later;
  if (undone !== undefined && undone === newest) {
    const message = `it was taken back already, by ${undone.actor} (${undone.id})`;
    const hint = `to have the change again, undo that: \`tph log undo ${undone.id}\``;
    throw new TphError('CONFLICT', message, { hint, details: [{ field: 'event', message, hint }] });
  }
  const fields = details.map(({ field }) => field).join(', ');
  const message = `the ${definition.title} ${quote(entry.objectName)} was changed since: ${fields}`;
  const hint =
    newest === undefined
      ? `change it by hand with \`tph ${definition.noun} update ${entry.objectId}\``
      : `see \`tph log --object ${entry.objectId}\`; undo what is newer first: \`tph log undo ${newest.id}\``;
  throw new TphError('CONFLICT', message, { hint, details });
}

const isUndoOf = ({ reason }: AuditEntry, { id }: AuditEntry): boolean =>
  reason === `undo of ${id}` || reason?.startsWith(`undo of ${id}:`) === true;

async function differences(
  work: Work,
  definition: RecordDefinition,
  entry: AuditEntry,
  record: StoredRecord,
  later: readonly AuditEntry[],
): Promise<readonly ErrorDetail[]> {
  const isDeleted = record.deletedAt !== null;
  const left = entry.action === 'DELETE';
  const by = (test: (one: AuditEntry) => boolean): string => {
    const last = later.find(test);
    return last === undefined ? '' : `, by ${last.actor} (${last.id})`;
  };
  if (isDeleted !== left) {
    const who = by(({ action }) => action === 'DELETE' || action === 'RESTORE');
    const message = `it is ${isDeleted ? 'deleted' : 'restored'} now${who}`;
    return [{ field: 'deletedAt', message }];
  }
  const now = await presentOne(work, definition, record);
  const expected = asItWasLeft(entry, later);
  return Object.entries(expected).flatMap(([name, value]): readonly ErrorDetail[] => {
    const field = definition.fields[name];
    const who = by((one) => one.after !== null && Object.hasOwn(one.after, name));
    if (field?.kind === 'secret') {
      const isOwn = !later.some((one) => one.after !== null && Object.hasOwn(one.after, name));
      return isOwn ? [] : [{ field: name, message: `${name} was changed${who}` }];
    }
    if (isSame(name, field, value, now)) return [];
    const message = `${name} is ${quote(shortText(field, now[name]))} now${who}; the change left ${quote(shortText(field, value))}`;
    return [{ field: name, message }];
  });
}

/** The fields that the change or a later one was about, as the change left them. */
function asItWasLeft(entry: AuditEntry, later: readonly AuditEntry[]): Readonly<Record<string, unknown>> {
  const expected: Record<string, unknown> = {};
  // Newest first: of a field that was changed twice, what it was before the first time is what counts.
  for (const { before } of later) Object.assign(expected, before);
  Object.assign(expected, entry.after);
  const { deletedAt: _deletedAt, ...fields } = expected;
  return fields;
}

function isSame(name: string, field: Field | undefined, value: unknown, now: AnyRecord): boolean {
  // A field that the program has no more, or the internal key.
  if (field === undefined) return !(name in now) || (value ?? null) === (now[name] ?? null);
  const stored = (one: unknown) => ({ [name]: storedValue(field, one) });
  return changedFields({ [name]: field }, stored(value), stored(now[name])).length === 0;
}
