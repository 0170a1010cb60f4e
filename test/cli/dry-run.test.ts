import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TphCommand } from '../../src/commands/command.ts';
import { wholeProgram } from '../../src/commands/program.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';

/** The example operator, with something deleted of every kind, and an import that can be taken back. */
const folder = mkdtempSync(join(tmpdir(), 'tph-dry-run-'));
const env = {
  HOME: folder,
  TPH_DB: join(folder, 'tph.db'),
  TPH_CLIENT: 'Liffey Cars',
  TPH_NOW: '2026-01-12T17:30:00Z',
};

async function tph(...words: string[]) {
  const host = testHost({ cwd: folder, env });
  const code = await run(['node', 'tph', ...words], host);
  return { code, out: host.out(), err: host.err() };
}

async function done(...words: string[]): Promise<string> {
  const { code, out, err } = await tph(...words);
  if (code !== 0) throw new Error(`tph ${words.join(' ')}: ${err}`);
  return out.trim();
}

/** Of each noun: what `create` is given, and a field that `update` changes. */
const RECORDS: Readonly<Record<string, readonly [create: readonly string[], update: readonly string[]]>> = {
  client: [
    ['Other Cars', '--time-zone', 'Europe/Paris', '--country', 'FR'],
    ['--name', 'Renamed'],
  ],
  brand: [
    ['NEW', '--name', 'New'],
    ['--name', 'Renamed'],
  ],
  capability: [
    ['NEW', '--name', 'New'],
    ['--name', 'Renamed'],
  ],
  group: [
    ['NEW', '--name', 'New'],
    ['--name', 'Renamed'],
  ],
  driver: [
    ['D99', '--first-name', 'Zed'],
    ['--last-name', 'Renamed', '--add-capability', 'PET'],
  ],
  customer: [
    ['--first-name', 'Zed'],
    ['--notes', 'Renamed'],
  ],
  scp: [
    ['SCP-999', '--display-name', 'Zed Z.'],
    ['--display-name', 'Renamed'],
  ],
  account: [
    ['NEW', '--name', 'New'],
    ['--name', 'Renamed'],
  ],
  dept: [
    ['--account', 'NSTB', '--name', 'New'],
    ['--name', 'Renamed'],
  ],
  employee: [
    ['--account', 'NSTB', '--customer', '+353209100060'],
    ['--driver-note', 'Renamed'],
  ],
  pref: [
    ['--driver', 'D01', '--customer', '+353209100060'],
    ['--priority', '9'],
  ],
  exclusion: [['New'], ['--name', 'Renamed']],
  recurring: [
    ['SR-99', '--time', '08:15 MON-FRI'],
    ['--name', 'Renamed'],
  ],
  trip: [
    ['T-99', '--pickup', 'tomorrow'],
    ['--add-capability', 'PET'],
  ],
};

/** What the others that change something are given. `RUN` and `EVENT` stand for ids. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'tph release': ['--day', 'tomorrow', '--commit'],
  'tph exclusion set': ['Bad Weather', 'RUN_OFF', '--resume', '20260115'],
  'tph exclusion link': ['Transport Strike', 'SR-01', '--time', '14:30'],
  'tph exclusion unlink': ['Bad Weather', 'SR-01'],
  'tph recurring skip': ['SR-01', '--day', 'friday', '--reason', 'dentist'],
  'tph recurring unskip': ['SR-08', '--day', 'tomorrow'],
  'tph pref renew': ['--driver', 'D07', '--scp', 'SCP-101', '--expires', '2027-06-30'],
  'tph customer tag': ['+353209100001', 'VIP'],
  'tph customer untag': ['+353209100002', 'tagged'],
  'tph customer link': ['+353209100001', '--account', 'NSTB'],
  'tph customer unlink': ['+353209100002', '--account', 'NSTB'],
  'tph customer address add': ['+353209100001', '--label', 'Work', '--street-address', '1 Example Quay'],
  'tph dept add-employee': ['NSTB/Primary Runs', '--customer', '+353209100060'],
  'tph dept deactivate': ['NSTB/Primary Runs'],
  'tph init': ['--db', 'new.db', '--name', 'New', '--time-zone', 'UTC', '--country', 'IE'],
  'tph settings set': ['dispatch.approvedScpDrivers', 'off'],
  'tph import customers': ['customers.csv'],
  'tph import undo': ['RUN'],
  'tph log undo': ['EVENT'],
  'tph db backup': ['copy.db'],
  'tph db restore': ['saved.db'],
  'tph db copy': ['--to', 'copied.db'],
  'tph token create': ['dispatch', '--role', 'OPERATOR'],
  'tph token revoke': ['night'],
  'tph profile add': ['test', '--url', 'http://127.0.0.1:1'],
  'tph profile use': ['live'],
  'tph profile remove': ['live'],
};

/** The same as another that is tried, with another kind. */
const ALIKE =
  /^tph import (drivers|scps|favourites|approvals|accounts|departments|employees|exclusions|recurring)$/;

/** Those that change no record, or nothing here: `db migrate` where there is nothing to migrate, `api` a remote instance. */
const CHANGE_NOTHING = new Set([
  ...['eligible', 'exclusion status', 'exclusion calendar', 'pref expiring', 'customer find'],
  ...['customer address list', 'dept effective', 'dept can-book', 'demo', 'settings list', 'settings get'],
  ...['import runs', 'import show', 'log', 'db status', 'db check', 'db migrate', 'doctor', 'serve'],
  ...['token list', 'profile list', 'auth login', 'auth status', 'auth logout', 'api', 'completion'],
  ...['import resume', 'export', 'completion bash', 'completion zsh', 'completion fish'],
]);

const ids = new Map<string, string>();

beforeAll(async () => {
  await done('demo', '--load');
  for (const [noun, [create]] of Object.entries(RECORDS)) {
    const id = await done(noun, 'create', ...create, '-o', 'id');
    ids.set(`${noun} deleted`, id);
    await done(noun, 'delete', id, '--yes');
    ids.set(noun, (await done(noun, 'list', '-o', 'id')).split('\n')[0] ?? '');
  }
  await done('client', 'create', 'Night Cars', '--time-zone', 'Europe/Paris', '--country', 'FR');
  await done('customer', 'tag', '+353209100002', 'tagged');
  await done('customer', 'link', '+353209100002', '--account', 'NSTB');
  await done('token', 'create', 'night', '--role', 'OPERATOR');
  await done('profile', 'add', 'live', '--url', 'http://127.0.0.1:1');
  writeFileSync(join(folder, 'first.csv'), 'First name,Phone\nZed,0209100098\n');
  writeFileSync(join(folder, 'customers.csv'), 'First name,Phone\nZoe,0209100099\n');
  ids.set('RUN', JSON.parse(await done('import', 'customers', 'first.csv', '-o', 'json')).run);
  await done('db', 'backup', 'saved.db');
  await done('driver', 'update', 'D01', '--last-name', 'Other');
  ids.set('EVENT', JSON.parse(await done('log', '-o', 'json', '--limit', '1'))[0].id);
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function leaves(command: TphCommand): TphCommand[] {
  const verbs = command.commands.filter((one) => one instanceof TphCommand);
  return verbs.length === 0 ? [command] : verbs.flatMap(leaves);
}
const paths = leaves(await wholeProgram()).map((command) => command.path);

/** What a command is given to change something; undefined where it changes nothing. */
function wordsFor(path: string): readonly string[] | undefined {
  const [, noun = '', verb = ''] = path.split(' ');
  const [create, update] = RECORDS[noun] ?? [[], []];
  const of = (name: string) => ids.get(name) ?? name;
  if (noun in RECORDS && verb === 'create') return create;
  if (noun in RECORDS && verb === 'update') return [of(noun), ...update];
  if (noun in RECORDS && verb === 'delete') return [of(noun)];
  if (noun in RECORDS && verb === 'restore') return [of(`${noun} deleted`)];
  return CHANGES[path]?.map(of);
}

const isRead = (path: string): boolean =>
  / (list|show)$/.test(path) || /^tph export /.test(path) || CHANGE_NOTHING.has(path.replace(/^tph /, ''));

/** The pages of a database as a reader finds them, wherever they stand. */
function content(path: string): Buffer {
  const connection = new BetterSqlite3(path, { readonly: true });
  try {
    return connection.serialize();
  } finally {
    connection.close();
  }
}

/** All that is kept: what the database holds, and every other file. */
function kept(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (/-(wal|shm)$/.test(name) || statSync(path).isDirectory()) continue;
    hash.update(name).update(name === 'tph.db' ? content(path) : readFileSync(path));
  }
  return hash.digest('hex');
}

describe('a dry run', () => {
  it('is known of every command', () => {
    const unknown = paths.filter(
      (path) => !isRead(path) && !ALIKE.test(path) && wordsFor(path) === undefined,
    );
    expect(unknown).toEqual([]);
  });

  it.each(paths.filter((path) => !isRead(path) && !ALIKE.test(path)))(
    'of `%s` shows what would change, changes nothing, and tells scripts',
    async (path) => {
      const words = [...path.split(' ').slice(1), ...(wordsFor(path) ?? []), '-n', '--exit-code'];
      const before = kept();
      const { code, out, err } = await tph(...words);
      expect({ code, err }).toMatchObject({ code: 8, err: expect.stringContaining('nothing was changed') });
      expect(kept()).toBe(before);
      expect(out).toMatch(/^(would|plan:)|would be/m);
      // What would become of a record, not only that something would.
      if (
        !path.startsWith('tph db ') &&
        / (create|update|delete|restore|set|link|unlink|tag|untag|renew|skip|unskip)$/.test(path)
      )
        expect(out).toMatch(/→|: [+−] |refers? to it|suppresses|token/);
    },
  );
});
