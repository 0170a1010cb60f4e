import type { ErrorCode } from '../values/error.ts';
import { PROBLEM_TITLES, PROBLEM_TYPE, STATUS_OF, takesIfMatch } from './http.ts';
import type { Operation } from './operation.ts';

type Json = Readonly<Record<string, unknown>>;

/** What any request may be answered with, besides what the operation itself says. */
const ALWAYS = [400, 401, 403, 404, 408, 429, 431, 500, 503];

/** The statuses of problems that an operation may be answered with. */
export function statusesOf(name: string, operation: Operation): readonly number[] {
  const own = operation.errors.map((code) => STATUS_OF[code]);
  const more = operation.writes ? [409, 413, 415, ...(takesIfMatch(name) ? [412] : [])] : [];
  return [...new Set([...ALWAYS, ...own, ...more])].sort((a, b) => a - b);
}

const statusTexts: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['INVALID', 'Something in the request is wrong; `details` says what'],
  401: ['NOT_SIGNED_IN', 'There is no token, or it cannot be used'],
  403: ['NOT_ALLOWED', 'The role of the token may not do this'],
  404: ['NOT_FOUND', 'There is no such record for this token'],
  408: ['UNAVAILABLE', 'The request took too long to come'],
  409: ['CONFLICT', 'It stands in the way of something, or is ambiguous'],
  412: ['CONFLICT', 'The record was changed meanwhile'],
  413: ['INVALID', 'The body is larger than 1 MiB'],
  415: ['INVALID', 'The body is not application/json in UTF-8'],
  429: ['UNAVAILABLE', 'Too many requests; `Retry-After` says how long to wait'],
  431: ['INVALID', 'The headers, with the path and its query, are larger than 16 KiB'],
  500: ['INTERNAL', 'Something went wrong that was not meant to'],
  503: ['UNAVAILABLE', 'Busy or stopping; `Retry-After` says how long to wait'],
};

/** The problems as responses, `P400` and so on. */
export const problemResponses = (): Json =>
  Object.fromEntries(
    Object.entries(statusTexts).map(([status, [code, description]]) => [
      `P${status}`,
      {
        description,
        ...(status === '429' || status === '503'
          ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
          : {}),
        content: {
          [PROBLEM_TYPE]: {
            schema: { $ref: '#/components/schemas/Problem' },
            example: {
              type: 'about:blank',
              title: PROBLEM_TITLES[code],
              status: Number(status),
              detail: description.toLowerCase(),
              instance: '/client/G1/driver',
              code,
              details: [],
              requestId: 'a2b0c6f4',
            },
          },
        },
      },
    ]),
  );

/** An error as it is answered (RFC 9457). */
export const problemSchema: Json = {
  type: 'object',
  description: 'An error (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'details'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong, in one line.' },
    instance: { type: 'string', description: 'The path that was asked for.' },
    code: { type: 'string', enum: Object.keys(STATUS_OF) },
    hint: { type: 'string', description: 'What to do about it.' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        required: ['message'],
        properties: {
          field: { type: 'string' },
          value: { type: 'string' },
          message: { type: 'string' },
          hint: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
};
