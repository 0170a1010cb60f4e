import type { Option } from 'commander';
import type { EntriesQuery, HandleQuery, NamedRecord } from '../records/handle-query.ts';
import { TphCommand } from './command.ts';
import { type Source, sourceOfArgument, sourceOfFlag } from './completion-sources.ts';
import type { CommandContext } from './context.ts';
import { nouns } from './nouns.ts';
import { furnish } from './program.ts';

/** A word that may stand where somebody is typing, and what it means. */
export type Candidate = NamedRecord;

/** What is offered: words, or `files` for the names of files. */
export type Offer =
  | { readonly files: true }
  | { readonly files: false; readonly candidates: readonly Candidate[] };

/** What the values of flags and arguments are looked up in. */
export interface Lookup {
  /** Nothing where there is no database, or whatever else is in the way. `typed` are the flags before the word. */
  readonly records: (query: HandleQuery, typed: TypedFlags) => Promise<readonly NamedRecord[]>;
  /** The same of the entries of a record's collection. */
  readonly entries: (query: EntriesQuery, typed: TypedFlags) => Promise<readonly string[]>;
  readonly profiles: () => Promise<readonly string[]>;
}
/** The global flags on the command line that say where the records are. */
export interface TypedFlags {
  readonly db?: string;
  readonly client?: string;
  readonly profile?: string;
}

interface Place {
  readonly command: TphCommand;
  /** The flag whose value comes next. */
  readonly flag: Option | undefined;
  readonly isValueOptional: boolean;
  /** The arguments of the command that are there. */
  readonly arguments: readonly string[];
  readonly onlyArguments: boolean;
  readonly seen: ReadonlySet<Option>;
  readonly typed: TypedFlags;
}

/** The words that may stand where `current` is being typed, after `words`; `tph` itself is none of them. */
export async function offer(
  program: TphCommand,
  words: readonly string[],
  current: string,
  lookup: Lookup,
): Promise<Offer> {
  const place = await placeAfter(program, words);
  const assigned = /^(--[\w-]+)=(.*)$/s.exec(current);
  if (place.flag === undefined && assigned !== null && !place.onlyArguments) {
    const [, name = '', beginning = ''] = assigned;
    const flag = flagNamed(place.command, name);
    const source = flag === undefined ? undefined : sourceOfFlag(place.command, flag, place.arguments);
    return fromSource(source, beginning, `${name}=`, place, lookup);
  }
  if (place.flag !== undefined && !(place.isValueOptional && current.startsWith('-')))
    return fromSource(sourceOfFlag(place.command, place.flag, place.arguments), current, '', place, lookup);
  if (current.startsWith('-') && !place.onlyArguments) return flags(place, current);
  const commands = place.arguments.length === 0 ? subcommands(place.command, current) : [];
  const argument = place.command.registeredArguments[place.arguments.length];
  const last = place.command.registeredArguments.at(-1);
  const wanted = argument ?? (last?.variadic === true ? last : undefined);
  if (commands.length > 0) return { files: false, candidates: commands };
  if (wanted !== undefined)
    return fromSource(sourceOfArgument(place.command, wanted, place.arguments), current, '', place, lookup);
  // Help alone would be put in where there is nothing left to say.
  return current === '' && hasOwnFlags(place) ? flags(place, current) : NOTHING;
}

const NOTHING: Offer = { files: false, candidates: [] };

async function placeAfter(program: TphCommand, words: readonly string[]): Promise<Place> {
  let command = program;
  let flag: Option | undefined;
  let isValueOptional = false;
  const given: string[] = [];
  let onlyArguments = false;
  const seen = new Set<Option>();
  const typed: Record<string, string> = {};
  for (const word of words) {
    if (flag !== undefined && !(isValueOptional && word.startsWith('-'))) {
      typed[flag.attributeName()] = word;
      flag = undefined;
      continue;
    }
    flag = undefined;
    if (word === '--') onlyArguments = true;
    else if (word.startsWith('-') && word !== '-' && !onlyArguments) {
      const [name = '', ...value] = word.split('=');
      const found = flagNamed(command, name);
      if (found === undefined) continue;
      seen.add(found);
      if (value.length > 0) typed[found.attributeName()] = value.join('=');
      else if (found.required || found.optional) {
        flag = found;
        isValueOptional = found.optional;
      }
    } else {
      const inner = given.length === 0 && !onlyArguments ? await enter(command, word) : undefined;
      if (inner === undefined) given.push(word);
      else command = inner;
    }
  }
  return { command, flag, isValueOptional, arguments: given, onlyArguments, seen, typed };
}

/** The command of that name or alias inside another, furnished with what it can do. */
async function enter(command: TphCommand, word: string): Promise<TphCommand | undefined> {
  const inner = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
  if (!(inner instanceof TphCommand)) return undefined;
  const noun = command.parent === null ? nouns.find((one) => one.noun === inner.name()) : undefined;
  if (noun !== undefined) await furnish(inner, noun, NO_CONTEXT);
  return inner;
}
/** Only actions use the context, and none runs here. */
const NO_CONTEXT = {} as CommandContext;

const flagNamed = (command: TphCommand, name: string): Option | undefined =>
  command.options.find((option) => option.long === name || option.short === name);

function subcommands(command: TphCommand, current: string): readonly Candidate[] {
  return command.commands.flatMap((one) => {
    const names = current === '' ? [one.name()] : [one.name(), ...one.aliases()];
    return names
      .filter((name) => name.startsWith(current))
      .map((value) => ({ value, description: one.summary() || one.description() }));
  });
}

const hasOwnFlags = ({ command, seen }: Place): boolean =>
  command.options.some((option) => !option.hidden && !seen.has(option));

/** Those that are hidden in help come up once somebody types their beginning. */
function flags({ command, seen }: Place, current: string): Offer {
  const candidates = command.options.flatMap((option) => {
    const isGlobal =
      option.hidden && command.parent?.options.some(({ long }) => long === option.long) === true;
    const isWanted = !option.hidden || (isGlobal ? current !== '' : current.length > 3);
    const isOver = seen.has(option) && option.parseArg === undefined;
    if (option.long === undefined || option.long === null || !isWanted || isOver) return [];
    return [{ value: option.long, description: option.description }];
  });
  const help = { value: '--help', description: 'show this help' };
  return { files: false, candidates: beginning([...candidates, help], current) };
}

async function fromSource(
  source: Source | undefined,
  current: string,
  before: string,
  { typed }: Place,
  lookup: Lookup,
): Promise<Offer> {
  if (source === undefined) return NOTHING;
  if (source.of === 'files') return { files: true };
  const found = await candidatesOf(source, current, typed, lookup);
  return {
    files: false,
    candidates: found.map(({ value, description }) => ({
      value: before + value,
      description: description === value ? '' : description,
    })),
  };
}

async function candidatesOf(
  source: Source,
  current: string,
  typed: TypedFlags,
  lookup: Lookup,
): Promise<readonly Candidate[]> {
  const plain = (list: readonly string[], before = '') =>
    beginning(
      list.map((value) => ({ value: before + value, description: '' })),
      current,
    );
  switch (source.of) {
    case 'files':
      return [];
    case 'values':
      return plain(source.values);
    case 'fields': {
      const before = /^.*,/s.exec(current)?.[0] ?? '';
      const named = before.split(',');
      return plain(
        source.values.filter((name) => !named.includes(name)),
        before,
      );
    }
    case 'entries':
      return plain(await lookup.entries(source.query, typed));
    case 'profiles':
      return plain(await lookup.profiles());
    case 'records': {
      const { types, deleted } = source;
      const all = types.map((type) => lookup.records({ type, beginning: current, deleted }, typed));
      return (await Promise.all(all)).flat();
    }
  }
}

const beginning = (list: readonly Candidate[], current: string): readonly Candidate[] =>
  list.filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()));
