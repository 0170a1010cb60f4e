import { expect, test } from 'vitest';
import { type Cli, shop } from './support.ts';

/** 2026-06-30 ends in Dublin. */
const END_OF_JUNE = 1_782_860_400;

interface Prefs extends Cli {
  readonly favourite: string;
  readonly approval: string;
}

/** The driver D7 as a favourite of Bo Li and as the only driver approved for SCP-1. */
async function withPrefs(): Promise<Prefs> {
  const cli = await shop();
  await cli.tph('driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', 'Byrne');
  await cli.tph('customer', 'create', '--first-name', 'Bo', '--last-name', 'Li', '--phone', '085 012 3456');
  await cli.tph('scp', 'create', 'SCP-1', '--display-name', 'Aoife K.');
  const create = async (...words: string[]) => {
    const made = await cli.tph(
      'pref',
      'create',
      '--driver',
      'D7',
      '--mode',
      'HARD',
      '--expires',
      '2026-02-01',
      '-o',
      'json',
      ...words,
    );
    return made.json<{ id: string }>().id;
  };
  return { ...cli, favourite: await create('--customer', 'Bo Li'), approval: await create('--scp', 'SCP-1') };
}

test('renew finds either kind by its id', async () => {
  const cli = await withPrefs();
  for (const [id, kind] of [
    [cli.favourite, 'DriverCustomer'],
    [cli.approval, 'DriverScp'],
  ] as const) {
    const renewed = (await cli.tph('pref', 'renew', id, '--expires', '2026-06-30', '-o', 'json')).json();
    expect(renewed).toMatchObject({ id, __objectType: kind, changed: true, expiresAt: END_OF_JUNE });
  }
});

test('renew names a preference by its driver and whom it is for', async () => {
  const cli = await withPrefs();
  const favourite = await cli.tph(
    'pref',
    'renew',
    '--driver',
    'D7',
    '--customer',
    '085 012 3456',
    '--expires',
    'none',
  );
  expect(favourite).toMatchObject({ code: 0, out: expect.stringMatching(/expires: .*2026-02-01 → –/) });
  const approval = await cli.tph(
    'pref',
    'renew',
    '--driver',
    'D7',
    '--scp',
    'SCP-1',
    '--expires',
    '2026-06-30',
    '-o',
    'json',
  );
  expect(approval.json()).toMatchObject({ id: cli.approval, expiresAt: END_OF_JUNE });
  const again = await cli.tph('pref', 'renew', cli.approval, '--expires', '2026-06-30', '-o', 'json');
  expect(again.json()).toMatchObject({ changed: false });
});

test('shortening the last live HARD approval wants a reason and a confirmation', async () => {
  const cli = await withPrefs();
  const shorten = ['pref', 'renew', cli.approval, '--expires', '2026-01-20'];
  expect(await cli.tph(...shorten)).toMatchObject({ code: 2, err: expect.stringContaining('--reason') });
  expect((await cli.tph(...shorten, '--reason', 'left')).code).toBe(2);
  expect((await cli.tph(...shorten, '--yes')).code).toBe(2);
  expect((await cli.tph(...shorten, '--reason', 'left', '--yes')).code).toBe(0);
});

test('renew says which of its flags is missing or too much', async () => {
  const cli = await withPrefs();
  const renew = (...words: string[]) => cli.tph('pref', 'renew', ...words);
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--expires', 'none'], '<ref> is missing'],
    [[cli.favourite], '--expires is missing'],
    [[cli.favourite, '--expires', 'soon'], '--expires `soon`'],
    [[cli.favourite, '--driver', 'D7', '--expires', 'none'], '--driver and an id'],
    [['--driver', 'D7', '--expires', 'none'], '--customer or --scp is missing'],
    [['--customer', 'Bo Li', '--expires', 'none'], '--driver is missing'],
    [
      ['--driver', 'D7', '--customer', 'Bo Li', '--scp', 'SCP-1', '--expires', 'none'],
      '--customer and --scp',
    ],
  ];
  for (const [words, message] of cases)
    expect(await renew(...words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

test('a preference that is not there is not found', async () => {
  const cli = await withPrefs();
  expect((await cli.tph('pref', 'renew', 'G1', '--expires', 'none')).code).toBe(5);
  await cli.tph('driver', 'create', 'D8');
  const none = await cli.tph('pref', 'renew', '--driver', 'D8', '--customer', 'Bo Li', '--expires', 'none');
  expect(none.code).toBe(5);
  expect(none.err).toContain('tph pref create --driver D8 --customer "Bo Li"');
});
