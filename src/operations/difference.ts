import type { FieldChange } from '../contract/change.ts';
import type { Stored } from '../db/codec.ts';
import type { Fields } from '../records/field.ts';

/** JSON with sorted keys: equal values give equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The fields whose stored values differ. A collection of references or tags is a set: its order is no change. */
export function changedFields(fields: Fields, before: Stored, after: Stored): readonly string[] {
  return Object.keys(fields).filter((name) => {
    // Most values are the very same, or plain and different.
    if (Object.is(before[name] ?? null, after[name] ?? null)) return false;
    const kind = fields[name]?.kind;
    const form = (value: unknown) =>
      canonical(
        (kind === 'references' || kind === 'tags') && Array.isArray(value) ? [...value].sort() : value,
      );
    return form(before[name] ?? null) !== form(after[name] ?? null);
  });
}

/** What a change log keeps of fields: as answered, secrets only as such. */
export function audited(
  fields: Fields,
  names: readonly string[],
  presented: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    names.map((name) => [name, fields[name]?.kind === 'secret' ? '(hidden)' : (presented[name] ?? null)]),
  );
}

export function fieldChanges(
  names: readonly string[],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  return names.map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }));
}
