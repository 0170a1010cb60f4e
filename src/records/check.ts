import { isDay, parseWeekdays, WEEKDAYS } from '../values/day.ts';
import { type ErrorDetail, MOST_DETAILS, quote } from '../values/error.ts';
import { looksLikeId, parseIdOrDecimal } from '../values/id.ts';
import { isInstant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import { cleanText, fold } from '../values/text.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { chosen } from './choice.ts';
import { commonFields, type RecordDefinition, type Values } from './definition.ts';
import {
  type ChoiceField,
  type Field,
  type Fields,
  type ItemsField,
  isCollection,
  type ReferencesField,
  type ScalarField,
  type TagsField,
  type TextField,
} from './field.ts';
import { settingFields } from './settings.ts';

type Outcome = { readonly ok: true; readonly value: unknown; readonly warning?: string } | Refusal;
type Refusal = { readonly ok: false; readonly message: string; readonly hint?: string };

/** What some text formats need to be judged; each is loaded only when a value of its format is given. */
export interface Formats {
  readonly phone?: (text: string) => Outcome;
  readonly iban?: (text: string) => Outcome;
  readonly bic?: (text: string) => Outcome;
  readonly timeZone?: (text: string) => Outcome;
  readonly country?: (text: string) => Outcome;
}

export interface Checked {
  /** The values in their stored form; references are still as given. */
  readonly values: Values;
  readonly problems: readonly ErrorDetail[];
  readonly warnings: readonly ErrorDetail[];
}

const refuse = (message: string, hint?: string): Refusal => ({
  ok: false,
  message,
  ...(hint ? { hint } : {}),
});
const accept = (value: unknown): Outcome => ({ ok: true, value });

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

function unknownField(at: string, name: string, known: readonly string[]): ErrorDetail {
  if ((commonFields as readonly string[]).includes(name))
    return { field: at, message: `${at} is set by the program`, hint: 'leave it out' };
  const near = nearest(name, known, 1)[0];
  return {
    field: at,
    message: `there is no field ${quote(name)}`,
    hint:
      near !== undefined
        ? `did you mean ${near}?`
        : known.length === 0
          ? 'leave it out'
          : `the fields are ${known.join(', ')}`,
  };
}

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

type SingleField = ScalarField | ReferencesField | TagsField;

/** Judges one value that is neither null nor a list of items. */
export function checkValue(field: SingleField, value: unknown, formats: Formats): Outcome {
  switch (field.kind) {
    case 'text':
      return checkText(field, value, formats);
    case 'secret':
      return checkSecret(value);
    case 'choice':
      return checkChoice(field, value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= field.min && value <= field.max
        ? accept(value)
        : refuse('is not a whole number in range', `give one from ${field.min} to ${field.max}`);
    case 'boolean':
      return typeof value === 'boolean'
        ? accept(value)
        : refuse('is neither true nor false', 'give true or false');
    case 'day':
      return typeof value === 'number' && isDay(value)
        ? accept(value)
        : refuse('is not a calendar day', dayHint(value));
    case 'instant':
      return typeof value === 'number' && isInstant(value)
        ? accept(value)
        : refuse(
            'is not a time in Unix seconds',
            value === 0 ? 'for no time at all give null (none)' : 'give whole seconds since 1970',
          );
    case 'id':
      return checkId(value);
    case 'weekdays':
      return checkWeekdays(value);
    case 'reference':
      return checkReference(value);
    case 'references':
      return checkList(value, checkReference);
    case 'tags':
      return checkList(value, checkTag, (tag) => fold(tag as string));
    case 'settings':
      return checkSettings(value);
  }
}

const dayHint = (value: unknown): string =>
  value === 0 ? 'for no day at all give null (none)' : 'give a real date as YYYYMMDD, such as 20260115';

const JUDGED: ReadonlySet<TextField['format']> = new Set(['phone', 'iban', 'bic', 'timeZone', 'country']);
/** The most code points of a text whose format has a judge of its own. */
export const LONGEST_WRITTEN = 100;

function checkText(field: TextField, value: unknown, formats: Formats): Outcome {
  if (typeof value !== 'string') return refuse('is not text', 'give text');
  // People group digits with blanks; the judge of such a format has the last word on its length.
  const max = JUDGED.has(field.format) ? LONGEST_WRITTEN : field.max;
  const clean = cleanText(value, { multiline: field.format === 'multiline', max });
  if (!clean.ok) return clean;
  const text = clean.text;
  switch (field.format) {
    case 'plain':
    case 'multiline':
      return accept(text === '' ? null : text);
    case 'handle':
      if (text === '') return refuse('is empty', 'give some text');
      if (fold(text) === '') return refuse('has nothing that can be seen', 'give some text');
      if (looksLikeId(text)) return refuse('looks like an id', 'choose a name that is not G and a number');
      if (/^key:/i.test(text))
        return refuse('begins with key:', 'choose another name; key: introduces an internal key');
      return accept(text);
    case 'email':
      return /^[^\s@"<>(),;:]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text)
        ? accept(text.toLowerCase())
        : refuse('is not an e-mail address', 'give one such as ann@example.org');
    case 'timeOfDay': {
      const time = parseTimeOfDay(text);
      return time === undefined ? refuse('is not a time of day', 'give HH:MM, such as 08:15') : accept(time);
    }
    case 'phone':
    case 'iban':
    case 'bic':
    case 'timeZone':
    case 'country':
      return (
        formats[field.format]?.(text) ??
        refuse(`cannot be checked here`, `no judge for ${field.format} was loaded`)
      );
  }
}

function checkSecret(value: unknown): Outcome {
  if (typeof value !== 'string') return refuse('is not text', 'give text');
  // Between bars, for nothing is trimmed off a password: a line break at its end is refused like one inside.
  const clean = cleanText(`|${value}|`, { multiline: false, max: 258 });
  if (!clean.ok) return refuse('has control characters or is too long', 'give 8 to 256 printable characters');
  return [...value.normalize('NFC')].length < 8
    ? refuse('is too short', 'give at least 8 characters')
    : accept(value);
}

function checkChoice(field: ChoiceField, value: unknown): Outcome {
  const found = typeof value === 'string' ? chosen(value, field) : undefined;
  return found === undefined
    ? refuse('is not one of the values', `give one of ${field.values.join(', ')}`)
    : accept(found);
}

function checkId(value: unknown): Outcome {
  const id = typeof value === 'string' ? parseIdOrDecimal(value) : undefined;
  if (id !== undefined) return accept(id);
  const hint = typeof value === 'number' ? 'write it as text, such as "G123"' : 'give an id such as G123';
  return refuse('is not an id', hint);
}

function checkWeekdays(value: unknown): Outcome {
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  const listed = isList ? value.join(',') : value;
  if (typeof listed !== 'string') return refuse('is not a list of weekdays', 'give some of MON to SUN');
  try {
    const days = parseWeekdays(listed);
    return days.length === 0
      ? refuse('names no weekday', `give some of ${WEEKDAYS.join(', ')}`)
      : accept(days);
  } catch {
    return refuse('is not a list of weekdays', 'give weekdays such as MON-FRI or MON,WED');
  }
}

function checkReference(value: unknown): Outcome {
  if (typeof value === 'string') {
    const clean = cleanText(value, { multiline: false, max: 300 });
    return clean.ok && clean.text !== ''
      ? accept(clean.text)
      : refuse('is not a reference', 'give an id or a name');
  }
  if (typeof value === 'number') return refuse('is not a reference', 'write an id as text, such as "G123"');
  if (typeof value !== 'object' || value === null || !('id' in value))
    return refuse('is not a reference', 'give {"id": "G…"}, or an id or a name as text');
  const checked = checkId(value.id);
  return checked.ok ? accept({ id: checked.value }) : checked;
}

function checkTag(value: unknown): Outcome {
  const clean = typeof value === 'string' ? cleanText(value, { multiline: false, max: 60 }) : undefined;
  if (clean === undefined) return refuse('is not text', 'give a word');
  if (!clean.ok) return clean;
  if (clean.text === '' || /[;,/]/.test(clean.text))
    return refuse('is empty or has one of ; , /', 'give a short word such as VIP');
  return accept(clean.text);
}

/** The most entries of a collection of references or tags. */
export const MOST_ENTRIES = 1000;

function checkList(
  value: unknown,
  checkOne: (one: unknown) => Outcome,
  keyOf: (one: unknown) => string = (one) => (typeof one === 'string' ? one : (one as { id: string }).id),
): Outcome {
  if (!Array.isArray(value)) return refuse('is not a list', 'give a list');
  if (value.length > MOST_ENTRIES)
    return refuse(`has ${value.length} entries`, `give at most ${MOST_ENTRIES}`);
  const kept = new Map<string, unknown>();
  for (const one of value) {
    const outcome = checkOne(one);
    if (!outcome.ok) return refuse(`has the entry ${quote(one)} that ${outcome.message}`, outcome.hint);
    const key = keyOf(outcome.value);
    if (!kept.has(key)) kept.set(key, outcome.value);
  }
  return accept([...kept.values()]);
}

/** Settings that are given as null stay null: they go back to their defaults. */
function checkSettings(value: unknown): Outcome {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('is not an object of settings', 'give an object');
  const given = Object.entries(value);
  const set = Object.fromEntries(given.filter(([, one]) => one !== null));
  const cleared = given.filter(([name, one]) => one === null && Object.hasOwn(settingFields, name));
  const unknown = given.filter(([name]) => !Object.hasOwn(settingFields, name));
  const checked = checkFields(settingFields, { ...set, ...Object.fromEntries(unknown) }, 'update', {}, '');
  const problem = checked.problems[0];
  if (problem !== undefined) return refuse(`has a problem: ${problem.message}`, problem.hint);
  return accept({ ...checked.values, ...Object.fromEntries(cleared) });
}
