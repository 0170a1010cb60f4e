import { PROBLEM_TITLES, PROBLEM_TYPE, type Problem, STATUS_OF } from '../contract/http.ts';
import { TphError } from '../values/error.ts';

/** An answer that is an error: the document, and the headers that go with it. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal with a status of HTTP's own, such as 405 or 429, that no error code has. */
export class HttpRefusal extends TphError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: TphError, status: number, headers: Readonly<Record<string, string>> = {}) {
    super(error.code, error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: error.details,
    });
    this.status = status;
    this.headers = headers;
  }
}

/** Nothing of an answer is for shared caches, frames, or pages from elsewhere. */
export const commonHeaders = {
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** How long to wait before asking again where the server is busy, in seconds. */
const RETRY_AFTER = '1';

/** An error as RFC 9457 has it. Of one that was not meant, nothing is told. */
export function problemOf(error: unknown, instance: string, requestId: string): ProblemAnswer {
  const known =
    error instanceof TphError && error.code !== 'INTERNAL'
      ? error
      : new TphError('INTERNAL', 'unexpected failure', {
          hint: 'tell whoever runs the server, with the request id',
        });
  const status = statusOf(known);
  const headers = known instanceof HttpRefusal ? known.headers : {};
  return {
    problem: {
      type: 'about:blank',
      title: PROBLEM_TITLES[known.code],
      status,
      detail: known.message,
      instance,
      code: known.code,
      ...(known.hint === undefined ? {} : { hint: known.hint }),
      details: known.details,
      requestId,
    },
    headers: {
      'content-type': `${PROBLEM_TYPE}; charset=utf-8`,
      ...(status === 503 ? { 'retry-after': RETRY_AFTER } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  };
}

function statusOf(error: TphError): number {
  if (error instanceof HttpRefusal) return error.status;
  const isPrecondition = error.code === 'CONFLICT' && error.details[0]?.field === 'If-Match';
  return isPrecondition ? 412 : STATUS_OF[error.code];
}
