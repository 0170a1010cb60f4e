import type { RecordDefinition } from '../records/definition.ts';
import type { BulkConnection } from './bulk-connection.ts';
import type { Database } from './database.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { tablesOf } from './tables.ts';

/** Indexes that were taken off for a load, and are put back by `rebuild` before it is committed. */
export interface SetAside {
  rebuild(): Promise<void>;
}

/**
 * Takes off the table of a kind, which is empty, the indexes that new records would fill in no order: those of texts.
 * Ids and moments rise, and keeping their indexes costs less than making them anew. To be called inside the load's
 * transaction, so that nobody ever sees the table without them. On a server nothing is taken off: the table is
 * everybody's, and all would wait.
 */
export async function setIndexesAside(
  connection: BulkConnection,
  definition: RecordDefinition,
): Promise<SetAside> {
  if (connection.dialect !== 'sqlite') return { rebuild: async () => {} };
  const [table] = tablesOf(definition);
  const texts = new Set(table?.columns.filter(({ type }) => type === 'text').map(({ name }) => name));
  const names = (table?.indexes ?? [])
    .filter(({ until }) => until === undefined)
    .filter(({ columns, computed }) => computed !== undefined || columns.some((column) => texts.has(column)))
    .map(({ name }) => name);
  const made: string[] = [];
  // What the planner is told of an index goes with it (statistics.ts).
  const told = await connection.rows('select tbl, idx, stat from sqlite_stat1 where tbl = ?', [
    definition.table,
  ]);
  for (const name of names) {
    const [row] = await connection.rows(`select sql from sqlite_schema where type = 'index' and name = ?`, [
      name,
    ]);
    made.push(row?.[0] as string);
    await connection.run(`drop index "${name}"`);
  }
  return {
    rebuild: async () => {
      // What is sorted takes as much memory as the cache has, besides the cache.
      await connection.run('pragma cache_size = -8192');
      for (const sql of made) await connection.run(sql);
      for (const row of told.filter(([, index]) => names.includes(index as string)))
        await connection.run('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)', row);
    },
  };
}

/** Whether the client has no record of a kind yet, and whether nobody has one, as far as this transaction sees. */
export async function emptiness(connection: BulkConnection, { table }: RecordDefinition, client: bigint) {
  const [any] = await connection.rows(`select id from "${table}" limit 1`);
  if (any === undefined) return { forClient: true, forAll: true };
  const [own] = await connection.rows(`select id from "${table}" where client_id = ? limit 1`, [client]);
  return { forClient: own === undefined, forAll: false };
}

const nothing = () => {};

/** Holds more of a database in memory for a large transaction; the answer gives the memory back. */
export function enlargeCache(database: Database): () => void {
  if (database.dialect !== 'sqlite') return nothing;
  const { connection } = database as SqliteDatabase;
  const pages = Number(connection.pragma('cache_size', { simple: true }));
  connection.pragma('cache_size = -32768');
  return () => {
    connection.pragma(`cache_size = ${pages}`);
  };
}

/** As `enlargeCache`, to be called before the transaction begins; what is sorted stands in a file meanwhile. */
export function makeRoom(database: Database): () => void {
  if (database.dialect !== 'sqlite') return nothing;
  const { connection } = database as SqliteDatabase;
  const giveBack = enlargeCache(database);
  connection.pragma('temp_store = file');
  return () => {
    giveBack();
    connection.pragma('temp_store = memory');
  };
}
