import type { RecordDefinition } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import { IN_DEMO, NOT_IN_DEMO } from './demo-names.ts';
import { flagName } from './flag-names.ts';
import { shellWord } from './words.ts';

/** A value for a field's flag, in quotes where the shell wants them; undefined where nothing tells what one looks like. */
export function exampleValue(field: Field): string | undefined {
  switch (field.kind) {
    case 'reference':
    case 'references':
      return shellWord(IN_DEMO[field.target]);
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
  const own = NOT_IN_DEMO[definition.objectType];
  const words = [...required, ...optional.slice(0, 1)].flatMap(([name, field]) => {
    const named = own?.[name];
    const value =
      named === undefined
        ? (exampleValue(field) ?? (field.kind === 'items' ? exampleOfItem(field) : undefined))
        : shellWord(named);
    return value === undefined ? [] : [`--${flagName(name, field)} ${value}`];
  });
  const handle = own?.[definition.argument ?? ''] ?? argument?.example;
  const named = handle === undefined ? [] : [shellWord(handle)];
  return ['tph', definition.noun, 'create', ...named, ...words].join(' ');
}

const isItemsExample = (field: Field): boolean => field.kind === 'items' && field.example !== undefined;

/** Who rides, for one, is named by the customer. */
function exampleOfItem(field: Field & { kind: 'items' }): string | undefined {
  const [first] = Object.values(field.fields);
  return first === undefined ? undefined : exampleValue(first);
}

/** How a record of the kind is changed: by the first of its fields that it is not named by, or else by its name. */
export function updateExample(definition: RecordDefinition): string {
  const handles = definition.handles.flatMap((handle) => handle.fields);
  const telling = Object.entries(definition.fields).filter(
    ([, field]) => field.kind === 'choice' || field.kind === 'boolean' || field.example !== undefined,
  );
  const [name = '', field] =
    telling.find(([one]) => !handles.includes(one)) ??
    telling.find(([one]) => one !== definition.argument) ??
    [];
  const words = field === undefined ? [] : [`--${flagName(name, field)} ${exampleValue(field) ?? ''}`];
  return ['tph', definition.noun, 'update', shellWord(IN_DEMO[definition.objectType]), ...words].join(' ');
}
