import { sql } from 'kysely';
import { TphError } from '../values/error.ts';
import { built } from './builder.ts';
import { allClients, clientTables, lateStatements, ownTables } from './copy-tables.ts';
import type { Database, Queries, Row } from './database.ts';
import type { Dialect } from './dialect.ts';
import { setLastNumber } from './id-sequence.ts';
import { allTables } from './migrations.ts';
import type { SqliteDatabase } from './sqlite.ts';
import type { Table } from './table.ts';

/** What a copy has that is not finished: a table of its own, and no version, so that nobody takes it for the whole. */
const PROGRESS = 'copy_progress';

/** What a database has that belongs to no client. */
export interface OwnRows {
  readonly own: ReadonlyMap<Table, readonly Row[]>;
  /** The last id that was given out; undefined before the first. */
  readonly lastId: bigint | undefined;
}

/** What a database is that rows are to be copied into. */
export type TargetState =
  | { readonly state: 'new' | 'empty' | 'filled' }
  | { readonly state: 'unfinished'; readonly source: string };

const hasTable: Record<Dialect, (queries: Queries, name: string) => Promise<boolean>> = {
  sqlite: async (queries, name) =>
    (await sql`select 1 from sqlite_schema where type = 'table' and name = ${name}`.execute(built(queries)))
      .rows.length > 0,
  postgres: async (queries, name) =>
    (
      await sql`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and c.relname = ${name}`.execute(built(queries))
    ).rows.length > 0,
};

/** What a database holds, looked at by a transaction that sees the list of clients. */
export async function targetState(database: Database, queries: Queries): Promise<TargetState> {
  const has = hasTable[database.dialect];
  if (await has(queries, PROGRESS)) {
    const row = await built(queries).selectFrom(PROGRESS).select('source').executeTakeFirst();
    return { state: 'unfinished', source: String(row?.['source'] ?? '') };
  }
  if (!(await has(queries, 'schema_version'))) return { state: 'new' };
  // Every row but those of the database itself refers to a client.
  return { state: (await allClients(queries)).length > 0 ? 'filled' : 'empty' };
}

/** Makes a database of this version that has no client into a copy that is not finished; within a write. */
export async function beginCopy(database: Database, queries: Queries, source: string): Promise<void> {
  const { dialect } = database;
  const foreignKeys = dialect === 'postgres' ? await foreignKeysOf(queries) : [];
  for (const [table, name] of foreignKeys)
    await sql`alter table ${sql.id(table)} drop constraint ${sql.id(name)}`.execute(built(queries));
  for (const index of allTables.flatMap((table) => table.indexes))
    await sql`drop index if exists ${sql.id(index.name)}`.execute(built(queries));
  for (const table of ownTables) await built(queries).deleteFrom(table.name).execute();
  await setLastNumber(queries, undefined);
  await sql`create table ${sql.id(PROGRESS)} (source text not null)`.execute(built(queries));
  await built(queries).insertInto(PROGRESS).values({ source }).execute();
}

async function foreignKeysOf(queries: Queries): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await sql<{ table: string; name: string }>`
    select c.relname as "table", k.conname as name from pg_constraint k
    join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and k.contype = 'f'`.execute(built(queries));
  return rows.map(({ table, name }) => [table, name]);
}

/**
 * Makes a copy that has all its rows whole: indexes, references, the last id and, with its schema's history, a version.
 * All of it or nothing. INTERNAL where a reference leads nowhere.
 */
export async function finishCopy(
  database: Database,
  queries: Queries,
  { own, lastId }: OwnRows,
): Promise<void> {
  await finish[database.dialect](database, queries);
  for (const [table, rows] of own) await insertRows(database, queries, table, rows);
  await setLastNumber(queries, lastId);
  await endCopy(queries);
}

/** From here on the database is no unfinished copy. */
export async function endCopy(queries: Queries): Promise<void> {
  await sql`drop table ${sql.id(PROGRESS)}`.execute(built(queries));
}

/** Takes all rows out of all tables, whosever they are. */
export async function emptyTables({ dialect }: Database, queries: Queries): Promise<void> {
  const names = [...clientTables, ...ownTables].map((table) => sql.id(table.name));
  if (dialect === 'postgres') await sql`truncate ${sql.join(names)}`.execute(built(queries));
  else for (const name of names) await sql`delete from ${name}`.execute(built(queries));
}

const finish: Record<Dialect, (database: Database, queries: Queries) => Promise<void>> = {
  sqlite: async (_database, queries) => {
    for (const statement of lateStatements('sqlite')) await sql.raw(statement).execute(built(queries));
    const { rows } = await sql<{ table: string }>`pragma foreign_key_check`.execute(built(queries));
    const [broken] = rows;
    if (broken !== undefined)
      throw new TphError('INTERNAL', `a row of ${broken.table} refers to a row that is missing`, {
        hint: 'look into the source with `tph db check`',
      });
  },
  postgres: async (_database, queries) => {
    await sql`set local statement_timeout = 0`.execute(built(queries));
    const force = async (how: 'force' | 'no force') => {
      for (const { name } of clientTables)
        await sql.raw(`alter table "${name}" ${how} row level security`).execute(built(queries));
    };
    // What a new reference is checked against are the rows that its owner sees: all of them, until this is committed.
    await force('no force');
    for (const statement of lateStatements('postgres')) await sql.raw(statement).execute(built(queries));
    await force('force');
  },
};

/** Puts rows into a table as they are; within a write that is about their client. */
export const insertRows = (
  database: Database,
  queries: Queries,
  table: Table,
  rows: readonly Row[],
): Promise<void> => inserts[database.dialect](database, queries, table, rows);

const inserts: Record<
  Dialect,
  (database: Database, queries: Queries, table: Table, rows: readonly Row[]) => Promise<void>
> = {
  sqlite: async (database, _queries, table, rows) => {
    const names = table.columns.map((column) => column.name);
    const marks = names.map(() => '?').join(', ');
    // The transaction is the connection's; a held statement takes a tenth of the time.
    const insert = (database as SqliteDatabase).connection.prepare(
      `insert into "${table.name}" (${names.map((name) => `"${name}"`).join(', ')}) values (${marks})`,
    );
    for (const row of rows) insert.run(names.map((name) => row[name]));
  },
  // One statement of one length for any number of rows: a list for each column.
  postgres: async (_database, queries, table, rows) => {
    const names = sql.join(table.columns.map((column) => sql.ref(column.name)));
    const lists = table.columns.map(({ name, type }) => {
      const values = rows.map((row) => (typeof row[name] === 'bigint' ? String(row[name]) : row[name]));
      return type === 'text' ? sql`${values}::text[]` : sql`${values}::bigint[]`;
    });
    await sql`insert into ${sql.table(table.name)} (${names}) select * from unnest(${sql.join(lists)})`.execute(
      built(queries),
    );
  },
};
