import type { Field, Fields, ObjectType } from '../../src/records/field.ts';
import { definitionOf } from '../../src/records/registry.ts';
import { ownTypes } from './samples.ts';

/** A field, and the input that gives it a value. */
export type Place = readonly [type: ObjectType, path: string, field: Field, wrap: (value: unknown) => object];

/** Every field of every kind, also inside lists of objects, with the input that gives it a value. */
const places: readonly Place[] = ownTypes.flatMap((type) => placesOf(type, definitionOf(type).fields));

function placesOf(type: ObjectType, fields: Fields): readonly Place[] {
  return Object.entries(fields).flatMap(([name, field]): readonly Place[] => {
    const own: Place = [type, name, field, (value) => ({ [name]: value })];
    if (field.kind !== 'items') return [own];
    const inner = Object.entries(field.fields).map(
      ([key, one]): Place => [
        type,
        `${name}[0].${key}`,
        one,
        (value) => ({ [name]: [{ ...requiredOf(field.fields), [key]: value }] }),
      ],
    );
    return [own, ...inner];
  });
}

/** What an item of a list cannot be without. */
function requiredOf(fields: Fields): object {
  const values: Record<string, unknown> = {
    time: '08:15',
    weekdays: 'MON',
    day: 20_260_119,
    group: 'Hostile',
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      field.required === true ? [[name, values[name]]] : [],
    ),
  );
}

/** The places that keep any text as it is. */
export const freeText = places.filter(
  ([, , field]) => field.kind === 'text' && ['plain', 'handle', 'multiline'].includes(field.format),
);
export const ofKind = (...kinds: readonly Field['kind'][]) =>
  places.filter(([, , field]) => kinds.includes(field.kind));
export const anyText = ofKind('text', 'secret');
/** Values of every type but those. */
export const wrongTypes = (...accepted: readonly string[]): readonly unknown[] =>
  [
    ['number', 5],
    ['number', Number.NaN],
    ['boolean', true],
    ['text', 'x y z'],
    ['list', []],
    ['list', [{}]],
    ['list', [null]],
    ['object', { toString: 'x' }],
  ].flatMap(([kind, value]) => (accepted.includes(kind as string) ? [] : [value]));

/** Places with their names, for a table of tests. */
export const shown = (list: readonly Place[]) =>
  list.map((place) => [`${place[0]}.${place[1]}`, place] as const);
