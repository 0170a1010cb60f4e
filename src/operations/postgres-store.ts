import type { Store } from '../contract/database.ts';
import { openPostgres } from '../db/postgres.ts';
import { upgradePostgres } from '../db/postgres-schema.ts';
import type { Instant } from '../values/instant.ts';
import { activeClient } from './active-client.ts';
import { postgresAdmin } from './postgres-admin.ts';
import { sharePostgres } from './postgres-share.ts';
import { checkSession } from './session.ts';
import { SqliteApi } from './sqlite-api.ts';

/** Data in a PostgreSQL database, named by its URL. Opening one brings it to the program's schema version (spec section 8). */
export function postgresStore(url: string): Store {
  return {
    open: async (session) => {
      checkSession(session);
      const database = await openPostgres({ url, lockWaitMs: session.lockWaitMs });
      try {
        await upgradePostgres(database, Math.floor(session.nowMs / 1000) as Instant);
        const client = await database.read((queries) => activeClient(queries, session.client));
        const own = database.of(client.id);
        return new SqliteApi({ reader: own, writer: own }, session, client, () => database.close());
      } catch (error) {
        await database.close();
        throw database.explain(error);
      }
    },
    admin: (session) => postgresAdmin(url, session),
    share: (options) => sharePostgres(url, options),
  };
}
