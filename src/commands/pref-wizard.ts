import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Field, InstantField, Reference } from '../records/field.ts';
import { preferenceFields } from '../records/preference.ts';
import type { CommandContext } from './context.ts';
import { readText } from './field-flags.ts';
import { flagName } from './flag-names.ts';
import { isNone } from './flag-values.ts';
import { liveCheck } from './live-check.ts';
import { recordText } from './record-text.ts';
import { shellWord } from './words.ts';

/** What each mode means, for whoever chooses. */
const MODES = {
  SOFT: 'asked first, for as long as the hold lasts; then anybody may',
  HARD: 'only drivers with a HARD row may carry this passenger',
  BLOCK: 'never sent to this passenger',
} as const;

/**
 * Asks for a new preference, one question after the other: who for whom, and how. The defaults are shown; Enter takes
 * them. Only on a terminal.
 */
export async function askPreference(definition: RecordDefinition, context: CommandContext): Promise<Values> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(definition.fields))
    if (field.kind === 'reference' && field.required === true)
      values[name] = await context.need.reference(undefined, field.target, {
        flag: `--${flagName(name, field)}`,
        question: name === 'driver' ? 'Which driver?' : 'For whom?',
      });
  values['mode'] = await context.need.choice(undefined, {
    flag: '--mode',
    question: 'How?',
    choices: Object.keys(MODES),
    initial: 'SOFT',
    describe: MODES,
  });
  if (values['mode'] !== 'BLOCK')
    values['priority'] = await askField('priority', 'Priority, the lowest is tried first', '0', context);
  values['expiresAt'] = await askField('expiresAt', 'Until when (2026-06-30, +90d, none)', 'none', context);
  const notes = await askField('notes', 'Notes', 'none', context);
  if (!isNone(String(notes))) values['notes'] = notes;
  return values;
}

async function askField(
  name: 'priority' | 'expiresAt' | 'notes',
  question: string,
  initial: string,
  context: CommandContext,
): Promise<unknown> {
  const field: Field = preferenceFields[name];
  const flag = `--${flagName(name, field)}`;
  const read = (text: string): Promise<unknown> => readText(field, text, flag, context);
  const isRight = liveCheck(field, await context.clock(), context);
  const live = isRight === undefined ? {} : { isRight };
  return read(await context.need.text(undefined, { flag, question, initial, check: read, ...live }));
}

/** The command line that makes the same preference, as a shell takes it. */
export function preferenceLine(
  definition: RecordDefinition,
  record: AnyRecord,
  context: Pick<CommandContext, 'globals'>,
  timeZone: string,
): string {
  const { client, profile, db, reason } = context.globals;
  const flags = Object.entries(definition.fields).flatMap(([name, field]): readonly string[] => {
    const text = fieldWord(definition, name, field, record, timeZone);
    const isDefault = 'default' in field && record[name] === field.default && name !== 'mode';
    return text === '' || isDefault ? [] : [`--${flagName(name, field)}`, text];
  });
  const globals = Object.entries({ client, profile, db, reason }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return ['tph pref add', ...[...flags, ...globals].map(shellWord)].join(' ');
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
  if (!isExpiry(field) || value === null) return text;
  const day = recordText(definition, name, record, { timeZone, for: 'people' });
  return day.startsWith('through ') ? day.slice('through '.length) : text;
}

const isExpiry = (field: Field): field is InstantField => field.kind === 'instant' && field.day === 'through';
