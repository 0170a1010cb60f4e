import type * as Zod from 'zod';
import {
  countOf,
  type ErrorDetail,
  fewDetails,
  invalid,
  MOST_DETAILS,
  quote,
  type TphError,
} from '../values/error.ts';
import { nearest } from '../values/nearest.ts';

/** INVALID with everything that a schema finds wrong with an input; undefined where it finds nothing. */
export function schemaRefusal(schema: Zod.ZodType, input: unknown, reference: string): TphError | undefined {
  const { error } = schema.safeParse(input);
  if (error === undefined) return undefined;
  const wrong = error.issues.flatMap((issue) => partsOf(issue));
  const details = fewDetails(
    wrong.slice(0, MOST_DETAILS).map((issue) => detailOf(issue, schema, input, `see ${reference}`)),
    Math.max(0, wrong.length - MOST_DETAILS),
  );
  const [first] = details;
  const more = details.length <= 1 ? '' : ` (and ${countOf(details) - 1} more)`;
  return invalid(`${first?.message ?? 'the input is wrong'}${more}`, first?.hint, details);
}

type Issue = Zod.core.$ZodIssue;
/** One wrong thing: an issue, and of one about several unknown fields, which. */
interface Wrong {
  readonly issue: Issue;
  readonly key?: string;
}

const partsOf = (issue: Issue): readonly Wrong[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ issue, key })) : [{ issue }];

function detailOf(
  { issue, key }: Wrong,
  schema: Zod.ZodType,
  input: unknown,
  otherwise: string,
): ErrorDetail {
  const at = issue.path.map(String);
  if (key !== undefined) {
    const known = at.length === 0 && 'shape' in schema ? Object.keys(schema.shape as object) : [];
    const near = nearest(key, known, 1)[0];
    return {
      field: [...at, key].join('.'),
      message: `there is no field ${quote(key)} here`,
      hint: near === undefined ? 'leave it out' : `did you mean ${near}?`,
    };
  }
  const field = at.join('.');
  const given = issue.path.reduce<unknown>((value, name) => Object(value)[name], input);
  if (given === undefined && field !== '')
    return { field, message: `${field} is missing`, hint: `give ${field}` };
  const what = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  const isId = typeof given === 'number' && (issue.code === 'invalid_union' || at.at(-1) === 'id');
  const hint = isId ? 'write an id as text, such as "G123"' : otherwise;
  return field === '' ? { message: what, hint } : { field, message: `${field}: ${what}`, hint };
}
