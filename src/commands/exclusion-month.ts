import type { ExclusionCalendar } from '../contract/exclusion.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { monthGrid } from '../terminal/calendar.ts';
import { type Day, daysOfMonth, formatDay, makeDay, weekdayOf } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import type { CommandContext } from './context.ts';
import type { CalendarFlags } from './exclusion-calendar.ts';
import { legend } from './exclusion-sheet.ts';
import { drawYear, groupDay, type Shown, tripDay, tripTitle } from './exclusion-year.ts';

/** Prints the days of a month or a year on which groups are OFF, or with `by` trip runs are suppressed. */
export async function answerCalendar(context: CommandContext, flags: CalendarFlags): Promise<void> {
  const { today } = await context.clock();
  const days = daysAsked(flags, today);
  const wanted = flags.by ?? (flags.recurring !== undefined && flags.group === undefined ? 'trip' : 'group');
  const by = context.choice(wanted, '--by', ['group', 'trip'] as const);
  const calendar = await context.call(
    'scheduleExclusionGroup.calendar',
    {
      from: days[0] as Day,
      to: days.at(-1) as Day,
      group: flags.group,
      recurring: flags.recurring,
    },
    { flags: { group: '--group', recurring: '--recurring' } },
  );
  await context.answer({
    value: calendar,
    rows: by === 'group' ? groupRows(calendar) : tripRows(calendar),
    draw: (ink) =>
      flags.year === undefined
        ? draw(calendar, days, by, flags, ink)
        : drawYear(calendar, days, by, flags.group !== undefined || flags.recurring !== undefined, ink),
  });
}

function daysAsked({ month, year }: CalendarFlags, today: Day): readonly Day[] {
  if (year === undefined) return daysOfMonth(month === undefined ? today : monthOf(month));
  if (month !== undefined) {
    const message = '--month and --year are two calendars';
    throw invalid(message, 'give one of them', [{ field: '--year', value: year, message }]);
  }
  const first = /^\d{4}$/.test(year.trim()) ? makeDay(Number(year), 1, 1) : undefined;
  if (first !== undefined)
    return Array.from({ length: 12 }, (_month, index) => daysOfMonth((first + index * 100) as Day)).flat();
  const message = `--year ${quote(year)} is not a year`;
  throw invalid(message, 'write it as 2026', [{ field: '--year', value: year, message }]);
}

function monthOf(text: string): Day {
  const match = /^(\d{4})-?(\d{2})$/.exec(text.trim());
  const day = match === null ? undefined : makeDay(Number(match[1]), Number(match[2]), 1);
  if (day !== undefined) return day;
  const message = `--month ${quote(text)} is not a month`;
  throw invalid(message, 'write it as 2026-01', [{ field: '--month', value: text, message }]);
}

const groupRows = ({ groups }: ExclusionCalendar) =>
  groups.flatMap(({ group, days }) => days.map((day) => ({ id: group.id, name: group.name, ...day })));
const tripRows = ({ trips }: ExclusionCalendar) =>
  trips.flatMap(({ recurringTrip, days }) =>
    days.map((day) => ({
      id: recurringTrip.id,
      ref: recurringTrip.ref,
      day: day.day,
      released: day.released,
      suppressed: day.suppressed,
      causes: tripDay(day).causes.join('; '),
    })),
  );

function draw(
  calendar: ExclusionCalendar,
  days: readonly Day[],
  by: 'group' | 'trip',
  flags: CalendarFlags,
  ink: Ink,
): Block[] {
  const subjects: { readonly title: string; readonly days: ReadonlyMap<Day, Shown> }[] =
    by === 'group'
      ? calendar.groups.map(({ group, days: own }) => ({
          title: group.name,
          days: new Map(own.map((day) => [day.day, groupDay(day)])),
        }))
      : calendar.trips.map(({ recurringTrip, days: own }) => ({
          title: tripTitle(recurringTrip),
          days: new Map(own.map((day) => [day.day, tripDay(day)])),
        }));
  const month = formatDay(days[0] as Day).slice(0, 7);
  const isOff = (subject: (typeof subjects)[number]) =>
    [...subject.days.values()].some((day) => day.letter !== 'on');
  const asked = flags.group !== undefined || flags.recurring !== undefined;
  const shown = subjects.filter((subject) => asked || isOff(subject));
  const quiet = subjects.length - shown.length;
  const what = by === 'group' ? 'exclusion group' : 'recurring trip';
  if (shown.length === 0)
    return [
      `${ink.good('nothing is OFF')} in ${month}${subjects.length === 0 ? `: there is no ${what}` : ''}`,
    ];
  return [
    ...shown.flatMap((subject) => [
      ink.strong(`${subject.title}, ${month}`),
      ...grid(days, subject.days, calendar.today, ink),
      ...causeLines(subject.days, ink),
      '',
    ]),
    { wrapped: monthLegend(shown, days, calendar.today, by, ink) },
    ...(quiet > 0 ? [ink.dim(`${quiet} more with nothing OFF in this month`)] : []),
  ];
}

/** How to read the marks that stand in the months of `shown`. */
function monthLegend(
  shown: readonly { readonly days: ReadonlyMap<Day, Shown> }[],
  days: readonly Day[],
  today: Day,
  by: 'group' | 'trip',
  ink: Ink,
): string {
  const has = (mark: Shown['letter'] | undefined) =>
    shown.some((subject) => days.some((day) => subject.days.get(day)?.letter === mark));
  return legend([
    [has('OFF'), `${ink.bad('OFF')} ${by === 'group' ? 'off' : 'does not run'}`],
    [has('part'), `${ink.warn('part')} some of the day’s runs go`],
    [has('on'), by === 'group' ? '· on' : '· goes out'],
    [has(undefined), 'blank: no run planned'],
    [days.includes(today), `${ink.accent('[ ]')} today`],
  ]);
}

function grid(days: readonly Day[], shown: ReadonlyMap<Day, Shown>, today: Day, ink: Ink): string[] {
  return monthGrid(
    days.map((day) => ({
      number: day % 100,
      weekday: weekdayOf(day),
      mark: shown.get(day)?.letter ?? '',
      isToday: day === today,
    })),
    ink,
  );
}

/** Days with the same causes as one line: `19–20: in its window`. */
function causeLines(days: ReadonlyMap<Day, Shown>, ink: Ink): string[] {
  const spans: { from: Day; to: Day; causes: string }[] = [];
  for (const [day, { causes }] of days) {
    const text = causes.join('; ');
    const last = spans.at(-1);
    if (text === '') spans.push({ from: day, to: day, causes: '' });
    else if (last !== undefined && last.causes === text) last.to = day;
    else spans.push({ from: day, to: day, causes: text });
  }
  return spans
    .filter((span) => span.causes !== '')
    .map(({ from, to, causes }) => ink.dim(`${from % 100}${from === to ? '' : `–${to % 100}`}: ${causes}`));
}
