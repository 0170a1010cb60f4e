import { checkValue } from '../records/check-value.ts';
import { chosen } from '../records/choice.ts';
import type { ChoiceField, Field, IntegerField, ItemsField, TextField } from '../records/field.ts';
import { isCountry } from '../values/country.ts';
import { nearest } from '../values/nearest.ts';
import { parsePhone } from '../values/phone.ts';
import { type CellContext, CellProblem, type ReadCell } from './cell.ts';

/** What a spreadsheet makes of `100000` or `1E5`. */
export const SHORTENED = /^\d+([.,]\d+)?e\+?\d+$/i;
export const SHORTENED_WARNING =
  'looks like a number that a spreadsheet shortened: it may have been another text';

/** Judged by the record's own checks. */
export function checked(
  field: Exclude<Field, ItemsField>,
  value: unknown,
  { formats }: CellContext,
): unknown {
  if (value instanceof CellProblem) return value;
  const outcome = checkValue(field, value, formats);
  return outcome.ok ? outcome.value : new CellProblem(outcome.message, outcome.hint);
}

/** Reads text by the record's own checks; a country's English name stands for its code. */
export function textReader(field: TextField, context: CellContext): ReadCell {
  const { formats } = context;
  return (text, warn) => {
    const outcome = checkValue(field, field.format === 'country' ? countryCode(text) : text, formats);
    if (!outcome.ok) return new CellProblem(outcome.message, outcome.hint);
    if (outcome.warning !== undefined) warn(outcome.warning);
    if (field.fold && SHORTENED.test(text)) warn(SHORTENED_WARNING);
    return outcome.value;
  };
}

/** Reads phones as they are written in the file's country (spec section 7). */
export function phoneReader({ country }: CellContext): ReadCell {
  return (text, warn) => {
    const parsed = parsePhone(text, country);
    if (!parsed.ok) return new CellProblem(parsed.message, parsed.hint);
    if (parsed.restored) warn('the leading zero that a spreadsheet took off was put back');
    if (!parsed.valid) warn('is a possible number, but not one that is known to be given out');
    return parsed.e164;
  };
}

/** The code of a country that is written by its English name, else the text. */
function countryCode(text: string): string {
  if (text.length <= 2) return text.toUpperCase() === 'UK' ? 'GB' : text;
  const wanted = text.toLowerCase();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  for (const one of letters)
    for (const two of letters)
      if (isCountry(one + two) && names.of(one + two)?.toLowerCase() === wanted) return one + two;
  return text;
}

/** Reads one of a field's values, in any letter case, or by an alias. */
export function choiceReader(field: ChoiceField): ReadCell {
  return (text) => {
    const value = chosen(text, field);
    if (value !== undefined) return value;
    const near = nearest(text, field.values, 1)[0];
    return new CellProblem(
      'is not one of the values',
      `${near === undefined ? '' : `did you mean ${near}? `}give one of ${field.values.join(', ')}`,
    );
  };
}

/** `1,000`, `1 000`, `1'000` and `5.0` are whole numbers; `1.000` may be one or a thousand. */
export function integer(text: string, field: IntegerField): unknown {
  const plain = /^\d{1,3}([ ,'’\u00a0\u202f]\d{3})+$/.test(text) ? text.replace(/\D/g, '') : text;
  const match = /^([+-]?\d{1,15})(?:[.,]0{1,2})?$/.exec(plain);
  if (match === null)
    return new CellProblem(
      'is not a whole number',
      `give one from ${field.min} to ${field.max}, digits only`,
    );
  const value = Number(match[1]);
  return value >= field.min && value <= field.max
    ? value
    : new CellProblem('is not a whole number in range', `give one from ${field.min} to ${field.max}`);
}

const YES = /^(yes|y|true|t|1|1\.0|on|x|✓|✔|☑|active|enabled|checked)$/i;
const NO = /^(no|n|false|f|0|0\.0|off|✗|✘|☐|inactive|disabled|unchecked)$/i;

/** Reads what people and spreadsheets write for yes and no. */
export function boolean(text: string): unknown {
  if (YES.test(text)) return true;
  if (NO.test(text)) return false;
  return new CellProblem('is neither yes nor no', 'write yes or no');
}
