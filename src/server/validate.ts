import * as z from 'zod';
import type { Operation } from '../contract/operation.ts';
import { type ErrorDetail, invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';

/** Throws INVALID that names everything an operation's schema finds wrong with an input. */
export type Validator = (input: unknown) => void;

/**
 * The fields of a record are judged by the operation itself, which says more of them than a schema can; every other
 * input is held against its schema first.
 */
export function validatorOf(name: string, operation: Operation): Validator {
  const judgesItself = /\.(create|update)$/.test(name) && !name.startsWith('token.');
  // A path alone says all that these take, and what is in a path is read as an id.
  const takesIdOnly = /\.(get|delete|restore)$/.test(name) && operation.http.method !== 'POST';
  if (judgesItself || (takesIdOnly && name !== 'token.revoke')) return () => {};
  const schema = operation.input(z);
  return (input) => {
    const { success, error } = schema.safeParse(input);
    if (success) return;
    const details = error.issues.flatMap((issue) => detailsOf(issue, schema));
    const [first] = details;
    if (first === undefined) return;
    const more = details.length === 1 ? '' : ` (and ${details.length - 1} more)`;
    throw invalid(`${first.message}${more}`, first.hint, details);
  };
}

function detailsOf(issue: z.core.$ZodIssue, schema: z.ZodType): readonly ErrorDetail[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = schema instanceof z.ZodObject && at.length === 0 ? Object.keys(schema.shape) : [];
    return issue.keys.map((key) => {
      const near = nearest(key, known, 1)[0];
      return {
        field: [...at, key].join('.'),
        message: `there is no field ${quote(key)} here`,
        ...(near === undefined ? { hint: 'leave it out' } : { hint: `did you mean ${near}?` }),
      };
    });
  }
  const field = at.join('.');
  const what = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return [
    { field, message: field === '' ? what : `${field}: ${what}`, hint: 'see the API reference at /docs' },
  ];
}
