import { type ErrorDetail, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { commonFields } from './definition.ts';

/** What is wrong with a field that a record does not have: `name`, which stands at `at`; near spellings among `known`. */
export function unknownField(at: string, name: string, known: readonly string[]): ErrorDetail {
  if ((commonFields as readonly string[]).includes(name))
    return { field: at, message: `${at} is set by the program`, hint: 'leave it out' };
  const near = nearest(name, known, 1)[0];
  return {
    field: at,
    message: `there is no field ${quote(name)}`,
    hint:
      near !== undefined
        ? `did you mean ${near}?`
        : known.length === 0
          ? 'leave it out'
          : `the fields are ${known.join(', ')}`,
  };
}
