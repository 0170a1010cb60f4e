import { expect, test } from 'vitest';
import { type Cli, shop } from './support.ts';

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
  const { out, err, code } = await cli.tph('log', '--object', 'driver:D7');
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^2026-07-13 10:30 {2}ann {2}changed driver Ann Byrne \(D7\) {2}G\d+$/);
  expect(lines.slice(1, 3)).toEqual(['    status: ACTIVE → SUSPENDED', '    why: licence lapsed']);
  expect(lines[3]).toMatch(/^2026-01-12 08:00 {2}tester {2}created driver Ann Byrne \(D7\)/);
  expect(lines).toContain('    callsign: D7');
  expect(err).toBe('2 changes\n');
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
  expect(out).toMatch(/deleted customer \+353850123456 {2}G\d+\n {4}why: asked for it\n/);
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
