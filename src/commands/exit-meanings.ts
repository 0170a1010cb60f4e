import type { ErrorCode } from '../values/error.ts';
import { ANSWER_IS_NO, EXIT_CODES } from './exit-codes.ts';

const meanings: Readonly<Record<ErrorCode, string>> = {
  INVALID: 'The command line or its input is wrong.',
  REJECTED: 'Some rows were rejected.',
  NOT_SIGNED_IN: 'Not signed in, or not allowed.',
  NOT_ALLOWED: 'Not signed in, or not allowed.',
  NOT_FOUND: 'What was named is not there.',
  CONFLICT: 'A conflict: a duplicate, an ambiguous name, or something that was changed meanwhile.',
  UNAVAILABLE:
    'Unavailable: locked for longer than --lock-wait, or a remote instance that cannot be reached.',
  INTERRUPTED: 'Interrupted, or not confirmed.',
  INTERNAL: 'An unexpected failure.',
};

/** What each exit code says (spec section 5), in their order. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  ...new Map<number, string>([
    [0, 'Done.'],
    [
      ANSWER_IS_NO,
      'With --exit-code: the answer is no (no eligible driver, OFF, may not book, findings), or a dry run would change something.',
    ],
    ...(Object.keys(meanings) as ErrorCode[]).map((code): [number, string] => [
      EXIT_CODES[code],
      meanings[code],
    ]),
  ]),
].sort(([a], [b]) => a - b);
