import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Fields, ScalarField } from '../records/field.ts';
import { WEEKDAYS } from '../values/day.ts';
import { type Id, idFromBigInt, idToBigInt } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { columnName, foldedColumn, handleColumn, joinedHandles } from './columns.ts';
import type { Row } from './database.ts';

/** A record's values as they are stored: references are ids, collections are lists. */
export type Stored = Readonly<Record<string, unknown>>;

export const encodeId = (id: Id): bigint => idToBigInt(id);
export const decodeId = (value: unknown): Id => idFromBigInt(BigInt(value as bigint | number | string));
export const decodeNumber = (value: unknown): number => Number(value);

/** A stored value as its column holds it. */
export function encodeValue(field: ScalarField, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (field.kind) {
    case 'boolean':
      return value ? 1 : 0;
    case 'id':
    case 'reference':
      return encodeId(value as Id);
    case 'weekdays':
      return (value as readonly string[]).reduce(
        (mask, day) => mask | (1 << WEEKDAYS.indexOf(day as never)),
        0,
      );
    case 'settings':
      return JSON.stringify(value);
    case 'text':
    case 'choice':
    case 'secret':
    case 'integer':
    case 'day':
    case 'instant':
      return value;
  }
}

/** A column's content as a stored value. */
export function decodeValue(field: ScalarField, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (field.kind) {
    case 'boolean':
      return Number(value) === 1;
    case 'id':
    case 'reference':
      return decodeId(value);
    case 'weekdays':
      return WEEKDAYS.filter((_day, index) => (Number(value) & (1 << index)) !== 0);
    case 'settings':
      return JSON.parse(value as string);
    case 'integer':
    case 'day':
    case 'instant':
      return Number(value);
    case 'text':
    case 'choice':
    case 'secret':
      return value;
  }
}

const isScalar = (field: Fields[string]): field is ScalarField =>
  field.kind !== 'references' && field.kind !== 'tags' && field.kind !== 'items';

/** The columns of those scalar fields that `values` has, folded copies included. */
export function encodeFields(fields: Fields, values: Values): Row {
  const row: Row = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isScalar(field) || !Object.hasOwn(values, name)) continue;
    const value = encodeValue(field, values[name]);
    row[columnName(name, field)] = value;
    if (field.kind === 'text' && field.fold)
      row[foldedColumn(name)] = value === null ? null : fold(value as string);
  }
  return row;
}

/** As `encodeFields`, with the folded copies of handles that join several fields; `values` are the whole record. */
export function encodeRecord(definition: RecordDefinition, values: Values): Row {
  const row = encodeFields(definition.fields, values);
  for (const handle of joinedHandles(definition)) {
    const joined = handle.fields
      .map((name) => values[name])
      .filter((part) => typeof part === 'string' && part !== '')
      .join(' ');
    row[handleColumn(definition, handle)] = joined === '' ? null : fold(joined);
  }
  return row;
}

interface ScalarColumn {
  readonly name: string;
  readonly field: ScalarField;
  readonly column: string;
}

/** The scalar fields of rows with the columns that hold them, worked out once for each set of fields. */
const columnsOf = new WeakMap<Fields, readonly ScalarColumn[]>();

function scalarColumns(fields: Fields): readonly ScalarColumn[] {
  const known = columnsOf.get(fields);
  if (known !== undefined) return known;
  const columns = Object.entries(fields).flatMap(([name, field]) =>
    isScalar(field) ? [{ name, field, column: columnName(name, field) }] : [],
  );
  columnsOf.set(fields, columns);
  return columns;
}

export function decodeFields(fields: Fields, row: Row): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, field, column } of scalarColumns(fields)) values[name] = decodeValue(field, row[column]);
  return values;
}
