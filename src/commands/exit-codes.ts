import type { ErrorCode } from '../values/error.ts';

/** What the program ends with for each kind of failure (spec section 5). */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  INVALID: 2,
  REJECTED: 3,
  NOT_SIGNED_IN: 4,
  NOT_ALLOWED: 4,
  NOT_FOUND: 5,
  CONFLICT: 6,
  UNAVAILABLE: 7,
  INTERRUPTED: 130,
  INTERNAL: 1,
};

/** With `--exit-code`: the answer is no. */
export const ANSWER_IS_NO = 8;
