import type { Day } from '../../src/values/day.ts';

/** Clocks change at quarters of an hour in every zone that the worlds lie in. */
const QUARTER = 900;

/**
 * A second reading of how spec section 4.2 turns a local time into an instant, knowing nothing of zones but what a
 * clock on the wall shows: it watches the clock from the day before on until it shows the time, or one after it.
 */
export function watchClock(day: Day, time: string, timeZone: string) {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown = (instant: number) => clock.format(instant * 1000);
  const text = String(day);
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const wanted = `${date} ${time}`;
  let instant = Date.parse(`${date}T${time}Z`) / 1000 - 86_400;
  while (shown(instant) < wanted) instant += QUARTER;
  if (shown(instant) !== wanted) return { pickupAt: instant, clockChange: 'SKIPPED' };
  const later = Array.from({ length: 12 }, (_, index) => shown(instant + (index + 1) * QUARTER));
  return { pickupAt: instant, clockChange: later.includes(wanted) ? 'REPEATED' : null };
}
