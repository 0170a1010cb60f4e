import { dateProblem, serialOfDate } from './calendar.ts';
import { addDays, looksLikeDayInput, parseDayInput, partsOf } from './day.ts';
import { type Instant, isInstant } from './epoch.ts';
import { invalid, quote, type TphError } from './error.ts';
import {
  type Clock,
  clockAt,
  dayAt,
  endOfDay,
  firstInstant,
  offsetAt,
  readClock,
  startOfDay,
} from './zone.ts';

export { type Instant, isInstant } from './epoch.ts';

const INSTANT_HINT =
  'write 2025-01-10T08:15 for a local time, 2025-01-10T08:15Z, 20250110 for a day, +90d, +6h or Unix seconds';

/** What the reading of an instant depends on. */
export interface InstantContext {
  readonly now: Instant;
  /** The client's IANA time zone. */
  readonly timeZone: string;
  /** What a day stands for: the midnight that starts it, or the one that ends it, as for an expiry. */
  readonly day: 'start' | 'through';
}

/**
 * The instant that a person writes (spec section 2): Unix seconds (eight digits that begin as a year from 1900 to
 * 2999 are a day), ISO 8601 with an offset or as a local time, a day as `parseDayInput` reads it, `+90d` (calendar
 * days, the same local time) or `+6h`, `+30min`, `+45s` (exact), `+2w`. A fraction of a second is dropped. Throws a TphError
 * INVALID for anything else, for zero, and for a local time that a clock change skips or repeats.
 */
export function parseInstantInput(text: string, context: InstantContext): Instant {
  const input = text.trim();
  if (/^[+-]?0+$/.test(input)) throw invalid(`${quote(text)} is not an instant`, 'write none to clear it');
  const instant = readInput(text, input, context);
  if (isInstant(instant)) return instant;
  throw invalid(
    `${quote(text)} lies outside 1970-01-01 to 9999-12-31`,
    isInstant(Math.floor(instant / 1000)) ? 'write seconds, not milliseconds' : INSTANT_HINT,
  );
}

function readInput(text: string, input: string, context: InstantContext): number {
  if (/^\d+$/.test(input) && !/^(19|2\d)\d{6}$/.test(input)) return Number(input);

  const move = /^([+-]\d+)(s|m|min|h|d|w)$/i.exec(input);
  if (move !== null) return moved(text, Number(move[1]), (move[2] ?? '').toLowerCase(), context);

  const iso = ISO.exec(input);
  if (iso !== null) return isoInput(text, iso, context);

  if (!looksLikeDayInput(input)) throw invalid(`${quote(text)} is not an instant`, INSTANT_HINT);
  const day = parseDayInput(text, dayAt(context.now, context.timeZone));
  return context.day === 'start' ? startOfDay(day, context.timeZone) : endOfDay(day, context.timeZone);
}

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** Hours and less are exact; days and weeks keep the local time. */
function moved(text: string, n: number, unit: string, { now, timeZone }: InstantContext): number {
  if (unit === 'm')
    throw invalid(`${quote(text)} may mean minutes or months`, 'write +30min for minutes, +90d for days');
  const seconds = SECONDS_OF[unit];
  if (seconds !== undefined) return now + n * seconds;
  const [year, month, date] = partsOf(addDays(dayAt(now, timeZone), unit === 'w' ? n * 7 : n));
  const reading = readClock({ ...clockAt(now, timeZone), year, month, date }, timeZone);
  const second =
    reading.kind === 'REPEATED' && offsetAt(reading.second, timeZone) === offsetAt(now, timeZone);
  return second ? reading.second : firstInstant(reading);
}

const ISO =
  /^(\d{4})(-?)(\d\d)\2(\d\d)[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)? ?(?:([Zz])|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?$/;

function isoInput(text: string, iso: RegExpExecArray, { timeZone }: InstantContext): number {
  const numberAt = (group: number) => Number(iso[group] ?? 0);
  const clock: Clock = {
    year: numberAt(1),
    month: numberAt(3),
    date: numberAt(4),
    hour: numberAt(5),
    minute: numberAt(6),
    second: numberAt(7),
  };
  const wrongDate = dateProblem(clock.year, clock.month, clock.date);
  if (wrongDate !== undefined) throw invalid(`${quote(text)} is not an instant: ${wrongDate}`, INSTANT_HINT);
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) throw wrongTime(text);

  if (iso[8] === undefined && iso[9] === undefined) return localInput(text, clock, timeZone);
  if (numberAt(10) > 23 || numberAt(11) > 59 || numberAt(12) > 59) throw wrongTime(text);
  const offset = (numberAt(10) * 3600 + numberAt(11) * 60 + numberAt(12)) * (iso[9] === '-' ? -1 : 1);
  const days = serialOfDate(clock.year, clock.month, clock.date);
  return days * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second - offset;
}

function localInput(text: string, clock: Clock, timeZone: string): number {
  const reading = readClock(clock, timeZone);
  if (reading.kind === 'ONE') return reading.instant;
  const [a, b, change] =
    reading.kind === 'REPEATED'
      ? [reading.first, reading.second, 'a clock change repeats it']
      : [reading.earlier, reading.later, 'a clock change skips it'];
  throw invalid(
    `${quote(text)} is no single time in ${timeZone}: ${change}`,
    `write ${isoInstant(a, timeZone)} or ${isoInstant(b, timeZone)}`,
  );
}

function wrongTime(text: string): TphError {
  return invalid(
    `${quote(text)} is not an instant: hours run from 00 to 23, minutes and seconds from 00 to 59`,
    'for the midnight that ends a day, write 00:00 of the next day',
  );
}

/** An instant as `2025-01-10 08:15` in local time, its seconds dropped. */
export function formatInstant(i: Instant, timeZone: string): string {
  const clock = clockAt(i, timeZone);
  return `${dateText(clock)} ${two(clock.hour)}:${two(clock.minute)}`;
}

/** An instant as `2025-01-10T08:15:00+00:00` in local time. */
export function isoInstant(i: Instant, timeZone: string): string {
  const clock = clockAt(i, timeZone);
  const time = `${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}`;
  return `${dateText(clock)}T${time}${offsetAt(i, timeZone)}`;
}

function dateText({ year, month, date }: Clock): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

const AGES = [
  { below: 3600, unit: 60, one: 'min', many: 'min' },
  { below: 86_400, unit: 3600, one: 'h', many: 'h' },
  { below: 60 * 86_400, unit: 86_400, one: 'day', many: 'days' },
  { below: 730 * 86_400, unit: 30 * 86_400, one: 'month', many: 'months' },
  { below: Number.POSITIVE_INFINITY, unit: 365 * 86_400, one: 'year', many: 'years' },
] as const;

/** How far an instant lies from now, in whole units rounded down: `in 3 days`, `2 h ago`; within a minute `now`. */
export function relativeAge(i: Instant, now: Instant): string {
  const distance = Math.abs(i - now);
  if (distance < 60) return 'now';
  const age = AGES.find(({ below }) => distance < below) ?? AGES[4];
  const n = Math.floor(distance / age.unit);
  const amount = `${n} ${n === 1 ? age.one : age.many}`;
  return i > now ? `in ${amount}` : `${amount} ago`;
}
