import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallOptions, OperationName } from '../contract/api.ts';
import type { Bearer } from '../contract/database.ts';
import {
  CLOCK_HEADER,
  type InputReader,
  inputReader,
  operationTable,
  takesIdempotencyKey,
  takesIfMatch,
} from '../contract/http.ts';
import type { Operation } from '../contract/operation.ts';
import { refuseRole } from '../contract/roles.ts';
import { type ErrorDetail, invalid, quote, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { detailOverHttp, typesCommands } from './hints.ts';
import type { ServerOptions } from './options.ts';
import { HttpRefusal } from './problem.ts';
import { type QueryReader, queryReader } from './query.ts';
import type { RateLimit } from './rate-limit.ts';
import { clockOf, entityTags, idempotencyOf, reasonOf } from './request-headers.ts';
import { signIn, whenHad } from './sign-in.ts';
import { validatorOf } from './validate.ts';
import { writtenForm } from './written-form.ts';

/** A route of the contract: one of the paths of one operation. */
export interface Route {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly path: string;
}

/** Every method and path that is served from the contract, in its order. */
export const contractRoutes: readonly Route[] = Object.entries(operationTable).flatMap(([name, operation]) =>
  operation.http.paths.map((path) => ({ name: name as OperationName, operation, path })),
);

/** `/client/{clientId}` → `/client/:clientId`. */
export const routePattern = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Serves the operations: sign in, read the request, call, answer. */
export function addRoutes(app: FastifyInstance, options: ServerOptions, limit: RateLimit): void {
  const admit = (
    request: FastifyRequest,
    allow: (bearer: Bearer) => void,
  ): undefined | Promise<undefined> => {
    const nowMs = options.nowMs();
    const admitted = (bearer: Bearer): undefined => {
      refuseTooMany(limit, bearer.tokenId, nowMs);
      request.bearer = bearer;
      allow(bearer);
    };
    // Guessing is limited too, by where it comes from.
    const refused = (error: unknown): never => {
      if (request.bearer === undefined && !(error instanceof HttpRefusal))
        refuseTooMany(limit, `from ${request.ip}`, nowMs);
      throw error;
    };
    try {
      const outcome = whenHad(signIn(options.store, request.headers.authorization, nowMs), admitted);
      return outcome instanceof Promise ? outcome.catch(refused) : outcome;
    } catch (error) {
      return refused(error);
    }
  };
  const perOperation = new Map<string, ReturnType<typeof prepare>>();
  for (const { name, operation, path } of contractRoutes) {
    const prepared = perOperation.get(name) ?? prepare(name, operation);
    perOperation.set(name, prepared);
    const read = inputReader(name, path);
    const hasClient = path.includes('{clientId}');
    app.route({
      method: operation.http.method,
      url: routePattern(path),
      // Before the body is read, so that nobody unknown can send one.
      onRequest: (request, _reply, done) => {
        const admitted = admit(request, (bearer) => {
          if (hasClient) refuseOtherClient(bearer, request);
          refuseRole(bearer.viewer.role, name);
        });
        if (admitted === undefined) done();
        else admitted.then(() => done(), done);
      },
      handler: (request, reply) => answer(options, { name, operation, read }, prepared(), request, reply),
    });
  }
}

function refuseTooMany(limit: RateLimit, who: string, nowMs: number): void {
  const wait = limit.take(who, nowMs);
  if (wait === 0) return;
  throw new HttpRefusal(
    new TphError('UNAVAILABLE', 'too many requests', { hint: `wait ${wait} s, then go on more slowly` }),
    429,
    { 'retry-after': String(wait) },
  );
}

/** Of another client nobody learns even that it exists. */
function refuseOtherClient(bearer: Bearer, request: FastifyRequest): void {
  const given = (request.params as Record<string, string>)['clientId'] ?? '';
  if (
    given === bearer.client.id ||
    `G${given}` === bearer.client.id ||
    given === bearer.client.id.toLowerCase()
  )
    return;
  throw new TphError('NOT_FOUND', `there is no client ${quote(given)}`, {
    hint: 'a token belongs to one client',
  });
}

/** What an operation's requests are read with, made when the first one comes. */
function prepare(name: string, operation: Operation) {
  let made: { readonly query: QueryReader; readonly validate: (input: unknown) => void } | undefined;
  return () => {
    made ??= { query: queryReader(operation), validate: validatorOf(name, operation) };
    return made;
  };
}

async function answer(
  { store, nowMs, lockWaitMs }: ServerOptions,
  { name, operation, read }: Omit<Route, 'path'> & { readonly read: InputReader },
  { query, validate }: ReturnType<ReturnType<typeof prepare>>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { bearer, headers } = request;
  if (bearer === undefined) throw new Error('the request was let through without a bearer');
  const { dryRun, values } = query(queryOf(request.raw.url ?? ''));
  const rest = operation.http.method === 'POST' ? bodyOf(request.body) : values;
  refuseBody(operation, request.body);
  const { input, scope } = read(request.params as Record<string, string>, rest);
  validate(input);
  const clock = clockOf(headers, bearer.viewer.role);
  const arrivedMs = nowMs();
  const session = {
    client: bearer.client.id,
    actor: bearer.name,
    reason: reasonOf(headers),
    nowMs: clock ?? arrivedMs,
    arrivedMs,
    lockWaitMs,
    viewer: bearer.viewer,
  };
  const output = (await store.session(session, bearer.client).call(name, input as never, {
    ...(dryRun ? { dryRun } : {}),
    ...(Object.keys(scope).length > 0 ? { scope } : {}),
    ...conditions(name, operation, request, bearer, arrivedMs),
  })) as object;
  if (clock !== undefined) reply.header(CLOCK_HEADER, String(clock / 1000));
  return send(
    name,
    operation,
    typesCommands(headers) ? output : warnedOverHttp(output, request),
    request,
    reply,
  );
}

type Telling = { readonly warnings?: readonly ErrorDetail[]; readonly problems?: readonly ErrorDetail[] };

/** An answer whose warnings, and those of the rows of an import, name requests instead of commands. */
function warnedOverHttp<T extends object>(output: T, request: FastifyRequest): T {
  const said = (details: readonly ErrorDetail[]) =>
    details.map((one) => detailOverHttp(one, pathOf(request)));
  const { warnings, problems } = output as Telling;
  const { outcomes } = output as { readonly outcomes?: readonly object[] };
  if (!isTold(warnings) && !isTold(problems) && outcomes === undefined) return output;
  return {
    ...output,
    ...(isTold(warnings) ? { warnings: said(warnings) } : {}),
    ...(isTold(problems) ? { problems: said(problems) } : {}),
    ...(Array.isArray(outcomes) ? { outcomes: outcomes.map((one) => warnedOverHttp(one, request)) } : {}),
  };
}

const isTold = (details: readonly ErrorDetail[] | undefined): details is readonly ErrorDetail[] =>
  Array.isArray(details) && details.some((one) => 'hint' in one);

const pathOf = ({ raw }: FastifyRequest): string => (raw.url ?? '').split('?', 1)[0] ?? '';
const queryOf = (url: string): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
};

function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new TphError('INVALID', 'the body is not an object', { hint: 'send an object of fields' });
}

function refuseBody({ http }: Operation, body: unknown): void {
  if (http.method === 'POST' || body === undefined) return;
  throw new TphError('INVALID', `${http.method} takes no body`, { hint: 'leave it out' });
}

function conditions(
  name: OperationName,
  operation: Operation,
  request: FastifyRequest,
  bearer: Bearer,
  arrivedMs: number,
): CallOptions {
  if (!operation.writes) return {};
  const { headers, method, body } = request;
  const ifMatch = entityTags(headers['if-match'], 'If-Match');
  if (ifMatch !== undefined && !takesIfMatch(name))
    throw meansNothing('If-Match', 'no one record is changed');
  const idempotency = idempotencyOf(headers, bearer.tokenId, { method, url: request.raw.url ?? '', body });
  if (idempotency !== undefined && !takesIdempotencyKey(name))
    throw meansNothing('Idempotency-Key', 'the answer holds a secret, which is never kept');
  const arrived = Math.floor(arrivedMs / 1000) as Instant;
  return {
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(idempotency === undefined ? {} : { idempotency: { ...idempotency, arrived } }),
  };
}

function meansNothing(header: string, why: string): TphError {
  const message = `${header} means nothing here: ${why}`;
  return invalid(message, 'leave it out', [{ field: header, message, hint: 'leave it out' }]);
}

async function send(
  name: OperationName,
  operation: Operation,
  output: object,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { json, tag } = await writtenForm(operation, output);
  const { created, dryRun } = output as { readonly created?: boolean; readonly dryRun?: boolean };
  const isNew = (created === true || name === 'token.create') && dryRun !== true;
  if (tag !== undefined) {
    void reply.header('etag', tag);
    const seen = operation.writes ? undefined : entityTags(request.headers['if-none-match'], 'If-None-Match');
    if (seen?.some((one) => one === '*' || one.replace(/^W\//, '') === tag)) return reply.code(304).send();
  }
  // A token is shown when it is made and has no address of its own.
  if (isNew && 'id' in output && name !== 'token.create')
    void reply.header('location', `${pathOf(request)}/${String(output.id)}`);
  return reply
    .code(isNew ? 201 : 200)
    .header('content-type', 'application/json; charset=utf-8')
    .send(json);
}
