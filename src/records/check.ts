import { type ErrorDetail, MOST_DETAILS, quote } from '../values/error.ts';
import { checkValue, type Formats, type Refusal } from './check-value.ts';
import type { RecordDefinition, Values } from './definition.ts';
import { type Field, type Fields, type ItemsField, isCollection, type TextField } from './field.ts';
import { unknownField } from './unknown-field.ts';

export interface Checked {
  /** The values in their stored form; references are still as given. */
  readonly values: Values;
  readonly problems: readonly ErrorDetail[];
  readonly warnings: readonly ErrorDetail[];
}

/** The text formats for which `input` holds a value, and so needs a judge in `Formats`. */
export function formatsUsed(fields: Fields, input: Values): Set<TextField['format']> {
  const used = new Set<TextField['format']>();
  for (const [name, field] of Object.entries(fields)) {
    const value = input[name];
    if (value === null || value === undefined) continue;
    if (field.kind === 'text') used.add(field.format);
    if (field.kind === 'items' && Array.isArray(value))
      for (const item of value)
        if (typeof item === 'object' && item !== null)
          for (const format of formatsUsed(field.fields, item as Values)) used.add(format);
  }
  return used;
}

/**
 * Judges input against a record's definition and brings every value into its stored form. All problems are
 * collected. `create` fills defaults and demands what is required; `update` takes what is given.
 */
export function checkInput(
  definition: RecordDefinition,
  input: Values,
  mode: 'create' | 'update',
  formats: Formats,
): Checked {
  return checkFields(definition.fields, input, mode, formats, '');
}

function checkFields(
  fields: Fields,
  input: Values,
  mode: 'create' | 'update',
  formats: Formats,
  path: string,
): Checked {
  const values: Record<string, unknown> = {};
  const problems: ErrorDetail[] = [];
  const warnings: ErrorDetail[] = [];
  const names = Object.keys(fields);
  const unknown = Object.keys(input).filter(
    (name) => !Object.hasOwn(fields, name) && !(path === '' && name === 'internalKey'),
  );
  problems.push(
    ...unknown
      .slice(0, MOST_DETAILS)
      .map((name, at) => unknownField(path + name, name, at < MOST_SUGGESTED ? names : [])),
  );
  if (unknown.length > MOST_DETAILS) {
    const more = unknown.length - MOST_DETAILS;
    problems.push({ message: `and ${more} more`, hint: 'leave them out', untold: more });
  }
  for (const [name, field] of Object.entries(fields)) {
    const at = path + name;
    const given = Object.hasOwn(input, name) ? input[name] : undefined;
    if (given === undefined && mode === 'update') continue;
    const value = given === '' && field.kind === 'text' ? null : given;
    if (value === undefined || value === null) {
      const missing = absent(field, at, given !== undefined && mode === 'update');
      if (missing === undefined) values[name] = isCollection(field) ? [] : (field.default ?? null);
      else problems.push(missing);
      continue;
    }
    if (field.kind === 'items') {
      values[name] = checkItems(field, value, formats, at, problems, warnings);
      continue;
    }
    const outcome = checkValue(field, value, formats);
    if (outcome.ok) {
      values[name] = outcome.value;
      if (outcome.warning !== undefined)
        warnings.push({ field: at, value: shown(field, value), message: outcome.warning });
    } else problems.push({ field: at, value: shown(field, value), ...named(at, field, value, outcome) });
  }
  return { values, problems, warnings };
}

const shown = (field: Field, value: unknown): string =>
  field.kind === 'secret'
    ? '(hidden)'
    : typeof value === 'string'
      ? value.slice(0, 200)
      : (JSON.stringify(value) ?? '').slice(0, 200);

function named(
  at: string,
  field: Field,
  value: unknown,
  refusal: Refusal,
): { message: string; hint?: string } {
  const what = field.kind === 'secret' ? at : `${at} ${quote(value)}`;
  return {
    message: `${what} ${refusal.message}`,
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
  };
}

/** For how many unknown fields near spellings are looked for. */
const MOST_SUGGESTED = 5;

/** What is wrong with giving no value: nothing, where it can be empty or has a default to go back to. */
function absent(field: Field, at: string, clearing: boolean): ErrorDetail | undefined {
  if (field.required !== true) return undefined;
  if (clearing)
    return { field: at, message: `${at} cannot be cleared`, hint: 'give a value, or leave it as it is' };
  const example = field.example === undefined ? '' : `, such as ${field.example}`;
  return { field: at, message: `${at} is missing`, hint: `give ${at}${example}`, missing: true };
}

function checkItems(
  field: ItemsField,
  value: unknown,
  formats: Formats,
  at: string,
  problems: ErrorDetail[],
  warnings: ErrorDetail[],
): readonly Values[] {
  if (!Array.isArray(value)) {
    problems.push({
      field: at,
      value: shown(field, value),
      message: `${at} is not a list`,
      hint: 'give a list of objects',
    });
    return [];
  }
  if (value.length > field.max) {
    problems.push({
      field: at,
      message: `${at} has ${value.length} entries; the most is ${field.max}`,
      hint: 'give fewer',
    });
    return [];
  }
  return value.map((item: unknown, index) => {
    const place = `${at}[${index}]`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      problems.push({
        field: place,
        value: shown(field, item),
        message: `${place} is not an object`,
        hint: 'give an object',
      });
      return {};
    }
    const checked = checkFields(field.fields, item as Values, 'create', formats, `${place}.`);
    problems.push(...checked.problems);
    warnings.push(...checked.warnings);
    return checked.values;
  });
}
