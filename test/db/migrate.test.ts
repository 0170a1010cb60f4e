import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { migrateSqlite, schemaVersion } from '../../src/db/schema.ts';
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { openStore } from '../../src/operations/open-store.ts';
import type { Instant } from '../../src/values/instant.ts';
import { failure } from '../api/checked-api.ts';
import { byHand, callsigns, createDatabase, session, useFolder, using } from './files.ts';
import { useOtherProcesses } from './other-process.ts';
import { grownPlan } from './plan.ts';

const folder = useFolder();
const otherProcess = useOtherProcesses();
const NOW = 1_768_219_200 as Instant;
const NEXT = SCHEMA_VERSION + 1;
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
const versions = (file: string) =>
  byHand(file, (connection) => connection.prepare('select * from schema_version order by version').all());

async function withDriver(file: string): Promise<void> {
  await using(await createDatabase(file), (api) => api.call('driver.create', { callsign: 'D1' }));
}

test('an older database is brought up to date after a backup beside it', async () => {
  const file = `${folder}/old.db`;
  await withDriver(file);
  const database = openSqlite({ file, lockWaitMs: 1000 });
  const backup = `${file}.v${SCHEMA_VERSION}.bak`;
  expect(await migrateSqlite(database, NOW, 'tph next', grownPlan())).toEqual({
    from: SCHEMA_VERSION,
    to: NEXT,
    backup,
  });
  expect(await migrateSqlite(database, NOW, 'tph next', grownPlan())).toEqual({
    from: NEXT,
    to: NEXT,
    backup: null,
  });
  expect(await database.read(schemaVersion)).toBe(NEXT);
  await database.close();
  expect(mode(backup)).toBe('600');
  expect(versions(file).at(-1)).toEqual({ version: NEXT, applied_at: NOW, program: 'tph next' });
  expect(byHand(file, (connection) => connection.prepare('select badge from driver').all())).toEqual([
    { badge: null },
  ]);
  // The backup is the database as it was, and works.
  expect(versions(backup)).toHaveLength(SCHEMA_VERSION);
  expect(await using(openStore(backup), callsigns)).toEqual(['D1']);
});

test('a second backup of the same version gets a name of its own', async () => {
  const file = `${folder}/twice.db`;
  await withDriver(file);
  for (const name of [`${file}.v${SCHEMA_VERSION}.bak`, `${file}.v${SCHEMA_VERSION}.bak.2`]) {
    const database = openSqlite({ file, lockWaitMs: 1000 });
    const { backup } = await migrateSqlite(database, NOW, 'tph', grownPlan());
    expect(backup).toBe(name);
    await database.close();
    byHand(file, (connection) =>
      connection.exec(
        `delete from schema_version where version = ${NEXT}; alter table driver drop column badge`,
      ),
    );
  }
});

test('a step that fails leaves the database as it was', async () => {
  const file = `${folder}/fails.db`;
  await withDriver(file);
  const database = openSqlite({ file, lockWaitMs: 1000 });
  const plan = [
    ...grownPlan(),
    { version: NEXT + 1, statements: ['create table t (a integer)', 'this is no SQL'] },
  ];
  await expect(migrateSqlite(database, NOW, 'tph', plan)).rejects.toThrow();
  expect(await database.read(schemaVersion)).toBe(SCHEMA_VERSION);
  await database.close();
  expect(await using(openStore(file), callsigns)).toEqual(['D1']);
});

test('processes that open an older database at once migrate it once', async () => {
  const file = `${folder}/at-once.db`;
  await withDriver(file);
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((name) => otherProcess({ does: 'migrate', file, name })),
  );
  const migrated = outcomes.map((outcome) => outcome.value as { from: number; to: number } | undefined);
  expect(migrated.map((one) => one?.to)).toEqual([NEXT, NEXT, NEXT]);
  expect(migrated.filter((one) => one?.from === SCHEMA_VERSION)).toHaveLength(1);
  expect(versions(file)).toHaveLength(NEXT);
  expect(readdirSync(folder).filter((name) => name.startsWith('at-once.db.v'))).toHaveLength(1);
});

test('processes that make a database at once make one', async () => {
  const file = `${folder}/made-at-once.db`;
  const outcomes = await Promise.all(
    ['A', 'B', 'C'].map((name) => otherProcess({ does: 'create', file, name })),
  );
  expect(outcomes.map((outcome) => outcome.code).sort()).toEqual(['CONFLICT', 'CONFLICT', undefined]);
  const { clients } = await openStore(file).admin(session).status();
  expect(clients).toHaveLength(1);
});

test('a newer database is refused, naming both versions, and is not touched', async () => {
  const file = `${folder}/newer.db`;
  await withDriver(file);
  byHand(file, (connection) => connection.exec(`insert into schema_version values (99, ${NOW}, 'tph 9')`));
  const store = openStore(file);
  for (const call of [store.open(session), store.admin(session).migrate()]) {
    const refused = await failure(call);
    expect(refused.code).toBe('INVALID');
    expect(refused.message).toContain('99');
    expect(refused.message).toContain(String(SCHEMA_VERSION));
    expect(refused.message).toContain(basename(file));
  }
  expect(await store.admin(session).status()).toMatchObject({
    schemaVersion: 99,
    programSchemaVersion: SCHEMA_VERSION,
  });
  const { ok, problems } = await store.admin(session).check();
  expect([ok, problems.map((problem) => problem.check)]).toEqual([false, ['schema']]);
  expect(existsSync(`${file}.v99.bak`)).toBe(false);
});

test('a database that is up to date needs nothing', async () => {
  const file = `${folder}/current.db`;
  await withDriver(file);
  expect(await openStore(file).admin(session).migrate()).toEqual({
    from: SCHEMA_VERSION,
    to: SCHEMA_VERSION,
    backup: null,
  });
});
