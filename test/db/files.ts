import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import type { Session, Store } from '../../src/contract/database.ts';
import { openStore } from '../../src/operations/open-store.ts';

export const session: Session = {
  client: undefined,
  actor: 'ann',
  reason: null,
  nowMs: Date.UTC(2026, 0, 12, 12),
  lockWaitMs: 5000,
};

/** A folder for the databases of one test file; gone when it is done. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tph-db-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A database with one client, Liffey. */
export async function createDatabase(file: string): Promise<Store> {
  const store = openStore(file);
  await store.admin(session).create({ name: 'Liffey', timeZone: 'Europe/Dublin', country: 'IE' });
  return store;
}

/** Runs `work` on the operations of a database's only client. */
export async function using<T>(
  store: Store,
  work: (api: Api) => Promise<T>,
  given: Partial<Session> = {},
): Promise<T> {
  const api = await store.open({ ...session, ...given });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** Runs `work` on the file itself, past the program. */
export function byHand<T>(file: string, work: (connection: BetterSqlite3.Database) => T): T {
  const connection = new BetterSqlite3(file);
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

export const callsigns = (api: Api): Promise<readonly string[]> =>
  api.call('driver.list', { limit: 500 }).then(({ items }) => items.map((driver) => driver.callsign));
