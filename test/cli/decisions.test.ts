import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutIn, shop } from './support.ts';

/** The example operator at the demo's clock, loaded once; nothing in this file changes it. */
const folder = mkdtempSync(join(tmpdir(), 'tph-decisions-'));
const env = { HOME: folder, TPH_DB: join(folder, 'tph.db'), TPH_NOW: '2026-01-12T17:30:00Z' };

const carryOut = carryOutIn(folder);

async function tph(...words: string[]) {
  const { host, code } = await carryOut(words, { cwd: folder, env });
  return { code, out: host.out(), err: host.err() };
}

const steady = (text: string): string => text.replace(/G\d{10,}/g, 'G…');

beforeAll(async () => {
  expect(await tph('demo', '--load')).toMatchObject({ code: 0 });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what people read', () => {
  it.each([
    ['eligible', ['eligible', '--trip', 'T-1005']],
    ['eligible-explain', ['eligible', '--scp', 'SCP-101', '--explain']],
    ['eligible-ad-hoc', ['eligible', '--customer', '020 910 0028', '--capability', 'wav', '--limit', '3']],
    ['eligible-driver-yes', ['eligible', '--trip', 'T-1001', '--driver', 'D07']],
    ['eligible-driver-no', ['eligible', '--trip', 'T-1001', '--driver', 'D21']],
    ['eligible-day', ['eligible', '--day', 'tomorrow']],
    ['eligible-day-none', ['eligible', '--day', '20300101']],
    ['release', ['release', '--day', 'tomorrow']],
    ['release-nothing', ['release', '--day', '20260110']],
    ['release-commit', ['release', '--day', '20260110', '--commit', '-n']],
    ['exclusion-set', ['exclusion', 'set', 'Bad Weather', 'RUN_OFF', '--resume', '20260115', '-n']],
    [
      'exclusion-set-on',
      ['exclusion', 'set', 'February mid-term 2026 (primary)', 'RUN_ON', '--impact-days', '60', '-n'],
    ],
    ['exclusion-set-same', ['exclusion', 'set', 'Bad Weather', 'RUN_SCHEDULE']],
    ['exclusion-status', ['exclusion', 'status', 'February mid-term 2026 (primary)', '--day', '20260219']],
    ['exclusion-calendar', ['exclusion', 'calendar', '--month', '2026-02']],
    [
      'exclusion-calendar-trip',
      ['exclusion', 'calendar', '--month', '2026-02', '--recurring', 'SR-01', '--by', 'trip'],
    ],
    ['exclusion-calendar-year-demo', ['exclusion', 'calendar', '--year', '2026', '--recurring', 'SR-01']],
    ['pref-list', ['pref', 'list', '--scp', 'SCP-101']],
    ['pref-list-expiring', ['pref', 'list', '--expiring', '90d']],
    ['dept-show', ['dept', 'show', 'NSTB/Primary Runs']],
    ['recurring-show', ['recurring', 'show', 'SR-08']],
    ['trip-list', ['trip', 'list', '--limit', '4']],
    ['driver-create', ['driver', 'create', 'D99', '--first-name', 'Zed', '--capability', 'WAV', '-n']],
    ['exclusion-link', ['exclusion', 'link', 'Transport Strike', 'SR-01', '--time', '14:30', '-n']],
    ['recurring-skip', ['recurring', 'skip', 'SR-01', '--day', 'friday', '--reason', 'dentist', '-n']],
  ])('%s', async (name, words) => {
    const { code, out, err } = await tph(...words);
    expect(code).toBe(0);
    await expect(steady(`$ tph ${words.join(' ')}\n${out}── stderr\n${err}`)).toMatchFileSnapshot(
      `golden/${name}.txt`,
    );
  });
});

describe('what scripts rely on', () => {
  it.each([
    ['nobody may drive', ['eligible', '--trip', 'T-1001', '--driver', 'D21'], 8],
    ['somebody may drive', ['eligible', '--trip', 'T-1001'], 0],
    ['each trip of a day has somebody', ['eligible', '--day', 'tomorrow'], 0],
    ['a group is OFF', ['exclusion', 'status', 'February mid-term 2026 (primary)', '--day', '20260219'], 8],
    ['a group is ON', ['exclusion', 'status', 'Bad Weather'], 0],
    ['no run goes out', ['release', '--day', '20260111'], 8],
    ['a dry run would change something', ['exclusion', 'set', 'Bad Weather', 'RUN_OFF', '-n'], 8],
    ['a dry run would change nothing', ['exclusion', 'set', 'Bad Weather', 'RUN_SCHEDULE', '-n'], 0],
  ])('--exit-code: %s', async (_title, words, code) => {
    expect(await tph(...words, '--exit-code')).toMatchObject({ code });
    expect(await tph(...words)).toMatchObject({ code: 0 });
  });

  it.each([
    ['no trip', ['eligible', '--trip', 'T-9999'], 5, 'there is no trip `T-9999`'],
    ['a trip and passengers', ['eligible', '--trip', 'T-1001', '--scp', 'SCP-101'], 2, '--trip'],
    ['nothing named', ['eligible'], 2, '--trip'],
    ['a day and a trip', ['eligible', '--day', 'today', '--trip', 'T-1001'], 2, '--trip'],
    ['a day and a driver', ['eligible', '--day', 'today', '--driver', 'D07'], 2, '--driver'],
    ['a day that is none', ['eligible', '--day', '20260230'], 2, '--day'],
    ['a limit of nothing', ['eligible', '--trip', 'T-1001', '--limit', '0'], 2, '--limit'],
    ['an impossible day', ['release', '--day', '20260230'], 2, '--day'],
    ['no group', ['exclusion', 'set'], 2, 'hint: give <group>, such as "Bad Weather"\n'],
    ['a zero day', ['exclusion', 'set', 'Bad Weather', 'RUN_OFF', '--resume', '0'], 2, 'none'],
    ['an unknown mode', ['exclusion', 'set', 'Bad Weather', 'OFF'], 2, 'RUN_OFF'],
    ['a misspelt group', ['exclusion', 'set', 'Bad Wether', 'RUN_OFF'], 5, 'did you mean `Bad Weather`?'],
    ['a year that is none', ['exclusion', 'calendar', '--year', '26'], 2, '--year'],
    ['a month of a year', ['exclusion', 'calendar', '--year', '2026', '--month', '2026-01'], 2, '--year'],
    ['a month that is none', ['exclusion', 'calendar', '--month', '2026-13'], 2, '--month'],
    [
      'a time at which it does not go',
      ['recurring', 'skip', 'SR-01', '--day', 'friday', '--time', '09:00'],
      2,
      '08:15',
    ],
    ['a skip without a day', ['recurring', 'skip', 'SR-01'], 2, '--day'],
  ])('refuses %s', async (_title, words, code, said) => {
    const ran = await tph(...words);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(said);
    expect(ran.err).toMatch(/\nhint: /);
    expect(ran.err).not.toMatch(/\n {4}at /);
    const json = await tph(...words, '-o', 'json');
    expect(json).toMatchObject({ code, out: '' });
    expect(JSON.parse(json.err).error).toMatchObject({
      code: expect.any(String),
      message: expect.any(String),
    });
  });

  it('--fields names the same things in every format', async () => {
    const words = ['eligible', '--day', 'tomorrow', '--limit', '1'];
    const fields = ['--fields', 'id,eligible,missingCapability,phase'];
    const [header, line = ''] = (await tph(...words, ...fields, '-o', 'csv')).out.split('\r\n');
    expect(header).toBe('id,eligible,missingCapability,phase');
    const [id, eligible, missing, phase] = line.split(',');
    const row = { id, eligible: Number(eligible), missingCapability: Number(missing), phase };
    expect(JSON.parse((await tph(...words, ...fields, '-o', 'jsonl')).out)).toEqual(row);
    const day = JSON.parse((await tph(...words, ...fields, '-o', 'json')).out);
    expect(day).toEqual({ day: 20260113, trips: [row], summary: expect.any(Object) });
    expect((await tph(...words, ...fields)).out).toContain(String(id));
    const one = ['eligible', '--trip', 'T-1001', '--limit', '1', '--fields', 'callsign'];
    const { drivers } = JSON.parse((await tph(...one, '-o', 'json')).out);
    expect(drivers).toEqual([JSON.parse((await tph(...one, '-o', 'jsonl')).out)]);
    expect(Object.keys(drivers[0])).toEqual(['callsign']);
    for (const format of ['table', 'csv', 'json', 'jsonl'])
      expect(await tph('eligible', '--day', '20300101', '--fields', 'eligble', '-o', format)).toMatchObject({
        code: 2,
        err: expect.stringContaining('eligible'),
      });
  });

  it('without flags says what may be asked', async () => {
    const { err } = await tph('eligible', '--no-input');
    for (const flag of ['--trip', '--day', '--customer', '--scp']) expect(err).toContain(flag);
  });

  it('--exit-code: nobody may drive one of the trips of a day', async () => {
    const { tph: run } = (await shop()).on({ env: { TPH_NOW: env.TPH_NOW } });
    expect(await run('trip', 'create', 'T-1', '--pickup', '2026-01-13T08:15')).toMatchObject({ code: 0 });
    expect(await run('eligible', '--day', 'tomorrow', '--exit-code')).toMatchObject({ code: 8 });
    expect(await run('driver', 'create', 'D1')).toMatchObject({ code: 0 });
    expect(await run('eligible', '--day', 'tomorrow', '--exit-code')).toMatchObject({ code: 0 });
  });

  it('lists every run that a group holds back, of which people are named a dozen a day', async () => {
    const words = ['exclusion', 'set', 'Bad Weather', 'RUN_OFF', '--resume', '20260115', '-n'];
    const { impact } = JSON.parse((await tph(...words, '-o', 'json')).out);
    const tomorrow = impact.suppressed.filter(({ day }: { day: number }) => day === 20260113);
    expect(tomorrow).toHaveLength(19);
    const which = /TUE.*?(?=WED)/s.exec((await tph(...words)).out)?.[0] ?? '';
    expect(which.match(/SR-\d+/g)).toHaveLength(12);
    expect(which).toContain('… and 7 more');
  });

  it('answers every format', async () => {
    const words = ['release', '--day', 'tomorrow'];
    const json = JSON.parse((await tph(...words, '-o', 'json')).out);
    expect(json.summary).toEqual({ occurrences: 24, released: 22, suppressed: 2, created: 0, existing: 0 });
    const lines = (await tph(...words, '-o', 'jsonl')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).time)).toEqual(
      json.occurrences.map((one: { time: string }) => one.time),
    );
    const csv = (await tph(...words, '-o', 'csv')).out.trimEnd().split(/\r?\n/);
    expect(csv[0]).toBe('time,recurringTrip,isReturn,pickupAt,clockChange,outcome,causes,trip');
    expect(csv).toHaveLength(25);
    const day = await tph('eligible', '--day', 'tomorrow', '-o', 'csv', '--limit', '1');
    expect(day.out.split('\r\n')).toEqual([
      expect.stringMatching(/^trip,pickupAt,.*,asOf,holdEndsAt,id$/),
      expect.stringMatching(/^T-1006,/),
      '',
    ]);
    expect(day.err).toContain('1 more trip cut off');
    const id = (await tph('eligible', '--day', 'tomorrow', '-o', 'id', '--limit', '1')).out.trim();
    expect(day.out).toContain(`,${id}\r\n`);
    expect((await tph('eligible', '--trip', 'T-1001', '-o', 'id')).out.trimEnd().split('\n')).toHaveLength(2);
  });
});
