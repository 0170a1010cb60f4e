import { keyOf, setKeyLive } from '../db/internal-keys.ts';
import { existsById } from '../db/lookup.ts';
import { referencesIn } from '../db/present.ts';
import { type StoredRecord, updateRecord } from '../db/record-store.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { type ErrorDetail, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { affectedBy } from './affected.ts';
import { laterThan } from './change.ts';
import { refuseHeldKey } from './keys.ts';
import { resolveReference } from './references.ts';
import { type AnyChanged, report, unchanged } from './report.ts';
import { rulesOf } from './rules.ts';
import { presentOne, readRecords, scopeOf, storedRecord } from './scoped.ts';
import { refuseTwin } from './uniqueness.ts';
import type { Work } from './work.ts';

/** Marks a record as deleted; says what still refers to it. One that its id names may be deleted already: twice is once. */
export async function deleteRecord(work: Work, type: ObjectType, ref: string): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const among = parseId(ref) === undefined ? 'live' : 'all';
  const before = await storedRecord(work, definition, await resolveReference(work, type, ref, 'ref', among));
  if (before.deletedAt !== null) return unchanged(work, definition, before.id);
  await rulesOf(type).guard?.(work, before, null);
  const warnings = (await rulesOf(type).warnOfLoss?.(work, before, null)) ?? [];
  const affects = await affectedBy(work, type, before.id);
  return { ...(await setDeleted(work, definition, before, work.now, warnings)), affects };
}

/** Undoes a deletion; CONFLICT names the live record that has taken its place. */
export async function restoreRecord(work: Work, type: ObjectType, ref: string): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const before = await storedRecord(work, definition, await deletedOrLive(work, type, ref));
  if (before.deletedAt === null) return unchanged(work, definition, before.id);
  await refuseTwin(work, definition, before.values, before.id);
  const key = await keyOf(work.queries, scopeOf(work, definition, before.id), type, before.id);
  if (key !== undefined) await refuseHeldKey(work, definition, before.id, key);
  return setDeleted(work, definition, before, null, await deletedReferences(work, definition, before));
}

/** What a restored record refers to and is deleted itself: a HARD approval of such a driver locks its list for nobody. */
export async function deletedReferences(
  work: Work,
  definition: RecordDefinition,
  record: Pick<StoredRecord, 'values'>,
): Promise<readonly ErrorDetail[]> {
  const warnings: ErrorDetail[] = [];
  for (const [type, id] of new Map(
    [...referencesIn(definition.fields, record.values)].map((one) => [one[1], one]),
  ).values()) {
    const other = definitionOf(type);
    if (await existsById(work.queries, work.client.id, other, id, 'live')) continue;
    const [held] = await readRecords(work, other, [id]);
    const name = held === undefined ? id : displayName(type, held);
    warnings.push({
      message: `the ${other.title} ${quote(name)} that it refers to is deleted`,
      hint: `restore that too with \`tph ${other.noun} restore ${id}\``,
    });
  }
  return warnings;
}

/** Restoring twice is once: a handle that no deleted record has may be that of one restored before. */
async function deletedOrLive(work: Work, type: ObjectType, ref: string): Promise<Id> {
  try {
    return await resolveReference(work, type, ref, 'ref', 'deleted');
  } catch (error) {
    if (!(error instanceof TphError) || error.code !== 'NOT_FOUND') throw error;
    return resolveReference(work, type, ref, 'ref', 'live');
  }
}

async function setDeleted(
  work: Work,
  definition: RecordDefinition,
  before: StoredRecord,
  at: Instant | null,
  warnings: readonly ErrorDetail[] = [],
): Promise<AnyChanged> {
  const presented = await presentOne(work, definition, before);
  const after: StoredRecord = {
    ...before,
    deletedAt: at,
    deletedBy: at === null ? null : work.actor,
    updatedDate: laterThan(before.updatedDate, work.now),
  };
  const scope = scopeOf(work, definition, before.id);
  await updateRecord(work.queries, scope, definition, after, []);
  await setKeyLive(work.queries, scope, definition.objectType, before.id, at === null);
  return report(work, definition, { stored: before, presented }, after, warnings);
}
