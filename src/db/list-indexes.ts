import type { RecordDefinition } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import { isNullable } from '../records/field.ts';
import { snake } from '../records/names.ts';
import { columnName } from './columns.ts';
import type { Index } from './table.ts';

/** The schema version that brought the indexes below, to tables that had been there before. */
export const LISTS_SINCE = 3;

/** Whether a list can be narrowed to one value of this field (spec section 5) that stands in a column of the record. */
export const isListedBy = (name: string, field: Field): boolean =>
  field.kind === 'reference' ||
  field.kind === 'choice' ||
  field.kind === 'boolean' ||
  (field.kind === 'day' && name === 'day');

/** The value that most records have, where only the others are in the index of a field. */
export const commonValue = (field: Field): 0 | 1 | undefined =>
  field.kind === 'boolean' && typeof field.default === 'boolean' ? (field.default ? 1 : 0) : undefined;

/**
 * For each filter of a list an index in the order of the list: however few records fit, no others are read. A list of
 * what is usual (active accounts) finds enough of them in the order of the ids.
 */
export function filterIndexes({ table, fields }: RecordDefinition): readonly Index[] {
  return Object.entries(fields)
    .filter(([name, field]) => isListedBy(name, field))
    .map(([name, field]) => {
      const column = columnName(name, field);
      const common = commonValue(field);
      return {
        name: `${table}_listed_by_${snake(name)}`,
        columns: ['client_id', column, 'id'],
        unique: false,
        ...(common === undefined
          ? isNullable(field)
            ? { where: `${column} is not null` }
            : {}
          : { where: `${column} = ${1 - common}` }),
        since: Math.max(LISTS_SINCE, field.since ?? 1),
      };
    });
}

/** Deleted records are few, and are looked for among themselves. */
export const deletedIndex = (table: string): Index => ({
  name: `${table}_deleted`,
  columns: ['client_id', 'id'],
  unique: false,
  where: 'deleted_at is not null',
  since: LISTS_SINCE,
});
