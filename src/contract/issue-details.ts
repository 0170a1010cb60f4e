import type * as Zod from 'zod';
import { type ErrorDetail, invalid, quote, type TphError } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';

/** INVALID with everything that a schema finds wrong with an input; undefined where it finds nothing. */
export function schemaRefusal(schema: Zod.ZodType, input: unknown, reference: string): TphError | undefined {
  const { error } = schema.safeParse(input);
  if (error === undefined) return undefined;
  const details = error.issues.flatMap((issue) => detailsOf(issue, schema, input, `see ${reference}`));
  const [first] = details;
  const more = details.length <= 1 ? '' : ` (and ${details.length - 1} more)`;
  return invalid(`${first?.message ?? 'the input is wrong'}${more}`, first?.hint, details);
}

function detailsOf(
  issue: Zod.core.$ZodIssue,
  schema: Zod.ZodType,
  input: unknown,
  otherwise: string,
): readonly ErrorDetail[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = at.length === 0 && 'shape' in schema ? Object.keys(schema.shape as object) : [];
    return issue.keys.map((key) => {
      const near = nearest(key, known, 1)[0];
      return {
        field: [...at, key].join('.'),
        message: `there is no field ${quote(key)} here`,
        hint: near === undefined ? 'leave it out' : `did you mean ${near}?`,
      };
    });
  }
  const field = at.join('.');
  const given = issue.path.reduce<unknown>((value, name) => Object(value)[name], input);
  if (given === undefined && field !== '')
    return [{ field, message: `${field} is missing`, hint: `give ${field}` }];
  const what = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  const isId = typeof given === 'number' && (issue.code === 'invalid_union' || at.at(-1) === 'id');
  const hint = isId ? 'write an id as text, such as "G123"' : otherwise;
  return field === '' ? [{ message: what, hint }] : [{ field, message: `${field}: ${what}`, hint }];
}
