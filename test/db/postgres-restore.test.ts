import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../../src/db/postgres.ts';
import { change } from '../../src/db/statement.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { callsigns, session, using } from './files.ts';

const hasTools = ['pg_dump', 'pg_restore'].every((tool) => spawnSync(tool, ['--version']).status === 0);
const kinds = ['SQLite file', ...(hasTools ? ['dump'] : [])];

/** A database with the driver D1, and a backup of the kind from before D2. */
async function backedUp(kind: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tph-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = await makeDatabase();
  onTestFinished(() => database.dispose());
  const store = openStore(database.url);
  await store.admin(session).create({ name: 'Liffey', timeZone: 'Europe/Dublin', country: 'IE' });
  await using(store, (api) => api.call('driver.create', { callsign: 'D1' }));
  const url = new URL(database.url);
  if (kind === 'dump') url.username = server?.superuser ?? '';
  const admin = openStore(url.href).admin(session);
  const backup = join(folder, 'one.bak');
  await admin.backup(backup);
  await using(store, (api) => api.call('driver.create', { callsign: 'D2' }));
  return { database, store, admin, backup };
}

/** Holds a table as a reader of somebody else's does, until it is let go. */
async function holdTable(name: string, database: string): Promise<() => Promise<void>> {
  const { host = '', port = 0, superuser = '' } = server ?? {};
  const client = new pg.Client({ host, port, user: superuser, database, ssl: false });
  await client.connect();
  await client.query(`begin; lock table ${name} in access share mode`);
  return () => client.end();
}

describe.skipIf(server === null).each(kinds)('a restore of a %s', (kind) => {
  test('keeps what is committed while it waits for its turn', async () => {
    const { database, store, admin, backup } = await backedUp(kind);
    const other = await openPostgres({ url: database.url, lockWaitMs: 1000 });
    let restored: ReturnType<typeof admin.restore> | undefined;
    await other.write(async (queries) => {
      await change(queries, "select set_config('tph.client', id::text, true) from client");
      await change(queries, "update driver set callsign = 'LATE' where callsign = 'D2'");
      restored = admin.restore(backup);
      await sleep(250);
    });
    await other.close();
    const { kept } = (await restored) ?? { kept: null };
    expect(await using(store, callsigns)).toEqual(['D1']);
    await admin.restore(kept ?? '');
    expect(await using(store, callsigns)).toEqual(['D1', 'LATE']);
  });

  test('shows readers what was there or what is there, and nothing between', async () => {
    const { database, store, admin, backup } = await backedUp(kind);
    const letGo = await holdTable('audit_event', database.name);
    const seen: Promise<readonly string[]>[] = [];
    const restored = admin.restore(backup);
    for (let count = 0; count < 8; count += 1) {
      seen.push(using(store, callsigns));
      await sleep(60);
    }
    const impatient = await openPostgres({ url: database.url, lockWaitMs: 20 });
    // The restore waits for the table that is held, and comes to keep readers out however slow the machine is.
    let refused: unknown;
    while (refused === undefined) {
      await sleep(30);
      refused = await impatient.read(async () => undefined).catch((error: unknown) => error);
    }
    await letGo();
    await restored;
    expect(refused).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('being restored'),
    });
    for (const found of await Promise.all(seen)) expect([['D1', 'D2'], ['D1']]).toContainEqual(found);
    expect(await using(store, callsigns)).toEqual(['D1']);
    expect(await impatient.read(async () => 'again')).toBe('again');
    await impatient.close();
  });

  test('leaves the tables to whom they belong', async () => {
    const { database, store, admin, backup } = await backedUp(kind);
    const owners = () =>
      database.sql(
        `select distinct pg_get_userbyid(relowner) as owner from pg_class where relnamespace = 'public'::regnamespace
         union select distinct pg_get_userbyid(proowner) from pg_proc where pronamespace = 'public'::regnamespace`,
      );
    const before = await owners();
    await admin.restore(backup);
    expect(await owners()).toEqual(before);
    await using(store, (api) => api.call('driver.create', { callsign: 'D3' }));
    expect(await store.admin(session).check()).toEqual({ ok: true, problems: [] });
  });
});
