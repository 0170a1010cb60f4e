import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bulk, csvKinds, type ImportRow, type ImportStart } from '../../src/contract/bulk.ts';
import { cutOff } from '../../src/db/postgres-errors.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { failure } from '../api/checked-api.ts';
import { type Tenant, World } from '../api/world.ts';
import { makeTrickyShop } from '../cli/export-world.ts';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';

const START: ImportStart = {
  kind: 'drivers',
  mode: 'atomic',
  onConflict: 'error',
  fields: ['callsign', 'firstName'],
  dryRun: false,
  file: 'drivers.csv',
  sha256: null,
};
const rows = (from: number, count: number): readonly ImportRow[] =>
  Array.from({ length: count }, (_row, at) => ({ line: from + at + 1, values: [`D${from + at}`, 'Ann'] }));

/** Several clients of one database, which is dropped after the test. */
async function tenants(count: number) {
  const database = await makeDatabase();
  onTestFinished(() => database.dispose());
  const world = new World(openStore(database.url));
  await world.create();
  const made: Tenant[] = [];
  for (let one = 0; one < count; one += 1) made.push(await world.tenant());
  onTestFinished(() => world.close());
  return { database, made };
}

const bulkOf = ({ api }: Tenant): Bulk => api.bulk as Bulk;

/** What a server does that is stopped. */
const endConnections = (database: TestDatabase) =>
  database.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tph'",
  );

const callsigns = async ({ api }: Tenant): Promise<readonly string[]> =>
  (await api.call('driver.list', { limit: 500 })).items.map(({ callsign }) => callsign).sort();

describe.skipIf(server === null)('an import into PostgreSQL', () => {
  test('that is all or nothing is nothing once its server is lost, and says so', async () => {
    const { database, made } = await tenants(1);
    const tenant = made[0] as Tenant;
    const importer = await bulkOf(tenant).import(START);
    expect(await importer.rows(1, rows(1, 20))).toHaveLength(20);
    await endConnections(database);
    const lost = await failure(importer.rows(2, rows(21, 20)));
    expect(lost).toMatchObject({ code: 'UNAVAILABLE' });
    expect(lost.message).toContain('nothing was changed');
    expect(lost.hint).toBe('try again');
    expect(await callsigns(tenant)).toEqual([]);
    expect((await tenant.api.call('import.list', {})).items).toEqual([]);
    const again = await bulkOf(tenant).import(START);
    await again.rows(1, rows(1, 20));
    expect((await again.finish(0)).run).toMatchObject({ state: 'DONE', created: 20 });
    expect(await callsigns(tenant)).toHaveLength(20);
  });

  test('that goes batch by batch keeps what it had, and goes on from there', async () => {
    const { database, made } = await tenants(1);
    const tenant = made[0] as Tenant;
    const start: ImportStart = { ...START, mode: 'partial' };
    const importer = await bulkOf(tenant).import(start);
    await importer.rows(1, rows(1, 20));
    await endConnections(database);
    // A connection of the pool is found to be gone, or the next is had.
    const second = await importer.rows(2, rows(21, 20)).catch((error: unknown) => error);
    if (second instanceof Error) expect(second).toMatchObject({ code: 'UNAVAILABLE' });
    const resumed = await bulkOf(tenant).import({ ...start, resume: importer.run as never });
    for (let number = resumed.nextBatch; number <= 3; number += 1)
      await resumed.rows(number, rows(number * 20 - 19, 20));
    expect((await resumed.finish(0)).run).toMatchObject({ run: importer.run, state: 'DONE', created: 60 });
    expect(new Set(await callsigns(tenant)).size).toBe(60);
  });

  test('holds up no other client, and is seen by nobody before its end', async () => {
    const { made } = await tenants(2);
    const [one, other] = made as [Tenant, Tenant];
    const first = await bulkOf(one).import(START);
    await first.rows(1, rows(1, 20));
    const second = await bulkOf(other).import(START);
    await second.rows(1, rows(1, 30));
    await other.api.call('driver.list', {});
    expect((await second.finish(0)).run).toMatchObject({ state: 'DONE', created: 30 });
    const reader = await one.open({ actor: 'bob' });
    expect((await reader.call('driver.list', {})).items).toEqual([]);
    expect((await first.finish(0)).run).toMatchObject({ state: 'DONE', created: 20 });
    expect(await callsigns(one)).toHaveLength(20);
    expect(await callsigns(other)).toHaveLength(30);
  });

  test('that stood still for too long is told from one whose server is gone', () => {
    const idle = cutOff('db', false, Object.assign(new Error('ended'), { code: '25P03' }));
    expect(idle.message).toBe('`db` gave up a change that had stood still for minutes; nothing was changed');
    expect(idle.hint).toContain('without a pause');
  });
});

describe.skipIf(server === null)('an export', () => {
  test('is the same, byte by byte, of a file and of its copy on PostgreSQL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tph-export-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const database = await makeDatabase();
    onTestFinished(() => database.dispose());
    await makeTrickyShop(folder);
    const on = async (location: string, ...words: string[]): Promise<string> => {
      const host = testHost({ cwd: folder, env: { HOME: folder, TPH_DB: location } });
      const code = await run(['node', 'tph', ...words], host);
      expect({ words, code, err: code === 0 ? '' : host.err() }).toEqual({ words, code: 0, err: '' });
      return host.out();
    };
    const file = join(folder, 'tph.db');
    await on(file, 'db', 'copy', '--to', database.url, '--yes');
    for (const kind of Object.keys(csvKinds)) {
      const words = ['export', kind, '--include-protected'];
      expect(await on(database.url, ...words)).toBe(await on(file, ...words));
    }
  });
});
