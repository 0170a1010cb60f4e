import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cli, carryOutIn, shellWords, shop, steady } from './support.ts';

/** The example operator at the demo's clock, loaded once; nothing in this file changes it. */
const folder = mkdtempSync(join(tmpdir(), 'tph-forecast-'));
const env = { HOME: folder, TPH_DB: join(folder, 'tph.db'), TPH_NOW: '2026-01-12T17:30:00Z' };
const carryOut = carryOutIn(folder);

async function tph(...words: string[]) {
  const { host, code } = await carryOut(words, { cwd: folder, env });
  return { code, out: host.out(), err: host.err() };
}

beforeAll(async () => {
  expect(await tph('demo', '--load')).toMatchObject({ code: 0 });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MID_TERM = ['release', '--from', '20260213', '--to', '20260222'];

describe('what people read', () => {
  it.each([
    ['pref-expiring', ['pref', 'expiring', '--within', '90d']],
    ['release-plan', MID_TERM],
    ['release-plan-commit', ['release', '--from', '20260117', '--to', '20260119', '--commit', '-n']],
    ['release-plan-long', ['release', '--from', 'today', '--to', '+91d']],
    ['release-plan-nothing', ['release', '--from', '20260111', '--to', '20260111']],
  ])('%s', async (name, words) => {
    const { code, out, err } = await tph(...words);
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    await expect(steady(`$ tph ${words.join(' ')}\n${out}── stderr\n${err}`)).toMatchFileSnapshot(
      `golden/${name}.txt`,
    );
  });
});

describe('what scripts rely on', () => {
  it.each([
    ['runs lose their last driver', ['pref', 'expiring'], 8],
    ['something goes out', MID_TERM, 0],
    ['nothing goes out', ['release', '--from', '20260219', '--to', '20260219'], 8],
    ['a dry run would create trips', ['release', '--from', 'friday', '--to', 'friday', '--commit', '-n'], 8],
  ])('--exit-code: %s', async (_title, words, code) => {
    expect(await tph(...words, '--exit-code')).toMatchObject({ code });
    expect(await tph(...words)).toMatchObject({ code: 0 });
  });

  it.each([
    ['a plan without a beginning', ['release', '--to', '20260222'], '--from'],
    ['a day and a plan', ['release', '--day', 'today', '--from', 'today'], '--day and --from'],
    ['a plan that ends before it begins', ['release', '--from', '20260222', '--to', '20260221'], '--to'],
    ['a plan of 93 days', ['release', '--from', '20260101', '--to', '20260403'], 'at most 92'],
    ['a window that is none', ['pref', 'expiring', '--within', 'soon'], '--within'],
    ['a window of 367 days', ['pref', 'expiring', '--within', '367d'], '--within'],
    ['a field that is none', ['pref', 'expiring', '--fields', 'colour'], 'colour'],
  ])('refuses %s', async (_title, words, said) => {
    const ran = await tph(...words);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(said);
  });

  it('a plan holds the preview of each day, and what they come to', async () => {
    const plan = JSON.parse((await tph(...MID_TERM, '-o', 'json')).out);
    const previews = await Promise.all(
      [20260213, 20260219].map(async (day) =>
        JSON.parse((await tph('release', '--day', String(day), '-o', 'json')).out),
      ),
    );
    for (const { warnings: _warnings, ...preview } of previews)
      expect(plan.days.find(({ day }: { day: number }) => day === preview.day)).toEqual(preview);
    expect(plan.days).toHaveLength(10);
    const total = (of: readonly { suppressed: number }[]) =>
      of.reduce((sum, { suppressed }) => sum + suppressed, 0);
    expect(plan.summary).toMatchObject({ days: 10, suppressed: 61, released: 81, occurrences: 142 });
    expect(total(plan.summary.byRun)).toBe(61);
    expect(plan.summary.nothingOut).toEqual([
      { day: 20260215, suppressed: 0 },
      { day: 20260219, suppressed: 22 },
      { day: 20260222, suppressed: 0 },
    ]);
    const csv = (await tph(...MID_TERM, '-o', 'csv')).out.trimEnd().split(/\r?\n/);
    expect(csv[0]).toBe('day,time,recurringTrip,isReturn,pickupAt,clockChange,outcome,causes,trip');
    expect(csv).toHaveLength(143);
  });
});

/** D7 alone is approved for Aoife K., through 31 January; SR-1 takes her on Fridays. */
async function withApproval(): Promise<Cli> {
  const cli = await shop();
  const lines = [
    ['settings', 'set', 'dispatch.approvedScpDrivers', 'on'],
    ['driver', 'create', 'D7', '--first-name', 'Ann', '--last-name', 'Byrne'],
    ['driver', 'create', 'D8'],
    ['scp', 'create', 'SCP-1', '--display-name', 'Aoife K.'],
    ['pref', 'create', '--driver', 'D7', '--scp', 'SCP-1', '--mode', 'HARD', '--expires', '2026-01-31'],
    ['recurring', 'create', 'SR-1', '--scp', 'SCP-1', '--time', '08:15 FRI'],
  ];
  for (const words of lines) expect((await cli.tph(...words)).err).toBe('');
  return cli;
}

describe('approvals that lapse', () => {
  it('are found within the window only, and no more once they are renewed', async () => {
    const cli = await withApproval();
    const early = await cli.tph('pref', 'expiring', '--within', '5d', '--exit-code');
    expect(early).toMatchObject({
      code: 0,
      out: 'no run loses its last approved driver before 2026-01-17 08:00\n1 run with required drivers looked at\n',
    });
    expect((await cli.tph('pref', 'expiring', '--within', '5d', '-q')).out).toBe('');
    const found = await cli.tph('pref', 'expiring', '--exit-code', '-q');
    expect(found.code).toBe(8);
    expect(found.out).toContain(
      '1 run loses its last approved driver before 2026-02-11 08:00; the first on FRI',
    );
    expect(found.out).toMatch(/^FRI 2026-02-06 +SR-1 +ANYBODY +Aoife K\. +D7 lapses 2026-02-01 00:00$/m);
    await cli.tph('settings', 'set', 'dispatch.lapsedHardList', 'LOCK');
    expect((await cli.tph('pref', 'expiring')).out).toMatch(/^FRI 2026-02-06 +SR-1 +NOBODY/m);
    const next = /next: tph (.*)\n$/.exec(found.out)?.[1] ?? '';
    expect(await cli.tph(...next.split(' '))).toMatchObject({ code: 0 });
    expect((await cli.tph('pref', 'expiring', '--exit-code')).code).toBe(0);
  });

  it('are renewed for those who may drive, each that is needed', async () => {
    const cli = await withApproval();
    const lines = [
      ['driver', 'create', 'D 9'],
      ['pref', 'create', '--driver', 'D 9', '--scp', 'SCP-1', '--mode', 'HARD', '--expires', '2026-01-31'],
      ['pref', 'create', '--driver', 'D8', '--scp', 'SCP-1', '--mode', 'HARD', '--expires', '2026-01-31'],
      ['driver', 'update', 'D8', '--status', 'SUSPENDED'],
    ];
    for (const words of lines) expect((await cli.tph(...words)).err).toBe('');
    const { out } = await cli.tph('pref', 'expiring');
    const told = [
      'next: tph pref renew --driver D7 --scp SCP-1 --expires 2027-02-01',
      '      tph pref renew --driver "D 9" --scp SCP-1 --expires 2027-02-01',
      '',
    ];
    expect(out.split('\n').slice(-3)).toEqual(told);
    expect(out).toMatch(/ D7, D 9 lapse\b/);
    expect(out).not.toContain('D8');
    for (const line of told.slice(0, 2)) {
      const words = shellWords(line.replace(/^.*?tph /, ''));
      expect(await cli.tph(...words)).toMatchObject({ code: 0 });
    }
    const after = await cli.tph('pref', 'list', '--driver', 'D7', '-o', 'csv');
    expect(after.out).toContain('2027-02-02T00:00:00');
  });

  it('are not renewed for a driver whom that would not let drive', async () => {
    const cli = await withApproval();
    await cli.tph('driver', 'update', 'D7', '--status', 'SUSPENDED');
    const { out } = await cli.tph('pref', 'expiring', '--at', '2026-03-01');
    expect(out).toMatch(/\nnext: tph eligible --scp SCP-1 --pickup 2026-03-06T08:15:00\+00:00 --explain\n$/);
  });

  it('are looked for as far as the setting says, and as of another moment', async () => {
    const cli = await withApproval();
    await cli.tph('settings', 'set', 'approvals.warnDays', '3');
    expect((await cli.tph('pref', 'expiring')).out).toContain('before 2026-01-15 08:00');
    const later = await cli.tph('pref', 'expiring', '--at', '2026-03-01', '-o', 'json');
    expect(later.json()).toMatchObject({
      summary: { considered: 1, nobody: 0, anybody: 1, listIgnored: 0 },
      findings: [{ already: true, day: 20260306, runs: [{ recurringTrip: { ref: 'SR-1' }, time: '08:15' }] }],
    });
    expect((await cli.tph('pref', 'expiring', '--at', '2026-03-01')).out).toContain(
      'D7 lapsed 2026-02-01 00:00',
    );
  });

  it('do not count while approvals are off, which is said', async () => {
    const cli = await withApproval();
    await cli.tph('settings', 'set', 'dispatch.approvedScpDrivers', 'off');
    const ran = await cli.tph('pref', 'expiring', '--exit-code');
    expect(ran.code).toBe(8);
    expect(ran.err).toContain('warning: the approved drivers of Aoife K. do not count');
    expect(ran.err).toContain('tph settings set dispatch.approvedScpDrivers on');
    // Cron mails what is printed: with -q there is no other word of it.
    const quiet = await cli.tph('pref', 'expiring', '-q');
    expect(quiet.err).toBe('');
    expect(quiet.out).toMatch(/^warning: the approved drivers of Aoife K. do not count/);
    expect((await cli.tph('pref', 'expiring', '-q', '--exit-code', '-o', 'json')).code).toBe(8);
  });

  it('a plan commits each of its days once', async () => {
    const cli = await withApproval();
    const first = await cli.tph('release', '--from', '20260112', '--commit');
    expect(first.out).toContain('2 trips created, 0 there already');
    const again = await cli.tph('release', '--from', '20260112', '--commit', '-o', 'json');
    expect(again.json()).toMatchObject({
      summary: { created: 0, existing: 2 },
      from: 20260112,
      to: 20260125,
    });
    expect((await cli.tph('trip', 'list', '-o', 'id')).out.trim().split('\n')).toHaveLength(2);
  });
});
