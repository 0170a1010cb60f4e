import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import type { Field, Fields, ObjectType } from '../records/field.ts';
import { firstItemField, isSchedule } from '../records/item-text.ts';
import { definitionOf } from '../records/registry.ts';

/** A header and a row as an example for a kind, as CSV; what is known only to the client is named by way of example. */
export function template(kind: CsvKind): string {
  const { fields } = definitionOf(csvKinds[kind]);
  const columns = Object.entries(fields).filter(
    ([, field]) =>
      field.kind !== 'secret' &&
      field.kind !== 'settings' &&
      !(field.kind === 'references' && field.inverse !== undefined),
  );
  const rows = [columns.map(([name]) => name), columns.map(([name, field]) => example(name, field))];
  return rows.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const NAMES: Readonly<Record<string, string>> = { firstName: 'Ann', lastName: 'Byrne', city: 'Dublin' };

function example(name: string, field: Field): string {
  if (field.example !== undefined) return field.example;
  if (NAMES[name] !== undefined) return NAMES[name];
  switch (field.kind) {
    case 'text':
      return field.format === 'email' ? 'ann@example.org' : field.format === 'phone' ? '085 012 3456' : '';
    case 'choice':
    case 'integer':
      return String(field.default ?? '');
    case 'boolean':
      return field.default === true ? 'yes' : 'no';
    case 'reference':
      return field.required === true ? handleExample(field.target) : '';
    case 'references':
    case 'tags':
    case 'day':
    case 'instant':
    case 'secret':
    case 'id':
    case 'weekdays':
    case 'settings':
      return '';
    case 'items':
      return isSchedule(field) ? (field.example ?? '') : itemExample(field.fields, firstItemField(field));
  }
}

/** Of items only those that need nothing but text. */
function itemExample(fields: Fields, first: string): string {
  const field = fields[first];
  return field?.kind === 'text' ? (field.example ?? '') : '';
}

/** How a record of a kind is named where a required reference is. */
function handleExample(type: ObjectType): string {
  const { handles, fields } = definitionOf(type);
  const [handle] = handles;
  const own = handle?.fields.map((name) => fields[name]?.example ?? '').join(' ') ?? '';
  const parent = handle?.within === undefined ? undefined : fields[handle.within];
  return parent?.kind === 'reference' ? `${handleExample(parent.target)}/${own}` : own;
}
