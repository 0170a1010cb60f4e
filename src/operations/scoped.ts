import { answerRecords, present } from '../db/present.ts';
import { loadRecords, type StoredRecord } from '../db/record-store.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Work } from './work.ts';

/** A client's own row belongs to itself, so that its key begins with the client like every other (spec section 8). */
export const scopeOf = (work: Work, definition: RecordDefinition, id: Id): Id =>
  definition.objectType === 'Client' ? id : work.client.id;

/** A record as it is stored, deleted ones too; NOT_FOUND where the client has none with this id. */
export async function storedRecord(work: Work, definition: RecordDefinition, id: Id): Promise<StoredRecord> {
  const [record] = await loadRecords(work.queries, scopeOf(work, definition, id), definition, [id]);
  if (record === undefined) throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(id)}`);
  return record;
}

/** A stored record as it is answered. */
export async function presentOne(
  work: Work,
  definition: RecordDefinition,
  record: StoredRecord,
): Promise<AnyRecord> {
  const scope = scopeOf(work, definition, record.id);
  const [presented] = await present(work.queries, scope, definition, [record]);
  return presented as AnyRecord;
}

/** Records as they are answered, deleted ones too, in the order of `ids`. */
export async function readRecords(
  work: Work,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly AnyRecord[]> {
  const byScope = definition.objectType === 'Client' ? ids.map((id) => [id]) : [ids];
  const records: AnyRecord[] = [];
  for (const part of byScope) {
    const scope = scopeOf(work, definition, part[0] ?? work.client.id);
    records.push(...(await answerRecords(work.queries, scope, definition, part)));
  }
  return records;
}
