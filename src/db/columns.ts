import type { NaturalHandle, RecordDefinition } from '../records/definition.ts';
import type { Field, ScalarField, TextField } from '../records/field.ts';
import { singular, snake } from '../records/names.ts';

/** What a column holds, in the words of no dialect. */
export type ColumnType = 'id' | 'integer' | 'text';

/** The column of a scalar field. */
export function columnName(name: string, field: Field): string {
  return field.kind === 'reference' ? `${snake(name)}_id` : snake(name);
}

export function columnType(field: ScalarField): ColumnType {
  switch (field.kind) {
    case 'id':
    case 'reference':
      return 'id';
    case 'integer':
    case 'boolean':
    case 'day':
    case 'instant':
    case 'weekdays':
      return 'integer';
    case 'text':
    case 'choice':
    case 'secret':
    case 'settings':
      return 'text';
  }
}

/** The folded copy of a text that is compared without regard to letter case. */
export const foldedColumn = (name: string): string => `${snake(name)}_folded`;

/** Where a handle is looked up: the field's own column, its folded copy, or the folded copy of several fields joined. */
export function handleColumn(definition: RecordDefinition, handle: NaturalHandle): string {
  const [first] = handle.fields;
  if (first === undefined || handle.fields.length > 1) return `${handle.name.replace(/\W+/g, '_')}_folded`;
  const field = definition.fields[first] as TextField;
  return field.fold ? foldedColumn(first) : snake(first);
}

/** The handles whose look-up column is a folded copy of several fields joined. */
export const joinedHandles = (definition: RecordDefinition): readonly NaturalHandle[] =>
  definition.handles.filter((handle) => handle.fields.length > 1);

/** The table of a collection: `driver` `clientCapabilities` → `driver_client_capability`. */
export const collectionTable = (owner: string, field: string): string => `${owner}_${snake(singular(field))}`;

/** The column by which a field counts for uniqueness. */
export function uniqueColumn(definition: RecordDefinition, name: string): string {
  const field = definition.fields[name] as Field;
  return field.kind === 'text' && field.fold ? foldedColumn(name) : columnName(name, field);
}
