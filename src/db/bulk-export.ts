import type { RecordDefinition } from '../records/definition.ts';
import type { Field, Fields, ItemsField } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { type BulkConnection, bulkOn, type Cells } from './bulk-connection.ts';
import { handleOrId, idText } from './bulk-export-sql.ts';
import { decodeValue, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import type { Database } from './database.ts';
import { handover } from './handover.ts';
import { linkOf } from './record-store.ts';

/** Rows a page: few enough that memory stays flat, many enough that a page's fixed costs do not count. */
const PAGE = 2000;

type Row = unknown[];

/**
 * All live records of a kind by id, in pages, on one view of the data: what `Bulk.export` promises. A row has the
 * values of `fields` in their order; `id`, `internalKey`, `createdDate` and `updatedDate` may be among them.
 */
export function exportRecords(
  database: Database,
  clientId: Id,
  definition: RecordDefinition,
  fields: readonly string[],
): AsyncIterable<readonly Row[]> {
  return handover((give) =>
    // The transaction is the query builder's, so that whoever else asks waits for its end.
    database.read(async (queries) => {
      const reader = readerOf(bulkOn({ database, queries }), definition, fields);
      const client = encodeId(clientId);
      let after = 0n;
      for (;;) {
        const page = await reader.page(client, after);
        const last = page.at(-1);
        if (last === undefined) return;
        const until = BigInt((last[0] as string).slice(1));
        const places = new Map(page.map((row, index) => [row[0] as string, index]));
        for (const [column, read] of reader.scalars) for (const row of page) row[column] = read(row[column]);
        for (const [column, fill] of reader.collections)
          await fill(page, column, places, [client, after, until]);
        if (!(await give(page.map((row) => row.slice(1))))) return;
        after = until;
      }
    }),
  );
}

/** Fills one column of a page from a table of its own, whose rows with owners in a range of ids are read at once. */
type Fill = (
  page: readonly Row[],
  column: number,
  places: ReadonlyMap<string, number>,
  range: readonly bigint[],
) => Promise<void>;

interface Reader {
  /** The first rows of the client behind an id, each with its id in front. */
  readonly page: (client: bigint, after: bigint) => Promise<readonly Row[]>;
  /** Columns that the engine cannot give as they are answered. */
  readonly scalars: readonly (readonly [column: number, read: (value: unknown) => unknown])[];
  readonly collections: readonly (readonly [column: number, fill: Fill])[];
}

function readerOf(
  connection: BulkConnection,
  definition: RecordDefinition,
  names: readonly string[],
): Reader {
  const read: Read = (sql, parameters) => connection.rows(sql, parameters, 'numbers');
  const columns: string[] = [];
  const scalars: (readonly [number, (value: unknown) => unknown])[] = [];
  const collections: (readonly [number, Fill])[] = [];
  for (const [index, name] of names.entries()) {
    const at = index + 1;
    const field = definition.fields[name];
    if (name === 'id') columns.push(idText('r.id'));
    else if (name === 'createdDate') columns.push('r.created_date');
    else if (name === 'updatedDate') columns.push('r.updated_date');
    else if (name === 'internalKey') {
      columns.push('null');
      collections.push([at, keys(read, definition)]);
    } else if (field === undefined) throw new Error(`${definition.objectType} has no field ${name}`);
    else if (field.kind === 'references' || field.kind === 'tags' || field.kind === 'items') {
      columns.push('null');
      collections.push([at, collection(read, definition, name, field)]);
    } else {
      columns.push(scalarSql(name, field, 'r'));
      if (needsReading(field)) scalars.push([at, (value) => decodeValue(field as never, value)]);
    }
  }
  const sql = `select ${[idText('r.id'), ...columns].map((column, at) => `${column} as x${at}`).join(', ')}
    from "${definition.table}" r
    where r.client_id = ? and r.id > ? and r.deleted_at is null order by r.id limit ${PAGE}`;
  const page = async (client: bigint, after: bigint) => (await read(sql, [client, after])) as readonly Row[];
  return { page, scalars, collections };
}

const needsReading = ({ kind }: Field): boolean =>
  kind === 'boolean' || kind === 'weekdays' || kind === 'settings';

function scalarSql(name: string, field: Field, alias: string): string {
  const column = `${alias}."${columnName(name, field)}"`;
  if (field.kind === 'secret') return 'null';
  if (field.kind === 'id') return idText(column);
  if (field.kind === 'reference') return handleOrId(field.target, alias, column);
  return column;
}

/** Reads rows whose integers are numbers. */
type Read = (sql: string, parameters: readonly unknown[]) => Promise<readonly Cells[]>;

function keys(read: Read, { objectType }: RecordDefinition): Fill {
  const sql = `select ${idText('object_id')} as owner, key from internal_key
     where client_id = ? and object_type = '${objectType}' and object_id > ? and object_id <= ?`;
  return async (page, column, places, range) => {
    for (const [owner, key] of (await read(sql, range)) as readonly [string, string][]) {
      const at = places.get(owner);
      if (at !== undefined) (page[at] as Row)[column] = key;
    }
  };
}

function collection(read: Read, definition: RecordDefinition, name: string, field: Field): Fill {
  if (field.kind === 'items') return itemLists(read, collectionTable(definition.table, name), field);
  const sql = entriesSql(definition, name, field);
  return async (page, column, places, range) => {
    for (const row of page) row[column] = [];
    for (const [owner, entry] of (await read(sql, range)) as readonly [string, unknown][]) {
      const at = places.get(owner);
      if (at !== undefined) ((page[at] as Row)[column] as unknown[]).push(entry);
    }
  };
}

function entriesSql(definition: RecordDefinition, name: string, field: Field): string {
  if (field.kind !== 'references')
    return `select ${idText('owner_id')} as owner, tag from "${collectionTable(definition.table, name)}"
            where client_id = ? and owner_id > ? and owner_id <= ? order by owner_id, position`;
  const { table, own, other } = linkOf(definition, name, field);
  const order = field.inverse === undefined ? 'ordinal' : 'owner_id';
  const entry = handleOrId(field.target, 'l', `l."${other}"`, field.inverse === undefined ? 'any' : 'live');
  // Seen from the other side, a deleted owner's links are not there until it is restored.
  const rest = field.inverse === undefined ? '' : `and ${entry} is not null`;
  return `select ${idText(`l."${own}"`)} as owner, ${entry} as entry from "${table}" l
          where l.client_id = ? and l."${own}" > ? and l."${own}" <= ? ${rest} order by l."${own}", l.${order}`;
}

/** Lists of small objects; the references inside them may be lists too. */
function itemLists(read: Read, table: string, { fields }: ItemsField): Fill {
  const own = Object.entries(fields).filter(([, field]) => field.kind !== 'references');
  const columns = [idText('i.owner_id'), ...own.map(([name, field]) => scalarSql(name, field, 'i'))];
  const items = `select ${columns.map((column, at) => `${column} as x${at}`).join(', ')} from "${table}" i
    where i.client_id = ? and i.owner_id > ? and i.owner_id <= ? order by i.owner_id, i.position`;
  const nested = nestedLists(table, fields);
  return async (page, column, places, range) => {
    for (const row of page) row[column] = [];
    for (const [owner, ...values] of (await read(items, range)) as readonly [string, ...unknown[]][]) {
      const at = places.get(owner);
      if (at === undefined) continue;
      const item: Record<string, unknown> = {};
      for (const name in fields) item[name] = [];
      for (const [index, [name, field]] of own.entries())
        item[name] = needsReading(field) ? decodeValue(field as never, values[index]) : values[index];
      ((page[at] as Row)[column] as unknown[]).push(item);
    }
    for (const [name, sql] of nested)
      for (const [owner, position, entry] of (await read(sql, range)) as readonly [
        string,
        number,
        string,
      ][]) {
        const at = places.get(owner);
        if (at === undefined) continue;
        const item = ((page[at] as Row)[column] as Record<string, unknown[]>[])[position];
        item?.[name]?.push(entry);
      }
  };
}

/** The queries for the references inside items, by the name of their field. */
function nestedLists(table: string, fields: Fields): readonly (readonly [name: string, sql: string])[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.kind !== 'references') return [];
    const entry = handleOrId(field.target, 'n', 'n.target_id');
    const sql = `select ${idText('n.owner_id')} as owner, n.position, ${entry} as entry
      from "${collectionTable(table, name)}" n
      where n.client_id = ? and n.owner_id > ? and n.owner_id <= ? order by n.owner_id, n.position, n.ordinal`;
    return [[name, sql] as const];
  });
}
