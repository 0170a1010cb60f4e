import { invalid, quote } from './error.ts';

/** A remote instance by a name of the user's own (spec section 6). Holds no token. */
export interface Profile {
  readonly name: string;
  /** As `parseInstanceUrl` gives it. */
  readonly url: string;
  /** The client to work for, by id or name; null: the one that the token is bound to. */
  readonly client: string | null;
  /** What an instance that has only the seeds' endpoints does not tell: null or empty where it is left open. */
  readonly timeZone: string | null;
  readonly country: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Tokens stand for themselves in one header line: printable ASCII without blanks. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{8,4096}$/.test(text);

/** The name of a profile: letters, digits, `.`, `_` and `-`, not beginning with `-`. Throws INVALID. */
export function parseProfileName(text: string): string {
  const name = text.trim();
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,59}$/.test(name) && name !== 'none') return name;
  const message = `${quote(text)} is no name for a profile`;
  const hint = 'use 1 to 60 letters, digits, dots, hyphens and underscores; `none` stands for no profile';
  throw invalid(message, hint, [{ field: '<name>', value: text.slice(0, 200), message, hint }]);
}
