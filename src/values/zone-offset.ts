import { serialOfDate } from './calendar.ts';
import type { Instant } from './epoch.ts';

/** How many seconds a zone's clocks are ahead of UTC at an instant; undefined where the source cannot tell. */
export type OffsetSource = (i: Instant, timeZone: string) => number | undefined;

let quickSource: OffsetSource = () => undefined;

/**
 * Asks `source` before `Intl`, which answers a million questions fast and takes half as long for its first one as
 * Node takes to start. The two must agree.
 */
export function askFirst(source: OffsetSource): void {
  quickSource = source;
}

/** How many seconds a zone's clocks are ahead of UTC at an instant. Throws a RangeError where there is no such zone. */
export function offsetSeconds(i: Instant, timeZone: string): number {
  return quickSource(i, timeZone) ?? offsetOfFormat(i, timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetOfFormat(i: Instant, timeZone: string): number {
  const format = formats.get(timeZone) ?? clockFormat(timeZone);
  formats.set(timeZone, format);
  const shown: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(i * 1000)) shown[type] = value;
  const { era, year, month, day, hour, minute, second } = shown;
  const days = serialOfDate(era === 'BC' ? 1 - Number(year) : Number(year), Number(month), Number(day));
  return days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - i;
}

const clockFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
