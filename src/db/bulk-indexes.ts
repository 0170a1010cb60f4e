import type { RecordDefinition } from '../records/definition.ts';
import type { Connection } from './bulk-insert.ts';
import { tablesOf } from './tables.ts';

/** Indexes that were taken off for a load, and are put back by `rebuild` before it is committed. */
export interface SetAside {
  rebuild(): void;
}

/**
 * Takes off the table of a kind, which is empty, the indexes that new records would fill in no order: those of texts.
 * Ids and moments rise, and keeping their indexes costs less than making them anew. To be called inside the load's
 * transaction, so that nobody ever sees the table without them.
 */
export function setIndexesAside(connection: Connection, definition: RecordDefinition): SetAside {
  const [table] = tablesOf(definition);
  const texts = new Set(table?.columns.filter(({ type }) => type === 'text').map(({ name }) => name));
  const names = (table?.indexes ?? [])
    .filter(({ columns }) => columns.some((column) => texts.has(column)))
    .map(({ name }) => name);
  const find = connection.prepare(`select sql from sqlite_schema where type = 'index' and name = ?`).pluck();
  const made = names.map((name) => find.get(name) as string);
  for (const name of names) connection.exec(`drop index "${name}"`);
  return {
    rebuild: () => {
      // What is sorted takes as much memory as the cache has, besides the cache.
      connection.pragma('cache_size = -8192');
      for (const sql of made) connection.exec(sql);
    },
  };
}

/** Whether the client has no record of a kind yet, and whether nobody has one. */
export function emptiness(connection: Connection, definition: RecordDefinition, client: bigint) {
  const any = connection.prepare(`select 1 from "${definition.table}" limit 1`).get() !== undefined;
  const own =
    any &&
    connection.prepare(`select 1 from "${definition.table}" where client_id = ? limit 1`).get(client) !==
      undefined;
  return { forClient: !own, forAll: !any };
}

/** Holds more of the database in memory for a large transaction; the answer gives the memory back. */
export function enlargeCache(connection: Connection): () => void {
  const pages = Number(connection.pragma('cache_size', { simple: true }));
  connection.pragma('cache_size = -32768');
  return () => {
    connection.pragma(`cache_size = ${pages}`);
  };
}

/** As `enlargeCache`, to be called before the transaction begins; what is sorted stands in a file meanwhile. */
export function makeRoom(connection: Connection): () => void {
  const giveBack = enlargeCache(connection);
  connection.pragma('temp_store = file');
  return () => {
    giveBack();
    connection.pragma('temp_store = memory');
  };
}
