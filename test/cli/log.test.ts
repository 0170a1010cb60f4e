import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { type Cli, shop, steady } from './support.ts';

interface Event {
  readonly id: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly action: string;
  readonly object: { readonly objectType: string; readonly id: string; readonly name: string };
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

/** A driver made by tester at 08:00 UTC, and suspended by ann a day later. */
async function withHistory(): Promise<Cli> {
  const cli = await shop();
  await cli.tph('driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', 'Byrne');
  const suspend = [
    'driver',
    'update',
    'D7',
    '--status',
    'SUSPENDED',
    '--actor',
    'ann',
    '--reason',
    'licence lapsed',
  ];
  await cli.tph(...suspend, '--at', '2026-07-13T09:30:00Z');
  return cli;
}

test('a change reads: when, who, what, before → after, why; the newest first', async () => {
  const cli = await withHistory();
  const { out, err, code } = await cli.tph('log', '--object', 'driver:D7', '--at', '2026-07-16');
  expect(code).toBe(0);
  expect(steady(out)).toBe(
    [
      '2026-07-13 10:30 (2 days ago)  ann changed driver Ann Byrne (D7)',
      '    status: ACTIVE → SUSPENDED',
      '    why: licence lapsed',
      '    event G…',
      '2026-01-12 08:00 (6 months ago)  tester created driver Ann Byrne (D7)',
      '    callsign: D7 · first name: Ann · last name: Byrne · status: ACTIVE',
      '    event G…',
      '',
    ].join('\n'),
  );
  expect(err).toBe('2 changes\n');
});

test('no line is wider than the terminal', async () => {
  const cli = await shop();
  const notes = 'rings the bell twice and waits by the gate '.repeat(6);
  await cli.tph('customer', 'create', '--first-name', 'Ann', '--phone', '085 012 3456', '--notes', notes);
  await cli.tph('customer', 'update', '0850123456', '--notes', '東京'.repeat(60), '--reason', notes);
  const { out } = await cli.tph('log');
  const lines = out.split('\n');
  expect(lines.length).toBeGreaterThan(12);
  for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
});

test('of settings only what changed is told, each against what was in force', async () => {
  const cli = await shop();
  await cli.tph('settings', 'set', 'dispatch.lapsedHardList', 'LOCK');
  await cli.tph('settings', 'set', 'dispatch.favouriteDrivers', 'off');
  const { out } = await cli.tph('log', '--limit', '1');
  expect(out).toContain('\n    dispatch.favouriteDrivers: on → off\n');
  expect(out).not.toContain('lapsedHardList');
  const undone = await cli.tph('log', 'undo', /event (G\d+)/.exec(out)?.[1] ?? '');
  expect(undone.out).toMatch(
    /^changed back client Liffey Cars G\d+\n {2}dispatch.favouriteDrivers: off → on\n$/,
  );
});

test('changes are narrowed by kind, action and operation', async () => {
  const cli = await withHistory();
  await cli.tph('group', 'create', 'NIGHT');
  const actions = async (...words: string[]) =>
    (await cli.tph('log', '-o', 'json', ...words))
      .json<Event[]>()
      .map(({ action, object }) => `${action} ${object.name}`);
  expect(await actions('--type', 'group')).toEqual(['CREATE NIGHT']);
  expect(await actions('--type', 'Driver', '--action', 'create')).toEqual(['CREATE Ann Byrne (D7)']);
  expect(await actions('--operation', 'driver.update')).toEqual(['UPDATE Ann Byrne (D7)']);
  expect(await actions('--operation', 'group')).toEqual(['CREATE NIGHT']);
  for (const [words, said] of [
    [['--type', 'drivr'], 'did you mean driver'],
    [['--type', 'pref'], 'DriverCustomer, DriverScp'],
    [['--action', 'grow'], 'CREATE, UPDATE, DELETE, RESTORE'],
  ] as const)
    expect(await cli.tph('log', ...words)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
});

describe('undo', () => {
  const newest = async (cli: Cli) =>
    ((await cli.tph('log', '-o', 'json', '--limit', '1')).json<Event[]>()[0] as Event).id;

  test('takes a change back, says what it did, and names the event as the reason', async () => {
    const cli = await withHistory();
    const event = await newest(cli);
    const dry = await cli.tph('log', 'undo', event, '-n', '--exit-code');
    expect(dry.code).toBe(8);
    expect(steady(dry.out)).toBe(
      'would change back driver Ann Byrne (D7) G…\n  status: SUSPENDED → ACTIVE\n',
    );
    const undone = await cli.tph('log', 'undo', event, '--reason', 'wrong driver');
    expect(steady(undone.out)).toBe('changed back driver Ann Byrne (D7) G…\n  status: SUSPENDED → ACTIVE\n');
    const { out } = await cli.tph('log', '--limit', '1');
    expect(out).toContain(`why: undo of ${event}: wrong driver`);
  });

  test('says what differs where the record was changed since, and ends with 6', async () => {
    const cli = await withHistory();
    const event = await newest(cli);
    await cli.tph('driver', 'update', 'D7', '--first-name', 'Anna', '--status', 'INACTIVE');
    const { code, out, err } = await cli.tph('log', 'undo', event);
    expect({ code, out }).toEqual({ code: 6, out: '' });
    expect(steady(err)).toBe(
      [
        'error: tph log undo for Liffey Cars: the driver `Ann Byrne (D7)` was changed since: firstName, status',
        '  firstName is `Anna` now, by tester (G…); the change left `Ann`',
        '  status is `INACTIVE` now, by tester (G…); the change left `SUSPENDED`',
        'hint: see `tph log --object G…`; undo what is newer first: `tph log undo G…`',
        '',
      ].join('\n'),
    );
  });

  test('of a creation deletes, which wants a yes and shows what hangs on the record', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7');
    const event = await newest(cli);
    await cli.tph('scp', 'create', 'SCP-1');
    await cli.tph('pref', 'create', '--driver', 'D7', '--scp', 'SCP-1');
    const refused = await cli.tph('log', 'undo', event);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('1 approved driver refers to it as driver: D7 for SCP-1');
    expect(refused.err).toContain('--yes');
    const done = await cli.tph('log', 'undo', event, '--yes');
    expect(done.out).toMatch(/^deleted driver D7 G\d+\n {2}1 approved driver refers/);
    expect((await cli.tph('log', 'undo', await newest(cli))).out).toMatch(/^restored driver D7/);
  });

  test('of the last live HARD approval wants both --yes and --reason', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7');
    await cli.tph('scp', 'create', 'SCP-1');
    await cli.tph('pref', 'create', '--driver', 'D7', '--scp', 'SCP-1', '--mode', 'HARD');
    const event = await newest(cli);
    expect(await cli.tph('log', 'undo', event, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('last driver with a live HARD approval'),
    });
    const dry = await cli.tph('log', 'undo', event, '-n');
    expect(dry.out).toMatch(/^would delete approved driver/);
    expect(dry.err).toContain('wants --reason');
    expect((await cli.tph('log', 'undo', event, '--yes', '--reason', 'left')).code).toBe(0);
  });

  test('what is no event is refused by name', async () => {
    const cli = await shop();
    expect(await cli.tph('log', 'undo', 'D7')).toMatchObject({
      code: 2,
      err: expect.stringContaining('<event> `D7` is no id of an event'),
    });
    expect((await cli.tph('log', 'undo', 'G12345')).code).toBe(5);
    expect(await cli.tph('log', 'undo')).toMatchObject({
      code: 2,
      err: expect.stringContaining('<event> is missing'),
    });
  });
});

test('JSON is the list of events, and all of them', async () => {
  const cli = await withHistory();
  const events = (await cli.tph('log', '-o', 'json')).json<Event[]>();
  expect(events.map(({ action, object }) => `${action} ${object.objectType}`)).toEqual([
    'UPDATE Driver',
    'CREATE Driver',
    'CREATE Client',
  ]);
  expect(events[0]).toMatchObject({
    actor: 'ann',
    reason: 'licence lapsed',
    before: { status: 'ACTIVE' },
    after: { status: 'SUSPENDED' },
  });
});

test('a record is named by any reference, with its kind before it or without', async () => {
  const cli = await withHistory();
  const [event] = (await cli.tph('log', '-o', 'json', '--limit', '1')).json<Event[]>();
  const id = event?.object.id ?? '';
  for (const object of [id, 'driver:D7', 'DRIVER:Ann Byrne', `driver:${id}`, 'd7', 'Ann Byrne'])
    expect((await cli.tph('log', '--object', object, '-o', 'json')).json()).toHaveLength(2);
});

test('a reference of no kind, or of an unknown one, is refused with the way out', async () => {
  const cli = await withHistory();
  expect(await cli.tph('log', '--object', 'D8')).toMatchObject({
    code: 5,
    err: expect.stringContaining('driver:D7'),
  });
  await cli.tph('account', 'create', 'D7');
  expect(await cli.tph('log', '--object', 'D7')).toMatchObject({
    code: 6,
    err: expect.stringContaining('driver:D7, account:D7'),
  });
  expect(await cli.tph('log', '--object', 'drivr:D7')).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean driver:D7'),
  });
  expect(await cli.tph('log', '--object', 'pref:D7')).toMatchObject({
    code: 2,
    err: expect.stringContaining('tph pref list'),
  });
  expect((await cli.tph('log', '--object', 'driver:D99')).code).toBe(5);
});

test('changes are narrowed by time and by who made them', async () => {
  const cli = await withHistory();
  const actions = async (...words: string[]) =>
    (await cli.tph('log', '-o', 'json', ...words)).json<Event[]>().map(({ action }) => action);
  expect(await actions('--since', '2026-07-13')).toEqual(['UPDATE']);
  expect(await actions('--since', '2026-07-13T10:30:01')).toEqual([]);
  expect(await actions('--until', '2026-07-13')).toEqual(['UPDATE', 'CREATE', 'CREATE']);
  expect(await actions('--until', '2026-07-12')).toEqual(['CREATE', 'CREATE']);
  expect(await actions('--actor', 'ann')).toEqual(['UPDATE']);
  expect(await actions('--actor', 'nobody')).toEqual([]);
  expect(await cli.tph('log', '--since', 'soon')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--since `soon`'),
  });
});

test('a limit cuts with a word on stderr; without one a table has 50 and JSON all', async () => {
  const cli = await shop();
  for (let n = 0; n < 52; n += 1) await cli.tph('group', 'create', `G-${n}x`);
  const two = await cli.tph('log', '--limit', '2', '-o', 'id');
  expect(two.out.trim().split('\n')).toHaveLength(2);
  expect(two.err).toContain('the newest 2; there are more');
  const table = await cli.tph('log');
  expect(table.out.match(/^2026/gm)).toHaveLength(50);
  expect(table.err).toContain('the newest 50');
  expect((await cli.tph('log', '-o', 'json')).json()).toHaveLength(53);
  expect(await cli.tph('log', '--limit', '0')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--limit `0`'),
  });
});

test('a deletion and a password show that they happened, not what they hid', async () => {
  const cli = await shop();
  await cli.tph('customer', 'create', '--phone', '085 012 3456', '--password', 'open sesame');
  await cli.tph('customer', 'delete', '085 012 3456', '--yes', '--reason', 'asked for it');
  const { out } = await cli.tph('log', '--limit', '2');
  expect(out).toMatch(/deleted customer \+353850123456\n {4}why: asked for it\n/);
  expect(out).toContain('password: (hidden)');
  expect(out).not.toContain('sesame');
});

test('CSV has a column for each part of an event', async () => {
  const cli = await withHistory();
  const { out } = await cli.tph('log', '--object', 'driver:D7', '--limit', '1', '-o', 'csv');
  const [header, row] = out.split('\r\n');
  expect(header).toBe('id,at,actor,action,objectType,objectId,objectName,operation,before,after,reason');
  expect(row).toContain('2026-07-13T10:30:00+01:00,ann,UPDATE,Driver,');
  expect(row).toContain('"{""status"":""ACTIVE""}","{""status"":""SUSPENDED""}",licence lapsed');
});
