import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Field, Reference } from '../records/field.ts';
import { preferenceFields } from '../records/preference.ts';
import { words } from '../terminal/plain.ts';
import { invalid, quote } from '../values/error.ts';
import { anyApi } from './any-api.ts';
import type { CommandContext } from './context.ts';
import { readText } from './field-flags.ts';
import { flagName } from './flag-names.ts';
import { instantFlag, isNone } from './flag-values.ts';
import { liveCheck } from './live-check.ts';
import { fieldText, recordText } from './record-text.ts';
import { suggested } from './suggested.ts';
import { shellWord } from './words.ts';

/** What each mode means, for whoever chooses. */
const MODES = {
  SOFT: 'asked first, for as long as the hold lasts; then anybody may',
  HARD: 'only drivers with a HARD row may carry this passenger',
  BLOCK: 'never sent to this passenger',
} as const;

/** What was answered, and the preference that is to be changed where the two have one already. */
export interface Answered {
  readonly values: Values;
  readonly existing: AnyRecord | undefined;
}

/**
 * Asks for a preference, one question after the other: who for whom, and how. The defaults are shown, for a pair that
 * has one already what is in force; Enter takes them. Throws INTERRUPTED where that one is to stay as it is. Only on a
 * terminal.
 */
export async function askPreference(
  definition: RecordDefinition,
  context: CommandContext,
): Promise<Answered> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(definition.fields))
    if (field.kind === 'reference' && field.required === true)
      values[name] = await context.need.reference(undefined, field.target, {
        flag: `--${flagName(name, field)}`,
        question: name === 'driver' ? 'Which driver?' : 'For whom?',
      });
  const existing = await existingOne(definition, values, context);
  if (existing !== undefined)
    await context.confirm('Change it?', await saidOf(definition, existing, context));
  values['mode'] = await context.need.choice(undefined, {
    flag: '--mode',
    question: 'How?',
    choices: Object.keys(MODES),
    initial: String(existing?.['mode'] ?? 'SOFT'),
    describe: MODES,
  });
  if (values['mode'] !== 'BLOCK')
    values['priority'] = await askField(
      'priority',
      'Priority, the lowest is tried first',
      '0',
      existing,
      context,
    );
  values['expiresAt'] = await askField(
    'expiresAt',
    'Until when (2026-06-30, +90d, none)',
    'none',
    existing,
    context,
  );
  const notes = await askField('notes', 'Notes', 'none', existing, context);
  if (!isNone(String(notes))) values['notes'] = notes;
  else if (existing !== undefined) values['notes'] = null;
  return { values, existing };
}

/** A pair has one preference at most. */
async function existingOne(
  definition: RecordDefinition,
  parties: Values,
  context: CommandContext,
): Promise<AnyRecord | undefined> {
  const { items } = await anyApi(context).list(operationPrefix(definition.objectType), {
    ...parties,
    limit: 1,
  });
  return items[0];
}

async function saidOf(
  definition: RecordDefinition,
  existing: AnyRecord,
  context: CommandContext,
): Promise<string> {
  const { timeZone } = await context.clock();
  const facts = ['mode', 'priority', 'expiresAt', 'notes'].flatMap((name) => {
    const text = recordText(definition, name, existing, { timeZone, for: 'people' });
    return text === '' ? [] : [`${words(definition.fields[name]?.flag ?? name)} ${text}`];
  });
  return `${displayName(definition.objectType, existing)} is there already: ${facts.join(', ')}`;
}

async function askField(
  name: 'priority' | 'expiresAt' | 'notes',
  question: string,
  empty: string,
  existing: AnyRecord | undefined,
  context: CommandContext,
): Promise<unknown> {
  const field: Field = preferenceFields[name];
  const flag = `--${flagName(name, field)}`;
  const clock = await context.clock();
  const { now, timeZone } = clock;
  const read = (text: string): Promise<unknown> => readText(field, text, flag, context);
  const isPast = (value: unknown): boolean =>
    name === 'expiresAt' && typeof value === 'number' && value <= now;
  const check = async (text: string): Promise<void> => {
    if (isPast(await read(text)))
      throw invalid(`${quote(text)} lies in the past`, 'give a day to come, or none', [
        { field: flag, message: 'the expiry lies in the past' },
      ]);
  };
  const fits = liveCheck(field, clock, context);
  const isRight =
    name === 'expiresAt'
      ? (text: string) =>
          fits?.(text) !== false && (isNone(text) || !isPast(instantFlag(text, flag, 'through', clock)))
      : fits;
  const live = isRight === undefined ? {} : { isRight };
  const before = existing?.[name] ?? null;
  const initial = before === null || isPast(before) ? empty : asTyped(field, before, timeZone);
  return read(await context.need.text(undefined, { flag, question, initial, check, ...live }));
}

/** A value as it is typed: an expiry at the end of a day is the day. */
function asTyped(field: Field, value: unknown, timeZone: string): string {
  const day = fieldText(field, value, { timeZone, for: 'people' });
  return day.startsWith('through ')
    ? day.slice('through '.length)
    : fieldText(field, value, { timeZone, for: 'programs' });
}

/** The command line that makes the same preference, or changes the one that is there, as a shell takes it. */
export function preferenceLine(
  definition: RecordDefinition,
  record: AnyRecord,
  context: Pick<CommandContext, 'globals'>,
  timeZone: string,
  isNew: boolean,
): string {
  const { reason } = context.globals;
  const flags = Object.entries(definition.fields).flatMap(([name, field]): readonly string[] => {
    if (!isNew && field.kind === 'reference') return [];
    const text = fieldWord(definition, name, field, record, timeZone);
    if (!isNew) return [`--${flagName(name, field)}`, text === '' ? 'none' : text];
    const isDefault = 'default' in field && record[name] === field.default && name !== 'mode';
    return text === '' || isDefault ? [] : [`--${flagName(name, field)}`, text];
  });
  const why = reason === undefined ? [] : ['--reason', reason];
  const verb = isNew ? 'tph pref add' : `tph pref update ${record.id}`;
  return suggested([verb, ...[...flags, ...why].map(shellWord)].join(' '), context.globals);
}

function fieldWord(
  definition: RecordDefinition,
  name: string,
  field: Field,
  record: Values,
  timeZone: string,
): string {
  const value = record[name];
  const text = recordText(definition, name, record, { timeZone, for: 'programs' });
  // A name may be that of somebody else, too.
  if (field.kind === 'reference' && value !== null && value !== undefined)
    return text === displayName(field.target, value as Reference) &&
      field.target === 'Customer' &&
      !/^\+|@/.test(text)
      ? (value as Reference).id
      : text;
  return field.kind === 'instant' && value !== null ? asTyped(field, value, timeZone) : text;
}
