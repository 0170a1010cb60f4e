import { dateOfSerial, dateProblem } from '../values/calendar.ts';
import type { DateOrder, DateStyle } from './understood.ts';

/** A date as a cell writes it, before it is known in which order its numbers stand. */
export type WrittenDate =
  | {
      readonly kind: 'date';
      readonly year: number;
      readonly month: number;
      readonly date: number;
      readonly rest: string;
    }
  | {
      readonly kind: 'numbers';
      readonly parts: readonly [string, string, string];
      readonly dots: boolean;
      readonly rest: string;
    }
  | { readonly kind: 'serial'; readonly days: number; readonly seconds: number }
  | { readonly kind: 'other' };

const NUMBERS = /^(\d{1,2})\s?([/.\-–])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?:[\sT,]+(\d.*))?$/;
const YEAR_FIRST = /^(\d{4})([/.\-–])(\d{1,2})\2(\d{1,2})(?:[\sT,]+(\d.*))?$/;
const DATE_NAMED =
  /^(?:\p{L}+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(\p{L}{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?:[\sT,]+(\d.*))?$/u;
const NAMED_DATE =
  /^(?:\p{L}{2,9}\.?,\s+)?(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[\sT,]+(\d.*))?$/u;
const SERIAL = /^(\d{5})([.,]\d+)?$/;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const FULL_MONTHS =
  'january february march april may june july august september october november december'.split(' ');

/** 1 to 12 by an English name, whole or cut to three or four letters; undefined for any other word. */
function monthOf(word: string): number | undefined {
  const plain = word.toLowerCase();
  const short = MONTHS.indexOf(plain === 'sept' ? 'sep' : plain);
  const at = short >= 0 ? short : FULL_MONTHS.indexOf(plain);
  return at < 0 ? undefined : at + 1;
}

/** What sort of date a text writes. `thisYear` decides the century of two-digit years; `past` ones lie not after it. */
export function writtenDate(text: string, thisYear: number, past: boolean): WrittenDate {
  const code = text.charCodeAt(0);
  if (code >= 48 && code <= 57) {
    const first = YEAR_FIRST.exec(text);
    if (first !== null)
      return {
        kind: 'date',
        year: Number(first[1]),
        month: Number(first[3]),
        date: Number(first[4]),
        rest: first[5] ?? '',
      };
    const numbers = NUMBERS.exec(text);
    if (numbers !== null)
      return {
        kind: 'numbers',
        parts: [numbers[1] ?? '', numbers[3] ?? '', numbers[4] ?? ''],
        dots: numbers[2] === '.',
        rest: numbers[5] ?? '',
      };
    const serial = SERIAL.exec(text);
    if (serial !== null) {
      const fraction = Number(`0${(serial[2] ?? '').replace(',', '.')}`);
      return { kind: 'serial', days: Number(serial[1]), seconds: Math.round(fraction * 86_400) };
    }
  }
  const named = DATE_NAMED.exec(text);
  const month = named === null ? undefined : monthOf(named[2] ?? '');
  if (named !== null && month !== undefined)
    return {
      kind: 'date',
      year: fullYear(named[3] ?? '', thisYear, past),
      month,
      date: Number(named[1]),
      rest: named[4] ?? '',
    };
  const american = NAMED_DATE.exec(text);
  const monthFirst = american === null ? undefined : monthOf(american[1] ?? '');
  if (american !== null && monthFirst !== undefined)
    return {
      kind: 'date',
      year: Number(american[3]),
      month: monthFirst,
      date: Number(american[2]),
      rest: american[4] ?? '',
    };
  return { kind: 'other' };
}

/** The year that two digits mean: up to twenty years ahead, or not after this one where it must be past. */
function fullYear(digits: string, thisYear: number, past: boolean): number {
  if (digits.length === 4) return Number(digits);
  const year = Math.floor(thisYear / 100) * 100 + Number(digits);
  return year > thisYear + (past ? 0 : 20) ? year - 100 : year;
}

/** The year, month and date of three numbers in an order. */
export function inOrder(
  [a, b, c]: readonly [string, string, string],
  order: DateOrder,
  thisYear: number,
  past: boolean,
): readonly [year: number, month: number, date: number] {
  if (order === 'ymd' && c.length === 2) return [fullYear(a, thisYear, past), Number(b), Number(c)];
  const year = fullYear(c, thisYear, past);
  return order === 'mdy' ? [year, Number(a), Number(b)] : [year, Number(b), Number(a)];
}

/** The date that a spreadsheet counts from 1899-12-30. */
export const dateOfSpreadsheet = (days: number): readonly [number, number, number] =>
  dateOfSerial(days - 25_569);

/** How the dates of one column are written, gathered cell by cell. */
export class DateSurvey {
  readonly #thisYear: number;
  /** The line and text of the first that can only be read so. */
  #dmy: readonly [line: number, text: string] | undefined;
  #mdy: readonly [line: number, text: string] | undefined;
  #ambiguous: readonly [line: number, text: string] | undefined;
  #dots = true;
  #serial: readonly [line: number, text: string] | undefined;
  #others = false;

  constructor(thisYear: number) {
    this.#thisYear = thisYear;
  }

  add(text: string, line: number): void {
    const written = writtenDate(text, this.#thisYear, false);
    if (written.kind === 'serial') {
      this.#serial ??= [line, text];
      return;
    }
    this.#others = true;
    if (written.kind !== 'numbers') return;
    const [a, b] = [Number(written.parts[0]), Number(written.parts[1])];
    if (a === b && a <= 12) return;
    if (!written.dots) this.#dots = false;
    const year = 2000;
    const isDmy = dateProblem(year, b, a) === undefined;
    const isMdy = dateProblem(year, a, b) === undefined;
    if (isDmy && isMdy) this.#ambiguous ??= [line, text];
    else if (isDmy) this.#dmy ??= [line, text];
    else if (isMdy) this.#mdy ??= [line, text];
  }

  /** The style; or two dates that contradict each other, or one that may be read in two ways. */
  result():
    | { readonly style: DateStyle | null }
    | { readonly contradiction: readonly (readonly [line: number, text: string])[] }
    | { readonly ambiguous: readonly [line: number, text: string] } {
    if (this.#dmy !== undefined && this.#mdy !== undefined) return { contradiction: [this.#dmy, this.#mdy] };
    if (this.#dmy !== undefined) return { style: 'dmy' };
    if (this.#mdy !== undefined) return { style: 'mdy' };
    // Full stops are written by those who put the day first.
    if (this.#ambiguous !== undefined) return this.#dots ? { style: 'dmy' } : { ambiguous: this.#ambiguous };
    return { style: this.#serial !== undefined && !this.#others ? 'serial' : null };
  }
}
