import type { RecordDefinition } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { type Connection, heldStatement } from './bulk-insert.ts';
import { encodeId, encodeValue, type Stored } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import { linkOf } from './record-store.ts';

/** How many records one statement looks at. */
const SIZE = 128;

/** What is to be compared: a record, and the values that it may have already. */
export interface Comparison {
  readonly id: Id;
  readonly values: Stored;
}

/** A value as text or number, as the statements below read it; ids are digits. */
function comparable(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field.kind === 'reference' || field.kind === 'id') return (value as Id).slice(1);
  return field.kind === 'references' || field.kind === 'tags' || field.kind === 'items'
    ? value
    : encodeValue(field, value);
}

/** Whether values of a field can be compared without loading the record. */
export const isComparable = (field: Field): boolean => field.kind !== 'items' && field.kind !== 'secret';

/**
 * Which records have these values already, all of them: what `changedFields` would find no difference in. Only fields
 * that are comparable may be among the values.
 */
export function haveAlready(
  connection: Connection,
  clientId: Id,
  definition: RecordDefinition,
  names: readonly string[],
  list: readonly Comparison[],
): readonly boolean[] {
  const client = encodeId(clientId);
  const same = list.map(() => true);
  const each = (
    select: string,
    from: string,
    take: (index: number, row: readonly unknown[]) => void,
  ): void => {
    const values = Array.from({ length: SIZE }, (_, index) => `(${index}, ?)`).join();
    const statement = heldStatement(
      connection,
      `with v (i, x) as (values ${values}) select v.i, ${select} from v cross join ${from}`,
      (one) => one.safeIntegers(false).raw(),
    );
    for (let start = 0; start < list.length; start += SIZE) {
      const ids: unknown[] = list.slice(start, start + SIZE).map(({ id }) => encodeId(id));
      while (ids.length < SIZE) ids.push(null);
      ids.push(client);
      for (const row of statement.all(ids) as [number, ...unknown[]][]) take(start + row[0], row);
    }
  };
  const scalars = names.flatMap((name) => {
    const field = definition.fields[name] as Field;
    return field.kind === 'references' || field.kind === 'tags' ? [] : [{ name, field }];
  });
  if (scalars.length > 0) {
    const columns = scalars.map(({ name, field }) => {
      const column = `r."${columnName(name, field)}"`;
      return field.kind === 'reference' || field.kind === 'id' ? `cast(${column} as text)` : column;
    });
    each(columns.join(), `"${definition.table}" r where r.client_id = ? and r.id = v.x`, (index, row) => {
      const { values } = list[index] as Comparison;
      for (let at = 0; at < scalars.length; at += 1) {
        const { name, field } = scalars[at] as (typeof scalars)[number];
        if (values[name] !== undefined && comparable(field, values[name]) !== row[at + 1])
          same[index] = false;
      }
    });
  }
  for (const name of names) {
    const field = definition.fields[name] as Field;
    if (field.kind !== 'references' && field.kind !== 'tags') continue;
    if (!list.some(({ values }) => Object.hasOwn(values, name))) continue;
    const stored = new Map<number, Set<unknown>>();
    const link =
      field.kind === 'tags'
        ? { table: collectionTable(definition.table, name), own: 'owner_id', other: 't.tag' }
        : linkOf(definition, name, field);
    const other = field.kind === 'tags' ? 't.tag' : `cast(t."${link.other}" as text)`;
    each(other, `"${link.table}" t where t.client_id = ? and t."${link.own}" = v.x`, (index, [, value]) => {
      const known = stored.get(index) ?? new Set();
      known.add(value);
      stored.set(index, known);
    });
    for (const [index, { values }] of list.entries()) {
      if (!Object.hasOwn(values, name)) continue;
      const given = (values[name] ?? []) as readonly string[];
      const known = stored.get(index);
      const isSame =
        given.length === (known?.size ?? 0) &&
        given.every((one) => known?.has(field.kind === 'tags' ? one : one.slice(1)) === true);
      if (!isSame) same[index] = false;
    }
  }
  return same;
}
