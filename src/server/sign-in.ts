import type { Bearer, SharedStore } from '../contract/database.ts';
import { TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';

/** Who asks, by the `Authorization` header; NOT_SIGNED_IN without a token that can be used now. */
export function signIn(store: SharedStore, authorization: string | undefined, nowMs: number): Bearer {
  const now = Math.floor(nowMs / 1000) as Instant;
  const [, token] = /^Bearer +([!-~]{1,200})$/i.exec(authorization ?? '') ?? [];
  const bearer = token === undefined ? undefined : store.bearer(token, now);
  if (bearer !== undefined) return bearer;
  if (!store.hasTokens(now))
    throw new TphError('NOT_SIGNED_IN', 'nobody can sign in yet: there is no token', {
      hint: 'make one with `tph token create` where the database is',
    });
  if (authorization === undefined)
    throw new TphError('NOT_SIGNED_IN', 'the request has no token', {
      hint: 'send `Authorization: Bearer <token>`',
    });
  throw new TphError('NOT_SIGNED_IN', 'the token cannot be used', {
    hint: 'it may be mistyped, expired or revoked; ask an administrator for another',
  });
}
