import type { Argument, Option } from 'commander';
import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { filtersOf } from '../records/filters.ts';
import { definitionByNoun, definitionOf } from '../records/registry.ts';
import { OUTPUT_FORMATS } from '../terminal/answer.ts';
import type { TphCommand } from './command.ts';
import { toldOf } from './completion-values.ts';
import { flagName } from './flag-names.ts';
import { nouns } from './nouns.ts';

/** Where the values of a flag or argument come from, for whoever types one. */
export type Source =
  | { readonly of: 'values'; readonly values: readonly string[] }
  | { readonly of: 'records'; readonly types: readonly ObjectType[]; readonly deleted: boolean }
  | { readonly of: 'profiles' }
  | { readonly of: 'files' };

/** The source of a flag's values. */
export function sourceOfFlag(command: TphCommand, option: Option): Source | undefined {
  const name = option.long?.replace(/^--/, '') ?? '';
  const own = toldOf(command, `--${name}`);
  if (own !== undefined) return values(own);
  const shown = /[<[](.*)[>\]]$/.exec(option.flags)?.[1] ?? '';
  switch (name) {
    case 'output':
      return values(OUTPUT_FORMATS);
    case 'profile':
      return { of: 'profiles' };
    case 'client':
      return records('Client');
  }
  return fromFields(command, name.replace(/^(add|remove)-/, '')) ?? fromWords(command, name, shown);
}

/** The source of an argument's values. */
export function sourceOfArgument(command: TphCommand, argument: Argument): Source | undefined {
  const name = argument.name();
  const own = toldOf(command, name);
  if (own !== undefined) return values(own);
  const kinds = kindsOf(command);
  if (name === 'ref' && kinds.length > 0)
    return {
      of: 'records',
      types: kinds.map((kind) => kind.objectType),
      deleted: command.name() === 'restore',
    };
  if (command.name() === 'create') return undefined;
  if (nounOf(command) === 'profile' && name === 'name') return { of: 'profiles' };
  return fromFields(command, name) ?? fromWords(command, name, name);
}

const values = (list: readonly string[]): Source => ({ of: 'values', values: list });
const records = (type: ObjectType): Source => ({ of: 'records', types: [type], deleted: false });

/** The word after `tph`. */
function nounOf(command: TphCommand): string {
  const parent = command.parent as TphCommand | null;
  return parent === null || parent.parent === null ? command.name() : nounOf(parent);
}

const kindsOf = (command: TphCommand): readonly RecordDefinition[] =>
  (nouns.find(({ noun }) => noun === nounOf(command))?.kinds ?? []).map(definitionOf);

/** What a field or filter of the noun's own kinds takes. */
function fromFields(command: TphCommand, flag: string): Source | undefined {
  for (const kind of kindsOf(command)) {
    for (const [name, field] of Object.entries(kind.fields)) {
      const source = flagName(name, field) === flag ? ofField(field) : undefined;
      if (source !== undefined) return source;
    }
    const filter = filtersOf(kind).find((one) => one.flag === flag);
    if (filter?.target !== undefined) return records(filter.target);
    if (filter?.values !== undefined) return values(filter.values);
    // Inside `exclusion`, a group is an exclusion group.
    if (kind.title.endsWith(` ${flag}`)) return records(kind.objectType);
  }
  return undefined;
}

function ofField(field: Field): Source | undefined {
  switch (field.kind) {
    case 'choice':
      return values(field.values);
    case 'boolean':
      return values(['yes', 'no']);
    case 'reference':
    case 'references':
      return records(field.target);
    default:
      return undefined;
  }
}

/** A flag that is called as a kind of record takes one; `<a|b>` says the values, `<file>` what it is. */
function fromWords(command: TphCommand, name: string, shown: string): Source | undefined {
  if (name === 'db' || /^(file|path|dir|folder|file\|-)$/i.test(shown)) return { of: 'files' };
  if (/^[\w-]+(\|[\w-]+)+$/.test(shown)) return values(shown.split('|'));
  const kind = definitionByNoun(name.replace(/^(add|remove)-/, ''));
  return kind === undefined || nounOf(command) === 'api' ? undefined : records(kind.objectType);
}
