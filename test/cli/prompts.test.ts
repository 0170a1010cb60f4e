import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { asker } from '../../src/terminal/ask.ts';
import { type Conversation, CTRL_C, CTRL_D, converse, DOWN, ENTER, type Step } from './keyboard.ts';
import { type Cli, locationOf, shellWords, shop } from './support.ts';

async function at(
  cli: Cli,
  words: readonly string[],
  steps: readonly Step[],
  env = {},
): Promise<Conversation> {
  const TPH_DB = await locationOf(cli.folder);
  return converse(words, steps, { cwd: cli.folder, env: { HOME: cli.folder, TPH_DB, ...env } });
}

async function withPeople(): Promise<Cli> {
  const cli = await shop();
  await cli.tph('driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', 'Byrne');
  await cli.tph('driver', 'create', 'D9', '--first-name', 'Bo', '--last-name', 'Li');
  await cli.tph('scp', 'create', 'SCP-1', '--display-name', 'Aoife K.');
  await cli.tph(
    'customer',
    'create',
    '--first-name',
    'Cara',
    '--last-name',
    'Daly',
    '--email',
    'cara@example.org',
  );
  return cli;
}

describe('what is missing', () => {
  it('is asked for: text, and references from a list that narrows', async () => {
    const cli = await withPeople();
    const driver = await at(cli, ['driver', 'create'], [['Callsign (such as D7)', `D10${ENTER}`]]);
    expect(driver).toMatchObject({ code: 0 });
    expect(driver.out).toMatch(/^created driver D10 G\d+\n$/);
    const pref = await at(
      cli,
      ['pref', 'create', '--mode', 'hard'],
      [
        ['What is it?', ENTER],
        [/Driver.*\n[\s\S]*Ann Byrne/, 'bo'],
        [/❯ Bo Li \(D9\)\n(?!.*Ann)/, ENTER],
        [/passenger|scp|Scp/, ENTER],
      ],
    );
    expect(pref.out).toContain('created approved driver Bo Li (D9) for Aoife K. (SCP-1)');
  });

  it('is checked while it is typed', async () => {
    const cli = await withPeople();
    const { code } = await at(
      cli,
      ['release'],
      [
        ['Which day?', 'tomor'],
        ['✗ tomor', 'row'],
        ['✓ tomorrow', ENTER],
      ],
    );
    expect(code).toBe(0);
  });

  it('is asked for again where it is no day, and a bad expiry too', async () => {
    const cli = await withPeople();
    const released = await at(
      cli,
      ['release'],
      [
        ['Which day?', `someday${ENTER}`],
        ['`someday` is not a day', `\u001519000101${ENTER}`],
        ['`19000101` is before any release', `\u0015tomorrow${ENTER}`],
      ],
    );
    expect(released.code).toBe(0);
    await cli.tph('pref', 'add', '--driver', 'D7', '--scp', 'SCP-1');
    const renewed = await at(
      cli,
      ['pref', 'renew', '--driver', 'D7', '--scp', 'SCP-1'],
      [
        ['Until when?', 'soo'],
        ['✗ soo', `n${ENTER}`],
        ['`soon`', `\u00152027-06-30${ENTER}`],
      ],
    );
    expect(renewed.out).toContain('through 2027-06-30');
  });

  it('leads on to the times of a run', async () => {
    const cli = await withPeople();
    const made = await at(
      cli,
      ['recurring', 'create'],
      [
        ['Ref (such as SR-1)', `SR-9${ENTER}`],
        ['When does it go out', `08:15${ENTER}`],
        ['is not a time with its weekdays', `\u001508:15 MON-FRI; 15:30 MON,WED return${ENTER}`],
      ],
    );
    expect(made.out).toMatch(/^created recurring trip SR-9/);
    const { times } = (await cli.tph('recurring', 'show', 'SR-9', '-o', 'json')).json<{
      times: { time: string; isReturn: boolean }[];
    }>();
    expect(times.map(({ time, isReturn }) => [time, isReturn])).toEqual([
      ['08:15', false],
      ['15:30', true],
    ]);
    // Who gives what is needed is asked nothing.
    expect((await at(cli, ['recurring', 'create', 'SR-10'], [])).code).toBe(0);
  });

  it('is picked among records as the tables show them', async () => {
    const cli = await withPeople();
    await cli.tph('brand', 'create', 'GOLD');
    await cli.tph('account', 'create', 'ACME', '--name', 'Acme Ltd', '--brand', 'GOLD');
    await cli.tph('dept', 'create', '--account', 'ACME', '--name', 'Sales');
    await cli.tph('recurring', 'create', 'SR-1', '--time', '08:15 MON-FRI', '--name', 'School');
    const [account, dept, run] = [
      await at(cli, ['account', 'show'], [[/❯ ACME {2}Acme Ltd\n[\s\S]*active {2}INHERIT/, ENTER]]),
      await at(cli, ['dept', 'show'], [[/❯ ACME\/Sales\n[\s\S]*active {2}INHERIT/, ENTER]]),
      await at(cli, ['recurring', 'show'], [[/❯ SR-1 {2}School\n[\s\S]*active {2}08:15 MON-FRI/, ENTER]]),
    ];
    for (const { code, shown } of [account, dept, run]) {
      expect(code).toBe(0);
      expect(shown).not.toMatch(/[{}]|\btrue\b|G\d{10}/);
    }
  });

  it('is asked for where a record is to be named', async () => {
    const cli = await withPeople();
    const shown = await at(cli, ['driver', 'show'], [['Which driver?', DOWN + ENTER]]);
    expect(shown.out).toContain('callsign    D9');
  });

  it('is an error where nobody can be asked', async () => {
    const cli = await withPeople();
    for (const [words, env] of [
      [['driver', 'create', '--no-input'], {}],
      [['driver', 'create'], { CI: 'true' }],
      [['driver', 'create'], { TPH_NO_INPUT: '1' }],
    ] as const) {
      const { code, shown } = await at(cli, words, [], env);
      expect(code).toBe(2);
      expect(shown).toContain('<callsign> is missing');
    }
  });

  it('ends with 130 on Ctrl-C and where the input ends', async () => {
    const cli = await withPeople();
    for (const key of [CTRL_C, CTRL_D]) {
      const { code, out, shown } = await at(cli, ['driver', 'create'], [['Callsign', key]]);
      expect(code).toBe(130);
      expect(out).toBe('');
      expect(shown).toContain('error: interrupted');
    }
    expect((await cli.tph('driver', 'list', '-o', 'json')).json()).toHaveLength(2);
  });

  it('is asked for again after an answer that will not do', async () => {
    const cli = await withPeople();
    const driver = await at(
      cli,
      ['driver', 'create'],
      [
        ['Callsign', `G7${ENTER}`],
        [/looks like an id|is an id/, `\u0015D12${ENTER}`],
      ],
    );
    expect(driver.out).toMatch(/^created driver D12/);
    const trip = await at(
      cli,
      ['trip', 'create', 'T-1'],
      [
        ['Pickup', `soon${ENTER}`],
        ['`soon`', `\u00152026-01-13T08:15${ENTER}`],
      ],
    );
    expect(trip.out).toMatch(/^created trip T-1/);
  });

  it('is not asked for from an empty list: what to make first is said', async () => {
    const cli = await shop();
    const { code, shown } = await at(cli, ['driver', 'show'], []);
    expect(code).toBe(5);
    expect(shown).toContain('there is no driver to choose yet');
    expect(shown).toContain('tph driver create D7');
  });

  it('is picked where a change is to be taken back', async () => {
    const cli = await withPeople();
    await cli.tph('driver', 'update', 'D7', '--status', 'SUSPENDED');
    const undone = await at(cli, ['log', 'undo'], [['UPDATE Ann Byrne (D7)', ENTER]]);
    expect(undone.out).toMatch(/^changed back driver Ann Byrne \(D7\)/);
    const kept = await at(
      cli,
      ['log', 'undo'],
      [
        ['Which change?', DOWN + DOWN + ENTER],
        ['Delete customer Cara Daly?', `n${ENTER}`],
      ],
    );
    expect(kept.code).toBe(130);
  });

  it('keeps a password off the screen', async () => {
    const cli = await withPeople();
    const { out, shown } = await at(
      cli,
      ['customer', 'update', 'Cara Daly', '--password'],
      [['Password', `correct horse${ENTER}`]],
    );
    expect(out).toContain('password: (hidden)');
    expect(shown).not.toContain('horse');
  });
});

describe('a preference without any flag', () => {
  const steps = (last: string): Step[] => [
    ['What is it?', ENTER],
    [/Which driver\?.*\n[\s\S]*Ann Byrne/, 'bo'],
    [/❯ Bo Li \(D9\)\n(?!.*Ann)/, ENTER],
    [/For whom\?[\s\S]*Aoife/, ENTER],
    [/How\?[\s\S]*SOFT/, DOWN],
    ['only drivers with a HARD row', ENTER],
    ['Priority, the lowest is tried first (0)', `two${ENTER}`],
    ['not a whole number', `\u00152${ENTER}`],
    ['Until when', `2027-06-30${ENTER}`],
    ['Notes (none)', last],
  ];

  it('is made step by step, and ends with the one line that does the same', async () => {
    const cli = await withPeople();
    const made = await at(cli, ['pref', 'add'], steps(`knows the "gate"!${ENTER}`));
    expect(made.code).toBe(0);
    expect(made.out).toContain('created approved driver Bo Li (D9) for Aoife K. (SCP-1)');
    const line = /the same in one line:\n {2}tph (.*)\n/.exec(made.shown)?.[1] ?? '';
    expect(line).toBe(
      `pref add --driver D9 --scp SCP-1 --mode HARD --priority 2 --expires 2027-06-30 --notes 'knows the "gate"!'`,
    );
    const [first] = (await cli.tph('pref', 'list', '-o', 'json')).json<Record<string, unknown>[]>();
    expect((await cli.tph('pref', 'delete', String(first?.['id']), '--yes', '--reason', 'again')).code).toBe(
      0,
    );
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect((await cli.tph(...words)).code).toBe(0);
    const [second] = (await cli.tph('pref', 'list', '-o', 'json')).json<Record<string, unknown>[]>();
    for (const field of ['driver', 'scp', 'mode', 'priority', 'expiresAt', 'notes'])
      expect(second?.[field]).toEqual(first?.[field]);
  });

  it('of a pair that has one is offered to be changed, as soon as both are picked', async () => {
    const cli = await withPeople();
    const words = ['--driver', 'D7', '--scp', 'SCP-1', '--mode', 'HARD', '--notes', 'knows the gate'];
    expect((await cli.tph('pref', 'add', ...words)).code).toBe(0);
    // The last one of a passenger is not given an end without more questions.
    await cli.tph('pref', 'add', '--driver', 'D9', '--scp', 'SCP-1', '--mode', 'HARD');
    const pair: Step[] = [
      ['What is it?', ENTER],
      [/Which driver\?[\s\S]*Ann/, ENTER],
      [/For whom\?[\s\S]*Aoife/, ENTER],
    ];
    const kept = await at(
      cli,
      ['pref', 'add'],
      [...pair, [/there already: [\s\S]*Change it\?/, `n${ENTER}`]],
    );
    expect(kept).toMatchObject({ code: 130, out: '' });
    expect(kept.shown).toMatch(/mode HARD, priority 0,\s+notes knows the gate\n/);
    const changed = await at(
      cli,
      ['pref', 'add'],
      [
        ...pair,
        ['Change it?', `y${ENTER}`],
        ['How?', ENTER],
        ['(0)', `3${ENTER}`],
        ['Until when', `2025-12-31${ENTER}`],
        ['`2025-12-31` lies in the past', `\u00152027-06-30${ENTER}`],
        ['Notes (knows the gate)', ENTER],
      ],
    );
    expect(changed.out).toMatch(/^changed approved driver Ann Byrne \(D7\) for Aoife K\./);
    const line = /the same in one line:\n {2}tph (.*)\n/.exec(changed.shown)?.[1] ?? '';
    expect(line).toMatch(
      /^pref update G\d+ --mode HARD --priority 3 --expires 2027-06-30 --notes "knows the gate"$/,
    );
    expect((await cli.tph(...shellWords(line))).out).toContain('nothing');
  });

  it('is nothing after Ctrl-C on any question', async () => {
    const cli = await withPeople();
    for (const many of [1, 3, 5, 7, 10]) {
      const some = steps(CTRL_C).slice(0, many);
      const [words] = some[many - 1] ?? [''];
      const { code, out } = await at(cli, ['pref', 'add'], [...some.slice(0, -1), [words, CTRL_C]]);
      expect({ code, out }).toEqual({ code: 130, out: '' });
    }
    expect((await cli.tph('pref', 'list', '-o', 'json')).json()).toEqual([]);
  });

  it('is not asked about where nobody can be', async () => {
    const cli = await withPeople();
    for (const [words, env] of [
      [['pref', 'add', '--no-input'], {}],
      [['pref', 'add'], { CI: 'true' }],
    ] as const) {
      const { code, shown } = await at(cli, words, [], env);
      expect(code).toBe(2);
      expect(shown).toContain('--scp or --customer is missing');
    }
    expect((await cli.tph('pref', 'add')).code).toBe(2);
  });
});

it('all of a question is on the terminal before what comes after it, however slow that is', async () => {
  const shown: string[] = [];
  const slow = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      setTimeout(() => {
        shown.push(chunk.toString());
        done();
      }, 2);
    },
  });
  const stderr = Object.assign(slow, { isTTY: true, columns: 80 });
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const asked = asker(stdin, stderr).text('Name');
  await vi.waitFor(() => expect(shown.join('')).toContain('Name'));
  stdin.write(`Sales${ENTER}`);
  expect(await asked).toBe('Sales');
  const before = shown.join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  expect(before.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')).toMatch(/✔ Name Sales\n$/);
  stderr.write('created');
  await vi.waitFor(() => expect(shown.at(-1)).toBe('created'));
  expect(shown.join('')).toBe(`${before}created`);
});

describe('an ambiguous reference', () => {
  it('is picked from a list, and only there', async () => {
    const cli = await withPeople();
    await cli.tph(
      'customer',
      'create',
      '--first-name',
      'Cara',
      '--last-name',
      'Daly',
      '--phone',
      '085 111 2233',
    );
    const words = ['customer', 'update', 'cara daly', '--notes', 'cara daly'];
    const picked = await at(cli, words, [['fits several. Which one?', DOWN + ENTER]]);
    expect(picked.code).toBe(0);
    const shown = await cli.tph('customer', 'list', '-o', 'jsonl', '--fields', 'email,notes');
    expect(shown.out).toBe('{"email":"cara@example.org","notes":null}\n{"email":null,"notes":"cara daly"}\n');
    const alone = await cli.tph(...words);
    expect(alone.code).toBe(6);
    expect(alone.err).toContain('`cara daly` fits 2 customers');
    expect(alone.err).toMatch(/hint: .*G\d+/);
  });

  it('inside a trip replaces that passenger alone', async () => {
    const cli = await withPeople();
    await cli.tph(
      'customer',
      'create',
      '--first-name',
      'Cara',
      '--last-name',
      'Daly',
      '--phone',
      '085 111 2233',
    );
    const words = [
      'trip',
      'create',
      'T-1',
      '--pickup',
      'tomorrow',
      '--customer',
      'cara@example.org',
      '--customer',
      'Cara Daly',
    ];
    expect((await at(cli, words, [['fits several', DOWN + ENTER]])).code).toBe(0);
    const { tripSegments } = (await cli.tph('trip', 'show', 'T-1', '-o', 'json')).json<{
      tripSegments: { customer: { phone: string | null } }[];
    }>();
    expect(tripSegments.map(({ customer }) => customer.phone)).toEqual([null, '+353851112233']);
  });
});

describe('deleting', () => {
  it('shows what hangs on the record, and does nothing unless the answer is yes', async () => {
    const cli = await withPeople();
    await cli.tph('pref', 'create', '--driver', 'D7', '--customer', 'Cara Daly');
    const kept = await at(cli, ['driver', 'delete', 'D7'], [['Delete driver Ann Byrne (D7)?', ENTER]]);
    expect(kept).toMatchObject({ code: 130, out: '' });
    expect(kept.shown).toContain('1 favourite driver refers to it as driver: Ann Byrne (D7) for Cara Daly');
    expect((await cli.tph('driver', 'show', 'D7')).code).toBe(0);
    const gone = await at(cli, ['driver', 'delete', 'D7'], [['Delete driver', `y${ENTER}`]]);
    expect(gone.code).toBe(0);
    expect((await cli.tph('driver', 'show', 'D7')).code).toBe(5);
  });

  it('lists what hangs on the record where nobody can be asked', async () => {
    const cli = await withPeople();
    await cli.tph('pref', 'create', '--driver', 'D7', '--customer', 'Cara Daly');
    const { code, err } = await cli.tph('driver', 'delete', 'D7');
    expect(code).toBe(2);
    expect(err).toBe(
      [
        'error: tph driver delete for Liffey Cars: this wants confirmation, and nobody can be asked here',
        '  --yes is missing',
        '  driver Ann Byrne (D7):',
        '  1 favourite driver refers to it as driver: Ann Byrne (D7) for Cara Daly',
        'hint: give --yes to confirm, or --dry-run to see what it would do',
        '',
      ].join('\n'),
    );
    expect((await cli.tph('driver', 'show', 'D7')).code).toBe(0);
  });

  it('needs --yes where nobody can be asked, before anything is opened', async () => {
    const cli = await shop();
    const { code, err } = await cli.tph('driver', 'delete', 'nobody', '--db', '/nowhere/at/all');
    expect(code).toBe(2);
    expect(err).toContain('--yes');
  });
});

describe('the last live HARD approval of a passenger', () => {
  async function withApproval(): Promise<{ readonly cli: Cli; readonly id: string }> {
    const cli = await withPeople();
    const made = await cli.tph(
      'pref',
      'create',
      '--driver',
      'D7',
      '--scp',
      'SCP-1',
      '--mode',
      'HARD',
      '-o',
      'json',
    );
    return { cli, id: String(made.json()['id']) };
  }

  it('is taken away with both --yes and --reason', async () => {
    const { cli, id } = await withApproval();
    for (const flags of [[], ['--yes'], ['--reason', 'left']]) {
      const { code, err } = await cli.tph('pref', 'update', id, '--mode', 'SOFT', ...flags);
      expect(code).toBe(2);
      expect(err).toContain('is the last driver with a live HARD approval for Aoife K. (SCP-1)');
      expect(err).toContain('--reason');
      expect(err).toContain('--yes');
    }
    expect((await cli.tph('pref', 'delete', id, '--yes')).code).toBe(2);
    expect((await cli.tph('pref', 'update', id, '--mode', 'SOFT', '--yes', '--reason', 'left')).code).toBe(0);
    const [event] = (await cli.tph('log', '-o', 'json', '--limit', '1')).json<{ reason: string }[]>();
    expect(event?.reason).toBe('left');
  });

  it('needs neither while another driver is approved', async () => {
    const { cli, id } = await withApproval();
    await cli.tph('pref', 'create', '--driver', 'D9', '--scp', 'SCP-1', '--mode', 'HARD');
    expect((await cli.tph('pref', 'update', id, '--mode', 'SOFT', '--reason', 'left')).code).toBe(0);
  });

  it('is asked about on a terminal: why, and whether', async () => {
    const { cli, id } = await withApproval();
    const no = await at(
      cli,
      ['pref', 'update', id, '--mode', 'SOFT'],
      [
        ['Why take it away?', `left${ENTER}`],
        ['Go on?', ENTER],
      ],
    );
    expect(no.code).toBe(130);
    const reasoned = await at(
      cli,
      ['pref', 'update', id, '--mode', 'SOFT', '--reason', 'left'],
      [['Go on?', `n${ENTER}`]],
    );
    expect(reasoned.code).toBe(130);
    const yes = await at(
      cli,
      ['pref', 'update', id, '--mode', 'SOFT'],
      [
        ['Why take it away?', `moved on${ENTER}`],
        ['Go on?', `y${ENTER}`],
      ],
    );
    expect(yes.code).toBe(0);
    const [event] = (await cli.tph('log', '-o', 'json', '--limit', '1')).json<{ reason: string }[]>();
    expect(event?.reason).toBe('moved on');
  });

  it('a dry run shows the plan without a reason, and says what it will want', async () => {
    const { cli, id } = await withApproval();
    for (const words of [
      ['update', id, '--mode', 'SOFT'],
      ['delete', id],
    ]) {
      const { code, out, err } = await cli.tph('pref', ...words, '-n');
      expect(code).toBe(0);
      expect(out).toMatch(/^would (change|delete) approved driver/);
      expect(err).toContain('last driver with a live HARD approval');
      expect(err).toContain('--reason');
    }
    expect((await cli.tph('pref', 'show', id, '-o', 'json')).json()).toMatchObject({ mode: 'HARD' });
  });

  it('a dry run changes nothing and asks nothing', async () => {
    const { cli, id } = await withApproval();
    const { code, out } = await at(
      cli,
      ['pref', 'update', id, '--mode', 'SOFT', '-n', '--reason', 'left'],
      [],
    );
    expect(code).toBe(0);
    expect(out).toContain('would change');
    expect((await cli.tph('pref', 'show', id, '-o', 'json')).json()).toMatchObject({ mode: 'HARD' });
  });
});
