import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, formatDay } from '../../src/values/day.ts';
import {
  formatInstant,
  type Instant,
  isInstant,
  isoInstant,
  parseInstantInput,
  relativeAge,
} from '../../src/values/instant.ts';
import { dayAt, endOfDay, localTimeAt, startOfDay } from '../../src/values/zone.ts';
import { failure } from './failure.ts';

const at = (iso: string) => (Date.parse(iso) / 1000) as Instant;
const NOW = at('2025-01-10T08:15:20Z'); // a Friday
const DUBLIN = 'Europe/Dublin';

const read = (text: string, more: { now?: Instant; timeZone?: string; day?: 'start' | 'through' } = {}) =>
  parseInstantInput(text, { now: NOW, timeZone: DUBLIN, day: 'start', ...more });

const zones = fc.constantFrom(
  DUBLIN,
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Africa/Monrovia',
);
// A day short of the last instant, so that the local year has four digits everywhere.
const instants = fc.integer({ min: 1, max: 253_402_214_399 }).map((n) => n as Instant);

describe('isInstant', () => {
  it('takes whole seconds from 1970-01-01T00:00:01Z to the end of 9999', () => {
    for (const n of [1, 1_736_496_000, 253_402_300_799]) expect(isInstant(n)).toBe(true);
    for (const n of [0, -1, 0.5, 253_402_300_800, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(isInstant(n)).toBe(false);
    }
  });
});

describe('Unix seconds', () => {
  it('are read as they are', () => {
    expect(read('1736496000')).toBe(1_736_496_000);
    expect(read('1')).toBe(1);
    expect(read('12345678')).toBe(12_345_678);
    expect(read('253402300799')).toBe(253_402_300_799);
  });

  it('of eight digits that form a date are that day', () => {
    expect(read('20250110')).toBe(at('2025-01-10T00:00:00Z'));
    expect(read('19700102')).toBe(at('1970-01-01T23:00:00Z'));
  });

  it('of eight digits that begin as a year are an impossible day, not a second of 1970', () => {
    expect(failure(() => read('20250230')).message).toBe(
      '`20250230` is not a day: 2025-02 has the days 1 to 28',
    );
  });

  it.each(['0', '00', '-0', '+0'])('of zero (%s) are refused with the hint to write none', (text) => {
    const error = failure(() => read(text));
    expect(error.code).toBe('INVALID');
    expect(error.hint).toBe('write none to clear it');
  });

  it('beyond the year 9999 are refused, milliseconds by name', () => {
    expect(failure(() => read('1736496000000'))).toMatchObject({
      code: 'INVALID',
      message: '`1736496000000` lies outside 1970-01-01 to 9999-12-31',
      hint: 'write seconds, not milliseconds',
    });
    expect(failure(() => read('253402300800')).code).toBe('INVALID');
    expect(failure(() => read('9'.repeat(400))).code).toBe('INVALID');
  });

  it.each(['-5', '+5', '1736496000.5', '1e9', '0x10'])('are not written as %s', (text) => {
    expect(failure(() => read(text)).message).toBe(`\`${text}\` is not an instant`);
  });
});

describe('ISO 8601', () => {
  it.each([
    ['2025-01-10T08:15:00Z', '2025-01-10T08:15:00Z'],
    ['2025-01-10T08:15z', '2025-01-10T08:15:00Z'],
    ['2025-01-10 08:15:30+00:00', '2025-01-10T08:15:30Z'],
    ['2025-01-10 08:15:30 +02:00', '2025-01-10T06:15:30Z'],
    ['2025-01-10T08:15:00.999Z', '2025-01-10T08:15:00Z'],
    ['2025-01-10T08:15-0530', '2025-01-10T13:45:00Z'],
    ['2025-01-10T08:15+01', '2025-01-10T07:15:00Z'],
    ['20250110T081500Z', '2025-01-10T08:15:00Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['2025-03-30T01:30+01:00', '2025-03-30T00:30:00Z'],
  ])('with an offset, %s is %s', (text, expected) => expect(read(text)).toBe(at(expected)));

  it.each([
    ['2025-01-10T08:15', DUBLIN, '2025-01-10T08:15:00Z'],
    ['2025-07-10 08:15', DUBLIN, '2025-07-10T07:15:00Z'],
    ['2025-07-10t08:15:09', 'America/New_York', '2025-07-10T12:15:09Z'],
    ['2025-10-05T02:30', 'Australia/Lord_Howe', '2025-10-04T15:30:00Z'],
  ])('as local time, %s in %s is %s', (text, timeZone, expected) => {
    expect(read(text, { timeZone })).toBe(at(expected));
  });

  it.each([
    ['2025-03-30T01:30', DUBLIN, 'skips', '2025-03-30T00:30:00+00:00', '2025-03-30T02:30:00+01:00'],
    ['2025-10-26T01:30', DUBLIN, 'repeats', '2025-10-26T01:30:00+01:00', '2025-10-26T01:30:00+00:00'],
    [
      '2025-03-09T02:00',
      'America/New_York',
      'skips',
      '2025-03-09T01:00:00-05:00',
      '2025-03-09T03:00:00-04:00',
    ],
    [
      '2025-11-02T01:59:59',
      'America/New_York',
      'repeats',
      '2025-11-02T01:59:59-04:00',
      '2025-11-02T01:59:59-05:00',
    ],
    [
      '2025-10-05T02:15',
      'Australia/Lord_Howe',
      'skips',
      '2025-10-05T01:45:00+10:30',
      '2025-10-05T02:45:00+11:00',
    ],
    [
      '2025-04-06T01:45',
      'Australia/Lord_Howe',
      'repeats',
      '2025-04-06T01:45:00+11:00',
      '2025-04-06T01:45:00+10:30',
    ],
    [
      '2018-11-04T00:00',
      'America/Sao_Paulo',
      'skips',
      '2018-11-03T23:00:00-03:00',
      '2018-11-04T01:00:00-02:00',
    ],
    ['2011-12-30T12:00', 'Pacific/Apia', 'skips', '2011-12-29T12:00:00-10:00', '2011-12-31T12:00:00+14:00'],
  ])('refuses %s in %s, which a clock change %s', (text, timeZone, change, first, second) => {
    const error = failure(() => read(text, { timeZone }));
    expect(error.code).toBe('INVALID');
    expect(error.message).toBe(`\`${text}\` is no single time in ${timeZone}: a clock change ${change} it`);
    expect(error.hint).toBe(`write ${first} or ${second}`);
    expect(isoInstant(read(first, { timeZone }), timeZone)).toBe(first);
    expect(isoInstant(read(second, { timeZone }), timeZone)).toBe(second);
  });

  it.each([
    ['2025-02-30T08:15', '`2025-02-30T08:15` is not an instant: 2025-02 has the days 1 to 28'],
    ['2025-13-01T08:15Z', '`2025-13-01T08:15Z` is not an instant: there is no month 13'],
    [
      '2025-01-10T24:00',
      '`2025-01-10T24:00` is not an instant: hours run from 00 to 23, minutes and seconds from 00 to 59',
    ],
    [
      '2025-01-10T08:15:60Z',
      '`2025-01-10T08:15:60Z` is not an instant: hours run from 00 to 23, minutes and seconds from 00 to 59',
    ],
    [
      '2025-01-10T08:15+24:00',
      '`2025-01-10T08:15+24:00` is not an instant: hours run from 00 to 23, minutes and seconds from 00 to 59',
    ],
    ['1969-12-31T23:59:59Z', '`1969-12-31T23:59:59Z` lies outside 1970-01-01 to 9999-12-31'],
    ['1970-01-01T00:00:00Z', '`1970-01-01T00:00:00Z` lies outside 1970-01-01 to 9999-12-31'],
    ['0000-01-01T00:00', '`0000-01-01T00:00` lies outside 1970-01-01 to 9999-12-31'],
    ['2025-01-10T08:15[Europe/Dublin]', '`2025-01-10T08:15[Europe/Dublin]` is not an instant'],
    ['2025-01-10T08', '`2025-01-10T08` is not an instant'],
    ['08:15', '`08:15` is not an instant'],
    ['soon', '`soon` is not an instant'],
    ['', '`` is not an instant'],
  ])('refuses %j', (text, message) => {
    const error = failure(() => read(text));
    expect(error.code).toBe('INVALID');
    expect(error.message).toBe(message);
    expect(error.hint).toBeDefined();
  });

  it('is what isoInstant writes, in any zone and at any second', () => {
    fc.assert(
      fc.property(instants, zones, (i, timeZone) => {
        expect(read(isoInstant(i, timeZone), { timeZone: 'Asia/Tokyo' })).toBe(i);
      }),
    );
  });
});

describe('a day', () => {
  it('starts at local midnight, and through it ends at the next', () => {
    expect(read('2025-07-10')).toBe(at('2025-07-09T23:00:00Z'));
    expect(read('2025-07-10', { day: 'through' })).toBe(at('2025-07-10T23:00:00Z'));
    expect(read('20251026', { day: 'through' })).toBe(at('2025-10-27T00:00:00Z'));
    expect(read('2999-12-31', { day: 'through' })).toBe(at('3000-01-01T00:00:00Z'));
  });

  it('takes every form of a day, counted from the local today', () => {
    const now = at('2025-01-10T02:00:00Z'); // still the 9th, a Thursday, in New York
    const newYork = { now, timeZone: 'America/New_York' };
    expect(read('today', newYork)).toBe(at('2025-01-09T05:00:00Z'));
    expect(read('tomorrow', newYork)).toBe(at('2025-01-10T05:00:00Z'));
    expect(read('thu', newYork)).toBe(at('2025-01-09T05:00:00Z'));
    expect(read('friday', { ...newYork, day: 'through' })).toBe(at('2025-01-11T05:00:00Z'));
  });

  it('that a zone skips or whose midnight it skips is the first instant after the gap', () => {
    expect(read('20111230', { timeZone: 'Pacific/Apia' })).toBe(at('2011-12-30T10:00:00Z'));
    expect(read('20111229', { timeZone: 'Pacific/Apia', day: 'through' })).toBe(at('2011-12-30T10:00:00Z'));
    expect(read('20181104', { timeZone: 'America/Sao_Paulo' })).toBe(at('2018-11-04T03:00:00Z'));
  });

  it('before 1970 is refused', () => {
    expect(failure(() => read('1969-12-30')).message).toBe(
      '`1969-12-30` lies outside 1970-01-01 to 9999-12-31',
    );
  });

  it('agrees with startOfDay and endOfDay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), zones, (n, timeZone) => {
        const day = addDays(19700103 as Day, n);
        expect(read(formatDay(day), { timeZone })).toBe(startOfDay(day, timeZone));
        expect(read(String(day), { timeZone, day: 'through' })).toBe(endOfDay(day, timeZone));
      }),
    );
  });
});

describe('a move from now', () => {
  it.each([
    ['+6h', NOW + 6 * 3600],
    ['-2h', NOW - 2 * 3600],
    ['+30min', NOW + 1800],
    ['+45s', NOW + 45],
    ['+0s', NOW],
    ['+90d', at('2025-04-10T07:15:20Z')], // 08:15:20 in summer time
    ['-10d', at('2024-12-31T08:15:20Z')],
    ['+1D', NOW + 86_400],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  it('counts hours exactly and days by the calendar across a clock change', () => {
    const now = at('2025-03-29T12:00:00Z');
    expect(read('+24h', { now })).toBe(at('2025-03-30T12:00:00Z'));
    expect(read('+1d', { now })).toBe(at('2025-03-30T11:00:00Z'));
  });

  it('by days into a gap gives the first instant after it', () => {
    expect(read('+1d', { now: at('2025-03-29T01:30:00Z') })).toBe(at('2025-03-30T01:00:00Z'));
  });

  it('by days into a repeated hour keeps the offset where it can', () => {
    expect(read('+1d', { now: at('2025-10-25T00:30:00Z') })).toBe(at('2025-10-26T00:30:00Z'));
    expect(read('-1d', { now: at('2025-10-27T01:30:00Z') })).toBe(at('2025-10-26T01:30:00Z'));
    expect(read('+0d', { now: at('2025-10-26T01:30:00Z') })).toBe(at('2025-10-26T01:30:00Z'));
  });

  it('by no days stays where it is, and by n days comes to that day', () => {
    const nows = fc.integer({ min: 86_400 * 400, max: 4_000_000_000 }).map((n) => n as Instant);
    fc.assert(
      fc.property(nows, zones, fc.integer({ min: -300, max: 300 }), (now, timeZone, n) => {
        expect(read('+0d', { now, timeZone })).toBe(now);
        const moved = read(`${n < 0 ? '' : '+'}${n}d`, { now, timeZone });
        const day = addDays(dayAt(now, timeZone), n);
        fc.pre(!(timeZone === 'Pacific/Apia' && day === 20111230));
        expect(dayAt(moved, timeZone)).toBe(day);
        expect(localTimeAt(moved, timeZone) >= localTimeAt(now, timeZone)).toBe(true);
      }),
    );
  });

  it.each(['+99999999999999999999d', '+999999999999h', '-99999d', '+3m', '+1.5h', '6h', '+h', '+-6h'])(
    'refuses %s',
    (text) => expect(failure(() => read(text)).code).toBe('INVALID'),
  );
});

describe('formatInstant and isoInstant', () => {
  it('write local time', () => {
    expect(formatInstant(NOW, DUBLIN)).toBe('2025-01-10 08:15');
    expect(isoInstant(NOW, DUBLIN)).toBe('2025-01-10T08:15:20+00:00');
    expect(isoInstant(NOW, 'Australia/Lord_Howe')).toBe('2025-01-10T19:15:20+11:00');
    expect(formatInstant(253_402_300_799 as Instant, 'UTC')).toBe('9999-12-31 23:59');
    expect(formatInstant(253_402_300_799 as Instant, DUBLIN)).toBe('9999-12-31 23:59');
    expect(formatInstant(253_402_300_799 as Instant, 'Asia/Tokyo')).toBe('10000-01-01 08:59');
  });
});

describe('relativeAge', () => {
  it.each([
    [0, 'now'],
    [59, 'now'],
    [-59, 'now'],
    [60, 'in 1 min'],
    [-3599, '59 min ago'],
    [3600, 'in 1 h'],
    [-7300, '2 h ago'],
    [86_399, 'in 23 h'],
    [86_400, 'in 1 day'],
    [3 * 86_400, 'in 3 days'],
    [-59 * 86_400, '59 days ago'],
    [60 * 86_400, 'in 2 months'],
    [-729 * 86_400, '24 months ago'],
    [730 * 86_400, 'in 2 years'],
  ])('%d seconds from now is %s', (seconds, expected) => {
    expect(relativeAge((NOW + seconds) as Instant, NOW)).toBe(expected);
  });
});
