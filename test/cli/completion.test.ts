import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forBash, shellWordsOf } from '../../src/commands/completion-words.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { type Cli, emptyFolder, locationOf, shop } from './support.ts';

const BREAKS = ' \t\n"\'@><=;|&(:';

/** What `cli` offers a shell, a word a line. */
async function offered(cli: Cli, words: readonly string[], env = {}): Promise<readonly string[]> {
  const host = testHost({
    cwd: cli.folder,
    env: { HOME: cli.folder, TPH_DB: await locationOf(cli.folder), ...env },
  });
  const code = await run(['node', 'tph', '__complete', ...words], host);
  expect(code).toBe(0);
  expect(host.err()).toBe('');
  return host.out().split('\n').slice(0, -1);
}

/** The words that fish and zsh are offered where the last of `words` is being typed. */
const words = async (cli: Cli, ...typed: readonly string[]): Promise<readonly string[]> =>
  (await offered(cli, ['fish', '--', ...typed])).map((line) => line.split('\t')[0] ?? '');

async function withRecords(): Promise<Cli> {
  const cli = await shop();
  const lines = [
    ['driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', "O'Neill"],
    ['driver', 'create', 'D11'],
    ['driver', 'create', 'OLD'],
    ['driver', 'delete', 'OLD', '--yes'],
    ['customer', 'create', '--first-name', 'Cara', '--phone', '085 012 3456', '--email', 'cara@example.org'],
    ['scp', 'create', 'SCP-1', '--display-name', 'Aoife K.'],
    ['exclusion', 'create', 'Bad Weather'],
    ['group', 'create', 'NIGHT'],
    ['brand', 'create', 'GOLD'],
    ['capability', 'create', 'WAV'],
    ['account', 'create', 'ACME'],
    ['account', 'create', 'OTHER'],
    ['dept', 'create', '--account', 'ACME', '--name', 'Sales & Ops'],
    ['dept', 'create', '--account', 'OTHER', '--name', 'Sales'],
    ['recurring', 'create', 'SR-1'],
    ['pref', 'create', '--driver', 'D7', '--scp', 'SCP-1'],
  ];
  for (const line of lines) {
    const { code, err } = await cli.tph(...line);
    if (code !== 0) throw new Error(err);
  }
  return cli;
}

describe('words', () => {
  const cli = emptyFolder;

  test('are commands, and their verbs with what they do', async () => {
    expect(await words(cli(), 'dri')).toEqual(['driver']);
    expect(await words(cli(), 'driver', '')).toEqual([
      'create',
      'list',
      'show',
      'update',
      'delete',
      'restore',
    ]);
    expect(await words(cli(), 'driver', 'ad')).toEqual(['add']);
    expect(await offered(cli(), ['zsh', '--', 'driver', 'sh'])).toEqual(['show\tShow a driver.']);
    expect(await words(cli(), 'customer', 'address', '')).toEqual(['add', 'list']);
    expect(await words(cli(), '__comp')).toEqual([]);
  });

  test('are flags: own ones first, those that are given gone, global and hidden ones when begun', async () => {
    const own = await words(cli(), 'driver', 'create', 'D9', '--');
    expect(own).toContain('--first-name');
    expect(own).toContain('--dry-run');
    expect(await words(cli(), 'driver', 'create', 'D9', '--first-name', 'x', '--fi')).toEqual(['--fields']);
    expect(await words(cli(), 'driver', 'create', 'D9', '--capability', 'x', '--cap')).toEqual([
      '--capability',
    ]);
    expect(await words(cli(), 'driver', 'update', 'D9', '--clear-ph')).toEqual(['--clear-phone']);
    expect(await words(cli(), 'driver', 'update', 'D9', '--', '--cl')).toEqual([]);
  });

  test('are the values of enumerations, of switches and of what help lists', async () => {
    expect(await words(cli(), 'driver', 'update', 'D9', '--status', 's')).toEqual(['SUSPENDED']);
    expect(await words(cli(), 'driver', 'list', '--status=in')).toEqual(['--status=INACTIVE']);
    expect(await words(cli(), 'exclusion', 'set', 'Bad Weather', 'run_o')).toEqual(['RUN_ON', 'RUN_OFF']);
    expect(await words(cli(), 'scp', 'create', 'x', '--requires-handoff-verification', '')).toEqual([
      'yes',
      'no',
    ]);
    expect(await words(cli(), '-o', 'js')).toEqual(['json', 'jsonl']);
    expect(await words(cli(), 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await words(cli(), 'log', '--action', 'd')).toEqual(['DELETE']);
    expect(await words(cli(), 'log', '--type', 'excl')).toEqual(['exclusion']);
    expect(await words(cli(), 'settings', 'get', 'dispatch.f')).toEqual(['dispatch.favouriteDrivers']);
    expect(await words(cli(), 'settings', 'set', 'dispatch.favouriteDrivers', '')).toEqual([
      'on',
      'off',
      'default',
    ]);
    expect(await words(cli(), 'settings', 'set', 'Dispatch.lapsedHardList', 'l')).toEqual(['LOCK']);
    expect(await words(cli(), 'import', 'drivers', '--on-conflict', '')).toEqual(['error', 'skip', 'update']);
    expect(await words(cli(), 'import', 'drivers', '--mode', 'p')).toEqual(['partial']);
    expect(await words(cli(), 'import', 'drivers', '--date-format', 'd')).toEqual(['dmy']);
    expect(await words(cli(), 'exclusion', 'calendar', '--by', '')).toEqual(['group', 'trip']);
    expect(await words(cli(), 'token', 'create', 'x', '--role', 'op')).toEqual(['OPERATOR']);
  });

  test('are names of fields, one after the other, where records are shown', async () => {
    expect(await words(cli(), 'driver', 'list', '--fields', 'call')).toEqual(['callsign']);
    expect(await words(cli(), 'driver', 'list', '--fields=id,fir')).toEqual(['--fields=id,firstName']);
    expect(await words(cli(), 'driver', 'list', '--fields', 'callsign,call')).toEqual([]);
    expect(await words(cli(), 'release', '--fields', '')).toEqual([]);
  });

  test('are profiles, and the names of files where one is wanted', async () => {
    const own = cli();
    await own.tph('profile', 'add', 'live', '--url', 'https://ops.example.org', '--client', 'G1');
    expect(await words(own, '--profile', 'l')).toEqual(['live']);
    expect(await words(own, 'profile', 'use', '')).toEqual(['live']);
    expect(await words(own, 'db', 'backup', 'x')).toEqual([':files']);
    expect(await words(own, '--db', '/t')).toEqual([':files']);
    expect(await words(own, 'driver', 'create', 'D')).toEqual([]);
  });
});

describe('records', () => {
  const cases: readonly (readonly [typed: readonly string[], expected: readonly string[]])[] = [
    [
      ['driver', 'show', ''],
      ["Ann O'Neill", 'D11', 'D7'],
    ],
    [
      ['driver', 'show', 'd'],
      ['D11', 'D7'],
    ],
    [['driver', 'restore', ''], ['OLD']],
    [['pref', 'add', '--driver', 'ann'], ["Ann O'Neill"]],
    [
      ['pref', 'add', '--scp', ''],
      ['SCP-1', 'Aoife K.'],
    ],
    [['eligible', '--driver', 'd7'], ['D7']],
    [['customer', 'show', '+353'], ['+353850123456']],
    [
      ['customer', 'show', 'CARA'],
      ['cara@example.org', 'Cara'],
    ],
    [['driver', 'create', 'D9', '--capability', ''], ['WAV']],
    [['driver', 'update', 'D7', '--add-capability=w'], ['--add-capability=WAV']],
    [['exclusion', 'set', 'b'], ['Bad Weather']],
    [['exclusion', 'link', 'Bad Weather', ''], ['SR-1']],
    [['exclusion', 'calendar', '--group', ''], ['Bad Weather']],
    [['recurring', 'list', '--exclusion', 'b'], ['Bad Weather']],
    [['dept', 'show', 'ac'], ['ACME/Sales & Ops']],
    [['dept', 'show', 'acme/s'], ['ACME/Sales & Ops']],
    [['dept', 'show', 'ACM/s'], []],
    [['dept', 'update', 'ACME/Sales & Ops', '--primary-group', ''], ['NIGHT']],
    [['customer', 'create', '--default-brand', 'g'], ['GOLD']],
    [['--client', 'lif'], ['Liffey Cars']],
    [['driver', 'show', 'D7', ''], []],
    [['driver', 'show', 'D7', '--h'], ['--help']],
  ];

  test('are offered by any of their handles, of the kind that the place takes', async () => {
    const cli = await withRecords();
    for (const [typed, expected] of cases)
      expect([...(await words(cli, ...typed))].sort(), typed.join(' ')).toEqual([...expected].sort());
  });

  test('are narrowed by a blank that is typed', async () => {
    const cli = await withRecords();
    expect(await offered(cli, ['bash', 'tph driver show "D ', BREAKS])).toEqual([]);
    expect(await offered(cli, ['bash', 'tph driver show " D', BREAKS])).toEqual([]);
    expect(await offered(cli, ['bash', 'tph exclusion set "Bad ', BREAKS])).toEqual(['Bad Weather']);
  });

  test('give the times of the run that is named, and the tags of the customer', async () => {
    const cli = await withRecords();
    for (const line of [
      ['recurring', 'update', 'SR-1', '--time', '08:15 MON-FRI', '--time', '14:30 MON-FRI return'],
      ['recurring', 'create', 'SR-2', '--time', '09:00 MON'],
      ['customer', 'tag', 'Cara', 'VIP', 'night rider'],
    ])
      expect(await cli.tph(...line)).toMatchObject({ code: 0 });
    expect(await words(cli, 'recurring', 'skip', 'sr-1', '--time', '')).toEqual(['08:15', '14:30']);
    expect(await words(cli, 'recurring', 'unskip', 'SR-2', '--time=0')).toEqual(['--time=09:00']);
    expect(await words(cli, 'exclusion', 'link', 'Bad Weather', 'SR-1', '--time', '1')).toEqual(['14:30']);
    expect(await words(cli, 'recurring', 'skip', 'SR-9', '--time', '')).toEqual([]);
    expect(await words(cli, 'customer', 'untag', 'cara', '')).toEqual(['VIP', 'night rider']);
    expect(await words(cli, 'customer', 'tag', 'cara', '')).toEqual([]);
  });

  test('say what they are called, those without a name go by their id', async () => {
    const cli = await withRecords();
    expect(await offered(cli, ['zsh', '--', 'driver', 'show', 'D7'])).toEqual(["D7\tAnn O'Neill (D7)"]);
    const [line = ''] = await offered(cli, ['fish', '--', 'pref', 'show', 'g']);
    expect(line).toMatch(/^G\d+\tAnn O'Neill \(D7\) for Aoife K\. \(SCP-1\)$/);
  });

  test('are those of the database and client that the line names', async () => {
    const cli = emptyFolder();
    const other = await shop();
    await other.tph('client', 'create', 'Two', '--time-zone', 'Europe/London', '--country', 'GB');
    await other.tph('driver', 'create', 'X1', '--client', 'Liffey Cars');
    await other.tph('driver', 'create', 'X2', '--client', 'Two');
    const db = ['--db', await locationOf(other.folder)];
    expect(await words(cli, ...db, '--client', 'two', 'driver', 'show', '')).toEqual(['X2']);
    expect(await words(cli, ...db, '--client=Liffey Cars', 'driver', 'show', '')).toEqual(['X1']);
    // Which client is meant is not said.
    expect(await words(cli, ...db, 'driver', 'show', '')).toEqual([]);
  });

  test('at most fifty come, however many there are', async () => {
    const own = await shop();
    for (let n = 100; n < 160; n += 1) await own.tph('group', 'create', `N${n}`);
    expect(await words(own, 'group', 'show', 'n')).toHaveLength(50);
    expect(await words(own, 'group', 'show', 'n15')).toHaveLength(10);
  });
});

describe('where nothing can be read, nothing is offered, and nothing is said or made', () => {
  test('no database, no place for one, none of ours, none that is up to date', async () => {
    const none = emptyFolder();
    expect(await words(none, 'driver', 'show', '')).toEqual([]);
    expect(readdirSync(none.folder)).toEqual([]);
    expect(await words(none, '--db', 'postgres://x/y', 'driver', 'show', '')).toEqual([]);
    writeFileSync(join(none.folder, 'tph.db'), 'not a database');
    expect(await words(none, 'driver', 'show', '')).toEqual([]);
    expect(readFileSync(join(none.folder, 'tph.db'), 'utf8')).toBe('not a database');
    expect(await words(none, 'driver', 'sh')).toEqual(['show']);
  });

  test.skipIf(process.env['TPH_TEST_OVER'] === 'postgres')('the file stays as it is', async () => {
    const cli = await withRecords();
    const file = join(cli.folder, 'tph.db');
    const before = [readFileSync(file).toString('latin1'), statSync(file).mtimeMs];
    await words(cli, 'driver', 'show', '');
    expect([readFileSync(file).toString('latin1'), statSync(file).mtimeMs]).toEqual(before);
    expect(existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0).toBe(false);
  });

  test('a profile in use, flags that contradict each other, half a command line', async () => {
    const cli = await withRecords();
    expect(await words(cli, '--profile', 'live', 'driver', 'show', '')).toEqual([]);
    expect(await words(cli, '--profile', 'live', '--db', 'x', 'driver', 'show', '')).toEqual([]);
    for (const typed of [[], ['--'], ['nothing', 'of', 'it', ''], ['--no-such', 'x'], ['driver', '--=', '']])
      await offered(cli, ['fish', '--', ...typed]);
    for (const shell of [[], ['bash'], ['bash', ''], ['csh', 'x'], ['bash', "tph driver show 'x", BREAKS]])
      await offered(cli, shell);
  });
});

describe('bash', () => {
  const cases: readonly (readonly [line: string, expected: readonly string[]])[] = [
    ['tph driver show ann', ["Ann\\ O\\'Neill"]],
    ['tph driver show "ann', ["Ann O'Neill"]],
    ["tph driver show 'ann", ["Ann O'\\''Neill"]],
    ['tph driver show Ann\\ O', ["Ann\\ O\\'Neill"]],
    ['TPH_X=1 tph driver show D7', ['D7']],
    ['tph dept show ac', ['ACME/Sales\\ \\&\\ Ops']],
    // bash replaces only what stands behind the sign.
    ['tph driver list --status=a', ['ACTIVE']],
    ['tph customer show cara@', ['example.org']],
    ['tph exclusion set "Bad Weather" run_of', ['RUN_OFF']],
    ['tph exclusion set Half\\:\\ t', ['Half:\\ term']],
    ['tph exclusion set Half: t', []],
    ['tph exclusion set Half:', ['\\ term']],
  ];

  test('is given what it puts behind the last sign at which it divides words, quoted as was begun', async () => {
    const cli = await withRecords();
    await cli.tph('exclusion', 'create', 'Half: term');
    for (const [line, expected] of cases)
      expect(await offered(cli, ['bash', line, BREAKS]), line).toEqual(expected);
  });

  test('whatever a record is called, its quoted name is read back as one word', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\p{Cc}\n]/u.test(text));
    fc.assert(
      fc.property(name, fc.constantFrom('', '"', "'"), (value, quote) => {
        const quoted = forBash(value, { text: '', bare: '', quote: quote as '' }, BREAKS);
        const { words: read, current } = shellWordsOf(`tph ${quote}${quoted}${quote} `);
        expect(read).toEqual(['tph', value]);
        expect(current).toEqual({ text: '', bare: '', quote: '' });
      }),
    );
  });
});

test('the script of each shell is printed, and no other', async () => {
  const cli = emptyFolder();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out, code } = await cli.tph('completion', shell);
    expect(code).toBe(0);
    expect(out).toContain(`__complete ${shell}`);
    expect((await cli.tph('completion', shell, '-o', 'json')).json()).toEqual({ shell, script: out });
  }
  expect(await cli.tph('completion', 'csh')).toMatchObject({
    code: 2,
    err: expect.stringContaining('bash, zsh, fish'),
  });
});
