import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { emptyFolder, shop } from './support.ts';

test('status says where the database is and what it holds', async () => {
  const cli = await shop();
  await cli.tph('driver', 'create', 'D7');
  await cli.tph('driver', 'create', 'D8');
  const { out, code } = await cli.tph('db', 'status');
  expect(code).toBe(0);
  expect(out).toMatch(/^location +.*tph\.db$/m);
  expect(out).toMatch(/^permissions +600$/m);
  expect(out).toMatch(/^clients +Liffey Cars G\d+ Europe\/Dublin$/m);
  expect(out).toMatch(/^records +1 client, 2 drivers$/m);
  const value = (await cli.tph('db', 'status', '-o', 'json')).json();
  expect(value).toMatchObject({
    engine: 'sqlite',
    location: join(cli.folder, 'tph.db'),
    readOnly: false,
    auditEvents: 3,
  });
});

test('status of a database that is not there is not found', async () => {
  const cli = emptyFolder();
  expect(await cli.tph('db', 'status')).toMatchObject({ code: 5, out: '' });
});

test('check finds nothing in a sound database, and says no where it finds something', async () => {
  const cli = await shop();
  expect(await cli.tph('db', 'check', '--exit-code')).toMatchObject({ code: 0, out: 'ok: nothing found\n' });
  chmodSync(join(cli.folder, 'tph.db'), 0o644);
  const loose = await cli.tph('db', 'check', '--exit-code');
  expect(loose.code).toBe(8);
  expect(loose.out).toMatch(/^permissions: .*can be read by others\n {2}hint: chmod 600/);
  const json = (await cli.tph('db', 'check', '-o', 'json')).json();
  expect(json).toMatchObject({ ok: false, problems: [{ check: 'permissions' }] });
  expect((await cli.tph('db', 'check', '-o', 'id')).out).toBe('permissions\n');
});

test('backup makes a file for its owner only, and takes none that exists', async () => {
  const cli = await shop();
  const file = join(cli.folder, 'copy.db');
  const done = (await cli.tph('db', 'backup', 'copy.db', '-o', 'json')).json();
  expect(done).toEqual({ file, sizeBytes: statSync(file).size });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await cli.tph('db', 'backup', 'copy.db')).toMatchObject({
    code: 6,
    err: expect.stringContaining('exists already'),
  });
  expect(await cli.tph('db', 'backup')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<file> is missing'),
  });
});

test('a dry run of a backup writes no file', async () => {
  const cli = await shop();
  const dry = await cli.tph('db', 'backup', 'copy.db', '--dry-run', '--exit-code');
  expect(dry).toMatchObject({ code: 8, out: expect.stringContaining('would copy') });
  expect(existsSync(join(cli.folder, 'copy.db'))).toBe(false);
});

test('restore puts a backup back and keeps what it replaced', async () => {
  const cli = await shop();
  await cli.tph('driver', 'create', 'D7');
  await cli.tph('db', 'backup', 'copy.db');
  await cli.tph('driver', 'delete', 'D7', '--yes');
  await cli.tph('driver', 'create', 'D8');
  const done = (await cli.tph('db', 'restore', 'copy.db', '--yes', '-o', 'json')).json<{ kept: string }>();
  const callsigns = async (...words: string[]) =>
    (await cli.tph('driver', 'list', '-o', 'json', ...words))
      .json<{ callsign: string }[]>()
      .map(({ callsign }) => callsign);
  expect(await callsigns()).toEqual(['D7']);
  expect(await callsigns('--db', done.kept)).toEqual(['D8']);
});

test('restore asks first, and without --yes does nothing where it cannot ask', async () => {
  const cli = await shop();
  await cli.tph('db', 'backup', 'copy.db');
  await cli.tph('driver', 'create', 'D7');
  expect(await cli.tph('db', 'restore', 'copy.db')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--yes'),
  });
  const dry = await cli.tph('db', 'restore', 'copy.db', '--dry-run');
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('would restore') });
  expect((await cli.tph('driver', 'list', '-o', 'json')).json()).toHaveLength(1);
  expect(await cli.tph('db', 'restore', 'nothing.db', '--yes')).toMatchObject({
    code: 5,
    err: expect.stringContaining('nothing.db'),
  });
});

test('restore takes no file that is not a backup', async () => {
  const cli = await shop();
  writeFileSync(join(cli.folder, 'notes.txt'), 'not a database at all');
  const wrong = await cli.tph('db', 'restore', 'notes.txt', '--yes');
  expect(wrong.code).toBe(2);
  expect((await cli.tph('db', 'check', '--exit-code')).code).toBe(0);
});

test('migrate changes nothing in a database of the present version', async () => {
  const cli = await shop();
  const done = (await cli.tph('db', 'migrate', '-o', 'json')).json<{ from: number; to: number }>();
  expect(done).toMatchObject({ changed: false, backup: null, from: done.to });
  const dry = await cli.tph('db', 'migrate', '--dry-run', '--exit-code');
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('already') });
});

test.each([
  ['n', 130, ['D7']],
  ['y', 0, []],
] as const)(
  'on a terminal restore shows what it replaces and takes %s for an answer',
  async (key, code, drivers) => {
    const cli = await shop();
    await cli.tph('db', 'backup', 'copy.db');
    await cli.tph('driver', 'create', 'D7');
    const host = testHost({ tty: true, cwd: cli.folder, env: { TPH_DB: join(cli.folder, 'tph.db') } });
    // As that of a process, which a pipe never ends.
    Object.assign(host.stderr, { end: () => host.stderr });
    const done = run(['node', 'tph', 'db', 'restore', 'copy.db'], host);
    await vi.waitFor(() => expect(host.err()).toContain('Replace'), { timeout: 5000 });
    expect(host.err()).toContain('it holds 1 client, 1 driver');
    host.type(`${key}\r`);
    expect(await done).toBe(code);
    const left = (await cli.tph('driver', 'list', '-o', 'json')).json<{ callsign: string }[]>();
    expect(left.map(({ callsign }) => callsign)).toEqual(drivers);
  },
);
