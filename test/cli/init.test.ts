import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { emptyFolder } from './support.ts';

const LIFFEY = ['init', 'Liffey Cars', '--time-zone', 'europe/dublin', '--country', 'ie'];

test('init makes a database with its first client and says what to type next', async () => {
  const cli = emptyFolder();
  const { code, out, err } = await cli.tph(...LIFFEY);
  expect(code).toBe(0);
  expect(out).toMatch(/^made .*tph\.db\n {2}with the client Liffey Cars G\d+, Europe\/Dublin, IE\n$/);
  expect(err).toMatch(/^next:\n {2}tph driver create D7/);
  expect(statSync(join(cli.folder, 'tph.db')).mode & 0o777).toBe(0o600);
});

test('the next commands work as they are printed, on the database that was named', async () => {
  const cli = emptyFolder();
  const other = join(cli.folder, 'other place.db');
  const { err } = await cli.tph(...LIFFEY, '--db', other);
  const driver = err.split('\n').find((line) => line.includes('driver create')) ?? '';
  expect(driver).toContain(`--db "${other}"`);
  const words = [...driver.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
  expect((await cli.tph(...words.slice(1))).code).toBe(0);
  expect((await cli.tph('driver', 'list', '--db', other, '-o', 'json')).json()).toHaveLength(1);
});

test('JSON holds the client, and -q says nothing more', async () => {
  const cli = emptyFolder();
  const done = await cli.tph(...LIFFEY, '-o', 'json', '-q');
  expect(done.json()).toMatchObject({
    location: join(cli.folder, 'tph.db'),
    client: { name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' },
  });
  expect(done.err).toBe('');
});

test('the name may be a flag, but is not given twice', async () => {
  const cli = emptyFolder();
  const rest = ['--time-zone', 'Europe/Dublin', '--country', 'IE'];
  expect(await cli.tph('init', 'A', '--name', 'B', ...rest)).toMatchObject({
    code: 2,
    err: expect.stringContaining('two names'),
  });
  expect((await cli.tph('init', '--name', 'B', ...rest)).code).toBe(0);
});

test('without a terminal what is missing or wrong is named by its flag, and nothing is made', async () => {
  const cli = emptyFolder();
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['init'], '--name is missing'],
    [['init', 'A'], '--time-zone is missing'],
    [['init', 'A', '--time-zone', 'Europe/Dublin'], '--country is missing'],
    [['init', 'A', '--time-zone', 'Dublin', '--country', 'IE'], '--time-zone `Dublin`'],
    [['init', 'A', '--time-zone', 'Europe/Dublin', '--country', 'Ireland'], '--country `Ireland`'],
  ];
  for (const [words, message] of cases)
    expect(await cli.tph(...words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  expect(existsSync(join(cli.folder, 'tph.db'))).toBe(false);
});

test('a database that has a client is left alone, also by a dry run', async () => {
  const cli = emptyFolder();
  await cli.tph(...LIFFEY);
  for (const words of [LIFFEY, [...LIFFEY, '--dry-run']]) {
    const again = await cli.tph(...words);
    expect(again).toMatchObject({ code: 6, err: expect.stringContaining('Liffey Cars') });
  }
  expect((await cli.tph('client', 'list', '-o', 'json')).json()).toHaveLength(1);
});

test('a dry run makes nothing', async () => {
  const cli = emptyFolder();
  const dry = await cli.tph(...LIFFEY, '--dry-run', '--exit-code');
  expect(dry).toMatchObject({ code: 8, out: expect.stringContaining('would make') });
  expect(existsSync(join(cli.folder, 'tph.db'))).toBe(false);
});

test('on a terminal it asks for what is missing, on stderr', async () => {
  const cli = emptyFolder();
  const host = testHost({ tty: true, cwd: cli.folder, env: { TPH_DB: join(cli.folder, 'tph.db') } });
  // As that of a process, which a pipe never ends.
  Object.assign(host.stderr, { end: () => host.stderr });
  const done = run(['node', 'tph', 'init', '--country', 'IE'], host);
  for (const [question, answer] of [
    ['Name of the operator company?', 'Liffey Cars'],
    ['IANA time zone', 'Europe/Dublin'],
  ] as const) {
    await vi.waitFor(() => expect(host.err()).toContain(question), { timeout: 5000 });
    host.type(`${answer}\r`);
  }
  expect(await done).toBe(0);
  expect(host.out()).toContain('Europe/Dublin, IE');
  expect(host.out()).not.toContain('?');
  expect(host.err()).toContain('tph driver create D7');
});

test('without --db the database is in the user’s data folder, which init makes', async () => {
  const cli = emptyFolder();
  const home = { env: { TPH_DB: undefined, HOME: cli.folder } };
  expect(await cli.on(home).tph(...LIFFEY)).toMatchObject({ code: 0 });
  expect(statSync(join(cli.folder, '.local/share/tph')).mode & 0o777).toBe(0o700);
  expect(await cli.on(home).tph('client', 'list', '-o', 'id')).toMatchObject({ code: 0 });
  const data = { env: { TPH_DB: undefined, HOME: cli.folder, XDG_DATA_HOME: join(cli.folder, 'data') } };
  expect(await cli.on(data).tph(...LIFFEY)).toMatchObject({ code: 0 });
  expect(existsSync(join(cli.folder, 'data/tph/tph.db'))).toBe(true);
});
