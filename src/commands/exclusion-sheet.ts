import type { Block, Ink } from '../terminal/answer.ts';
import { monthName, type YearCell, yearGrid } from '../terminal/calendar.ts';
import { type Day, daysBetween, partsOf, weekdayOf } from '../values/day.ts';

/** What is off on some days, with a letter of its own: an exclusion group, or what holds a run back. */
export interface Layer {
  readonly name: string;
  /** In order; the text, which may be empty, says why. */
  readonly days: ReadonlyMap<Day, string>;
}

/** A year of one subject. */
export interface YearSubject {
  readonly title: string;
  readonly layers: readonly Layer[];
  /** What a day without any layer shows: `·` for on, a blank where there is nothing to say. */
  readonly quiet: (day: Day) => string;
  /** Days of which only some runs are held back; their letters are small. */
  readonly part: ReadonlySet<Day>;
}

/** On, and on at a weekend. */
export const ON = '·';
export const WEEKEND = '-';

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The letter of each layer; `#` where there are more than letters, small ones only where they do not mean a part. */
const letterOf = (index: number, hasParts: boolean): string =>
  (hasParts ? CAPITALS : CAPITALS + CAPITALS.toLowerCase())[index] ?? '#';

/** A year, a line a month, and below what each letter means and on which days; only months with an OFF day unless `whole`. */
export function yearBlocks(
  { title, layers, quiet, part }: YearSubject,
  days: readonly Day[],
  today: Day,
  whole: boolean,
  ink: Ink,
): readonly Block[] {
  const hasParts = part.size > 0;
  const letters = layers.map((_layer, index) => letterOf(index, hasParts));
  const cellOf = (day: Day): YearCell => {
    const own = letters.filter((_letter, index) => layers[index]?.days.has(day));
    const isPart = part.has(day);
    const [letter] = own;
    const several = isPart ? '~' : '+';
    const mark = own.length > 1 ? several : isPart ? letter?.toLowerCase() : letter;
    return {
      number: day % 100,
      mark: mark ?? quiet(day),
      ink: letter === undefined ? 'dim' : isPart ? 'warn' : 'bad',
      isToday: day === today,
    };
  };
  const months = Array.from({ length: 12 }, (_month, index) => index + 1)
    .map((month) => ({ month, own: days.filter((day) => partsOf(day)[1] === month) }))
    .filter(({ own }) => whole || own.some((day) => layers.some((layer) => layer.days.has(day))))
    .map(({ month, own }) => ({ month, cells: own.map(cellOf) }));
  return [
    ink.strong(title),
    ...yearGrid(months, ink),
    ...layers.map((layer, index) => ({
      wrapped: `${ink.bad(letters[index] ?? '')} ${layer.name}: ${spansOf(layer).join(', ')}`,
      hang: 4,
    })),
  ];
}

/** Days that follow each other in a layer for one reason: `19–20 Feb`, `20 Dec–4 Jan in its window`. */
function spansOf({ days }: Layer): readonly string[] {
  const spans: { from: Day; to: Day; why: string }[] = [];
  for (const [day, why] of days) {
    const last = spans.at(-1);
    if (last !== undefined && last.why === why && isNext(last.to, day)) last.to = day;
    else spans.push({ from: day, to: day, why });
  }
  return spans.map(({ from, to, why }) =>
    `${spanText(from, to)}${why === '' ? '' : ` (${why})`}`.replaceAll(' ', '\u00a0'),
  );
}

/** The day after, or the Monday after a Friday. */
function isNext(before: Day, day: Day): boolean {
  const distance = daysBetween(before, day);
  return distance === 1 || (distance === 3 && weekdayOf(before) === 'FRI');
}

function spanText(from: Day, to: Day): string {
  const [, month, date] = partsOf(from);
  const [, lastMonth, lastDate] = partsOf(to);
  if (from === to) return `${date} ${monthName(month)}`;
  const first = month === lastMonth ? `${date}` : `${date} ${monthName(month)}`;
  return `${first}–${lastDate} ${monthName(lastMonth)}`;
}

/** How to read the marks: those that stand on the sheets of `subjects`, and no others. */
export function yearLegend(
  subjects: readonly YearSubject[],
  days: readonly Day[],
  today: Day,
  by: 'group' | 'trip',
  ink: Ink,
): string {
  const some = (holds: (subject: YearSubject, day: Day, layers: number) => boolean): boolean =>
    subjects.some((subject) =>
      days.some((day) => holds(subject, day, subject.layers.filter((layer) => layer.days.has(day)).length)),
    );
  const isQuiet = (mark: string) =>
    some((subject, day, layers) => layers === 0 && subject.quiet(day) === mark);
  return legend([
    [some((_subject, _day, layers) => layers > 0), `${ink.bad('A')} off for what the letter stands for`],
    [some((subject, day, layers) => layers > 1 && !subject.part.has(day)), `${ink.bad('+')} off for several`],
    [subjects.some(({ part }) => part.size > 0), `${ink.warn('a ~')} some of the day’s runs go`],
    [isQuiet(ON), `${ON} ${by === 'group' ? 'on' : 'goes out'}`],
    [isQuiet(WEEKEND), `${WEEKEND} on, at a weekend`],
    [isQuiet(' '), 'blank: no run planned'],
    [days.includes(today), `${ink.accent('>')} today`],
  ]);
}

/** The texts of those marks that are there, none of them broken. */
export const legend = (parts: readonly (readonly [isThere: boolean, text: string])[]): string =>
  parts.flatMap(([isThere, text]) => (isThere ? [text.replaceAll(' ', '\u00a0')] : [])).join('  ');
