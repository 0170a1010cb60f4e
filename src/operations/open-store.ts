import type { Store } from '../contract/database.ts';
import { migrateSqlite, PROGRAM } from '../db/schema.ts';
import { openSqlite } from '../db/sqlite.ts';
import { isPostgresUrl } from '../values/database-url.ts';
import type { Instant } from '../values/instant.ts';
import { activeClient } from './clients.ts';
import { checkSession } from './session.ts';
import { shareSqlite } from './share-store.ts';
import { sqliteAdmin } from './sqlite-admin.ts';
import { SqliteApi } from './sqlite-api.ts';
import { storeWhenAsked } from './store-when-asked.ts';

/**
 * Data in a SQLite file, or in the PostgreSQL database of a URL. Opening one brings it to the program's schema version
 * (spec section 8).
 */
export function openStore(location: string): Store {
  if (isPostgresUrl(location))
    return storeWhenAsked(async () => (await import('./postgres-store.ts')).postgresStore(location));
  return {
    open: async (session) => {
      checkSession(session);
      const database = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
      try {
        await migrateSqlite(database, Math.floor(session.nowMs / 1000) as Instant, PROGRAM);
        const client = await database.read((queries) => activeClient(queries, session.client));
        const close = () => database.close();
        return new SqliteApi({ reader: database, writer: database }, session, client, close);
      } catch (error) {
        await database.close();
        throw database.explain(error);
      }
    },
    admin: (session) => sqliteAdmin(location, session),
    share: (options) => shareSqlite(location, options),
  };
}
