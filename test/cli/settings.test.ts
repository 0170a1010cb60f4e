import { expect, test } from 'vitest';
import { shop } from './support.ts';

test('list shows every setting with its default and what it does', async () => {
  const cli = await shop();
  const { out, code } = await cli.tph('settings', 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/dispatch\.approvedScpDrivers +off +Whether the approved-driver lists/);
  const rows = (await cli.tph('settings', 'ls', '-o', 'json')).json<{ name: string; isDefault: boolean }[]>();
  expect(rows.map(({ name }) => name)).toEqual([
    'dispatch.preferredDriverHoldSeconds',
    'dispatch.favouriteDrivers',
    'dispatch.approvedScpDrivers',
    'dispatch.lapsedHardList',
    'account.authType',
    'account.mergePreference',
    'approvals.warnDays',
  ]);
  expect(rows.every(({ isDefault }) => isDefault)).toBe(true);
});

test('get shows one setting, its name in any case, and a near spelling of a wrong one', async () => {
  const cli = await shop();
  const row = (await cli.tph('settings', 'get', 'APPROVALS.warndays', '-o', 'json')).json();
  expect(row).toMatchObject({ name: 'approvals.warnDays', value: 30, default: 30, isDefault: true });
  expect((await cli.tph('settings', 'get', 'approvals.warnDays')).out).toMatch(
    /^approvals\.warnDays +30\ndefault +30\n/,
  );
  const wrong = await cli.tph('settings', 'get', 'warnDays');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('did you mean approvals.warnDays?') });
});

test('set prints before → after, and changes nothing the second time', async () => {
  const cli = await shop();
  const set = ['settings', 'set', 'dispatch.approvedScpDrivers', 'on'];
  expect((await cli.tph(...set)).out).toBe('changed dispatch.approvedScpDrivers: off → on\n');
  expect((await cli.tph(...set)).out).toBe(
    'dispatch.approvedScpDrivers is on already: nothing was changed\n',
  );
  const again = (await cli.tph(...set, '-o', 'json')).json();
  expect(again).toMatchObject({
    changed: false,
    changes: [],
    settings: { 'dispatch.approvedScpDrivers': true },
  });
});

test.each([
  ['dispatch.favouriteDrivers', 'off', false],
  ['dispatch.favouriteDrivers', 'No', false],
  ['dispatch.favouriteDrivers', 'FALSE', false],
  ['dispatch.approvedScpDrivers', 'yes', true],
  ['dispatch.approvedScpDrivers', 'true', true],
  ['dispatch.preferredDriverHoldSeconds', '0', 0],
  ['dispatch.lapsedHardList', 'lock', 'LOCK'],
  ['account.mergePreference', 'own_account', 'ACCOUNT'],
  ['account.authType', 'pin', 'PIN'],
] as const)('%s takes %s as %s', async (name, text, value) => {
  const cli = await shop();
  const set = (await cli.tph('settings', 'set', name, text, '-o', 'json')).json<{
    settings: Record<string, unknown>;
  }>();
  expect(set.settings[name]).toBe(value);
});

test('default and none go back to the default; none is a value where it is one', async () => {
  const cli = await shop();
  const set = async (name: string, text: string) => {
    const done = await cli.tph('settings', 'set', name, text, '-o', 'json');
    return done.json<{ settings: Record<string, unknown> }>().settings[name];
  };
  await set('approvals.warnDays', '60');
  expect(await set('approvals.warnDays', 'none')).toBe(30);
  await set('dispatch.lapsedHardList', 'LOCK');
  expect(await set('dispatch.lapsedHardList', 'default')).toBe('IGNORE');
  await set('account.authType', 'PIN');
  expect(await set('account.authType', 'none')).toBe('NONE');
});

test('a wrong value is refused by its own rule, and a missing one is named', async () => {
  const cli = await shop();
  const set = (...words: string[]) => cli.tph('settings', 'set', ...words);
  expect(await set('dispatch.preferredDriverHoldSeconds', '1801')).toMatchObject({
    code: 2,
    err: expect.stringContaining('0 to 1800'),
  });
  expect(await set('dispatch.preferredDriverHoldSeconds', '1.5')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<value> `1.5`'),
  });
  expect(await set('dispatch.favouriteDrivers', 'maybe')).toMatchObject({
    code: 2,
    err: expect.stringContaining('give on or off'),
  });
  expect(await set('dispatch.lapsedHardList', 'OPEN')).toMatchObject({
    code: 2,
    err: expect.stringContaining('IGNORE, LOCK'),
  });
  expect(await set()).toMatchObject({ code: 2, err: expect.stringContaining('<name> is missing') });
  expect(await set('approvals.warnDays')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<value> is missing'),
  });
});

test('a dry run changes nothing, and says that it would', async () => {
  const cli = await shop();
  const dry = await cli.tph('settings', 'set', 'approvals.warnDays', '60', '--dry-run', '--exit-code');
  expect(dry).toMatchObject({ code: 8, out: 'would change approvals.warnDays: 30 → 60\n' });
  expect((await cli.tph('settings', 'get', 'approvals.warnDays', '-o', 'json')).json()).toMatchObject({
    value: 30,
  });
});
