import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CallOptions } from '../contract/api.ts';
import { CLOCK_HEADER, IDEMPOTENCY_HEADER, REASON_HEADER } from '../contract/http.ts';
import type { Role } from '../contract/token.ts';
import { invalid, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { isInstant } from '../values/instant.ts';

/** The reason for the audit trail: percent-encoded UTF-8, since a header is ASCII. */
export function reasonOf(headers: IncomingHttpHeaders): string | null {
  const text = headers[REASON_HEADER];
  if (typeof text !== 'string' || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('X-Reason', 'is not percent-encoded UTF-8', 'encode it as a part of a URL is');
  }
}

/** The clock that a request asks to be judged by, in milliseconds; undefined where it asks for none. */
export function clockOf(headers: IncomingHttpHeaders, role: Role): number | undefined {
  const text = headers[CLOCK_HEADER];
  if (text === undefined) return undefined;
  if (role !== 'ADMIN')
    throw new TphError('NOT_ALLOWED', '--at is for administrators', {
      hint: 'leave it out, or sign in with a token of the role ADMIN',
      details: [{ field: '--at', message: '--at is for administrators' }],
    });
  const seconds = /^\d{1,12}$/.test(String(text)) ? Number(text) : 0;
  if (!isInstant(seconds))
    throw refuse('X-At', 'is not a time in Unix seconds', 'send whole seconds since 1970');
  return seconds * 1000;
}

/** The entity tags of a header such as `If-Match`; undefined where there is none. */
export function entityTags(header: string | undefined, name: string): readonly string[] | undefined {
  if (header === undefined) return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => tag === '*' || /^(W\/)?"[!#-~]*"$/.test(tag))) return tags;
  throw refuse(name, 'is no list of entity tags', 'send the ETag of the answer, with its quotes');
}

/** An `Idempotency-Key`, told apart by token, with what the request is about. */
export function idempotencyOf(
  headers: IncomingHttpHeaders,
  tokenId: Id,
  request: { readonly method: string; readonly url: string; readonly body: unknown },
): CallOptions['idempotency'] {
  const key = headers[IDEMPOTENCY_HEADER];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[!-~]{1,200}$/.test(key))
    throw refuse('Idempotency-Key', 'is no key', 'send 1 to 200 printable ASCII characters');
  const { method, url, body } = request;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null], sorted))
    .digest('base64url');
  return { key: `${tokenId}:${key}`, fingerprint };
}

/** The order of the fields of an object says nothing. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

const refuse = (field: string, what: string, hint: string) =>
  invalid(`${field} ${what}`, hint, [{ field, message: `${field} ${what}`, hint }]);
