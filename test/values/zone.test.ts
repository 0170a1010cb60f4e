import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, daysBetween } from '../../src/values/day.ts';
import { type Instant, isoInstant } from '../../src/values/instant.ts';
import type { TimeOfDay } from '../../src/values/time-of-day.ts';
import { atLocalTime, dayAt, endOfDay, localTimeAt, offsetAt, startOfDay } from '../../src/values/zone.ts';
import { canonicalTimeZone, isTimeZone } from '../../src/values/zone-name.ts';
import { failure } from './failure.ts';

const ZONES = [
  'Europe/Dublin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'America/Havana',
  'UTC',
];
const zones = fc.constantFrom(...ZONES);
const day = (n: number) => n as Day;
const at = (iso: string) => (Date.parse(iso) / 1000) as Instant;
const days = fc.integer({ min: 0, max: 50_000 }).map((n) => addDays(day(19700102), n));
const instants = fc.integer({ min: 86_400, max: 4_000_000_000 }).map((n) => n as Instant);

describe('time zone names', () => {
  it.each([
    ['Europe/Dublin', 'Europe/Dublin'],
    ['europe/dublin', 'Europe/Dublin'],
    ['AMERICA/PORT-AU-PRINCE', 'America/Port-au-Prince'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['asia/calcutta', 'Asia/Calcutta'],
    ['europe/kyiv', 'Europe/Kyiv'],
    ['utc', 'UTC'],
    ['etc/gmt-14', 'Etc/GMT-14'],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalTimeZone(name)).toBe(canonical);
    expect(isTimeZone(name)).toBe(true);
  });

  it.each([
    '+01:00',
    'Z',
    '',
    'Europe/Atlantis',
    'IST',
    'local',
    'Europe/Dublin\n',
    'UTC][u-ca=iso8601',
    '2025',
  ])('%j is none', (name) => {
    expect(canonicalTimeZone(name)).toBeUndefined();
    expect(isTimeZone(name)).toBe(false);
  });

  it('keep their canonical form', () => {
    fc.assert(fc.property(zones, (zone) => canonicalTimeZone(zone.toUpperCase()) === zone));
  });
});

describe('dayAt', () => {
  it('is the local day, not that of UTC', () => {
    expect(dayAt(at('2025-06-30T23:30:00Z'), 'Europe/Dublin')).toBe(20250701);
    expect(dayAt(at('2025-01-01T04:59:59Z'), 'America/New_York')).toBe(20241231);
    expect(dayAt(at('2011-12-30T09:59:59Z'), 'Pacific/Apia')).toBe(20111229);
    expect(dayAt(at('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe(20111231);
  });

  it('refuses instants beyond the year 2999', () => {
    expect(failure(() => dayAt(253_402_300_799 as Instant, 'UTC')).code).toBe('INVALID');
  });

  it('lies between the start and the end of its day', () => {
    fc.assert(
      fc.property(instants, zones, (i, zone) => {
        const d = dayAt(i, zone);
        expect(startOfDay(d, zone)).toBeLessThanOrEqual(i);
        expect(endOfDay(d, zone)).toBeGreaterThan(i);
      }),
    );
  });
});

describe('startOfDay and endOfDay', () => {
  it.each([
    ['Europe/Dublin', 20250330, '2025-03-30T00:00:00Z', 23],
    ['Europe/Dublin', 20251026, '2025-10-25T23:00:00Z', 25],
    ['America/New_York', 20250309, '2025-03-09T05:00:00Z', 23],
    ['America/New_York', 20251102, '2025-11-02T04:00:00Z', 25],
    ['Australia/Lord_Howe', 20250406, '2025-04-05T13:00:00Z', 24.5],
    ['Australia/Lord_Howe', 20251005, '2025-10-04T13:30:00Z', 23.5],
    ['Pacific/Apia', 20111229, '2011-12-29T10:00:00Z', 24],
    ['Pacific/Apia', 20111231, '2011-12-30T10:00:00Z', 24],
    ['America/Sao_Paulo', 20181104, '2018-11-04T03:00:00Z', 23],
    ['America/Sao_Paulo', 20180217, '2018-02-17T02:00:00Z', 25],
    ['America/Havana', 20251102, '2025-11-02T04:00:00Z', 25],
    ['UTC', 20250101, '2025-01-01T00:00:00Z', 24],
  ])('in %s %d begins at %s and has %d hours', (zone, d, start, hours) => {
    expect(startOfDay(day(d), zone)).toBe(at(start));
    expect(endOfDay(day(d), zone) - startOfDay(day(d), zone)).toBe(hours * 3600);
  });

  it('are one instant for a day that the zone skips', () => {
    const start = startOfDay(day(20111230), 'Pacific/Apia');
    expect(start).toBe(at('2011-12-30T10:00:00Z'));
    expect(endOfDay(day(20111230), 'Pacific/Apia')).toBe(start);
    expect(startOfDay(day(20111231), 'Pacific/Apia')).toBe(start);
  });

  it('meet: the end of a day is the start of the next', () => {
    fc.assert(
      fc.property(days, zones, (d, zone) => {
        expect(endOfDay(d, zone)).toBe(startOfDay(addDays(d, 1), zone));
      }),
    );
  });

  it('have an end even for the last day of all', () => {
    expect(endOfDay(day(29991231), 'UTC')).toBe(at('3000-01-01T00:00:00Z'));
  });

  it('bound the instants of the day and no others', () => {
    fc.assert(
      fc.property(days, zones, (d, zone) => {
        fc.pre(!(zone === 'Pacific/Apia' && d === 20111230));
        const start = startOfDay(d, zone);
        const end = endOfDay(d, zone);
        expect(dayAt(start, zone)).toBe(d);
        expect(dayAt((end - 1) as Instant, zone)).toBe(d);
        expect(daysBetween(dayAt((start - 1) as Instant, zone), d)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('atLocalTime', () => {
  const time = (text: string) => text as TimeOfDay;

  it.each([
    ['Europe/Dublin', 20250330, '01:00', '2025-03-30T01:00:00Z', '02:00'],
    ['Europe/Dublin', 20250330, '01:59', '2025-03-30T01:00:00Z', '02:00'],
    ['America/New_York', 20250309, '02:30', '2025-03-09T07:00:00Z', '03:00'],
    ['Australia/Lord_Howe', 20251005, '02:15', '2025-10-04T15:30:00Z', '02:30'],
    ['America/Sao_Paulo', 20181104, '00:00', '2018-11-04T03:00:00Z', '01:00'],
    ['Pacific/Apia', 20111230, '08:15', '2011-12-30T10:00:00Z', '00:00'],
  ])('in %s on %d the skipped %s becomes %s', (zone, d, given, instant, shown) => {
    expect(atLocalTime(day(d), time(given), zone)).toEqual({
      instant: at(instant),
      change: 'SKIPPED',
      localTime: shown,
      later: null,
    });
  });

  it.each([
    ['Europe/Dublin', 20251026, '01:30', '2025-10-26T00:30:00Z', 3600],
    ['America/New_York', 20251102, '01:00', '2025-11-02T05:00:00Z', 3600],
    ['Australia/Lord_Howe', 20250406, '01:45', '2025-04-05T14:45:00Z', 1800],
    ['America/Sao_Paulo', 20180217, '23:30', '2018-02-18T01:30:00Z', 3600],
    ['America/Havana', 20251102, '00:00', '2025-11-02T04:00:00Z', 3600],
  ])('in %s on %d the repeated %s is first %s', (zone, d, given, instant, apart) => {
    expect(atLocalTime(day(d), time(given), zone)).toEqual({
      instant: at(instant),
      change: 'REPEATED',
      localTime: given,
      later: at(instant) + apart,
    });
  });

  it.each([
    ['Europe/Dublin', 20250330, '00:59', '2025-03-30T00:59:00Z'],
    ['Europe/Dublin', 20250330, '02:00', '2025-03-30T01:00:00Z'],
    ['Europe/Dublin', 20251026, '00:59', '2025-10-25T23:59:00Z'],
    ['Europe/Dublin', 20251026, '02:00', '2025-10-26T02:00:00Z'],
    ['Australia/Lord_Howe', 20251005, '02:30', '2025-10-04T15:30:00Z'],
  ])('in %s on %d %s, at the edge of a change, is plain', (zone, d, given, instant) => {
    expect(atLocalTime(day(d), time(given), zone)).toEqual({
      instant: at(instant),
      change: null,
      localTime: given,
      later: null,
    });
  });

  it('gives an instant at which the clock shows that day and time, or none shows it', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 1439 }), zones, (d, minutes, zone) => {
        const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        const found = atLocalTime(d, time(text), zone);
        expect(localTimeAt(found.instant, zone)).toBe(found.localTime);
        if (found.change === 'SKIPPED') {
          expect(offsetAt((found.instant - 1) as Instant, zone)).not.toBe(offsetAt(found.instant, zone));
          return;
        }
        expect(found.localTime).toBe(text);
        expect(dayAt(found.instant, zone)).toBe(d);
        if (found.later === null) return;
        expect(found.later).toBeGreaterThan(found.instant);
        expect(localTimeAt(found.later, zone)).toBe(text);
      }),
    );
  });
});

describe('offsetAt', () => {
  it.each([
    ['2025-01-10T12:00:00Z', 'Europe/Dublin', '+00:00'],
    ['2025-07-10T12:00:00Z', 'Europe/Dublin', '+01:00'],
    ['2025-01-10T12:00:00Z', 'America/St_Johns', '-03:30'],
    ['2025-01-10T12:00:00Z', 'Asia/Kathmandu', '+05:45'],
    ['1971-01-10T12:00:00Z', 'Africa/Monrovia', '-00:44:30'],
  ])('at %s in %s is %s', (instant, zone, offset) => {
    expect(offsetAt(at(instant), zone)).toBe(offset);
    expect(Date.parse(isoInstant(at(instant), zone).slice(0, 19).concat('Z')) / 1000 - at(instant)).toBe(
      offset
        .slice(1)
        .split(':')
        .reduce((sum, part, i) => sum + Number(part) * 60 ** (2 - i), 0) * (offset.startsWith('-') ? -1 : 1),
    );
  });
});
