import { dateOfSerial, dateProblem, daysInMonth, serialOfDate } from './calendar.ts';
import { invalid, quote } from './error.ts';

/** A calendar date as the integer YYYYMMDD: a real date of the years 1900 to 2999, without a time zone. */
export type Day = number & { readonly __brand: 'Day' };

/** The days of the week as records write them, Monday first. */
export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

const FIRST_YEAR = 1900;
const LAST_YEAR = 2999;

const DAY_HINT =
  'write a day as 20250110 or 2025-01-10, as today, tomorrow, yesterday or a weekday such as mon, or as +7d';

/** True of an integer YYYYMMDD that is a real date of the years 1900 to 2999. */
export function isDay(n: number): n is Day {
  return Number.isInteger(n) && makeDay(...partsOf(n)) !== undefined;
}

/** The day of a year, a month (1..12) and a date (1..31); `undefined` where the calendar has none. */
export function makeDay(year: number, month: number, date: number): Day | undefined {
  if (![year, month, date].every(Number.isInteger)) return undefined;
  if (year < FIRST_YEAR || year > LAST_YEAR || dateProblem(year, month, date) !== undefined) return undefined;
  return (year * 10_000 + month * 100 + date) as Day;
}

/** The year, the month (1..12) and the date of an integer YYYYMMDD. */
export function partsOf(day: number): [year: number, month: number, date: number] {
  return [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100];
}

/**
 * The day `n` whole days later, or earlier for a negative `n`. Throws a TphError INVALID where that leaves the
 * years 1900 to 2999.
 */
export function addDays(day: Day, n: number): Day {
  const moved = makeDay(...dateOfSerial(serialOf(day) + n));
  if (moved !== undefined) return moved;
  throw invalid(
    `\`${formatDay(day)}\` moved by ${n} days is no day of the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    'move it by fewer days',
  );
}

/** How many days `b` comes after `a`; negative when it comes before. */
export function daysBetween(a: Day, b: Day): number {
  return serialOf(b) - serialOf(a);
}

/** The day of the week that a day falls on. */
export function weekdayOf(day: Day): Weekday {
  return WEEKDAYS[weekdayIndex(day)] as Weekday;
}

/** A day as `2025-01-10`. */
export function formatDay(day: Day): string {
  const [year, month, date] = partsOf(day);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/** All days of the month that `day` lies in, in order. */
export function daysOfMonth(day: Day): Day[] {
  const [year, month, date] = partsOf(day);
  return Array.from({ length: daysInMonth(year, month) }, (_, i) => (day - date + 1 + i) as Day);
}

/** True of a text in one of the forms that `parseDayInput` reads, be the date real or not. */
export function looksLikeDayInput(text: string): boolean {
  const word = text.trim().toLowerCase();
  return /^(\d{8}|\d{4}-\d\d?-\d\d?|[+-]\d+d|today|tomorrow|yesterday)$/.test(word) || word in NAMES;
}

/**
 * The day that a person writes: `20250110`, `2025-01-10`, `today`, `tomorrow`, `yesterday`, a weekday (`mon`,
 * `monday`: the next one, today included), `+7d` or `-7d` (spec section 2). `today` is the client's. Throws a
 * TphError INVALID for anything else; zero gets the hint to write none.
 */
export function parseDayInput(text: string, today: Day): Day {
  const word = text.trim().toLowerCase();
  if (/^[+-]?0+$/.test(word)) throw invalid(`${quote(text)} is not a day`, 'write none to leave it open');

  const date = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(word);
  if (date !== null) return dateInput(text, Number(date[1]), Number(date[3]), Number(date[4]));

  const move = /^([+-]\d+)d$/.exec(word);
  if (move !== null) return addDays(today, Number(move[1]));

  if (word === 'today') return today;
  if (word === 'tomorrow') return addDays(today, 1);
  if (word === 'yesterday') return addDays(today, -1);
  const weekday = NAMES[word];
  if (weekday !== undefined) return addDays(today, (weekday - weekdayIndex(today) + 7) % 7);
  throw invalid(`${quote(text)} is not a day`, DAY_HINT);
}

/**
 * The weekdays of a list such as `MON-FRI`, `mon,wed`, `sat-mon`, `daily`, `weekdays` or `weekends`, in the order
 * of the week and each once. Throws a TphError INVALID for anything else.
 */
export function parseWeekdays(text: string): Weekday[] {
  const named = new Set<number>();
  const items = text
    .trim()
    .toLowerCase()
    .replace(/\s*-\s*/g, '-')
    .split(/\s*,\s*|\s+/);
  for (const item of items) {
    const [first, last] = SPANS[item] ?? item.split('-', 2);
    const from = NAMES[first ?? ''];
    const to = NAMES[last ?? first ?? ''];
    if (from === undefined || to === undefined || item.split('-').length > 2) {
      throw invalid(
        `${quote(text)} is not a list of weekdays`,
        'write weekdays as MON-FRI, MON,WED or daily',
      );
    }
    for (let i = 0; i <= (to - from + 7) % 7; i++) named.add((from + i) % 7);
  }
  return WEEKDAYS.filter((_, index) => named.has(index));
}

/** A list of weekdays as `MON-FRI` or `MON,WED`: three in a row or more become a span. */
export function formatWeekdays(list: readonly Weekday[]): string {
  const runs: Weekday[][] = [];
  for (const [index, weekday] of WEEKDAYS.entries()) {
    if (!list.includes(weekday)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === WEEKDAYS[index - 1]) run.push(weekday);
    else runs.push([weekday]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}

/** The weekday's place in the week by every name that people write, 0 for Monday. */
const NAMES: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  ...{ mon: 0, monday: 0, tue: 1, tues: 1, tuesday: 1, wed: 2, weds: 2, wednesday: 2 },
  ...{ thu: 3, thur: 3, thurs: 3, thursday: 3, fri: 4, friday: 4, sat: 5, saturday: 5, sun: 6, sunday: 6 },
});

const SPANS: Readonly<Record<string, readonly [string, string]>> = Object.assign(Object.create(null), {
  daily: ['mon', 'sun'],
  weekdays: ['mon', 'fri'],
  weekends: ['sat', 'sun'],
});

function serialOf(day: Day): number {
  return serialOfDate(...partsOf(day));
}

// Day 0 of the count, 1970-01-01, was a Thursday.
function weekdayIndex(day: Day): number {
  return (((serialOf(day) + 3) % 7) + 7) % 7;
}

function dateInput(text: string, year: number, month: number, date: number): Day {
  const day = makeDay(year, month, date);
  if (day !== undefined) return day;
  const problem = dateProblem(year, month, date);
  if (problem !== undefined) throw invalid(`${quote(text)} is not a day: ${problem}`, DAY_HINT);
  throw invalid(
    `${quote(text)} lies outside the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    'write none for a date that never comes',
  );
}
