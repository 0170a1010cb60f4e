import * as z from 'zod';
import { schemaRefusal } from '../contract/issue-details.ts';
import type { Operation } from '../contract/operation.ts';

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
    const refusal = schemaRefusal(schema, input, 'the API reference at /docs');
    if (refusal !== undefined) throw refusal;
  };
}
