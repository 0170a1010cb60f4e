import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  type Day,
  daysBetween,
  daysOfMonth,
  formatDay,
  formatWeekdays,
  isDay,
  looksLikeDayInput,
  makeDay,
  parseDayInput,
  parseWeekdays,
  WEEKDAYS,
  weekdayOf,
} from '../../src/values/day.ts';
import { failure } from './failure.ts';

const day = (n: number) => n as Day;
const TODAY = day(20250110); // a Friday

const DAYS_IN_ALL = 401_767; // from 1900-01-01 to 2999-12-31
const days = fc.integer({ min: 0, max: DAYS_IN_ALL - 1 }).map((n) => addDays(day(19000101), n));

describe('isDay', () => {
  it.each([19000101, 20240229, 20000229, 20251231, 29991231])('takes %d', (n) => expect(isDay(n)).toBe(true));
  it.each([
    0,
    -20250110,
    20250229,
    21000229,
    19000229,
    20250431,
    20250100,
    20251301,
    20250001,
    18991231,
    30000101,
    2025011,
    20250110.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('refuses %d', (n) => expect(isDay(n)).toBe(false));

  it('agrees with the calendar of the platform on every date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 18990000, max: 30001231 }), (n) => {
        const text = `${Math.floor(n / 10_000)}-${String(n).slice(4, 6)}-${String(n).slice(6)}`;
        const date = new Date(`${text}T00:00:00Z`);
        const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        expect(isDay(n)).toBe(real && n >= 19000101 && n <= 29991231);
      }),
    );
  });
});

describe('makeDay', () => {
  it('takes numbers of the calendar only', () => {
    expect(makeDay(2025, 1, 10)).toBe(20250110);
    expect(makeDay(2025, 2, 29)).toBeUndefined();
    expect(makeDay(2025, 1.5, 1)).toBeUndefined();
    expect(makeDay(2025, 0, 1)).toBeUndefined();
    expect(makeDay(2025, 1, -1)).toBeUndefined();
    expect(makeDay(3000, 1, 1)).toBeUndefined();
  });
});

describe('addDays and daysBetween', () => {
  it('cross months, years and leap days', () => {
    expect(addDays(day(20250131), 1)).toBe(20250201);
    expect(addDays(day(20240228), 1)).toBe(20240229);
    expect(addDays(day(20240301), -1)).toBe(20240229);
    expect(addDays(day(20251231), 1)).toBe(20260101);
    expect(addDays(day(21000228), 1)).toBe(21000301);
    expect(daysBetween(day(20250101), day(20260101))).toBe(365);
    expect(daysBetween(day(20260101), day(20250101))).toBe(-365);
  });

  it('undo each other', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const n = daysBetween(a, b);
        expect(addDays(a, n)).toBe(b);
        expect(addDays(b, -n)).toBe(a);
        expect(Math.sign(n)).toBe(Math.sign(b - a));
      }),
    );
  });

  it('count 401,767 days, the last of which is 2999-12-31', () => {
    expect(daysBetween(day(19000101), day(29991231))).toBe(DAYS_IN_ALL - 1);
  });

  it('refuse to leave the years 1900 to 2999', () => {
    expect(failure(() => addDays(day(29991231), 1)).message).toBe(
      '`2999-12-31` moved by 1 days is no day of the years 1900 to 2999',
    );
    expect(failure(() => addDays(day(19000101), -1)).code).toBe('INVALID');
    expect(failure(() => addDays(TODAY, 1e308)).code).toBe('INVALID');
    expect(failure(() => addDays(TODAY, 0.5)).code).toBe('INVALID');
  });
});

describe('weekdayOf', () => {
  it('knows the days of the week', () => {
    expect(weekdayOf(TODAY)).toBe('FRI');
    expect(weekdayOf(day(19700101))).toBe('THU');
    expect(weekdayOf(day(20000229))).toBe('TUE');
    expect(weekdayOf(day(19000101))).toBe('MON');
  });

  it('moves on by one with every day', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 1000 }), (from, n) => {
        fc.pre(daysBetween(from, day(29991231)) >= n);
        const moved = WEEKDAYS.indexOf(weekdayOf(from)) + n;
        expect(weekdayOf(addDays(from, n))).toBe(WEEKDAYS[moved % 7]);
      }),
    );
  });
});

describe('daysOfMonth', () => {
  it('lists every day of the month in order', () => {
    expect(daysOfMonth(day(20240215))).toHaveLength(29);
    expect(daysOfMonth(day(20250228))).toHaveLength(28);
    expect(daysOfMonth(TODAY)[0]).toBe(20250101);
    expect(daysOfMonth(TODAY).at(-1)).toBe(20250131);
    fc.assert(
      fc.property(days, (d) => {
        const month = daysOfMonth(d);
        expect(month).toContain(d);
        for (const [i, one] of month.entries()) expect(one).toBe(addDays(month[0] as Day, i));
      }),
    );
  });
});

describe('parseDayInput', () => {
  it.each([
    ['20250110', 20250110],
    ['2025-01-10', 20250110],
    [' 2025-01-10 ', 20250110],
    ['today', 20250110],
    ['Tomorrow', 20250111],
    ['yesterday', 20250109],
    ['+7d', 20250117],
    ['-10d', 20241231],
    ['+0d', 20250110],
    ['fri', 20250110],
    ['FRIDAY', 20250110],
    ['sat', 20250111],
    ['thu', 20250116],
    ['Thursday', 20250116],
    ['monday', 20250113],
  ])('reads %s', (text, expected) => expect(parseDayInput(text, TODAY)).toBe(expected));

  it('reads back what formatDay writes', () => {
    fc.assert(fc.property(days, (d) => parseDayInput(formatDay(d), TODAY) === d));
    fc.assert(fc.property(days, (d) => parseDayInput(String(d), TODAY) === d));
  });

  it('takes a weekday to the first such day from today on', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(...WEEKDAYS), (today, weekday) => {
        fc.pre(daysBetween(today, day(29991231)) >= 6);
        const found = parseDayInput(weekday, today);
        expect(weekdayOf(found)).toBe(weekday);
        expect(daysBetween(today, found)).toBeGreaterThanOrEqual(0);
        expect(daysBetween(today, found)).toBeLessThan(7);
      }),
    );
  });

  it.each([
    ['20250230', '`20250230` is not a day: 2025-02 has the days 1 to 28'],
    ['2025-13-01', '`2025-13-01` is not a day: there is no month 13'],
    ['2025-04-31', '`2025-04-31` is not a day: 2025-04 has the days 1 to 30'],
    ['18991231', '`18991231` lies outside the years 1900 to 2999'],
    ['9999-12-31', '`9999-12-31` lies outside the years 1900 to 2999'],
    ['2025-0110', '`2025-0110` is not a day'],
    ['10/01/2025', '`10/01/2025` is not a day'],
    ['2025-1-10', '`2025-1-10` is not a day'],
    ['+6h', '`+6h` is not a day'],
    ['7d', '`7d` is not a day'],
    ['someday', '`someday` is not a day'],
    ['constructor', '`constructor` is not a day'],
    ['', '`` is not a day'],
  ])('refuses %j', (text, message) => {
    const error = failure(() => parseDayInput(text, TODAY));
    expect(error.code).toBe('INVALID');
    expect(error.message).toBe(message);
    expect(error.hint).toMatch(/^write /);
  });

  it.each(['0', '00000000', '-0'])('refuses %s with the hint to write none', (text) => {
    expect(failure(() => parseDayInput(text, TODAY)).hint).toBe('write none to leave it open');
  });

  it('repeats no control character of the input', () => {
    expect(failure(() => parseDayInput('a\u001b[31mb', TODAY)).message).toBe('`a\uFFFD[31mb` is not a day');
  });
});

describe('looksLikeDayInput', () => {
  it('is true of every text that is a day, and of impossible dates', () => {
    for (const text of ['20250230', '2025-01-10', 'Today', 'mon', '+7d'])
      expect(looksLikeDayInput(text)).toBe(true);
    for (const text of ['+6h', '1736496000', 'soon', 'toString']) expect(looksLikeDayInput(text)).toBe(false);
  });
});

describe('parseWeekdays', () => {
  it.each([
    ['MON-FRI', 'MON TUE WED THU FRI'],
    ['mon,wed', 'MON WED'],
    ['wed, mon', 'MON WED'],
    ['wed mon', 'MON WED'],
    ['MON - WED, wed', 'MON TUE WED'],
    ['mon-fri,sun', 'MON TUE WED THU FRI SUN'],
    ['fri-mon', 'MON FRI SAT SUN'],
    ['sun-sat', 'MON TUE WED THU FRI SAT SUN'],
    ['mon-mon', 'MON'],
    ['Tuesday,thurs', 'TUE THU'],
    ['daily', 'MON TUE WED THU FRI SAT SUN'],
    ['weekdays', 'MON TUE WED THU FRI'],
    ['weekends,mon', 'MON SAT SUN'],
  ])('reads %s', (text, expected) => expect(parseWeekdays(text).join(' ')).toBe(expected));

  it.each(['', 'MON,', 'MON--FRI', 'MON-TUE-WED', 'FUNDAY', 'MON-', '-MON', '1-5', 'daily-fri', 'toString'])(
    'refuses %j',
    (text) => {
      const error = failure(() => parseWeekdays(text));
      expect(error.message).toBe(`\`${text}\` is not a list of weekdays`);
      expect(error.hint).toBe('write weekdays as MON-FRI, MON,WED or daily');
    },
  );
});

describe('formatWeekdays', () => {
  it.each([
    [['MON', 'TUE', 'WED', 'THU', 'FRI'], 'MON-FRI'],
    [['MON', 'WED'], 'MON,WED'],
    [['SAT', 'SUN'], 'SAT,SUN'],
    [['SUN', 'WED', 'TUE', 'MON'], 'MON-WED,SUN'],
    [[...WEEKDAYS], 'MON-SUN'],
    [[], ''],
  ] as const)('writes %j', (list, expected) => expect(formatWeekdays(list)).toBe(expected));

  it('writes what parseWeekdays reads back', () => {
    fc.assert(
      fc.property(fc.subarray([...WEEKDAYS], { minLength: 1 }), (list) => {
        expect(parseWeekdays(formatWeekdays(list))).toEqual(list);
      }),
    );
  });
});
