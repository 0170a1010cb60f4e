import type { CalendarDay, CalendarTripDay, ExclusionCalendar } from '../contract/exclusion.ts';
import { explainCause } from '../resolver/reasons.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { type Day, weekdayOf } from '../values/day.ts';
import { ON, WEEKEND, type YearSubject, yearBlocks, yearLegend } from './exclusion-sheet.ts';
import { counted } from './words.ts';

/** What one calendar shows of one day, whether it is about a group or a run. */
export interface Shown {
  readonly letter: 'OFF' | 'part' | 'on';
  readonly causes: readonly string[];
}

/** A group's state as it is drawn. */
export function groupDay({ state, because }: CalendarDay): Shown {
  if (state === 'ON') return { letter: 'on', causes: [] };
  return { letter: 'OFF', causes: [because === 'WINDOW' ? 'in its window' : 'switched off'] };
}

/** What becomes of a run on a day, as it is drawn. */
export function tripDay({ released, suppressed, causes, heldBack }: CalendarTripDay): Shown {
  if (suppressed === 0) return { letter: 'on', causes: [] };
  if (released === 0) return { letter: 'OFF', causes: causes.map(explainCause) };
  const byCauses = new Map<string, string[]>();
  for (const { time, causes: own } of heldBack) {
    const text = own.map(explainCause).join('; ');
    byCauses.set(text, [...(byCauses.get(text) ?? []), time]);
  }
  return { letter: 'part', causes: [...byCauses].map(([text, times]) => `${times.join(', ')}: ${text}`) };
}

/** `SR-01  Aoife K., special school`. */
export const tripTitle = ({ ref, name }: ExclusionCalendar['trips'][number]['recurringTrip']): string =>
  name === null ? ref : `${ref}  ${name}`;

/** A year by group on one sheet, or by run on one each; `asked`: of a group or run that was named, shown though it be on. */
export function drawYear(
  calendar: ExclusionCalendar,
  days: readonly Day[],
  by: 'group' | 'trip',
  asked: boolean,
  ink: Ink,
): Block[] {
  const year = String(days[0]).slice(0, 4);
  const all =
    by === 'group' ? [groupsYear(calendar, year)] : calendar.trips.map((trip) => tripYear(trip, year));
  const shown = all.filter(({ layers }) => asked || layers.length > 0);
  if (shown.every(({ layers }) => layers.length === 0) && !asked)
    return [`${ink.good('nothing is OFF')} in ${year}`];
  const isWhole = by === 'group' || shown.length === 1;
  // The one group that was asked for is the whole sheet.
  const isOne = asked && by === 'group' && calendar.groups.length === 1;
  const quiet = isOne ? 0 : (by === 'group' ? calendar.groups.length : all.length) - shownCount(shown, by);
  const what = by === 'group' ? 'exclusion group' : 'recurring trip';
  return [
    ...shown.flatMap((subject) => [...yearBlocks(subject, days, calendar.today, isWhole, ink), '']),
    { wrapped: yearLegend(shown, days, calendar.today, by, ink) },
    ...(isWhole ? [] : [ink.dim('months in which nothing is OFF are left out')]),
    ...(quiet > 0 ? [ink.dim(`${counted(quiet, what)} more with nothing OFF in this year`)] : []),
  ];
}

const shownCount = (shown: readonly YearSubject[], by: 'group' | 'trip'): number =>
  by === 'group' ? shown.reduce((sum, { layers }) => sum + layers.length, 0) : shown.length;

/** All groups on one sheet, each with a letter of its own. */
function groupsYear({ groups }: ExclusionCalendar, year: string): YearSubject {
  const layers = groups.map(({ group, days }) => ({
    name: group.name,
    days: new Map(
      days.flatMap((day) =>
        day.state === 'OFF' ? [[day.day, groupDay(day).causes.join('; ')] as const] : [],
      ),
    ),
  }));
  const [only, another] = groups;
  const title = only !== undefined && another === undefined ? `${only.group.name}, ${year}` : year;
  return {
    title,
    layers: layers.filter(({ days }) => days.size > 0),
    // A week can be told from the next where weekends look different.
    quiet: (day) => (['SAT', 'SUN'].includes(weekdayOf(day)) ? WEEKEND : ON),
    part: new Set(),
  };
}

/** Where others of the day go: the times that a cause holds back. */
const partTimes = ({ released, heldBack }: CalendarTripDay, name: string): string =>
  released === 0
    ? ''
    : heldBack
        .filter(({ causes }) => causes.some((cause) => explainCause(cause) === name))
        .map(({ time }) => time)
        .join(', ');

/** A run, with a letter for each cause. */
function tripYear({ recurringTrip, days }: ExclusionCalendar['trips'][number], year: string): YearSubject {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const causes = [...new Set(days.flatMap((day) => day.causes.map(explainCause)))];
  return {
    title: `${tripTitle(recurringTrip)}, ${year}`,
    layers: causes.map((name) => ({
      name,
      days: new Map(
        days.flatMap((day) =>
          day.causes.some((cause) => explainCause(cause) === name)
            ? [[day.day, partTimes(day, name)] as const]
            : [],
        ),
      ),
    })),
    quiet: (day) => (byDay.has(day) ? ON : ' '),
    part: new Set(days.flatMap((day) => (tripDay(day).letter === 'part' ? [day.day] : []))),
  };
}
