import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { failure } from '../api/checked-api.ts';
import { byHand, callsigns, createDatabase, session, useFolder, using } from './files.ts';

const folder = useFolder();
const at = (name: string) => join(folder, name);
const client = { name: 'Liffey', timeZone: 'Europe/Dublin', country: 'IE' };

/** Everything that opens a database. */
function opensOf(file: string): readonly (() => Promise<unknown>)[] {
  const admin = openStore(file).admin(session);
  const opens = [() => openStore(file).open(session), admin.status, admin.migrate];
  return [...opens, () => admin.backup(at('never.db'))];
}

async function refusals(file: string, code: string, ...says: readonly string[]): Promise<void> {
  for (const open of opensOf(file)) {
    const refused = await failure(open());
    expect(refused.code, refused.message).toBe(code);
    for (const text of says) expect(refused.message).toContain(text);
    expect(refused.hint).not.toBe('');
  }
  expect(existsSync(at('never.db'))).toBe(false);
}

describe('what is no database of ours is refused and left alone', () => {
  test('a folder', async () => {
    mkdirSync(at('folder.db'));
    await refusals(at('folder.db'), 'INVALID', 'is a folder', 'folder.db');
    expect((await failure(openStore(at('folder.db')).admin(session).create(client))).code).toBe('INVALID');
  });

  test.each([
    ['text.db', 'callsign,name\nD1,Ann\n'],
    ['short.db', 'x'],
    ['almost.db', 'SQLite format 3'],
    ['binary.db', Buffer.alloc(5000, 7)],
  ])('a file that is something else: %s', async (name, content) => {
    writeFileSync(at(name), content);
    await refusals(at(name), 'INVALID', 'is not a database');
    expect((await failure(openStore(at(name)).admin(session).create(client))).code).toBe('INVALID');
    expect(readFileSync(at(name)).equals(Buffer.from(content))).toBe(true);
  });

  test.each([0, 0x12345678])(
    'another program’s database, with the application id %i',
    async (applicationId) => {
      const file = at(`other-${applicationId}.db`);
      byHand(file, (connection) => {
        connection.pragma(`application_id = ${applicationId}`);
        connection.exec('create table moz_places (url text); insert into moz_places values (1)');
      });
      const before = readFileSync(file);
      await refusals(file, 'INVALID', 'another program');
      expect((await failure(openStore(file).admin(session).create(client))).code).toBe('INVALID');
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  test('a file that is not there, in a folder that is and one that is not', async () => {
    await refusals(at('missing.db'), 'NOT_FOUND', 'missing.db');
    await refusals(at('no/such/folder.db'), 'NOT_FOUND', 'folder.db');
    expect(existsSync(at('missing.db'))).toBe(false);
    writeFileSync(at('a-file'), '');
    await openStore(at('no/such/folder.db')).admin(session).create(client);
    expect(statSync(at('no/such')).mode & 0o777).toBe(0o700);
    expect(await failure(openStore(at('a-file/folder.db')).admin(session).create(client))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('an empty file has no database in it yet, and may take one', async () => {
    writeFileSync(at('empty.db'), '');
    await refusals(at('empty.db'), 'NOT_FOUND', 'empty.db');
    expect(readFileSync(at('empty.db'))).toHaveLength(0);
    await openStore(at('empty.db')).admin(session).create(client);
    expect(await using(openStore(at('empty.db')), callsigns)).toEqual([]);
  });

  test('a link that leads nowhere, a device, a name that is none', async () => {
    symlinkSync(at('nowhere'), at('link.db'));
    await refusals(at('link.db'), 'NOT_FOUND');
    await refusals('/dev/null', 'INVALID', 'is not a file');
    await refusals('', 'NOT_FOUND');
    await refusals(':memory:', 'NOT_FOUND', ':memory:');
    await refusals(`${'x'.repeat(5000)}.db`, 'INVALID');
    await refusals('a\u0000b.db', 'INVALID');
  });
});

describe('damage', () => {
  const sound = at('sound.db');
  const damagedCopy = async (name: string): Promise<string> => {
    if (!existsSync(sound)) {
      await using(await createDatabase(sound), async (api) => {
        for (let n = 0; n < 60; n += 1)
          await api.call('driver.create', { callsign: `D${n}`, firstName: 'x'.repeat(100) });
      });
      await openStore(sound).admin(session).backup(at('copy.db'));
    }
    copyFileSync(at('copy.db'), at(name));
    return at(name);
  };

  test.each([4096, 5000, 40_000])('a file cut off at %i bytes', async (length) => {
    const file = await damagedCopy(`cut-${length}.db`);
    truncateSync(file, length);
    await refusals(file, 'INVALID', 'is cut short');
    const { ok, problems } = await openStore(file).admin(session).check();
    expect([ok, problems.map((problem) => problem.check)]).toEqual([false, ['integrity']]);
  });

  test('a page that is overwritten is found by the check, and never answers with a raw error', async () => {
    const file = await damagedCopy('page.db');
    const root = byHand(file, (connection) =>
      connection.prepare("select rootpage from sqlite_schema where name = 'driver'").pluck().get(),
    ) as number;
    const bytes = readFileSync(file);
    bytes.fill(0xff, (root - 1) * 4096, root * 4096);
    writeFileSync(file, bytes);
    expect(await failure(using(openStore(file), callsigns))).toMatchObject({
      code: 'INVALID',
      hint: expect.stringContaining('tph db restore'),
    });
    expect((await openStore(file).admin(session).check()).ok).toBe(false);
  });

  test('a damaged database can be restored over, and is kept', async () => {
    const file = await damagedCopy('mend.db');
    truncateSync(file, 5000);
    const { kept } = await openStore(file).admin(session).restore(at('copy.db'));
    expect(kept).toBe(`${file}.before-restore`);
    expect(readFileSync(kept ?? '')).toHaveLength(5000);
    expect(await using(openStore(file), callsigns)).toHaveLength(60);
  });

  test('a damaged or foreign backup is refused, and the database stays', async () => {
    const file = await damagedCopy('stays.db');
    const bad = await damagedCopy('bad-backup.db');
    truncateSync(bad, 5000);
    writeFileSync(at('text-backup.db'), 'hello');
    byHand(at('foreign-backup.db'), (connection) => connection.exec('create table t (a)'));
    for (const backup of [bad, at('text-backup.db'), at('foreign-backup.db')])
      expect((await failure(openStore(file).admin(session).restore(backup))).code).toBe('INVALID');
    expect((await failure(openStore(file).admin(session).restore(at('no-backup.db')))).code).toBe(
      'NOT_FOUND',
    );
    expect(existsSync(`${file}.before-restore`)).toBe(false);
    expect(await using(openStore(file), callsigns)).toHaveLength(60);
  });
});

test('a wrong first client leaves no file behind', async () => {
  for (const wrong of [{ timeZone: 'Nowhere/Land' }, { country: 'XX' }, { name: '' }, { name: 'a\u0000b' }])
    expect(
      (
        await failure(
          openStore(at('wrong.db'))
            .admin(session)
            .create({ ...client, ...wrong }),
        )
      ).code,
    ).toBe('INVALID');
  for (const name of ['wrong.db', 'wrong.db-wal', 'wrong.db-shm']) expect(existsSync(at(name))).toBe(false);
});

test('a file that others can read is found by the check', async () => {
  const file = at('open.db');
  await createDatabase(file);
  expect(await openStore(file).admin(session).check()).toEqual({ ok: true, problems: [] });
  chmodSync(file, 0o644);
  expect((await openStore(file).admin(session).check()).problems).toMatchObject([
    { check: 'permissions', hint: `chmod 600 ${file}` },
  ]);
});

test('STRICT columns and composite keys refuse what is written by hand', async () => {
  const file = at('by-hand.db');
  const store = await createDatabase(file);
  const [one, two] = await using(store, async (api) => {
    const other = await api.call('client.create', {
      name: 'Other',
      timeZone: 'Europe/Dublin',
      country: 'IE',
    });
    const driver = await api.call('driver.create', { callsign: 'D1' });
    await api.call('customer.create', { firstName: 'Ann' });
    return [driver.id, other.id];
  });
  const customer = await using(store, (api) => api.call('customer.create', { firstName: 'Bo' }), {
    client: 'Other',
  });
  const number = (id: string | undefined) => BigInt((id ?? '').slice(1));
  const insert = (driverId: bigint, customerId: bigint) =>
    byHand(file, (connection) => {
      connection.pragma('foreign_keys = on');
      connection
        .prepare(
          `insert into driver_customer (client_id, id, created_date, updated_date, mode, priority, driver_id, customer_id)
           values (?, 5, 1, 1, 'SOFT', 0, ?, ?)`,
        )
        .run(number(two), driverId, customerId);
    });
  expect(() => insert(number(one), number(customer.id))).toThrow(/FOREIGN KEY/);
  expect(() => byHand(file, (connection) => connection.exec("update driver set status = 'LOST'"))).toThrow(
    BetterSqlite3.SqliteError,
  );
  expect(() =>
    byHand(file, (connection) => connection.exec("update driver set created_date = 'soon'")),
  ).toThrow(/INTEGER/);
  expect((await store.admin(session).check()).ok).toBe(true);
});
