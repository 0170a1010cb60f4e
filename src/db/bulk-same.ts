import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ReferencesField, ScalarField, TagsField } from '../records/field.ts';
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
  const scalars = names.flatMap((name) => {
    const field = definition.fields[name] as Field;
    return field.kind === 'references' || field.kind === 'tags' ? [] : [{ name, field }];
  });
  const same = scalarsAre(connection, client, definition, scalars, list);
  for (const name of names) {
    const field = definition.fields[name] as Field;
    if (field.kind !== 'references' && field.kind !== 'tags') continue;
    const places = [...list.keys()].filter(
      (at) => same[at] === true && Object.hasOwn(values(list, at), name),
    );
    const owners = places.map((at) => (list[at] as Comparison).id);
    const stored = entriesOf(connection, client, definition, name, field, owners);
    for (const [index, at] of places.entries()) {
      const given = (values(list, at)[name] ?? []) as readonly string[];
      const known = stored.get(index);
      same[at] =
        given.length === (known?.size ?? 0) &&
        given.every((one) => known?.has(field.kind === 'tags' ? one : one.slice(1)) === true);
    }
  }
  return same;
}

const values = (list: readonly Comparison[], at: number): Stored => (list[at] as Comparison).values;

// What no column holds stands for a value that is not given.
const ANYTHING = Buffer.from([0]);

/** Compared where the records are, so that nothing of those that are the same has to be read. */
function scalarsAre(
  connection: Connection,
  client: bigint,
  definition: RecordDefinition,
  scalars: readonly { readonly name: string; readonly field: Field }[],
  list: readonly Comparison[],
): boolean[] {
  if (scalars.length === 0) return list.map(() => true);
  const same = list.map(() => false);
  const marks = ', ?'.repeat(scalars.length + 1);
  const conditions = scalars.map(
    ({ name, field }, at) => `(r."${columnName(name, field)}" is v.c${at} or v.c${at} = x'00')`,
  );
  const statement = heldStatement(
    connection,
    `with v (i, x${scalars.map((_scalar, at) => `, c${at}`).join('')})
     as (values ${Array.from({ length: SIZE }, (_, index) => `(${index}${marks})`).join()})
     select v.i from v cross join "${definition.table}" r
     where r.client_id = ? and r.id = v.x and ${conditions.join(' and ')}`,
    (one) => one.safeIntegers(false).pluck(),
  );
  const nobody = new Array<null>(scalars.length + 1).fill(null);
  for (let start = 0; start < list.length; start += SIZE) {
    const bound: unknown[] = [];
    for (let at = start; at < start + SIZE; at += 1) {
      const one = list[at];
      if (one === undefined) {
        bound.push(...nobody);
        continue;
      }
      bound.push(encodeId(one.id));
      for (const { name, field } of scalars) {
        const value = one.values[name];
        bound.push(value === undefined ? ANYTHING : encodeValue(field as ScalarField, value));
      }
    }
    bound.push(client);
    for (const index of statement.all(bound) as number[]) same[start + index] = true;
  }
  return same;
}

/** The entries of a collection by the place of their owner: tags as they are, references as digits. */
function entriesOf(
  connection: Connection,
  client: bigint,
  definition: RecordDefinition,
  name: string,
  field: ReferencesField | TagsField,
  owners: readonly Id[],
): ReadonlyMap<number, ReadonlySet<unknown>> {
  const stored = new Map<number, Set<unknown>>();
  const link =
    field.kind === 'tags'
      ? { table: collectionTable(definition.table, name), own: 'owner_id', other: 'tag' }
      : linkOf(definition, name, field);
  const other = field.kind === 'tags' ? 't.tag' : `cast(t."${link.other}" as text)`;
  const statement = heldStatement(
    connection,
    `with v (i, x) as (values ${Array.from({ length: SIZE }, (_, index) => `(${index}, ?)`).join()})
     select v.i, ${other} from v cross join "${link.table}" t where t.client_id = ? and t."${link.own}" = v.x`,
    (one) => one.safeIntegers(false).raw(),
  );
  for (let start = 0; start < owners.length; start += SIZE) {
    const bound: unknown[] = owners.slice(start, start + SIZE).map(encodeId);
    while (bound.length < SIZE) bound.push(null);
    bound.push(client);
    for (const [index, value] of statement.all(bound) as [number, unknown][]) {
      const known = stored.get(start + index) ?? new Set();
      known.add(value);
      stored.set(start + index, known);
    }
  }
  return stored;
}
