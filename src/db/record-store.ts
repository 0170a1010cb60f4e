import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ItemsField, ReferencesField } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { fold } from '../values/text.ts';
import { decodeFields, decodeId, encodeFields, encodeId, encodeRecord, type Stored } from './codec.ts';
import { collectionTable } from './columns.ts';
import type { Queries, Row } from './database.ts';
import { each } from './memory.ts';
import { change, insert, marks, rows } from './statement.ts';

/** A record as the database has it: references are ids. */
export interface StoredRecord {
  readonly id: Id;
  readonly createdDate: Instant;
  readonly updatedDate: Instant;
  readonly deletedAt: Instant | null;
  readonly deletedBy: string | null;
  readonly values: Stored;
}

/** How many values one `in (…)` takes; well below every engine's limit. */
const CHUNK = 500;

export function chunks<T>(list: readonly T[], size = CHUNK): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_part, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

/** The records with these ids, deleted ones too, in the order of `ids`; ids that the client does not have are left out. */
export const loadRecords = (
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly StoredRecord[]> =>
  each(queries, `stored ${definition.objectType} ${clientId}`, ids, (unknown) =>
    readRecords(queries, clientId, definition, unknown),
  );

async function readRecords(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const part of chunks(ids)) records.push(...(await readSome(queries, clientId, definition, part)));
  return records;
}

async function readSome(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly StoredRecord[]> {
  const owned = await rows(
    queries,
    `select * from "${definition.table}" where client_id = ? and id in (${marks(ids.length)})`,
    [clientId, ...ids].map(encodeId),
  );
  const found = new Map(owned.map((row) => [decodeId(row['id']), row]));
  const present = ids.filter((id) => found.has(id));
  const collections = await loadCollections(queries, clientId, definition, present);
  return present.map((id) => {
    const row = found.get(id) as Row;
    return {
      id,
      createdDate: Number(row['created_date']) as Instant,
      updatedDate: Number(row['updated_date']) as Instant,
      deletedAt: row['deleted_at'] === null ? null : (Number(row['deleted_at']) as Instant),
      deletedBy: row['deleted_by'] as string | null,
      values: { ...decodeFields(definition.fields, row), ...collections.get(id) },
    };
  });
}

async function loadCollections(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  owners: readonly Id[],
): Promise<ReadonlyMap<Id, Stored>> {
  const all = new Map<Id, Record<string, unknown>>(owners.map((id) => [id, {}]));
  for (const [name, field] of Object.entries(definition.fields)) {
    if (field.kind !== 'references' && field.kind !== 'tags' && field.kind !== 'items') continue;
    for (const values of all.values()) values[name] = [];
    const entries =
      owners.length === 0 ? [] : await collectionRows(queries, clientId, definition, name, field, owners);
    for (const [owner, value] of entries) (all.get(owner) as Record<string, unknown[]>)[name]?.push(value);
  }
  return all;
}

/** The entries of one collection with their owners, in order. */
async function collectionRows(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  name: string,
  field: Field,
  owners: readonly Id[],
): Promise<readonly (readonly [Id, unknown])[]> {
  const parameters = [clientId, ...owners].map(encodeId);
  const list = marks(owners.length);
  if (field.kind === 'references') {
    const { table, own, other } = linkOf(definition, name, field);
    // Seen from the other side, a deleted owner's links are not there until it is restored.
    const rest =
      field.inverse === undefined
        ? 'order by ordinal'
        : `and exists (select 1 from "${definitionOf(field.target).table}" o where o.client_id = l.client_id
           and o.id = l.owner_id and o.deleted_at is null) order by owner_id`;
    const links = await rows(
      queries,
      `select ${own} as own, ${other} as other from "${table}" l where client_id = ? and ${own} in (${list}) ${rest}`,
      parameters,
    );
    return links.map((row) => [decodeId(row['own']), decodeId(row['other'])]);
  }
  const table = collectionTable(definition.table, name);
  const ofOwners = `where client_id = ? and owner_id in (${list})`;
  const found = await rows(queries, `select * from "${table}" ${ofOwners} order by position`, parameters);
  if (field.kind === 'tags') return found.map((row) => [decodeId(row['owner_id']), row['tag']]);
  const items = field as ItemsField;
  const entries = found.map((row) => ({ row, values: decodeFields(items.fields, row) }));
  for (const [inner, innerField] of Object.entries(items.fields)) {
    if (innerField.kind !== 'references') continue;
    const nested = await rows(
      queries,
      `select * from "${collectionTable(table, inner)}" ${ofOwners} order by ordinal`,
      parameters,
    );
    const byPlace = new Map<string, Id[]>();
    for (const row of nested) {
      const place = `${row['owner_id']} ${row['position']}`;
      byPlace.set(place, [...(byPlace.get(place) ?? []), decodeId(row['target_id'])]);
    }
    for (const { row, values } of entries)
      values[inner] = byPlace.get(`${row['owner_id']} ${row['position']}`) ?? [];
  }
  return entries.map(({ row, values }) => [decodeId(row['owner_id']), values]);
}

/** The link table of a collection of references, seen from this side. */
export function linkOf(definition: RecordDefinition, name: string, field: ReferencesField) {
  if (field.inverse === undefined)
    return { table: collectionTable(definition.table, name), own: 'owner_id', other: 'target_id' };
  return {
    table: collectionTable(definitionOf(field.target).table, field.inverse),
    own: 'target_id',
    other: 'owner_id',
  };
}

export async function insertRecord(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  record: StoredRecord,
): Promise<void> {
  await insert(queries, definition.table, [
    {
      client_id: encodeId(clientId),
      id: encodeId(record.id),
      created_date: record.createdDate,
      updated_date: record.updatedDate,
      deleted_at: record.deletedAt,
      deleted_by: record.deletedBy,
      ...encodeRecord(definition, record.values),
    },
  ]);
  for (const name of Object.keys(definition.fields))
    await writeCollection(queries, clientId, definition, name, record.id, record.values[name]);
}

/** Writes the whole record over the stored one; only the collections in `changed` are written again. */
export async function updateRecord(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  record: StoredRecord,
  changed: readonly string[],
): Promise<void> {
  const row = {
    updated_date: record.updatedDate,
    deleted_at: record.deletedAt,
    deleted_by: record.deletedBy,
    ...encodeRecord(definition, record.values),
  };
  const set = Object.keys(row).map((name) => `"${name}" = ?`);
  await change(queries, `update "${definition.table}" set ${set.join(', ')} where client_id = ? and id = ?`, [
    ...Object.values(row),
    encodeId(clientId),
    encodeId(record.id),
  ]);
  for (const name of changed)
    await writeCollection(queries, clientId, definition, name, record.id, record.values[name], true);
}

async function writeCollection(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  name: string,
  owner: Id,
  value: unknown,
  replace = false,
): Promise<void> {
  const field = definition.fields[name];
  if (field === undefined || (field.kind !== 'references' && field.kind !== 'tags' && field.kind !== 'items'))
    return;
  // The other side owns an inverse collection; it is changed there.
  if (field.kind === 'references' && field.inverse !== undefined) return;
  const table = collectionTable(definition.table, name);
  const key = { client_id: encodeId(clientId), owner_id: encodeId(owner) };
  if (replace)
    await change(queries, `delete from "${table}" where client_id = ? and owner_id = ?`, [
      key.client_id,
      key.owner_id,
    ]);
  const list = (value ?? []) as readonly unknown[];
  const added = list.map((entry, position): Row => {
    if (field.kind === 'references') return { ...key, target_id: encodeId(entry as Id), ordinal: position };
    if (field.kind === 'tags') return { ...key, tag_folded: fold(entry as string), tag: entry, position };
    return { ...key, position, ...encodeFields(field.fields, entry as Stored) };
  });
  await insertRows(queries, table, added);
  if (field.kind !== 'items') return;
  for (const [inner, innerField] of Object.entries(field.fields)) {
    if (innerField.kind !== 'references') continue;
    const nested = list.flatMap((entry, position) =>
      ((entry as Stored)[inner] as readonly Id[]).map((target, ordinal) => ({
        ...key,
        position,
        target_id: encodeId(target),
        ordinal,
      })),
    );
    await insertRows(queries, collectionTable(table, inner), nested);
  }
}

async function insertRows(queries: Queries, table: string, added: readonly Row[]): Promise<void> {
  for (const part of chunks(added, 50)) await insert(queries, table, part);
}
