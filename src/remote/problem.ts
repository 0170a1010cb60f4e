import { codeOfStatus, REQUEST_ID_HEADER, STATUS_OF } from '../contract/http.ts';
import { type ErrorCode, type ErrorDetail, quote, TphError } from '../values/error.ts';
import { clean } from './clean.ts';
import type { Answer } from './exchange.ts';
import { retryAfterMs } from './retry-after.ts';

/** The instance has no such endpoint; it may be one that serves the seeds' endpoints only (spec section 6). */
export class NotOffered extends TphError {
  constructor(what: string, url: string) {
    const message = `the instance at ${url} does not offer ${quote(what)}`;
    super('UNAVAILABLE', message, {
      details: [{ message, offered: false }],
      hint: 'check the profile’s address: `tph profile list`; an instance that is no tph server has only some endpoints',
    });
  }
}

/** What is known of the request that an answer is for. */
export interface Asked {
  /** `GET /client/G1/driver`. */
  readonly what: string;
  /** Address of the instance, and the profile's name. */
  readonly url: string;
  readonly profile: string;
  readonly writes: boolean;
}

/** The error that an answer outside of 2xx stands for: the instance's own where it is a problem document of ours. */
export function problem(answer: Answer, body: unknown, asked: Asked): TphError {
  const { status, headers } = answer;
  const given = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof given[name] === 'string' ? clean(given[name]) : undefined);
  const code = Object.hasOwn(STATUS_OF, String(given['code'])) ? (given['code'] as ErrorCode) : undefined;
  if (code === undefined && (status === 404 || status === 405 || status === 501))
    return new NotOffered(asked.what, asked.url);
  const said = text('detail') ?? text('title');
  const hint = text('hint') ?? wayOut(status, headers, asked);
  return new TphError(codeFor(code, status), said ?? plain(status, asked.url), {
    ...(hint === undefined ? {} : { hint: hint + requestId(headers, status) }),
    details: details(given['details']),
  });
}

/** That the instance stops is no interruption here: its user can try again. */
function codeFor(code: ErrorCode | undefined, status: number): ErrorCode {
  if (code !== undefined) return code === 'INTERRUPTED' ? 'UNAVAILABLE' : code;
  return status >= 500 ? 'UNAVAILABLE' : codeOfStatus(status);
}

function plain(status: number, url: string): string {
  if (status === 401) return `${url} does not know the token`;
  if (status === 403) return `the token may not do that at ${url}`;
  if (status === 429) return `${url} has had too many requests from this token`;
  if (status >= 500) return `${url} has a failure of its own (HTTP ${status})`;
  return `${url} refused the request (HTTP ${status})`;
}

function wayOut(status: number, headers: Headers, { profile, writes }: Asked): string | undefined {
  if (status === 401) return `sign in with \`tph auth login --profile ${profile}\`; a token may have expired`;
  if (status === 403) return 'ask whoever runs the instance for a token that may';
  const wait = retryAfterMs(headers);
  if (status === 429 || status === 503)
    return wait === undefined ? 'try again later' : `try again in ${Math.ceil(wait / 1000)} s`;
  if (status < 500) return undefined;
  return writes
    ? 'it may have been carried out all the same: look before you do it again'
    : 'try again later';
}

/** What an operator of the instance finds a failure in the logs by. */
function requestId(headers: Headers, status: number): string {
  const id = headers.get(REQUEST_ID_HEADER) ?? '';
  return status >= 500 && /^[\w.:-]{1,100}$/.test(id) ? ` (request ${id})` : '';
}

const MOST_DETAILS = 1000;

function details(given: unknown): readonly ErrorDetail[] {
  if (!Array.isArray(given)) return [];
  return given.slice(0, MOST_DETAILS).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('message' in one) || typeof one.message !== 'string')
      return [];
    const { field, value, hint, ...rest } = one as Readonly<Record<string, unknown>>;
    const texts = Object.entries({ field, value, hint }).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, clean(text)]] : [],
    );
    return [{ ...rest, ...Object.fromEntries(texts), message: clean(one.message) }];
  });
}
