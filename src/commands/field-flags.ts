import { Option } from 'commander';
import type { RecordDefinition, Values } from '../records/definition.ts';
import { type Field, type Fields, isCollection, isNullable } from '../records/field.ts';
import { camel, kebab } from '../records/names.ts';
import { type ErrorDetail, invalid, TphError } from '../values/error.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { flagName } from './flag-names.ts';
import { booleanFlag, isNone } from './flag-values.ts';
import { itemFromText, itemPlaceholder } from './item-flags.ts';
import { addSegmentFlags, isSegments } from './segment-flags.ts';

export type Mode = 'create' | 'update';
/** A command's options, by the name that commander gives them. */
export type Given = Readonly<Record<string, unknown>>;

/** What a collection is edited with. */
const EDITS = ['add', 'remove'] as const;

/** Puts a flag on a command for each field that it may set, and on update those that add to, remove from and clear. */
export function addFieldFlags(
  command: TphCommand,
  definition: RecordDefinition,
  mode: Mode,
  except: readonly string[] = [],
): void {
  for (const [name, field] of Object.entries(definition.fields)) {
    if (except.includes(name) || field.kind === 'settings') continue;
    if (isSegments(field)) addSegmentFlags(command, mode);
    else addOwnFlags(command, name, field, mode);
    if (mode === 'update')
      for (const flag of clearFlags(name, field))
        option(command, `--${flag}`, `Empty ${name}.`, { hidden: true });
  }
  option(
    command,
    '--key <key>',
    'Internal key, with which a repeated request finds the record it made before.',
  );
}

function addOwnFlags(command: TphCommand, name: string, field: Field, mode: Mode): void {
  const flag = flagName(name, field);
  const value = placeholder(field);
  const repeats = isCollection(field);
  option(command, `--${flag} ${value}`, help(field, mode), { repeats });
  if (field.kind === 'boolean') option(command, `--no-${flag}`, '', { hidden: true });
  if (mode === 'create' || !repeats) return;
  option(command, `--add-${flag} ${value}`, 'Add one (may be repeated).', { repeats });
  option(command, `--remove-${flag} ${value}`, 'Take one away (may be repeated).', { repeats });
}

/** Adds an option, collecting where it repeats. Kinds that share a noun share flags: the first that asks gets it. */
export function option(
  command: TphCommand,
  flags: string,
  text: string,
  { hidden = false, repeats = false }: { readonly hidden?: boolean; readonly repeats?: boolean } = {},
): void {
  const made = new Option(flags, text).hideHelp(hidden);
  if (command.options.some((other) => other.long === made.long)) return;
  command.addOption(
    repeats
      ? made.argParser((word: string, before: readonly string[] | undefined) => [...(before ?? []), word])
      : made,
  );
}

/** Every field that may be empty can be emptied; both the field's and the flag's name do. */
function clearFlags(name: string, field: Field): readonly string[] {
  if (!isCollection(field) && !isNullable(field)) return [];
  return [...new Set([`clear-${kebab(name)}`, `clear-${flagName(name, field)}`])];
}

const PLACEHOLDERS: Readonly<Record<Exclude<Field['kind'], 'items'>, string>> = {
  text: '<text>',
  choice: '<value>',
  integer: '<number>',
  boolean: '[yes|no]',
  day: '<day>',
  instant: '<instant>',
  secret: '[text]',
  id: '<id>',
  weekdays: '<days>',
  reference: '<ref>',
  references: '<ref>',
  tags: '<tag>',
  settings: '<json>',
};

const placeholder = (field: Field): string =>
  field.kind === 'items' ? itemPlaceholder(field) : PLACEHOLDERS[field.kind];

function help(field: Field, mode: Mode): string {
  const initial = field.kind === 'choice' || field.kind === 'integer' ? field.default : undefined;
  const notes = [
    ...(field.kind === 'choice' ? [field.values.join(', ')] : []),
    ...(field.kind === 'secret' ? ['`-` reads it from stdin'] : []),
    ...(isCollection(field)
      ? [mode === 'update' ? 'may be repeated; replaces all there are' : 'may be repeated']
      : []),
    ...(initial !== undefined && mode === 'create' ? [`default: ${initial}`] : []),
  ];
  return notes.length === 0 ? field.help : `${field.help} (${notes.join('; ')})`;
}

/** The fields that a command line sets, as input of create or update. Throws INVALID for all that cannot be read. */
export async function readFieldFlags(
  definition: RecordDefinition,
  given: Given,
  context: CommandContext,
): Promise<Values> {
  const problems: TphError[] = [];
  const values: Record<string, unknown> = {};
  const edits = { add: {} as Record<string, unknown>, remove: {} as Record<string, unknown> };
  const collect = async (read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof TphError) || error.code !== 'INVALID') throw error;
      problems.push(error);
    }
  };
  for (const [name, field] of Object.entries(definition.fields)) {
    const flag = flagName(name, field);
    const isCleared = clearFlags(name, field).some((clear) => given[camel(clear)] === true);
    await collect(async () => {
      const set = given[camel(flag)];
      if (isCleared && set !== undefined) throw clash(flag, `clear-${kebab(name)}`);
      if (isCleared) values[name] = isCollection(field) ? [] : null;
      else if (set !== undefined && field.kind !== 'settings')
        values[name] = await readFlag(field, set, `--${flag}`, context);
    });
    for (const edit of EDITS)
      await collect(async () => {
        const words = given[camel(`${edit}-${flag}`)];
        if (words === undefined || !isCollection(field)) return;
        if (values[name] !== undefined)
          throw clash(`${edit}-${flag}`, isCleared ? `clear-${kebab(name)}` : flag);
        edits[edit][name] = await readFlag(field, words, `--${edit}-${flag}`, context);
      });
  }
  if (problems.length > 0) throw together(problems);
  const key = given['key'];
  return {
    ...values,
    ...(Object.keys(edits.add).length > 0 ? { add: edits.add } : {}),
    ...(Object.keys(edits.remove).length > 0 ? { remove: edits.remove } : {}),
    ...(key === undefined ? {} : { internalKey: isNone(String(key)) ? null : key }),
  };
}

async function readFlag(
  field: Field,
  given: unknown,
  flag: string,
  context: CommandContext,
): Promise<unknown> {
  if (isSegments(field)) return given;
  if (field.kind === 'items') {
    const items: unknown[] = [];
    for (const text of given as readonly string[])
      items.push(await itemFromText(field, text, flag, context, readText));
    return items;
  }
  if (isCollection(field)) return given;
  if (field.kind === 'boolean') return booleanFlag(given as string | boolean, flag);
  if (field.kind === 'secret') return readSecret(given as string | true, flag, context);
  return readText(field, String(given), flag, context);
}

/** The value that a text stands for, as the operations take it; they judge what is not read here. */
export async function readText(
  field: Field,
  text: string,
  flag: string,
  context: CommandContext,
): Promise<unknown> {
  switch (field.kind) {
    case 'integer':
      return context.integer(text, flag, field.min, field.max);
    case 'day':
      return context.dayOrNone(text, flag);
    case 'instant':
      return context.instantOrNone(text, flag, field.day);
    case 'boolean':
      return booleanFlag(text, flag);
    default:
      return text;
  }
}

async function readSecret(given: string | true, flag: string, context: CommandContext): Promise<string> {
  if (given === true) return context.need.text(undefined, { flag, question: 'Password', hidden: true });
  if (given !== '-') return given;
  const chunks: Buffer[] = [];
  for await (const chunk of context.host.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function clash(one: string, other: string): TphError {
  const message = `--${one} and --${other} exclude each other`;
  return invalid(message, 'give one of them', [{ field: `--${one}`, message, hint: 'give one of them' }]);
}

function together(problems: readonly TphError[]): TphError {
  const [first] = problems;
  const details: readonly ErrorDetail[] = problems.flatMap((problem) => problem.details);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return invalid(`${first?.message ?? ''}${more}`, first?.hint, details);
}

/** The fields that must be given when a record is created, and are not. */
export const missingFields = (fields: Fields, values: Values): readonly (readonly [string, Field])[] =>
  Object.entries(fields).filter(([name, field]) => field.required === true && values[name] === undefined);
