import { conflictPolicies, csvKinds, type ImportStart, importModes } from '../../contract/bulk.ts';
import { operationPrefix } from '../../contract/names.ts';
import { checkInput } from '../../records/check.ts';
import type { RecordDefinition, Values } from '../../records/definition.ts';
import type { Field } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import type { ErrorDetail } from '../../values/error.ts';
import { refuseInput, textInput } from '../input.ts';
import { type Rules, rulesOf } from '../rules.ts';

/** A field that rows give, and where among a row's values it stands. */
export interface GivenField {
  readonly name: string;
  readonly index: number;
  readonly field: Field;
}

/** What follows from how an import was asked for, worked out once. */
export interface ImportPlan {
  readonly start: ImportStart;
  readonly definition: RecordDefinition;
  readonly rules: Rules;
  readonly given: readonly GivenField[];
  readonly names: readonly string[];
  /** Where among a row's values these stand; -1 where they are not given. */
  readonly idIndex: number;
  readonly keyIndex: number;
  /** The fields by which rows find their records; empty: by internal key. */
  readonly key: readonly string[];
  /** By which single field a row is matched that has none of the key's values; only where no key was asked for. */
  readonly fallbacks: readonly string[];
  /** The values of a new record of which a row gives nothing. */
  readonly defaults: Values;
  /** What is wrong with a new record that lacks a required field, by field. */
  readonly missing: ReadonlyMap<string, ErrorDetail>;
  /** The names of the operations that do to one record what the import does to many. */
  readonly operations: { readonly create: string; readonly update: string };
  /** Collections that another kind owns and that rows give. */
  readonly inverses: readonly string[];
}

/** INVALID where what is asked for makes no sense for the kind. */
export function planImport(start: ImportStart): ImportPlan {
  const kind = start.kind;
  if (!Object.hasOwn(csvKinds, kind))
    throw refuseInput('kind', kind, 'is no kind of file', `give one of ${Object.keys(csvKinds).join(', ')}`);
  oneOf('mode', start.mode, importModes);
  oneOf('onConflict', start.onConflict, conflictPolicies);
  textInput(start.file, 'file', 500);
  const definition = definitionOf(csvKinds[kind]);
  const given = start.fields.flatMap((name, index): readonly GivenField[] => {
    if (start.fields.indexOf(name) !== index)
      throw refuseInput('fields', name, 'is given twice', 'give each field once');
    if (name === 'id' || name === 'internalKey') return [];
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (field !== undefined) return [{ name, index, field }];
    throw refuseInput(
      'fields',
      name,
      'is no field',
      `the fields are ${Object.keys(definition.fields).join(', ')}`,
    );
  });
  const bare = checkInput(definition, {}, 'create', {});
  const key = keyFields(start, definition);
  const prefix = operationPrefix(definition.objectType);
  return {
    start,
    definition,
    rules: rulesOf(definition.objectType),
    given,
    names: given.map(({ name }) => name),
    idIndex: start.fields.indexOf('id'),
    keyIndex: start.fields.indexOf('internalKey'),
    key,
    fallbacks: start.key === undefined ? fallbacksOf(definition, key) : [],
    defaults: bare.values,
    missing: new Map(bare.problems.map((problem) => [problem.field as string, problem])),
    operations: { create: `${prefix}.create`, update: `${prefix}.update` },
    inverses: given.flatMap(({ name, field }) =>
      field.kind === 'references' && field.inverse !== undefined ? [name] : [],
    ),
  };
}

function oneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw refuseInput(name, value, 'is not one of the values', `give one of ${allowed.join(', ')}`);
}

function keyFields(start: ImportStart, definition: RecordDefinition): readonly string[] {
  if (start.key === undefined) return definition.unique[0]?.fields ?? [];
  const { key } = start;
  const usable = [
    ...definition.unique.map(({ fields }) => fields),
    ...definition.handles.map(({ fields }) => fields).filter((fields) => fields.length === 1),
    ['internalKey'],
  ];
  const isUsable = usable.some(
    (fields) => fields.length === key.length && fields.every((one) => key.includes(one)),
  );
  if (!isUsable)
    throw refuseInput(
      'key',
      key.join(','),
      `is no key of ${definition.plural}`,
      `give one of ${[...new Set(usable.map((fields) => fields.join(',')))].join(' or ')}`,
    );
  const lacking = key.find((name) => !start.fields.includes(name));
  if (lacking !== undefined && !start.fields.includes('id'))
    throw refuseInput('key', lacking, 'is no column of the file', 'name a key that the file has');
  return key[0] === 'internalKey' ? [] : key;
}

/** Handles of one field that is not folded into others: the e-mail address of a customer without a phone. */
function fallbacksOf(definition: RecordDefinition, key: readonly string[]): readonly string[] {
  return definition.handles
    .filter((handle) => handle.fields.length === 1 && handle.within === undefined)
    .flatMap((handle) => handle.fields)
    .filter((name) => !key.includes(name));
}

/** How a person names the key of an import. */
export const keyName = (plan: ImportPlan): string =>
  plan.key.length === 0 ? 'internalKey' : plan.key.join(' and ');

/** The problem of a row that gives nothing by which its record could be found. */
export function noKey(plan: ImportPlan): ErrorDetail {
  const wanted = [keyName(plan), ...plan.fallbacks];
  return {
    code: 'INVALID',
    field: plan.key[0] ?? 'internalKey',
    message: `the row has no ${wanted.join(' and no ')}, so it cannot be told which ${plan.definition.title} it is`,
    hint: 'fill it in, name another column with --key, or add an id column',
  };
}
