import type { Bearer, SharedStore } from '../contract/database.ts';
import { TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';

/**
 * Who asks, by the `Authorization` header; NOT_SIGNED_IN without a token that can be used now. Answers at once where
 * the store does.
 */
export function signIn(
  store: SharedStore,
  authorization: string | undefined,
  nowMs: number,
): Bearer | Promise<Bearer> {
  const now = Math.floor(nowMs / 1000) as Instant;
  const [, token] = /^Bearer +([!-~]{1,200})$/i.exec(authorization ?? '') ?? [];
  const found = token === undefined ? undefined : store.bearer(token, now);
  const refuse = () => whenHad(store.hasTokens(now), (hasTokens) => refusal(hasTokens, authorization));
  return whenHad(found, (bearer) => bearer ?? whenHad(refuse(), (error) => Promise.reject(error)));
}

/** Goes on with a value at once, or when it is had. */
export const whenHad = <T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> =>
  value instanceof Promise ? value.then(next) : next(value);

function refusal(hasTokens: boolean, authorization: string | undefined): TphError {
  if (!hasTokens)
    return new TphError('NOT_SIGNED_IN', 'nobody can sign in yet: there is no token', {
      hint: 'make one with `tph token create` where the database is',
    });
  if (authorization === undefined)
    return new TphError('NOT_SIGNED_IN', 'the request has no token', {
      hint: 'send `Authorization: Bearer <token>`',
    });
  return new TphError('NOT_SIGNED_IN', 'the token cannot be used', {
    hint: 'it may be mistyped, expired or revoked; ask an administrator for another',
  });
}
