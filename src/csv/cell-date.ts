import { dateProblem } from '../values/calendar.ts';
import { type Day, formatDay, makeDay, parseDayInput } from '../values/day.ts';
import { TphError } from '../values/error.ts';
import { type InstantContext, parseInstantInput } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import { type CellColumn, type CellContext, CellProblem, type ReadCell } from './cell.ts';
import { dateOfSpreadsheet, inOrder, type WrittenDate, writtenDate } from './dates.ts';
import type { DateOrder } from './understood.ts';

/** A date that somebody was born on lies not in the future: so two digits of a year are read. */
const PAST: ReadonlySet<string> = new Set(['dateOfBirth']);
const MOST_KEPT = 2000;

/** Reads days: ISO, YYYYMMDD, numbers in the order of the column, named months, a spreadsheet's serial numbers. */
export function dayReader(column: CellColumn, context: CellContext): ReadCell {
  const read = dateReader(column, context);
  return kept((text) => {
    const date = read(text);
    if (date instanceof CellProblem) return date;
    if (date === undefined) return orProblem(() => parseDayInput(text, dayAt(context.now, context.timeZone)));
    if (date.time !== '' && !MIDNIGHT.test(date.time))
      return new CellProblem('has a time of day, where a day is wanted', 'write the date alone');
    return date.day;
  });
}

/** Reads instants: as days are read, with a local time or an offset behind, and what `parseInstantInput` reads. */
export function instantReader(column: CellColumn, context: CellContext, day: 'start' | 'through'): ReadCell {
  const read = dateReader(column, context);
  const { now, timeZone } = context;
  const reading: InstantContext = { now, timeZone, day };
  return kept((text) => {
    const date = read(text);
    if (date instanceof CellProblem) return date;
    if (date === undefined && isOddNumber(text))
      return new CellProblem(
        'is neither a day nor a time in Unix seconds',
        'write 2026-03-12, or 2026-03-12T08:15',
      );
    if (date === undefined)
      return ISO_START.test(text) || !/\d[/.-]\d/.test(text)
        ? orProblem(() => parseInstantInput(text, reading))
        : new CellProblem('is not a date', 'write 2026-03-12, or 2026-03-12T08:15');
    const iso = formatDay(date.day);
    // Spreadsheets write the midnight with which a day begins where nothing but the day was meant.
    if (date.time === '' || (day === 'through' && MIDNIGHT.test(date.time)))
      return orProblem(() => parseInstantInput(iso, reading));
    const time = clockTime(date.time);
    return time === undefined
      ? new CellProblem('has a time that is none', 'write 2026-03-12T08:15')
      : orProblem(() => parseInstantInput(`${iso}T${time}`, reading));
  });
}

/** The first second of the year 2000: what is less was hardly meant as Unix seconds. */
const FIRST_PLAUSIBLE = 946_684_800;

/** Whether a text is a number that is no day (YYYYMMDD), nor likely a moment. */
const isOddNumber = (text: string): boolean =>
  /^[+-]?\d+$/.test(text) && !/^(19|2\d)\d{6}$/.test(text) && Number(text) < FIRST_PLAUSIBLE;

const MIDNIGHT = /^0?0:00(:00(\.0+)?)?$/;
const ISO_START = /^\d{4}-\d\d-\d\d/;

/** The day and the rest of a text; undefined for what is no date in the forms of `dates.ts`. */
function dateReader(
  column: CellColumn,
  context: CellContext,
): (text: string) => { readonly day: Day; readonly time: string } | CellProblem | undefined {
  const thisYear = Math.floor(dayAt(context.now, context.timeZone) / 10_000);
  const past = PAST.has(column.field);
  const order = context.dateFormat ?? (column.dates === 'serial' ? null : column.dates);
  return (text) => {
    const written = writtenDate(text, thisYear, past);
    if (written.kind === 'other') return undefined;
    if (written.kind === 'serial') return serial(written, column);
    const parts = partsOf(written, order, thisYear, past);
    if (parts instanceof CellProblem) return parts;
    const day = makeDay(...parts);
    if (day !== undefined) return { day, time: written.rest };
    const problem = dateProblem(...parts);
    const why = problem === undefined ? 'is outside the years 1900 to 2999' : `is not a date: ${problem}`;
    return new CellProblem(
      why,
      written.kind === 'numbers'
        ? `the column is read ${ORDER_WORDS[order ?? 'dmy']}; say otherwise with --date-format`
        : undefined,
    );
  };
}

/** How people say an order. */
export const ORDER_WORDS: Readonly<Record<DateOrder, string>> = {
  ymd: 'year first',
  dmy: 'day first',
  mdy: 'month first',
};

function partsOf(
  written: Extract<WrittenDate, { kind: 'date' | 'numbers' }>,
  order: DateOrder | null,
  thisYear: number,
  past: boolean,
): readonly [number, number, number] | CellProblem {
  if (written.kind === 'date') return [written.year, written.month, written.date];
  const [a, b, c] = written.parts;
  if (order === 'ymd' && c.length === 4)
    return new CellProblem('is not written year first', 'write 2026-03-12, or give --date-format dmy or mdy');
  const orders = ['dmy', 'mdy'] as const;
  if (order === null && orders.every((one) => dateProblem(...inOrder([a, b, c], one, thisYear, past))))
    return new CellProblem('is no date, neither day first nor month first', 'write 2026-03-12');
  if (order === null && Number(a) !== Number(b))
    return new CellProblem('may be day first or month first', 'say which with --date-format dmy or mdy');
  return inOrder([a, b, c], order ?? 'dmy', thisYear, past);
}

function serial(
  { days, seconds }: Extract<WrittenDate, { kind: 'serial' }>,
  { dates }: CellColumn,
): { readonly day: Day; readonly time: string } | CellProblem {
  const day = makeDay(...dateOfSpreadsheet(days));
  if (dates !== 'serial' || day === undefined)
    return new CellProblem(
      'is a number where the column has dates',
      day === undefined
        ? 'write the date as 2026-03-12'
        : `a spreadsheet counts days so, and ${formatDay(day)} may be meant: format the column as a date and save it again`,
    );
  const two = (n: number) => String(n).padStart(2, '0');
  const time = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return { day, time: seconds === 0 ? '' : time };
}

/** `8:15 PM` as `20:15`; a zone behind it stays. Undefined for what is no time. */
function clockTime(text: string): string | undefined {
  const match =
    /^(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, hour = '', minute = '', second = '00', half, zone = ''] = match;
  const twelve = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  return `${String(twelve).padStart(2, '0')}:${minute}:${second}${zone}`;
}

function orProblem(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TphError)) throw error;
    return new CellProblem(error.message.replace(/^`.*?` /, ''), error.hint);
  }
}

/** The same few dates stand in column after column, and zones are slow to ask. */
function kept(read: (text: string) => unknown): ReadCell {
  const known = new Map<string, unknown>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size >= MOST_KEPT) known.clear();
    // A copy: a slice would keep all of the text that it was cut from.
    if (text.length < 40) known.set(Buffer.from(text).toString(), value);
    return value;
  };
}
