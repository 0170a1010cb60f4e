import BetterSqlite3 from 'better-sqlite3';
import type { Row } from './database.ts';
import { type Ask, Handles, meantClient } from './handles.ts';
import { APPLICATION_ID } from './sqlite-file.ts';

/**
 * Looks handles up in a SQLite file, which is only read: a file that is none of ours, or that has no client that is meant,
 * is an error. `client` is an id or a name; without one, the database must have a single client.
 */
export async function inSqlite<T>(
  file: string,
  client: string | undefined,
  waitMs: number,
  read: (handles: Handles) => Promise<T>,
): Promise<T> {
  const connection = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: waitMs });
  try {
    connection.defaultSafeIntegers(true);
    const applicationId = Number(connection.pragma('application_id', { simple: true }));
    if (applicationId !== APPLICATION_ID) throw new Error('not a database of ours');
    const ask: Ask = async (sql, values) => connection.prepare(sql).all(...values) as Row[];
    return await read(new Handles(ask, await meantClient(ask, client)));
  } finally {
    connection.close();
  }
}
