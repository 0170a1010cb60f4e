import type { Stored } from '../db/codec.ts';
import { keyOf } from '../db/internal-keys.ts';
import { type StoredRecord, updateRecord } from '../db/record-store.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { type ErrorDetail, quote, TphError } from '../values/error.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { changedFields } from './difference.ts';
import { changeKey } from './keys.ts';
import { hashSecrets } from './password.ts';
import { type AnyChanged, report, unchanged } from './report.ts';
import { rulesOf } from './rules.ts';
import { presentOne, scopeOf, storedRecord } from './scoped.ts';
import { refuseBroken } from './uniqueness.ts';
import type { Work } from './work.ts';

export interface ChangeOptions {
  /** The fields that the change is about. */
  readonly given: readonly string[];
  /** A new internal key, or null for none; undefined leaves it. */
  readonly key?: string | null | undefined;
  readonly warnings?: readonly ErrorDetail[];
  /** Set where the values are such as the record had: nothing is filled in for them. */
  readonly asItWas?: true;
}

/** Puts `change` of a live record's stored values into force, with its rules, uniqueness and audit. */
export async function changeRecord(
  work: Work,
  definition: RecordDefinition,
  id: Id,
  change: (before: Stored) => Stored,
  options: ChangeOptions,
): Promise<AnyChanged> {
  const before = await storedRecord(work, definition, id);
  if (before.deletedAt !== null)
    throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(id)}`);
  const rules = rulesOf(definition.objectType);
  const changed = change(before.values);
  const values =
    options.asItWas === true ? changed : await completed(work, definition, changed, before, options);
  const names = changedFields(definition.fields, before.values, values);
  const scope = scopeOf(work, definition, id);
  const oldKey =
    options.key === undefined ? null : await keyOf(work.queries, scope, definition.objectType, id);
  const keyChanges = options.key !== undefined && options.key !== (oldKey ?? null);
  const warnings = [...(options.warnings ?? []), ...(rules.warn?.(work, values, before) ?? [])];
  if (names.length === 0 && !keyChanges) return unchanged(work, definition, id, warnings);
  await refuseBroken(work, definition, values, before);
  await rules.guard?.(work, before, values);
  warnings.push(...((await rules.warnOfLoss?.(work, before, values)) ?? []));
  const after: StoredRecord = { ...before, values, updatedDate: laterThan(before.updatedDate, work.now) };
  const presented = await presentOne(work, definition, before);
  await updateRecord(work.queries, scope, definition, after, names);
  if (keyChanges) await changeKey(work, definition, id, options.key ?? null);
  await writeInverse(work, definition, before, after, names);
  return report(work, definition, { stored: before, presented }, after, warnings);
}

async function completed(
  work: Work,
  definition: RecordDefinition,
  changed: Stored,
  before: StoredRecord,
  { given }: ChangeOptions,
): Promise<Stored> {
  const values = (await rulesOf(definition.objectType).complete?.(work, changed, before, given)) ?? changed;
  return { ...values, ...(await hashSecrets(definition.fields, only(values, given))) };
}

const only = (values: Stored, names: readonly string[]): Stored =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

/** Spec section 3: `updatedDate` moves on every change, also on two within a second. */
export const laterThan = (previous: Instant, now: Instant): Instant => Math.max(now, previous + 1) as Instant;

/** A collection that the other side owns is changed there, record by record, so that each has its own audit row. */
export async function writeInverse(
  work: Work,
  definition: RecordDefinition,
  before: StoredRecord | null,
  after: StoredRecord,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const field = definition.fields[name];
    if (field?.kind !== 'references' || field.inverse === undefined) continue;
    const inverse = field.inverse;
    const was = new Set((before?.values[name] ?? []) as readonly Id[]);
    const is = new Set((after.values[name] ?? []) as readonly Id[]);
    const moved = [...was, ...is].filter((id) => was.has(id) !== is.has(id));
    for (const other of moved.sort(compareIds))
      await changeRecord(
        work,
        definitionOf(field.target),
        other,
        (values) => {
          const list = values[inverse] as readonly Id[];
          return {
            ...values,
            [inverse]: is.has(other) ? [...list, after.id] : list.filter((id) => id !== after.id),
          };
        },
        { given: [inverse] },
      );
  }
}
