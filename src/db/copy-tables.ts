import type { Hash } from 'node:crypto';
import { sql } from 'kysely';
import { idFromBigInt } from '../values/id.ts';
import { built } from './builder.ts';
import type { Database, Queries, Row } from './database.ts';
import type { Dialect } from './dialect.ts';
import { allTables, migrations } from './migrations.ts';
import { asClient } from './postgres-transaction.ts';
import type { Table } from './table.ts';

/** The rows of one client in one table: what is read, compared and, where it must be, copied again as a whole. */
export interface Part {
  readonly table: Table;
  readonly client: bigint;
}

const isOfClients = (table: Table): boolean => table.columns.some((column) => column.name === 'client_id');

/** The tables whose rows belong to clients, each after those that it refers to where that is possible. */
export const clientTables: readonly Table[] = allTables.filter(isOfClients);
/** The tables of the database itself, which a copy gets last, as the last id: the history of its schema. */
export const ownTables: readonly Table[] = allTables.filter(
  (table) => !isOfClients(table) && table.name !== 'id_sequence',
);

/** All clients of a database, deleted ones too, by id. */
export async function allClients(queries: Queries): Promise<readonly bigint[]> {
  const rows = await built(queries).selectFrom('client').select('id').orderBy('id').execute();
  return rows.map((row) => BigInt(row['id'] as bigint));
}

/** From here on the transaction is about the part's client, which PostgreSQL wants to be told. */
export async function enter(database: Database, queries: Queries, { client }: Part): Promise<void> {
  if (database.dialect === 'postgres') await asClient(queries, idFromBigInt(client));
}

/** The primary key of a part's rows within the part. */
const keyOf = ({ table }: Part): readonly string[] => table.primaryKey.filter((name) => name !== 'client_id');

/** The rows that follow the row `after` in the order of the primary key, at most `limit`. */
export async function pageOf(
  queries: Queries,
  part: Part,
  after: Row | undefined,
  limit: number,
): Promise<readonly Row[]> {
  const key = keyOf(part);
  let select = built(queries)
    .selectFrom(part.table.name)
    .select(part.table.columns.map((column) => column.name))
    .where('client_id', '=', part.client);
  if (after !== undefined) {
    const names = sql.join(key.map((name) => sql.ref(name)));
    select = select.where(sql<boolean>`(${names}) > (${sql.join(key.map((name) => after[name]))})`);
  }
  for (const name of key) select = select.orderBy(name);
  return select.limit(limit).execute();
}

/** The last row of a part in the order of the primary key, as far as its key. */
export async function lastOf(queries: Queries, part: Part): Promise<Row | undefined> {
  const key = keyOf(part);
  let select = built(queries)
    .selectFrom(part.table.name)
    .select([...key])
    .where('client_id', '=', part.client);
  for (const name of key) select = select.orderBy(name, 'desc');
  return select.limit(1).executeTakeFirst();
}

/** How many rows a part has. */
export async function countOf(queries: Queries, { table, client }: Part): Promise<number> {
  const row = await built(queries)
    .selectFrom(table.name)
    .select((build) => build.fn.countAll().as('count'))
    .where('client_id', '=', client)
    .executeTakeFirst();
  return Number(row?.['count'] ?? 0);
}

/** Rows of a page: as many as make some four megabytes, so that long texts fill no memory. */
const PAGE_BYTES = 4_000_000;
export const MOST_ROWS = 5000;
const FIRST_ROWS = 200;

/** How many rows to ask for after a page. */
function nextLimit(table: Table, rows: readonly Row[]): number {
  const bytes = rows.reduce((sum, row) => sum + bytesOf(table, row), 0);
  const each = rows.length === 0 ? 0 : bytes / rows.length;
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(PAGE_BYTES / Math.max(each, 1))));
}

const bytesOf = (table: Table, row: Row): number =>
  table.columns.reduce((sum, { name }) => {
    const value = row[name];
    return sum + (typeof value === 'string' ? value.length : 8);
  }, 0);

/** The rows of a part in the order of the primary key, page by page, from behind `after` on. */
export async function* pagesOf(queries: Queries, part: Part, after?: Row): AsyncGenerator<readonly Row[]> {
  let last = after;
  for (let limit = FIRST_ROWS; ; ) {
    const rows = await pageOf(queries, part, last, limit);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
    limit = nextLimit(part.table, rows);
  }
}

/**
 * Adds rows to a checksum. What is hashed says of each value whether it is missing, a whole number or a text, and how
 * long a text is: the same rows give the same bytes from every engine, and others do not.
 */
export function addRows(hash: Hash, table: Table, rows: readonly Row[]): void {
  const words: string[] = [];
  for (const row of rows) {
    for (const { name } of table.columns) {
      const value = row[name];
      if (value === null || value === undefined) words.push('-');
      else if (typeof value === 'string') words.push(`t${value.length}:`, value);
      else words.push(`i${value};`);
    }
    words.push('\n');
  }
  hash.update(words.join(''));
}

/** The statements that make what a copy goes without until all rows are there: indexes and, apart, foreign keys. */
export function lateStatements(dialect: Dialect): readonly string[] {
  const bare = allTables.map((table) => ({
    ...table,
    indexes: [],
    // Of SQLite they stand in `create table`.
    ...(dialect === 'postgres' ? { foreignKeys: [] } : {}),
  }));
  // As many versions as there are, though nothing of the last ones may be left in a bare table.
  const early = new Set(migrations(dialect, bare).flatMap((step) => step.statements));
  const all = migrations(dialect).flatMap((step) => step.statements);
  // What the planner was told of the tables goes with their indexes, and is told again.
  const isToldAnew = (statement: string) => statement.startsWith('delete from sqlite_stat1');
  return [...new Set(all.filter((statement) => !early.has(statement) || isToldAnew(statement)))];
}
