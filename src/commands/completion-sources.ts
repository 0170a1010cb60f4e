import type { Argument, Option } from 'commander';
import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { filtersOf } from '../records/filters.ts';
import type { EntriesQuery } from '../records/handle-query.ts';
import { definitionByNoun, definitionOf } from '../records/registry.ts';
import { OUTPUT_FORMATS } from '../terminal/answer.ts';
import type { TphCommand } from './command.ts';
import { type Told, toldOf } from './completion-values.ts';
import { flagName } from './flag-names.ts';
import { nouns } from './nouns.ts';
import { fieldNames } from './record-text.ts';

/** Where the values of a flag or argument come from, for whoever types one. */
export type Source =
  | { readonly of: 'values'; readonly values: readonly string[] }
  | { readonly of: 'records'; readonly types: readonly ObjectType[]; readonly deleted: boolean }
  | { readonly of: 'fields'; readonly values: readonly string[] }
  | { readonly of: 'entries'; readonly query: EntriesQuery }
  | { readonly of: 'profiles' }
  | { readonly of: 'files' };

/** The source of a flag's values; `given` are the arguments before it. */
export function sourceOfFlag(
  command: TphCommand,
  option: Option,
  given: readonly string[],
): Source | undefined {
  const name = option.long?.replace(/^--/, '') ?? '';
  const own = toldOf(command, `--${name}`);
  if (own !== undefined) return fromTold(own, given);
  const shown = /[<[](.*)[>\]]$/.exec(option.flags)?.[1] ?? '';
  switch (name) {
    case 'output':
      return values(OUTPUT_FORMATS);
    case 'profile':
      return { of: 'profiles' };
    case 'client':
      return records('Client');
    case 'fields':
      return { of: 'fields', values: fieldsOf(command) };
  }
  return fromFields(command, name.replace(/^(add|remove)-/, '')) ?? fromWords(command, name, shown);
}

/** The source of an argument's values; `given` are those before it. */
export function sourceOfArgument(
  command: TphCommand,
  argument: Argument,
  given: readonly string[],
): Source | undefined {
  const name = argument.name();
  const own = toldOf(command, name);
  if (own !== undefined) return fromTold(own, given);
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

function fromTold(told: Told, given: readonly string[]): Source | undefined {
  if (typeof told === 'function') return values(told(given));
  if (!('argument' in told)) return values(told);
  const { argument, ...query } = told;
  const ref = given[argument];
  return ref === undefined ? undefined : { of: 'entries', query: { ...query, ref } };
}

/** The six verbs, which show records. */
const RECORD_VERBS = ['create', 'list', 'show', 'update', 'delete', 'restore'];

/** What `--fields` may name; nothing where the answer is no record. */
function fieldsOf(command: TphCommand): readonly string[] {
  const isRecord = command.parent?.parent?.parent === null && RECORD_VERBS.includes(command.name());
  return isRecord ? [...new Set(kindsOf(command).flatMap(fieldNames))] : [];
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
