import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ReferencesField, ScalarField, TagsField } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { type BulkConnection, lookUp } from './bulk-connection.ts';
import { encodeId, encodeValue, type Stored } from './codec.ts';
import { collectionTable, columnName, columnType } from './columns.ts';
import { linkOf } from './record-store.ts';

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
export async function haveAlready(
  connection: BulkConnection,
  clientId: Id,
  definition: RecordDefinition,
  names: readonly string[],
  list: readonly Comparison[],
): Promise<readonly boolean[]> {
  const client = encodeId(clientId);
  const scalars = names.flatMap((name) => {
    const field = definition.fields[name] as Field;
    return field.kind === 'references' || field.kind === 'tags'
      ? []
      : [{ name, field: field as ScalarField }];
  });
  const same = await scalarsAre(connection, client, definition, scalars, list);
  for (const name of names) {
    const field = definition.fields[name] as Field;
    if (field.kind !== 'references' && field.kind !== 'tags') continue;
    const places = [...list.keys()].filter(
      (at) => same[at] === true && Object.hasOwn(values(list, at), name),
    );
    const owners = places.map((at) => (list[at] as Comparison).id);
    const stored = await entriesOf(connection, client, definition, name, field, owners);
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

/** A kind with more fields than a number has exact bits is compared by loading its records. */
const MOST_BITS = 52;

/** Compared where the records are, so that nothing of those that are the same has to be read. */
async function scalarsAre(
  connection: BulkConnection,
  client: bigint,
  definition: RecordDefinition,
  scalars: readonly { readonly name: string; readonly field: ScalarField }[],
  list: readonly Comparison[],
): Promise<boolean[]> {
  if (scalars.length === 0) return list.map(() => true);
  const same = list.map(() => false);
  if (scalars.length > MOST_BITS) return list.map(() => false);
  // Of the bits of `m` each stands for a value that is not given.
  const [x, m] = [`v.c${scalars.length}`, `v.c${scalars.length + 1}`];
  const conditions = scalars.map(
    ({ name, field }, at) =>
      `(r."${columnName(name, field)}" is not distinct from v.c${at} or (${m} & ${2 ** at}) <> 0)`,
  );
  const sets = list.map(({ id, values }) => {
    let missing = 0;
    const set = scalars.map(({ name, field }, at): unknown => {
      const value = values[name];
      if (value === undefined) missing += 2 ** at;
      return value === undefined ? null : encodeValue(field, value);
    });
    return [...set, encodeId(id), missing];
  });
  const found = await lookUp(
    connection,
    {
      types: [...scalars.map(({ field }) => columnType(field)), 'id', 'integer'],
      select: 'r.id',
      from: `"${definition.table}" r`,
      where: `r.client_id = ? and r.id = ${x} and ${conditions.join(' and ')}`,
    },
    sets,
    [client],
  );
  for (const [place] of found) same[place] = true;
  return same;
}

/** The entries of a collection by the place of their owner: tags as they are, references as digits. */
async function entriesOf(
  connection: BulkConnection,
  client: bigint,
  definition: RecordDefinition,
  name: string,
  field: ReferencesField | TagsField,
  owners: readonly Id[],
): Promise<ReadonlyMap<number, ReadonlySet<unknown>>> {
  const stored = new Map<number, Set<unknown>>();
  const link =
    field.kind === 'tags'
      ? { table: collectionTable(definition.table, name), own: 'owner_id', other: 'tag' }
      : linkOf(definition, name, field);
  const other = field.kind === 'tags' ? 't.tag' : `cast(t."${link.other}" as text) as other`;
  const entries = await lookUp(
    connection,
    {
      types: ['id'],
      select: other,
      from: `"${link.table}" t`,
      where: `t.client_id = ? and t."${link.own}" = v.c0`,
    },
    owners.map((owner) => [encodeId(owner)]),
    [client],
  );
  for (const [place, value] of entries) {
    const known = stored.get(place) ?? new Set();
    known.add(value);
    stored.set(place, known);
  }
  return stored;
}
