import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { byHand, callsigns, createDatabase, session, useFolder, using } from './files.ts';

const folder = useFolder();

/** A database with the driver D1, and a backup from before D2. */
async function backedUp(name: string) {
  const file = `${folder}/${name}.db`;
  const store = await createDatabase(file);
  await using(store, (api) => api.call('driver.create', { callsign: 'D1' }));
  const backup = `${folder}/${name}.bak`;
  await store.admin(session).backup(backup);
  await using(store, (api) => api.call('driver.create', { callsign: 'D2' }));
  return { file, backup, store, admin: store.admin(session) };
}

test('what is committed while a restore waits for its turn is kept', async () => {
  const { file, backup, store, admin } = await backedUp('waits');
  const other = new BetterSqlite3(file);
  other.exec("begin immediate; update driver set callsign = 'LATE' where callsign = 'D2'");
  const restored = admin.restore(backup);
  await new Promise((resolve) => setTimeout(resolve, 150));
  other.exec('commit');
  other.close();
  const { kept } = await restored;
  expect(await using(store, callsigns)).toEqual(['D1']);
  expect(await using(openStore(kept ?? ''), callsigns)).toEqual(['D1', 'LATE']);
});

test('what others write during a restore is in the database or in what is kept', async () => {
  const { backup, store, admin } = await backedUp('writers');
  let isOver = false;
  const acknowledged: string[] = [];
  const write = async (lane: number) => {
    for (let count = 0; !isOver; count += 1) {
      const callsign = `W${lane}-${count}`;
      await using(store, (api) => api.call('driver.create', { callsign }));
      acknowledged.push(callsign);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const writing = [write(1), write(2)];
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { kept } = await admin.restore(backup);
  await new Promise((resolve) => setTimeout(resolve, 50));
  isOver = true;
  await Promise.all(writing);
  const there = [...(await using(store, callsigns)), ...(await using(openStore(kept ?? ''), callsigns))];
  expect(acknowledged.filter((callsign) => !there.includes(callsign))).toEqual([]);
});

test('a restore that cannot keep what was there replaces nothing', async () => {
  const { file, backup, store, admin } = await backedUp('locked');
  const other = new BetterSqlite3(file);
  other.exec('begin immediate');
  const impatient = store.admin({ ...session, lockWaitMs: 30 });
  await expect(impatient.restore(backup)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  other.exec('rollback');
  other.close();
  expect(byHand(file, (connection) => connection.pragma('integrity_check', { simple: true }))).toBe('ok');
  expect(await using(store, callsigns)).toEqual(['D1', 'D2']);
  // The name is free again.
  expect((await admin.restore(backup)).kept).toBe(`${file}.before-restore`);
});

test('what is no backup for a file says what it is, and where it belongs', async () => {
  const { file, backup, store, admin } = await backedUp('wrong');
  const dump = `${folder}/wrong.dump`;
  writeFileSync(dump, 'PGDMP and more');
  await expect(admin.restore(dump)).rejects.toMatchObject({
    message: expect.stringContaining('PostgreSQL'),
    hint: expect.stringContaining('postgres://'),
  });
  truncateSync(backup, 20_000);
  await expect(admin.restore(backup)).rejects.toMatchObject({
    message: expect.stringContaining('damaged'),
    hint: 'name another backup',
  });
  expect(existsSync(`${file}.before-restore`)).toBe(false);
  expect(await using(store, callsigns)).toEqual(['D1', 'D2']);
});
