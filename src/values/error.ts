/**
 * The kinds of failure that a caller can act on. Each has one exit code (spec section 5) and one
 * HTTP status (section 6); both tables are keyed by this type, so a new code does not compile until it has both.
 */
export type ErrorCode =
  | 'INVALID'
  | 'REJECTED'
  | 'NOT_SIGNED_IN'
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAVAILABLE'
  | 'INTERRUPTED'
  | 'INTERNAL';

/** One wrong value among several: which field or flag, what is wrong with it, and the way out. */
export interface ErrorDetail {
  readonly field?: string;
  readonly value?: string;
  readonly message: string;
  readonly hint?: string;
  /** What else a program may want to know, such as the record that stands in the way. */
  readonly [extra: string]: unknown;
}

/**
 * The only error that the program throws on purpose. `message` is one line: lower case, the input in
 * backticks, no final stop. `hint` is one line of what to do.
 */
export class TphError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly ErrorDetail[];

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; details?: readonly ErrorDetail[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'TphError';
    this.code = code;
    this.hint = more.hint;
    this.details = more.details ?? [];
  }
}

/** Invalid input: exit code 2. */
export function invalid(message: string, hint?: string, details: readonly ErrorDetail[] = []): TphError {
  return new TphError('INVALID', message, { ...(hint === undefined ? {} : { hint }), details });
}

/** How many details an error has at most: more wrong values are counted, not told one by one. */
export const MOST_DETAILS = 50;

/** The first details, and how many more there are; `untold` are those that nobody wrote down. */
export function fewDetails(
  details: readonly ErrorDetail[],
  untold = 0,
  most = MOST_DETAILS,
): readonly ErrorDetail[] {
  const more = Math.max(0, details.length - most) + untold;
  if (more === 0) return details;
  return [...details.slice(0, most), { message: `and ${more} more`, hint: 'mend these first', untold: more }];
}

/** How many wrong values details tell of, with those that are only counted. */
export const countOf = (details: readonly ErrorDetail[]): number =>
  details.reduce((sum, { untold }) => sum + (typeof untold === 'number' ? untold : 1), 0);

/** How much of a wrong value an error repeats: enough to recognise it, never a flood, never a control character. */
export function quote(value: unknown): string {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  // More than enough for 60 characters of any kind; the rest of a flood is not looked at.
  const text = whole.slice(0, 200);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
  const points = [...shown];
  return `\`${points.length > 60 ? `${points.slice(0, 57).join('')}…` : shown}\``;
}
