import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { addDays, type Day, daysOfMonth, WEEKDAYS, weekdayOf } from '../../src/values/day.ts';

/** Monday 12 January 2026, 08:00 in Dublin. */
const NOW_MS = Date.UTC(2026, 0, 12, 8);
const JANUARY_1 = 20260101 as Day;
const YEAR = Array.from({ length: 365 }, (_day, index) => addDays(JANUARY_1, index));

const folder = mkdtempSync(join(tmpdir(), 'tph-calendar-'));
const file = join(folder, 'tph.db');
let clients = 0;
let first: Api;
const open = (client?: string) =>
  openStore(file).open({ client, actor: 'test', reason: null, nowMs: NOW_MS, lockWaitMs: 10_000 });

beforeAll(async () => {
  const host = testHost({ nowMs: NOW_MS, env: { TPH_DB: file } });
  await run(['node', 'tph', 'init', '--name', 'First', '--time-zone', 'UTC', '--country', 'IE'], host);
  first = await open();
});
afterAll(async () => {
  await first.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = fc.integer({ min: -20, max: 380 }).map((offset) => addDays(JANUARY_1, offset));
const window = fc
  .record({ start: fc.option(day), length: fc.option(fc.integer({ min: 0, max: 40 })) })
  .map(({ start, length }) => ({
    startDay: start,
    endDay: start === null || length === null ? null : addDays(start, length),
  }));
const group = fc
  .record({
    mode: fc.constantFrom('RUN_SCHEDULE', 'RUN_SCHEDULE', 'RUN_OFF', 'RUN_ON'),
    scheduleResumeDay: fc.option(fc.integer({ min: 13, max: 250 }).map((after) => addDays(JANUARY_1, after))),
    window,
  })
  .map(({ window: own, ...rest }) => ({ ...rest, ...own }));
const time = (at: string, isReturn: boolean) =>
  fc.subarray([...WEEKDAYS], { minLength: 1 }).map((weekdays) => ({ time: at, weekdays, isReturn }));
const recurring = fc
  .record({
    window,
    times: fc.tuple(time('01:30', false), time('15:10', true)).map((times) => [...times]),
    skips: fc.uniqueArray(fc.record({ day, time: fc.constantFrom<string | null>(null, '01:30') }), {
      maxLength: 4,
      selector: (skip) => skip.day,
    }),
    links: fc.uniqueArray(
      fc.record({ group: fc.nat(2), time: fc.constantFrom(undefined, '01:30', '15:10') }),
      { minLength: 1, maxLength: 3, selector: (link) => link.group },
    ),
  })
  .map(({ window: own, ...rest }) => ({ ...rest, ...own }));
const worlds = fc.record({
  groups: fc.tuple(group, group, group),
  runs: fc.array(recurring, { minLength: 2, maxLength: 2 }),
});

/** A client with a world; the sheets of its calendar, and its operations. */
async function made({ groups, runs }: typeof worlds extends fc.Arbitrary<infer W> ? W : never) {
  clients += 1;
  const { id } = await first.call('client.create', {
    name: `Client ${clients}`,
    timeZone: 'Europe/Dublin',
    country: 'IE',
  });
  const api = await open(id);
  for (const [index, values] of groups.entries())
    await api.call('scheduleExclusionGroup.create', { name: `Group ${index}`, ...values });
  for (const [index, { links, skips, ...values }] of runs.entries()) {
    const ref = `SR-${index}`;
    const reasoned = skips.map((skip) => ({ ...skip, reason: 'a day out' }));
    await api.call('recurringTrip.create', { ref, ...values, skips: reasoned });
    for (const link of links)
      await api.call('scheduleExclusionGroup.link', {
        ref: `Group ${link.group}`,
        recurring: ref,
        time: link.time,
      });
  }
  const calendar = async (...words: string[]): Promise<string> => {
    const host = testHost({ nowMs: NOW_MS, env: { TPH_DB: file } });
    const code = await run(['node', 'tph', 'exclusion', 'calendar', '--client', id, ...words], host);
    expect({ code, err: host.err() }).toEqual({ code: 0, err: '' });
    return host.out();
  };
  return { api, calendar };
}

type Mark = 'OFF' | 'part' | 'on' | '';

/** The marks of a year's sheet, by day: a line a month, two columns a day. */
function marksOfYear(sheet: string): ReadonlyMap<Day, Mark> {
  const markOf = (letter: string): Mark => {
    if (letter.trim() === '') return '';
    return letter === '·' || letter === '-' ? 'on' : /[a-z~]/.test(letter) ? 'part' : 'OFF';
  };
  const months = sheet.split('\n').slice(2, 14);
  return new Map(
    YEAR.map((one) => {
      const line = months[Math.floor((one % 10_000) / 100) - 1] ?? '';
      return [one, markOf(line[3 + 2 * (one % 100) + 1] ?? '')];
    }),
  );
}

/** The marks of a month's sheet: a line a week, nine columns a day. */
function marksOfMonth(sheet: string, days: readonly Day[]): ReadonlyMap<Day, Mark> {
  const weeks = sheet.split('\n').slice(2);
  const lead = WEEKDAYS.indexOf(weekdayOf(days[0] as Day));
  return new Map(
    days.map((one, index) => {
      const at = 9 * ((lead + index) % 7);
      const cell = weeks[Math.floor((lead + index) / 7)]?.slice(at, at + 9) ?? '';
      expect(Number(cell.slice(1, 3))).toBe(one % 100);
      return [one, cell.slice(5).trim().replace('·', 'on') as Mark];
    }),
  );
}

it('agrees with what is released, day by day for a whole year', { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const { api, calendar } = await made(world);
      const refs = world.runs.map((_run, index) => `SR-${index}`);
      const released = new Map<string, Map<Day, Mark>>(refs.map((ref) => [ref, new Map()]));
      for (const one of YEAR) {
        const { occurrences } = await api.call('release.preview', { day: one });
        for (const ref of refs) {
          const own = occurrences.filter((occurrence) => occurrence.recurringTrip.ref === ref);
          const out = own.filter((occurrence) => occurrence.outcome === 'RELEASED').length;
          const some = out === 0 ? 'OFF' : out < own.length ? 'part' : 'on';
          released.get(ref)?.set(one, own.length === 0 ? '' : some);
        }
      }
      for (const ref of refs) {
        const decided = released.get(ref) ?? new Map<Day, Mark>();
        expect(marksOfYear(await calendar('--year', '2026', '--recurring', ref))).toEqual(decided);
        for (const month of [1, 3, 10]) {
          const days = daysOfMonth((20260000 + month * 100 + 1) as Day);
          const sheet = await calendar(
            '--month',
            `2026-${String(month).padStart(2, '0')}`,
            '--recurring',
            ref,
          );
          expect(marksOfMonth(sheet, days)).toEqual(new Map(days.map((one) => [one, decided.get(one)])));
        }
      }
      for (const index of world.groups.keys()) {
        const ref = `Group ${index}`;
        const year = marksOfYear(await calendar('--year', '2026', '--group', ref));
        for (const one of YEAR) {
          const { state } = await api.call('scheduleExclusionGroup.status', { ref, day: one });
          expect([one, year.get(one) === 'OFF']).toEqual([one, state === 'OFF']);
        }
      }
      await api.close();
    }),
    { numRuns: 3 },
  );
});

it('says in words on which days what is off', async () => {
  const { api, calendar } = await made({
    groups: [
      { mode: 'RUN_SCHEDULE', scheduleResumeDay: null, startDay: 20260216 as Day, endDay: 20260220 as Day },
      { mode: 'RUN_OFF', scheduleResumeDay: 20260115 as Day, startDay: null, endDay: null },
      { mode: 'RUN_SCHEDULE', scheduleResumeDay: null, startDay: 20260220 as Day, endDay: 20260302 as Day },
    ],
    runs: [
      {
        startDay: null,
        endDay: null,
        times: [
          { time: '08:15', weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'], isReturn: false },
          { time: '14:30', weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'], isReturn: true },
        ],
        skips: [{ day: 20260303 as Day, time: '08:15' }],
        links: [
          { group: 0, time: undefined },
          { group: 1, time: undefined },
          { group: 2, time: undefined },
        ],
      },
    ],
  });
  expect(await calendar('--month', '2026-03', '--recurring', 'SR-0')).toContain(
    '\n3: 08:15: skipped: a day out\n',
  );
  await expect(
    `${await calendar('--year', '2026')}\n${await calendar('--year', '2026', '--by', 'trip')}`,
  ).toMatchFileSnapshot('golden/exclusion-calendar-year.txt');
  await api.close();
});

it('explains each mark that it draws, and no other', async () => {
  const run = {
    startDay: null,
    endDay: null,
    times: [{ time: '08:15', weekdays: ['MON' as const], isReturn: false }],
    skips: [],
    links: [{ group: 0, time: undefined }],
  };
  const window = { mode: 'RUN_SCHEDULE' as const, scheduleResumeDay: null };
  const { api, calendar } = await made({
    groups: [
      { ...window, startDay: 20260216 as Day, endDay: 20260220 as Day },
      { ...window, startDay: null, endDay: null, mode: 'RUN_ON' as const },
      { ...window, startDay: null, endDay: null, mode: 'RUN_ON' as const },
    ],
    runs: [run, run],
  });
  const last = (text: string, lines: number): string => text.trimEnd().split('\n').slice(-lines).join('\n');
  const quiet = await calendar('--year', '2026', '--group', 'Group 1');
  expect(last(quiet, 1)).toBe('· on  - on, at a weekend  > today');
  expect(last(await calendar('--year', '2027', '--group', 'Group 1'), 1)).toBe('· on  - on, at a weekend');
  expect(last(await calendar('--year', '2026'), 1)).toBe(
    '2 exclusion groups more with nothing OFF in this year',
  );
  expect(last(await calendar('--year', '2026', '--by', 'trip'), 2)).toBe(
    'A off for what the letter stands for  · goes out  blank: no run planned  > today\nmonths in which nothing is OFF are left out',
  );
  expect(last(await calendar('--month', '2026-02', '--by', 'trip'), 1)).toBe(
    'OFF does not run  · goes out  blank: no run planned',
  );
  expect(last(await calendar('--month', '2026-01', '--group', 'Group 1'), 1)).toBe('· on  [ ] today');
  await api.close();
});
