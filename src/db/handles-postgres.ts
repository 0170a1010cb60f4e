import { idFromBigInt } from '../values/id.ts';
import { type Ask, Handles, meantClient } from './handles.ts';
import { openPostgres } from './postgres.ts';
import { asClient } from './postgres-transaction.ts';
import { rows } from './statement.ts';

/** As `inSqlite`, in a PostgreSQL database; gives up where the server takes longer than a second. */
export async function inPostgres<T>(
  url: string,
  client: string | undefined,
  waitMs: number,
  read: (handles: Handles) => Promise<T>,
): Promise<T> {
  const hasty = new URL(url);
  for (const name of ['connect_timeout', 'statement_timeout']) hasty.searchParams.set(name, '1');
  const database = await openPostgres({ url: hasty.href, lockWaitMs: waitMs });
  try {
    return await database.read(async (queries) => {
      const ask: Ask = (sql, values) => rows(queries, sql, values);
      const meant = await meantClient(ask, client);
      await asClient(queries, idFromBigInt(meant));
      return read(new Handles(ask, meant));
    });
  } finally {
    await database.close();
  }
}
