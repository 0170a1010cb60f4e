import type { RecordChange } from '../../db/bulk-undo.ts';
import type { RecordDefinition } from '../../records/definition.ts';
import { changedFields } from '../difference.ts';
import { storedValue } from '../undo-values.ts';

/**
 * Whether a record is as it was before any of these `changes`, which are some of `all` that were made since (oldest
 * first): every field that one of them was about has its former value again. A password is never known to be the same.
 */
export function cancelOut(
  { fields }: RecordDefinition,
  changes: readonly RecordChange[],
  all: readonly RecordChange[],
): boolean {
  const before: Record<string, unknown> = {};
  for (const change of changes)
    for (const [name, value] of [...Object.entries(change.before), ...unknownBefore(change)])
      if (!Object.hasOwn(before, name)) before[name] = value;
  return Object.entries(before).every(([name, value]) => {
    const last = all.findLast(({ after }) => Object.hasOwn(after, name));
    const now = last?.after[name] ?? null;
    const field = fields[name];
    // When it was deleted, or the internal key.
    if (field === undefined) return (value ?? null) === now;
    if (field.kind === 'secret') return false;
    const stored = (one: unknown) => ({ [name]: storedValue(field, one) });
    return changedFields({ [name]: field }, stored(value), stored(now)).length === 0;
  });
}

/** Fields that a change gave a value without one before. */
const unknownBefore = ({ before, after }: RecordChange): readonly (readonly [string, unknown])[] =>
  Object.keys(after).flatMap((name) => (Object.hasOwn(before, name) ? [] : [[name, null] as const]));
