import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { flagName } from './flag-names.ts';
import { shellWord } from './words.ts';

/** What a person might write for a record of a kind, from the examples of its fields: `D7`, `ACME/Sales`. */
export function exampleRef(type: ObjectType): string {
  const definition = definitionOf(type);
  const [handle] = definition.handles;
  const field = definition.fields[handle?.fields[0] ?? ''];
  if (handle === undefined || field?.example === undefined) return 'G123';
  const parent = handle.within === undefined ? undefined : definition.fields[handle.within];
  return parent?.kind === 'reference' ? `${exampleRef(parent.target)}/${field.example}` : field.example;
}

/** A value for a field's flag, in quotes where the shell wants them; undefined where nothing tells what one looks like. */
export function exampleValue(field: Field): string | undefined {
  switch (field.kind) {
    case 'reference':
    case 'references':
      return shellWord(exampleRef(field.target));
    case 'choice':
      return field.values.find((value) => value !== field.default) ?? field.values[0];
    case 'boolean':
      return field.default === true ? 'no' : 'yes';
    default:
      return field.example === undefined ? undefined : shellWord(field.example);
  }
}

/** How a record of the kind is created: with all that is required and one thing more. */
export function createExample(definition: RecordDefinition): string {
  const argument = definition.argument === undefined ? undefined : definition.fields[definition.argument];
  const others = Object.entries(definition.fields).filter(([name]) => name !== definition.argument);
  const required = others.filter(([, field]) => field.required === true);
  const telling = (field: Field) =>
    field.example !== undefined || field.kind === 'items' || field.kind === 'references';
  const optional = others
    .filter(([, field]) => field.required !== true && telling(field))
    .sort(([, a], [, b]) => Number(isItemsExample(b)) - Number(isItemsExample(a)));
  const words = [...required, ...optional.slice(0, 1)].flatMap(([name, field]) => {
    const value = exampleValue(field) ?? (field.kind === 'items' ? exampleOfItem(field) : undefined);
    return value === undefined ? [] : [`--${flagName(name, field)} ${value}`];
  });
  const named = argument?.example === undefined ? [] : [shellWord(argument.example)];
  return ['tph', definition.noun, 'create', ...named, ...words].join(' ');
}

const isItemsExample = (field: Field): boolean => field.kind === 'items' && field.example !== undefined;

/** Who rides, for one, is named by the customer. */
function exampleOfItem(field: Field & { kind: 'items' }): string | undefined {
  const [first] = Object.values(field.fields);
  return first === undefined ? undefined : exampleValue(first);
}

/** How a record of the kind is changed: by the first of its fields that it is not named by. */
export function updateExample(definition: RecordDefinition): string {
  const handles = definition.handles.flatMap((handle) => handle.fields);
  const found = Object.entries(definition.fields).find(
    ([name, field]) =>
      !handles.includes(name) &&
      (field.kind === 'choice' || field.kind === 'boolean' || field.example !== undefined),
  );
  const [name, field] = found ?? [];
  const words =
    name === undefined || field === undefined
      ? []
      : [`--${flagName(name, field)} ${exampleValue(field) ?? ''}`];
  return ['tph', definition.noun, 'update', shellWord(exampleRef(definition.objectType)), ...words].join(' ');
}
