import { dateOfSerial, serialOfDate } from './calendar.ts';
import { type Day, makeDay, partsOf } from './day.ts';
import type { Instant } from './epoch.ts';
import { invalid } from './error.ts';
import { makeTimeOfDay, type TimeOfDay } from './time-of-day.ts';
import { offsetSeconds } from './zone-offset.ts';

/** What a clock on the wall shows. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * The instants at which a clock shows a given time. Where a change skips it, `earlier` and `later` are what it
 * means by the offset after and before the change, and `next` is the first instant after the gap.
 */
export type Reading =
  | { readonly kind: 'ONE'; readonly instant: Instant }
  | { readonly kind: 'SKIPPED'; readonly earlier: Instant; readonly later: Instant; readonly next: Instant }
  | { readonly kind: 'REPEATED'; readonly first: Instant; readonly second: Instant };

/** What a clock in the zone shows at an instant. */
export function clockAt(i: Instant, timeZone: string): Clock {
  const shown = i + offsetSeconds(i, timeZone);
  const serial = Math.floor(shown / 86_400);
  const [year, month, date] = dateOfSerial(serial);
  const second = shown - serial * 86_400;
  return {
    year,
    month,
    date,
    hour: Math.floor(second / 3600),
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
  };
}

/** When a clock in the zone shows the given time: once, never, or twice. */
export function readClock(clock: Clock, timeZone: string): Reading {
  const shown = secondsShown(clock);
  // No zone changes its clocks twice within two days.
  const before = offsetSeconds((shown - 86_400) as Instant, timeZone);
  const after = offsetSeconds((shown + 86_400) as Instant, timeZone);
  const first = (shown - before) as Instant;
  const second = (shown - after) as Instant;
  if (before === after) return { kind: 'ONE', instant: first };
  const isFirst = offsetSeconds(first, timeZone) === before;
  const isSecond = offsetSeconds(second, timeZone) === after;
  if (isFirst && isSecond) return { kind: 'REPEATED', first, second };
  if (isFirst || isSecond) return { kind: 'ONE', instant: isFirst ? first : second };
  return { kind: 'SKIPPED', earlier: second, later: first, next: changeBetween(second, first, timeZone) };
}

/** The last answer of `dayAt`: a server asks for today again and again. */
let last: { readonly i: Instant; readonly timeZone: string; readonly day: Day } | undefined;

/** The local day at an instant. Throws a TphError INVALID outside the years 1900 to 2999. */
export function dayAt(i: Instant, timeZone: string): Day {
  if (last?.i === i && last.timeZone === timeZone) return last.day;
  const { year, month, date } = clockAt(i, timeZone);
  const day = makeDay(year, month, date);
  if (day !== undefined) {
    last = { i, timeZone, day };
    return day;
  }
  throw invalid(
    `\`${i}\` lies outside the years 1900 to 2999`,
    'give an instant in Unix seconds, not milliseconds',
  );
}

/** The first instant of a local day; of a day that a clock change skips whole, the first instant after it. */
export function startOfDay(day: Day, timeZone: string): Instant {
  return firstInstant(readClock(midnight(partsOf(day)), timeZone));
}

/** The local midnight that ends a day: what an expiry through that day stores (spec section 2). */
export function endOfDay(day: Day, timeZone: string): Instant {
  return firstInstant(readClock(midnight(dateOfSerial(serialOfDate(...partsOf(day)) + 1)), timeZone));
}

/**
 * The instant of a local time on a day. A time that a clock change skips (`change` SKIPPED) becomes the first
 * instant after the gap, and `localTime` what the clock shows then; of a repeated one it is the first, and `later`
 * the second (spec section 4.2).
 */
export function atLocalTime(
  day: Day,
  time: TimeOfDay,
  timeZone: string,
): { instant: Instant; change: null | 'SKIPPED' | 'REPEATED'; localTime: TimeOfDay; later: Instant | null } {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const reading = readClock({ ...midnight(partsOf(day)), hour, minute }, timeZone);
  const instant = firstInstant(reading);
  return {
    instant,
    change: reading.kind === 'ONE' ? null : reading.kind,
    localTime: reading.kind === 'SKIPPED' ? localTimeAt(instant, timeZone) : time,
    later: reading.kind === 'REPEATED' ? reading.second : null,
  };
}

/** The local time of day at an instant, its seconds dropped. */
export function localTimeAt(i: Instant, timeZone: string): TimeOfDay {
  const { hour, minute } = clockAt(i, timeZone);
  return makeTimeOfDay(hour, minute) as TimeOfDay;
}

/** How far the zone's clocks are ahead of UTC at an instant: `+01:00`, with seconds where the zone had some. */
export function offsetAt(i: Instant, timeZone: string): string {
  const seconds = offsetSeconds(i, timeZone);
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const shown = parts.slice(0, parts[2] === 0 ? 2 : 3).map((part) => String(part).padStart(2, '0'));
  return `${seconds < 0 ? '-' : '+'}${shown.join(':')}`;
}

/** The first instant of a reading, or the first after the gap. */
export function firstInstant(reading: Reading): Instant {
  if (reading.kind === 'ONE') return reading.instant;
  return reading.kind === 'REPEATED' ? reading.first : reading.next;
}

function midnight([year, month, date]: readonly [number, number, number]): Clock {
  return { year, month, date, hour: 0, minute: 0, second: 0 };
}

/** Counts the seconds that a clock shows as if it were one of UTC. */
function secondsShown(clock: Clock): number {
  const days = serialOfDate(clock.year, clock.month, clock.date);
  return days * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second;
}

/** The instant of the one change between two instants of different offsets. */
function changeBetween(earlier: Instant, later: Instant, timeZone: string): Instant {
  const before = offsetSeconds(earlier, timeZone);
  let low: number = earlier;
  let high: number = later;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetSeconds(middle as Instant, timeZone) === before) low = middle;
    else high = middle;
  }
  return high as Instant;
}
