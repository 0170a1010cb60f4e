import type { Store } from '../contract/database.ts';
import { shareSqlite } from './share-store.ts';
import { sqliteAdmin } from './sqlite-admin.ts';
import { openSqliteApi } from './sqlite-open.ts';

/** Data in a SQLite file. */
export const sqliteStore = (file: string): Store => ({
  open: (session) => openSqliteApi(file, session),
  admin: (session) => sqliteAdmin(file, session),
  share: (options) => shareSqlite(file, options),
});
