import type { NaturalHandle, RecordDefinition, Uniqueness } from '../records/definition.ts';
import type { Field, ObjectType, ScalarField } from '../records/field.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { type BulkConnection, type Insertion, lookUp } from './bulk-connection.ts';
import { decodeId, encodeId, encodeValue } from './codec.ts';
import { columnType, handleColumn, uniqueColumn } from './columns.ts';

/** A value as the column holds it by which a field counts for uniqueness and is matched. */
export function keyValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field.kind === 'text') return field.fold ? fold(value as string) : value;
  if (field.kind === 'references' || field.kind === 'tags' || field.kind === 'items')
    throw new Error('a collection is no key');
  return encodeValue(field, value);
}

/** The condition under which a record counts for a rule; deleted ones only where the rule says so. */
const conditions = (rule: Pick<Uniqueness, 'unless' | 'only' | 'evenDeleted'>): string =>
  [
    ...(rule.evenDeleted === true ? [] : ['r.deleted_at is null']),
    ...(rule.unless === undefined ? [] : [`r.${snake(rule.unless)} = 0`]),
    ...(rule.only === undefined ? [] : [`r.${snake(rule.only)} = 1`]),
  ].join(' and ') || 'true';

/** For each set of values (of `keyValue`) the records of a kind that have them in the rule's fields, lowest id first. */
export async function findRecords(
  connection: BulkConnection,
  clientId: Id,
  definition: RecordDefinition,
  rule: Pick<Uniqueness, 'fields' | 'unless' | 'only' | 'evenDeleted'>,
  sets: readonly (readonly unknown[])[],
): Promise<readonly (readonly bigint[])[]> {
  const found: bigint[][] = Array.from(sets, () => []);
  if (rule.fields.length === 0) return found;
  const same = rule.fields.map((name, at) => `r."${uniqueColumn(definition, name)}" = v.c${at}`);
  const pairs = await lookUp(
    connection,
    {
      types: rule.fields.map((name) => columnType(definition.fields[name] as ScalarField)),
      select: 'r.id',
      from: `"${definition.table}" r`,
      where: `r.client_id = ? and ${same.join(' and ')} and ${conditions(rule)}`,
    },
    sets,
    [encodeId(clientId)],
  );
  for (const [place, id] of pairs) found[place]?.push(id as bigint);
  for (const ids of found) if (ids.length > 1) ids.sort((a, b) => (a < b ? -1 : 1));
  return found;
}

/** For each text, in its look-up form, the live records that have it as a handle: one, or two where there are more. */
export async function findByHandles(
  connection: BulkConnection,
  clientId: Id,
  definition: RecordDefinition,
  handle: NaturalHandle,
  texts: readonly string[],
): Promise<readonly (readonly Id[])[]> {
  const found: Id[][] = Array.from(texts, () => []);
  // Not all of them: a surname names thousands.
  const holder = (which: string) =>
    `(select r.id from "${definition.table}" r where r.client_id = ? and r."${handleColumn(definition, handle)}" = v.c0
      and r.deleted_at is null limit 1${which})`;
  const client = encodeId(clientId);
  const rows = await connection.join(
    ['text'],
    `select v.i, ${holder('')} as a, ${holder(' offset 1')} as b from v`,
    texts.map((text) => [text]),
    [client, client],
  );
  for (const [place, ...ids] of rows) for (const id of ids) if (id !== null) found[place]?.push(decodeId(id));
  return found;
}

/** The keys of those of `ids` that have one. */
export async function keysOf(
  connection: BulkConnection,
  clientId: Id,
  type: ObjectType,
  ids: readonly Id[],
): Promise<ReadonlyMap<Id, string>> {
  const rows = await lookUp(
    connection,
    {
      types: ['id'],
      select: 'k.key',
      from: 'internal_key k',
      where: 'k.client_id = ? and k.object_type = ? and k.object_id = v.c0',
    },
    ids.map((id) => [encodeId(id)]),
    [encodeId(clientId), type],
  );
  return new Map(rows.map(([place, key]) => [ids[place] as Id, key as string]));
}

/** The live records of a kind that hold these internal keys. */
export async function keyHolders(
  connection: BulkConnection,
  clientId: Id,
  type: ObjectType,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Id>> {
  const rows = await lookUp(
    connection,
    {
      types: ['text'],
      select: 'k.object_id',
      from: 'internal_key k',
      where: 'k.client_id = ? and k.object_type = ? and k.key = v.c0 and k.live = 1',
    },
    keys.map((key) => [key]),
    [encodeId(clientId), type],
  );
  return new Map(rows.map(([place, id]) => [keys[place] as string, decodeId(id)]));
}

/** Gives records internal keys, or takes them away (null), as `putKey` gives one. */
export async function putKeys(
  connection: BulkConnection,
  clientId: Id,
  type: ObjectType,
  keys: readonly { readonly id: Id; readonly key: string | null; readonly requestHash: string }[],
): Promise<void> {
  if (keys.length === 0) return;
  const client = encodeId(clientId);
  await connection.runFor(
    'object_id',
    keys.map(({ id }) => encodeId(id)),
    'delete from internal_key where client_id = ? and object_type = ?',
    [client, type],
  );
  const given = keys.filter(({ key }) => key !== null);
  const into: Insertion = {
    table: 'internal_key',
    columns: [
      { name: 'client_id', type: 'id', fixed: client },
      { name: 'object_type', type: 'text', fixed: type },
      { name: 'live', type: 'integer', fixed: 1 },
      { name: 'key', type: 'text' },
      { name: 'object_id', type: 'id' },
      { name: 'request_hash', type: 'text' },
    ],
  };
  await connection.insert(
    into,
    given.flatMap(({ id, key, requestHash }) => [key, encodeId(id), requestHash]),
    given.length,
  );
}

/** Whether the client has a live record of the kind under each id. */
export async function liveIds(
  connection: BulkConnection,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<ReadonlySet<Id>> {
  const rows = await lookUp(
    connection,
    {
      types: ['id'],
      select: 'r.id',
      from: `"${definition.table}" r`,
      where: 'r.client_id = ? and r.id = v.c0 and r.deleted_at is null',
    },
    ids.map((id) => [encodeId(id)]),
    [encodeId(clientId)],
  );
  return new Set(rows.map(([place]) => ids[place] as Id));
}
