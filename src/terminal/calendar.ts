import { WEEKDAYS, type Weekday } from '../values/day.ts';
import type { Ink } from './answer.ts';

/** One day of a month as it is drawn. */
export interface CalendarCell {
  /** 1 to 31. */
  readonly number: number;
  readonly weekday: Weekday;
  /** `OFF`, `part`, `on`, or empty where there is nothing to say; a word, so that colour never alone carries it. */
  readonly mark: 'OFF' | 'part' | 'on' | '';
  readonly isToday: boolean;
}

/** `[31] part` and a blank. */
const CELL = 9;

/** A month as lines, weeks from Monday; 63 columns wide. */
export function monthGrid(cells: readonly CalendarCell[], ink: Ink): string[] {
  const [first] = cells;
  if (first === undefined) return [];
  const lead = WEEKDAYS.indexOf(first.weekday);
  const slots = [...Array.from({ length: lead }, () => undefined), ...cells];
  const weeks = Array.from({ length: Math.ceil(slots.length / 7) }, (_week, index) =>
    slots.slice(index * 7, index * 7 + 7),
  );
  return [
    ink.dim(
      WEEKDAYS.map((day) => ` ${day}`.padEnd(CELL))
        .join('')
        .trimEnd(),
    ),
    ...weeks.map((week) =>
      week
        .map((cell) => cellText(cell, ink))
        .join('')
        .trimEnd(),
    ),
  ];
}

function cellText(cell: CalendarCell | undefined, ink: Ink): string {
  if (cell === undefined) return ' '.repeat(CELL);
  const number = String(cell.number).padStart(2);
  const shown = cell.isToday ? ink.accent(`[${number}]`) : ` ${number} `;
  const colour = { OFF: ink.bad, part: ink.warn, on: ink.dim, '': ink.dim }[cell.mark];
  const mark = cell.mark === 'on' ? '·' : cell.mark;
  return `${shown} ${colour(mark)}${' '.repeat(CELL - 5 - mark.length)}`;
}

/** One day of a year as it is drawn. */
export interface YearCell {
  /** 1 to 31. */
  readonly number: number;
  /** One column wide; a letter says what is off, so that colour never alone carries it. */
  readonly mark: string;
  readonly ink: 'bad' | 'warn' | 'dim';
  readonly isToday: boolean;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The short name of a month, 1 to 12. */
export const monthName = (month: number): string => MONTHS[month - 1] ?? '';

/** A line a month, a column a day, with the numbers above; 67 columns wide. */
export function yearGrid(
  months: readonly { readonly month: number; readonly cells: readonly YearCell[] }[],
  ink: Ink,
): string[] {
  const numbers = Array.from({ length: 31 }, (_day, index) => index + 1)
    .map((day) => (day === 1 || day % 5 === 0 ? String(day).padStart(2) : '  '))
    .join('');
  return [
    ink.dim(`     ${numbers}`.trimEnd()),
    ...months.map(({ month, cells }) => {
      const drawn = cells.map((cell) => `${cell.isToday ? ink.accent('>') : ' '}${ink[cell.ink](cell.mark)}`);
      return `${monthName(month)}  ${drawn.join('')}`.trimEnd();
    }),
  ];
}
