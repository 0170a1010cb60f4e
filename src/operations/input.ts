import { type Day, isDay } from '../values/day.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { parseIdOrDecimal } from '../values/id.ts';
import { type Instant, isInstant } from '../values/instant.ts';
import { cleanText } from '../values/text.ts';

/** INVALID about one field of an operation's input. */
export function refuseInput(field: string, value: unknown, what: string, hint: string): TphError {
  const message = `${field} ${quote(value)} ${what}`;
  const shown = typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
  return invalid(message, hint, [{ field, value: shown.slice(0, 200), message, hint }]);
}

/** Refuses an input that is no object of fields, before anything reads a field of it. */
export function refuseNoObject(operation: string, input: unknown): void {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return;
  throw invalid(`the input of ${operation} is not an object`, 'give an object of fields');
}

/** A calendar day; zero is refused with the hint of spec section 2. */
export function dayInput(value: unknown, field: string): Day {
  if (typeof value === 'number' && isDay(value)) return value;
  const hint =
    value === 0
      ? 'leave it out, or give null, for no day at all'
      : 'give a real date as YYYYMMDD, such as 20260115';
  throw refuseInput(field, value, 'is not a calendar day', hint);
}

export function instantInput(value: unknown, field: string): Instant | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && isInstant(value)) return value;
  throw refuseInput(field, value, 'is not a time in Unix seconds', 'give whole seconds since 1970');
}

/** A whole number of a range; `fallback` where none is given. */
export function countInput(
  value: unknown,
  field: string,
  range: readonly [number, number],
  fallback: number,
): number {
  if (value === undefined) return fallback;
  const [least, most] = range;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const hint = `give a number from ${least} to ${most}`;
  throw refuseInput(field, value, `is not a whole number from ${least} to ${most}`, hint);
}

export function flagInput(value: unknown, field: string, fallback = false): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw refuseInput(field, value, 'is neither true nor false', 'give true or false');
}

/** One line of plain text, trimmed. */
export function textInput(value: unknown, field: string, max = 300): string {
  if (typeof value !== 'string') throw refuseInput(field, value, 'is not text', 'give text');
  const clean = cleanText(value, { multiline: false, max });
  if (!clean.ok) throw refuseInput(field, value, clean.message, clean.hint);
  return clean.text;
}

/** A list of references; empty where none is given. */
export function listInput<T>(value: readonly T[] | undefined, field: string): readonly T[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= MOST_REFS) return value;
  throw refuseInput(field, value, 'is not a list of references', `give at most ${MOST_REFS} ids or names`);
}

const MOST_REFS = 200;

/** A reference as it is given: text, or `{id}`. */
export function referenceInput(value: unknown, field: string): string {
  const given = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  if (typeof given !== 'string')
    throw refuseInput(
      field,
      value,
      'is not a reference',
      typeof given === 'number' ? 'write an id as text, such as "G123"' : 'give an id or a name',
    );
  return given === value ? given : (parseIdOrDecimal(given) ?? given);
}
