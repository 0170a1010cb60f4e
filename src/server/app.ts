import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Bearer } from '../contract/database.ts';
import { REQUEST_ID_HEADER } from '../contract/http.ts';
import { invalid, TphError } from '../values/error.ts';
import { answerRaw, boundConnections } from './connections.ts';
import { addExplorer } from './explorer.ts';
import { problemOverHttp, typesCommands } from './hints.ts';
import { logFailure, logRequest } from './log.ts';
import { unrouted } from './not-found.ts';
import { BODY_LIMIT, KEEP_ALIVE, REQUEST_TIMEOUT, type ServerOptions } from './options.ts';
import { commonHeaders, HttpRefusal, problemOf } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import { addRoutes, contractRoutes } from './routes.ts';
import { parseStrictJson } from './strict-json.ts';

declare module 'fastify' {
  interface FastifyRequest {
    bearer: Bearer | undefined;
  }
}

/** The server, not listening yet (spec section 6). */
export function buildApp(options: ServerOptions): FastifyInstance {
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT;
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout,
    connectionTimeout: requestTimeout * 2,
    http: {
      headersTimeout: requestTimeout / 2,
      connectionsCheckingInterval: Math.ceil(requestTimeout / 30),
      // Said in our words below.
      requireHostHeader: false,
    },
    keepAliveTimeout: KEEP_ALIVE,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers[REQUEST_ID_HEADER]),
    routerOptions: { maxParamLength: LONGEST_PATH, querystringParser: () => ({}) },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket),
    // A malformed percent sign in a path comes here before any route.
    frameworkErrors: (error, request, reply) => {
      fail(error, request as FastifyRequest, reply as unknown as FastifyReply, options);
    },
  });
  app.decorateRequest('bearer', undefined);
  takeJsonOnly(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(commonHeaders).header(REQUEST_ID_HEADER, request.id);
    done(refuseHost(request));
  });
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(options, request, reply);
    done();
  });
  app.setErrorHandler((error, request, reply) => fail(error, request, reply, options));
  const own = addHealth(app, options);
  const docs = addExplorer(app, options.version);
  addRoutes(app, options, new RateLimit(options.requestsPerSecond));
  const routes = contractRoutes.map(({ operation, path }) => ({ method: operation.http.method, path }));
  const nothing = unrouted([...routes, ...[...own, ...docs].map((path) => ({ method: 'GET', path }))]);
  app.setNotFoundHandler((request) => {
    throw nothing(request.method, request.raw.url ?? '');
  });
  refuseExpectation(app);
  const connections = boundConnections(app.server, options.maxConnections);
  app.addHook('preClose', (done) => {
    connections.stop();
    done();
  });
  return app;
}

/** The caller's own id where it is a plain one, so that both logs can be held together. */
const requestId = (given: string | readonly string[] | undefined): string =>
  typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();

/** Headers are 16 KiB at most, so that no parameter of a path is refused for its length before it is read. */
const LONGEST_PATH = 16_384;

function refuseHost({ headers, raw }: FastifyRequest): TphError | undefined {
  if (headers.host === undefined)
    return raw.httpVersion === '1.1'
      ? invalid('the request has no Host header', 'send one: HTTP/1.1 asks for it')
      : undefined;
  const names = raw.rawHeaders.filter((_text, at) => at % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'host').length > 1
    ? invalid('the request has several Host headers', 'send one')
    : undefined;
}

/** Nothing is expected of this server but `100-continue`, which it answers by itself. */
function refuseExpectation({ server }: FastifyInstance): void {
  server.on('checkExpectation', ({ socket }: IncomingMessage) => {
    const error = invalid('what the Expect header asks for is not done here', 'leave it out');
    answerRaw(socket, 'Expectation Failed', new HttpRefusal(error, 417));
  });
}

function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseEncoding(request);
      done(null, body.length === 0 ? undefined : parseStrictJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

function refuseEncoding({ headers }: FastifyRequest): void {
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? [];
  const encoding = headers['content-encoding'];
  if ((charset === undefined || /^utf-?8$/i.test(charset)) && (encoding ?? 'identity') === 'identity') return;
  throw unsupported();
}

/** What is no HTTP, comes too slowly, or has headers that are too large, ends with an answer and the connection. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout', 'the request took too long']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large', 'the headers are too large']
        : [400, 'Bad Request', 'the request is no HTTP'];
  answerRaw(socket, reason, new HttpRefusal(invalid(detail), status));
}

const unsupported = () =>
  new HttpRefusal(invalid('the body is of a kind that is not taken', 'send application/json in UTF-8'), 415);

function addHealth(app: FastifyInstance, { store }: ServerOptions): readonly string[] {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await store.ping();
    } catch {
      throw new TphError('UNAVAILABLE', 'the database cannot be read', { hint: 'see the log of the server' });
    }
    return reply.send({ status: 'ready' });
  });
  return ['/healthz', '/readyz'];
}

function fail(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServerOptions,
): FastifyReply {
  const known = error instanceof TphError ? error : fromFramework(error as FastifyError);
  if (known === undefined || known.code === 'INTERNAL') logFailure(options, request, error);
  const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
  const { problem, headers } = problemOf(known ?? error, path, String(request.id));
  const said = typesCommands(request.headers) ? problem : problemOverHttp(problem);
  return reply.code(problem.status).headers(headers).send(JSON.stringify(said));
}

/** What the framework refuses, in our words. */
function fromFramework(error: FastifyError): TphError | undefined {
  const { statusCode = 500, code } = error;
  if (statusCode === 413)
    return new HttpRefusal(invalid('the body is larger than 1 MiB', 'send less at once'), 413);
  if (statusCode === 415) return unsupported();
  if (statusCode === 408)
    return new HttpRefusal(new TphError('UNAVAILABLE', 'the request took too long'), 408);
  if (code === 'FST_ERR_BAD_URL')
    return invalid('the path is not percent-encoded UTF-8', 'encode it as a URL is');
  if (statusCode === 503) return new TphError('UNAVAILABLE', 'the server is stopping', { hint: 'try again' });
  if (statusCode >= 400 && statusCode < 500)
    return new HttpRefusal(
      invalid('the request cannot be read', 'see the API reference at /docs'),
      statusCode,
    );
  return undefined;
}
