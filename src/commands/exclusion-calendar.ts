import type { CalendarDay, CalendarTripDay, ExclusionCalendar } from '../contract/exclusion.ts';
import { explainCause } from '../resolver/reasons.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { monthGrid } from '../terminal/calendar.ts';
import { type Day, daysOfMonth, formatDay, makeDay, weekdayOf } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';

interface Flags {
  readonly month?: string;
  readonly group?: string;
  readonly recurring?: string;
  readonly by?: string;
}

/** What one calendar shows of one day, whether it is about a group or a run. */
interface Shown {
  readonly letter: 'OFF' | 'part' | 'on';
  readonly causes: readonly string[];
}

/** A month of OFF days, by group or by recurring trip, with the causes (spec section 5). */
export function registerCalendar(command: TphCommand, context: CommandContext): void {
  command
    .command('calendar')
    .description('A month, day by day: which groups are OFF, or with --by trip which runs are suppressed.')
    .option('--month <month>', 'the month, such as 2026-01; this one when left out')
    .option('--group <ref>', 'only this exclusion group')
    .option('--recurring <ref>', 'only this recurring trip')
    .option('--by <what>', 'group or trip', 'group')
    .examples([
      'tph exclusion calendar --month 2026-02',
      'tph exclusion calendar --group "Bad Weather"',
      'tph exclusion calendar --recurring SR-01 --by trip --month 2026-04',
    ])
    .action(async (flags: Flags) => {
      const { today } = await context.clock();
      const days = daysOfMonth(flags.month === undefined ? today : monthOf(flags.month));
      const by = context.choice(flags.by ?? 'group', '--by', ['group', 'trip'] as const);
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
        draw: (ink) => draw(calendar, days, by, flags, ink),
      });
    });
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
    days.map(({ causes, ...day }) => ({
      id: recurringTrip.id,
      ref: recurringTrip.ref,
      ...day,
      causes: causes.map(explainCause).join('; '),
    })),
  );

function groupDay({ state, because }: CalendarDay): Shown {
  if (state === 'ON') return { letter: 'on', causes: [] };
  return { letter: 'OFF', causes: [because === 'WINDOW' ? 'in its window' : 'switched off'] };
}

function tripDay({ released, suppressed, causes }: CalendarTripDay): Shown {
  const letter = suppressed === 0 ? 'on' : released === 0 ? 'OFF' : 'part';
  return { letter, causes: causes.map(explainCause) };
}

function draw(
  calendar: ExclusionCalendar,
  days: readonly Day[],
  by: 'group' | 'trip',
  flags: Flags,
  ink: Ink,
): Block[] {
  const subjects: { readonly title: string; readonly days: ReadonlyMap<Day, Shown> }[] =
    by === 'group'
      ? calendar.groups.map(({ group, days: own }) => ({
          title: group.name,
          days: new Map(own.map((day) => [day.day, groupDay(day)])),
        }))
      : calendar.trips.map(({ recurringTrip, days: own }) => ({
          title:
            recurringTrip.name === null ? recurringTrip.ref : `${recurringTrip.ref}  ${recurringTrip.name}`,
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
    `${ink.bad('OFF')} does not run  ${by === 'trip' ? `${ink.warn('part')} some of the day’s runs do  ` : ''}${ink.accent('[ ]')} today`,
    ...(quiet > 0 ? [ink.dim(`${quiet} more with nothing OFF in this month`)] : []),
  ];
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
