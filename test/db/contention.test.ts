import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { failure } from '../api/checked-api.ts';
import { callsigns, createDatabase, session, useFolder, using } from './files.ts';
import { useOtherProcesses } from './other-process.ts';

const folder = useFolder();
const otherProcess = useOtherProcesses();

/** Holds the writer's turn in another process while `work` runs. */
async function whileHeld<T>(file: string, forMs: number, work: () => Promise<T>): Promise<T> {
  let held = (): void => {};
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const released = otherProcess({ does: 'hold', file, forMs }, { started: held });
  await isHeld;
  try {
    return await work();
  } finally {
    expect(await released).toEqual({ value: 'let go' });
  }
}

test('a second writer waits for its turn and succeeds', async () => {
  const file = `${folder}/waits.db`;
  const store = await createDatabase(file);
  await whileHeld(file, 400, () => using(store, (api) => api.call('driver.create', { callsign: 'D1' })));
  expect(await using(store, callsigns)).toEqual(['D1']);
});

test('or fails with UNAVAILABLE after the lock wait, and the program goes on', async () => {
  const file = `${folder}/fails.db`;
  const store = await createDatabase(file);
  await whileHeld(file, 700, () =>
    using(
      store,
      async (api) => {
        const refused = await failure(api.call('driver.create', { callsign: 'D1' }));
        expect(refused).toMatchObject({ code: 'UNAVAILABLE', hint: expect.stringContaining('--lock-wait') });
        expect(refused.message).toContain('locked');
        // Readers wait for nobody.
        expect(await callsigns(api)).toEqual([]);
        await sleep(800);
        await api.call('driver.create', { callsign: 'D2' });
        expect(await callsigns(api)).toEqual(['D2']);
      },
      { lockWaitMs: 50 },
    ),
  );
});

test('writers of the same process take turns too', async () => {
  const store = await createDatabase(`${folder}/turns.db`);
  const write = (name: string) =>
    using(store, async (api) => {
      for (let n = 0; n < 10; n += 1) await api.call('driver.create', { callsign: `${name} ${n}` });
    });
  await Promise.all(['a', 'b', 'c', 'd'].map(write));
  expect(await using(store, callsigns)).toHaveLength(40);
});

test('processes that write at once lose nothing, fail never, and give out every id once', async () => {
  const file = `${folder}/many.db`;
  const store = await createDatabase(file);
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((name) => otherProcess({ does: 'write', file, name, count: 40 })),
  );
  expect(outcomes).toEqual([{ value: 40 }, { value: 40 }, { value: 40 }]);
  await using(store, async (api) => {
    const { items } = await api.call('driver.list', { limit: 500 });
    const events = await api.call('log.list', { objectType: 'Driver', limit: 500 });
    expect([items.length, events.items.length]).toEqual([120, 120]);
    expect(new Set([...items, ...events.items].map((one) => one.id)).size).toBe(240);
  });
  expect((await store.admin(session).check()).ok).toBe(true);
});

test('a backup while another process writes is whole', async () => {
  const file = `${folder}/busy.db`;
  const store = await createDatabase(file);
  const writing = otherProcess({ does: 'write', file, name: 'w', count: 60 });
  const sizes: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    const copy = `${folder}/busy-${n}.db`;
    await store.admin(session).backup(copy);
    expect((await openStore(copy).admin(session).check()).problems).toEqual([]);
    const { records, auditEvents } = await openStore(copy).admin(session).status();
    // Every driver of the copy has its audit row, besides that of the client.
    expect(auditEvents).toBe((records['Driver'] ?? 0) + 1);
    sizes.push(records['Driver'] ?? 0);
    await sleep(60);
  }
  expect(await writing).toEqual({ value: 60 });
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(await failure(store.admin(session).backup(`${folder}/busy-0.db`))).toMatchObject({
    code: 'CONFLICT',
  });
  expect(await failure(store.admin(session).backup(`${folder}/no/such/folder.db`))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a restore waits for a writer, and those who have the database open see what was restored', async () => {
  const file = `${folder}/restored.db`;
  const store = await createDatabase(file);
  await using(store, (api) => api.call('driver.create', { callsign: 'KEPT' }));
  await store.admin(session).backup(`${folder}/to-restore.db`);
  await using(store, async (api) => {
    await api.call('driver.create', { callsign: 'LOST' });
    const { kept } = await whileHeld(file, 300, () =>
      store.admin(session).restore(`${folder}/to-restore.db`),
    );
    expect(await callsigns(api)).toEqual(['KEPT']);
    await api.call('driver.create', { callsign: 'NEW' });
    expect(await callsigns(api)).toEqual(['KEPT', 'NEW']);
    expect(await using(openStore(kept ?? ''), callsigns)).toEqual(['KEPT', 'LOST']);
  });
  expect((await store.admin(session).check()).ok).toBe(true);
});

test('a restore that is locked out for longer than the lock wait changes nothing', async () => {
  const file = `${folder}/locked-out.db`;
  const store = await createDatabase(file);
  await store.admin(session).backup(`${folder}/spare.db`);
  await using(store, (api) => api.call('driver.create', { callsign: 'D1' }));
  const refused = await whileHeld(file, 500, () =>
    failure(store.admin({ ...session, lockWaitMs: 50 }).restore(`${folder}/spare.db`)),
  );
  expect(refused.code).toBe('UNAVAILABLE');
  expect(await using(store, callsigns)).toEqual(['D1']);
});

test('a database is restored where there was none', async () => {
  const store = await createDatabase(`${folder}/source.db`);
  await store.admin(session).backup(`${folder}/source.bak`);
  const target = openStore(`${folder}/target.db`);
  expect(await target.admin(session).restore(`${folder}/source.bak`)).toEqual({
    location: `${folder}/target.db`,
    kept: null,
  });
  expect(await using(target, callsigns)).toEqual([]);
});
