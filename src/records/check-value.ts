import { isDay, parseWeekdays, WEEKDAYS } from '../values/day.ts';
import { quote } from '../values/error.ts';
import { looksLikeId, parseIdOrDecimal } from '../values/id.ts';
import { isInstant } from '../values/instant.ts';
import { cleanText, fold } from '../values/text.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { chosen } from './choice.ts';
import type { ChoiceField, ReferencesField, ScalarField, TagsField, TextField } from './field.ts';
import { settingFields } from './settings.ts';
import { unknownField } from './unknown-field.ts';

export type Outcome = { readonly ok: true; readonly value: unknown; readonly warning?: string } | Refusal;
export type Refusal = { readonly ok: false; readonly message: string; readonly hint?: string };

/** What some text formats need to be judged; each is loaded only when a value of its format is given. */
export interface Formats {
  readonly phone?: (text: string) => Outcome;
  readonly iban?: (text: string) => Outcome;
  readonly bic?: (text: string) => Outcome;
  readonly timeZone?: (text: string) => Outcome;
  readonly country?: (text: string) => Outcome;
}

const refuse = (message: string, hint?: string): Refusal => ({
  ok: false,
  message,
  ...(hint ? { hint } : {}),
});
const accept = (value: unknown): Outcome => ({ ok: true, value });

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
  const set: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value)) {
    const problem = (what: string, hint: string | undefined) => refuse(`has a problem: ${what}`, hint);
    const field = Object.hasOwn(settingFields, name)
      ? settingFields[name as keyof typeof settingFields]
      : undefined;
    if (field === undefined) {
      const { message, hint } = unknownField(name, name, Object.keys(settingFields));
      return problem(message, hint);
    }
    if (given === null) set[name] = null;
    else {
      const outcome = checkValue(field, given, {});
      if (!outcome.ok) return problem(`${name} ${quote(given)} ${outcome.message}`, outcome.hint);
      set[name] = outcome.value;
    }
  }
  return accept(set);
}
