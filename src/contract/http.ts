import type { ObjectType } from '../records/field.ts';
import { type ErrorCode, type ErrorDetail, invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseIdOrDecimal } from '../values/id.ts';
import type { CallOptions, OperationName } from './api.ts';
import { typeOfOperation } from './names.ts';
import type { Operation, PathUse } from './operation.ts';
import { operations } from './operations.ts';

/**
 * How an operation's input travels as an HTTP request: the server reads it with `inputReader`, the client writes it
 * with `requestOf`, and both take it from the operation's paths (spec section 6).
 *
 * - `{clientId}` is the session's client. Other parameters are ids (`G123` or a bare decimal), or words.
 * - What is left of the input is the query of a GET and the JSON body of a POST; a DELETE has neither.
 * - `?dryRun=true` asks for a dry run; `X-Reason` carries the reason, percent-encoded.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/client`, percent-encoded, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
}

export const REASON_HEADER = 'x-reason';
/** The clock of one request, Unix seconds: `--at` and `TPH_NOW` (spec section 2). For ADMIN; repeated in the answer. */
export const CLOCK_HEADER = 'x-at';
/** `commands`: hints are to name commands and flags, for a person at the command line, instead of requests and fields. */
export const HINTS_HEADER = 'x-hints';
export const PROBLEM_TYPE = 'application/problem+json';
export const REQUEST_ID_HEADER = 'x-request-id';
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** The status of each kind of failure. A failed `If-Match` is CONFLICT too, with 412. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  INVALID: 400,
  REJECTED: 422,
  NOT_SIGNED_IN: 401,
  NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNAVAILABLE: 503,
  INTERRUPTED: 503,
  INTERNAL: 500,
};

/** What a status means where no problem document says it. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 412) return 'CONFLICT';
  if (status === 408 || status === 429 || status === 502 || status === 504) return 'UNAVAILABLE';
  const known = (Object.keys(STATUS_OF) as ErrorCode[]).find((code) => STATUS_OF[code] === status);
  if (known !== undefined) return known;
  return status >= 400 && status < 500 ? 'INVALID' : 'INTERNAL';
}

/** An error as it is answered (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path that was asked for. */
  readonly instance: string;
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId?: string;
}

export const PROBLEM_TITLES: Readonly<Record<ErrorCode, string>> = {
  INVALID: 'Invalid request',
  REJECTED: 'Some rows were rejected',
  NOT_SIGNED_IN: 'Not signed in',
  NOT_ALLOWED: 'Not allowed',
  NOT_FOUND: 'Not found',
  CONFLICT: 'Conflict',
  UNAVAILABLE: 'Unavailable',
  INTERRUPTED: 'Interrupted',
  INTERNAL: 'Internal error',
};

/** The error that a problem document tells of. */
export const errorOfProblem = (problem: Pick<Problem, 'code' | 'detail' | 'hint' | 'details'>): TphError =>
  new TphError(problem.code, problem.detail, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    details: problem.details,
  });

/** The operations by name, their types not known to the checker. */
export const operationTable: Readonly<Record<string, Operation>> = operations as unknown as Readonly<
  Record<string, Operation>
>;

export type PathParam = PathUse | { readonly to: 'client' };

/** The parameters of a path, in order. */
export const parametersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);

/** What a parameter of one of an operation's paths stands for. */
export function pathUse(name: string, param: string): PathParam {
  const type = typeOfOperation(name);
  if (param === 'clientId' && type !== 'Client') return { to: 'client' };
  const use = operationTable[name]?.http.params?.[param];
  if (use !== undefined) return use;
  if (type === undefined) throw new Error(`nothing says what {${param}} of ${name} stands for`);
  return { to: 'input', field: 'ref', type };
}

/** Whether `If-Match` means anything to an operation: it changes the one record that its path names. */
export const takesIfMatch = (name: string): boolean => {
  const { writes, http } = operationTable[name] as Operation;
  const isOwn = (param: string): boolean => {
    const use = pathUse(name, param);
    return use.to === 'input' && use.field === 'ref';
  };
  return writes && typeOfOperation(name) !== undefined && parametersOf(http.paths[0] ?? '').some(isOwn);
};

/** Whether a change is carried out once under one `Idempotency-Key`: not where its answer holds a secret, which is never kept. */
export const takesIdempotencyKey = (name: string): boolean =>
  operationTable[name]?.writes === true && name !== 'token.create';

/** Inputs that stand in the primary path as ids; a caller that has a name resolves it first (`reference.resolve`). */
export function pathReferences(
  name: OperationName,
): readonly { readonly field: string; readonly type: ObjectType; readonly among: 'live' | 'deleted' }[] {
  const path = operationTable[name]?.http.paths[0] ?? '';
  return parametersOf(path).flatMap((param) => {
    const use = pathUse(name, param);
    if (use.to !== 'input') return [];
    const isOwn = use.field === 'ref' && name.endsWith('.restore');
    return [{ field: use.field, type: use.type, among: isOwn ? ('deleted' as const) : ('live' as const) }];
  });
}

type Input = Readonly<Record<string, unknown>>;

/** An operation's input as a request on its primary path. INVALID where a path needs an id and has none. */
export function requestOf(
  name: OperationName,
  input: Input,
  client: Id,
  more: Pick<CallOptions, 'dryRun' | 'ifMatch'> & { readonly reason?: string | null } = {},
): HttpRequest {
  const operation = operationTable[name] as Operation;
  const rest: Record<string, unknown> = { ...input };
  const take = (field: string): unknown => {
    const value = rest[field];
    delete rest[field];
    return value;
  };
  const path = (operation.http.paths[0] as string).replace(/\{(\w+)\}/g, (_all, param: string) => {
    const use = pathUse(name, param);
    if (use.to === 'client') return client;
    if (use.to === 'text') return encodeURIComponent(String(take(use.field)));
    return idInPath(take(use.field), use.field);
  });
  const { method } = operation.http;
  const query = new URLSearchParams(method === 'GET' ? queryOf(rest) : []);
  if (more.dryRun === true && operation.writes) query.append('dryRun', 'true');
  const hasBody = method === 'POST';
  return {
    method,
    path: query.size === 0 ? path : `${path}?${query}`,
    headers: {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(typeof more.reason === 'string' ? { [REASON_HEADER]: encodeURIComponent(more.reason) } : {}),
      ...(more.ifMatch === undefined ? {} : { 'if-match': more.ifMatch.join(', ') }),
    },
    body: hasBody ? JSON.stringify(rest) : undefined,
  };
}

function queryOf(input: Input): [string, string][] {
  return Object.entries(input).flatMap(([field, value]) => {
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    return values
      .filter((one) => one !== undefined)
      .map((one): [string, string] => [field, typeof one === 'object' ? referenceText(one) : String(one)]);
  });
}

const referenceText = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : String(value);

/** The id that a path carries. */
export function idInPath(value: unknown, field: string): Id {
  const id = typeof value === 'string' ? parseIdOrDecimal(value) : undefined;
  if (id !== undefined) return id;
  const message = `${field} ${quote(value)} is no id`;
  const hint = 'paths take ids, such as G123';
  throw invalid(message, hint, [{ field, value: String(value).slice(0, 200), message, hint }]);
}

/** What a request says: the client of its path, the operation's input, and the parents that must fit. */
export interface HttpInput {
  readonly client: Id | undefined;
  readonly input: Input;
  readonly scope: Readonly<Record<string, Id>>;
}

/** Reads requests on one of an operation's paths. */
export type InputReader = (params: Readonly<Record<string, string>>, rest: Input) => HttpInput;

/**
 * What reads the input of an operation from requests on one of its paths: `params` are decoded; `rest` is the query
 * with its values read, or the body. INVALID where the path and the rest both give a field, and differ.
 */
export function inputReader(name: OperationName, path: string): InputReader {
  const uses = parametersOf(path).map((param) => [param, pathUse(name, param)] as const);
  return (params, rest) => inputOf(uses, params, rest);
}

function inputOf(
  uses: readonly (readonly [param: string, use: PathParam])[],
  params: Readonly<Record<string, string>>,
  rest: Input,
): HttpInput {
  let client: Id | undefined;
  const input: Record<string, unknown> = { ...rest };
  const scope: Record<string, Id> = {};
  const put = (field: string, value: unknown): void => {
    if (Object.hasOwn(input, field) && referenceText(input[field]) !== value) {
      const message = `${field} stands in the path already`;
      throw invalid(message, `leave ${field} out`, [{ field, message, hint: `leave ${field} out` }]);
    }
    input[field] = value;
  };
  for (const [param, use] of uses) {
    const text = params[param] ?? '';
    if (use.to === 'client') client = idInPath(text, param);
    else if (use.to === 'text') put(use.field, text);
    else if (use.to === 'input') put(use.field, idInPath(text, param));
    else if (use.to === 'scope') scope[use.field] = idInPath(text, param);
    else if (use.to === 'entry') {
      const others = Array.isArray(input[use.field]) ? (input[use.field] as readonly unknown[]) : [];
      const given = input[use.field];
      if (given === undefined || given === null || Array.isArray(given))
        input[use.field] = [{ id: idInPath(text, param) }, ...others];
      // Should the record be there already, it must be under this parent.
      scope[use.field] = idInPath(text, param);
    }
  }
  return { client, input, scope };
}
