import { displayName } from '../records/display.ts';
import type { Field, Reference } from '../records/field.ts';

type Values = Readonly<Record<string, unknown>>;

/** A value as the audit trail has it, in its stored form: references are ids. */
export function storedValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (field.kind) {
    case 'reference':
      return (value as Reference).id;
    case 'references':
      return (value as readonly Reference[]).map(({ id }) => id);
    case 'items':
      return (value as readonly Values[]).map((item) =>
        Object.fromEntries(
          Object.entries(field.fields).map(([name, inner]) => [name, storedValue(inner, item[name])]),
        ),
      );
    default:
      return value;
  }
}

/** A value as the audit trail has it, in a few words. */
export function shortText(field: Field | undefined, value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (field?.kind === 'reference') return displayName(field.target, value as Reference);
  if (field?.kind === 'references')
    return (value as readonly Reference[]).map((one) => displayName(field.target, one)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
