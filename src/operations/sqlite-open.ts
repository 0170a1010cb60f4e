import type { Api } from '../contract/api.ts';
import type { Session } from '../contract/database.ts';
import { migrateSqlite, PROGRAM } from '../db/schema.ts';
import { openSqlite } from '../db/sqlite.ts';
import type { Instant } from '../values/instant.ts';
import { activeClient } from './active-client.ts';
import { checkSession } from './session.ts';
import { SqliteApi } from './sqlite-api.ts';

/** The operations on a SQLite file, which is brought to the program's schema version (spec section 8). */
export async function openSqliteApi(file: string, session: Session): Promise<Api> {
  checkSession(session);
  const database = openSqlite({ file, lockWaitMs: session.lockWaitMs });
  try {
    await migrateSqlite(database, Math.floor(session.nowMs / 1000) as Instant, PROGRAM);
    const client = await database.read((queries) => activeClient(queries, session.client));
    return new SqliteApi({ reader: database, writer: database }, session, client, () => database.close());
  } catch (error) {
    await database.close();
    throw database.explain(error);
  }
}
