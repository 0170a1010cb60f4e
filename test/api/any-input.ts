import fc from 'fast-check';
import * as z from 'zod';
import type { OperationName } from '../../src/contract/api.ts';
import { type Operations, operations } from '../../src/contract/operations.ts';
import { TODAY } from './world.ts';

/** What input is made of: texts by how a record may be named, most of them somebody else's. */
export interface Words {
  readonly ids: readonly string[];
  readonly others: readonly string[];
  /** Of all these, what the operation is most likely about: it is asked for half of the time. */
  readonly likely?: readonly string[];
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Shape;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Any input that the contract of an operation allows, with the given words wherever it takes a text. */
export function anyInput(name: OperationName, words: Words): fc.Arbitrary<unknown> {
  const operation: Operations[OperationName] = operations[name];
  return arbitraryOf(
    z.toJSONSchema(operation.input(z), { io: 'input', unrepresentable: 'any' }) as Shape,
    words,
  );
}

/** Whether the contract allows an input. */
export const isAllowed = (name: OperationName, input: unknown): boolean => {
  const operation: Operations[OperationName] = operations[name];
  return operation.input(z).safeParse(input).success;
};

function arbitraryOf(shape: Shape, words: Words): fc.Arbitrary<unknown> {
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map((one) => arbitraryOf(one, words)));
  switch (shape.type) {
    case 'string':
      return textOf(shape, words);
    case 'integer':
    case 'number':
      return numberOf(shape);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf(shape.items ?? {}, words), {
        minLength: shape.minItems ?? 0,
        maxLength: 2,
      });
    case 'object':
      return objectOf(shape, words);
    default:
      // Anything goes here: a reference in either of its forms is what could do harm.
      return fc.oneof(
        fc.constantFrom(...words.ids, ...words.others),
        fc.constantFrom(...words.ids).map((id) => ({ id })),
      );
  }
}

function textOf({ pattern, minLength = 0, maxLength = 10_000 }: Shape, { ids, others, likely = [] }: Words) {
  const fits = (text: string) =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern).test(text));
  const all = [...ids, ...others].filter(fits);
  if (all.length === 0) throw new Error(`no text is known that fits ${pattern}`);
  const first = likely.filter(fits);
  return first.length === 0
    ? fc.constantFrom(...all)
    : fc.oneof(fc.constantFrom(...first), fc.constantFrom(...all));
}

/** Days and instants around the present of the tests, small numbers else: a calendar of a thousand years says no more. */
function numberOf({ minimum = 0, maximum = 1_000_000 }: Shape): fc.Arbitrary<number> {
  if (minimum >= 19_000_101) return fc.integer({ min: 0, max: 6 }).map((days) => TODAY + days);
  return fc.integer({ min: minimum, max: Math.min(maximum, minimum + 50) });
}

function objectOf({ properties = {}, required = [], additionalProperties }: Shape, words: Words) {
  // Hashing a password takes its time on purpose, and tells nobody anything.
  const names = Object.keys(properties).filter((name) => name !== 'password');
  const model = Object.fromEntries(names.map((name) => [name, arbitraryOf(properties[name] ?? {}, words)]));
  const known = fc.record(model, { requiredKeys: names.filter((name) => required.includes(name)) });
  if (names.length > 0 || additionalProperties === false) return known;
  const keys = ['callsign', 'ref', 'driver', 'customer', 'account', 'internalKey', 'approvals.warnDays'];
  return fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...words.ids, ...words.others), {
    maxKeys: 3,
  });
}
