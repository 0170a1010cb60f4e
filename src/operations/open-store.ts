import type { Store } from '../contract/database.ts';
import { isPostgresUrl } from '../values/database-url.ts';
import { storeWhenAsked } from './store-when-asked.ts';

/**
 * Data in a SQLite file, or in the PostgreSQL database of a URL. Opening one brings it to the program's schema version
 * (spec section 8). What most commands do, to open the operations on a file, loads nothing of the rest.
 */
export function openStore(location: string): Store {
  if (isPostgresUrl(location))
    return storeWhenAsked(async () => (await import('./postgres-store.ts')).postgresStore(location));
  return {
    ...storeWhenAsked(async () => (await import('./sqlite-store.ts')).sqliteStore(location)),
    open: async (session) => (await import('./sqlite-open.ts')).openSqliteApi(location, session),
  };
}
