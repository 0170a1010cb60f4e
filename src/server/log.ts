import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerOptions } from './options.ts';

/**
 * One line of JSON for each answer. It names the route, not what was filled in: paths, queries, headers and bodies
 * may hold phones, names and tokens, and none of them is written down.
 */
export function logRequest({ log }: ServerOptions, request: FastifyRequest, reply: FastifyReply): void {
  const { bearer } = request;
  log(
    JSON.stringify({
      time: new Date().toISOString(),
      level: reply.statusCode >= 500 ? 'error' : 'info',
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(bearer === undefined ? {} : { client: bearer.client.id, token: bearer.name }),
    }),
  );
}

/** Something that was not meant to happen: where, but not the message, which may repeat what was sent. */
export function logFailure({ log }: ServerOptions, request: FastifyRequest, error: unknown): void {
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  log(
    JSON.stringify({
      time: new Date().toISOString(),
      level: 'error',
      requestId: request.id,
      route: request.routeOptions.url ?? null,
      failure: error instanceof Error ? error.name : typeof error,
      at: frames.map((line) => line.trim()),
    }),
  );
}

/** A log that is written together what comes in one turn of the event loop: a write costs as much as a request. */
export function gathered(write: (text: string) => void): {
  readonly log: ServerOptions['log'];
  /** Writes now what has been gathered. */
  readonly flush: () => void;
} {
  let text = '';
  const flush = () => {
    if (text !== '') write(text);
    text = '';
  };
  const log = (line: string) => {
    if (text === '') setImmediate(flush);
    text += `${line}\n`;
  };
  return { log, flush };
}

/** Something in the life of the server. */
export function logEvent(log: ServerOptions['log'], event: string, more: object = {}): void {
  log(JSON.stringify({ time: new Date().toISOString(), level: 'info', event, ...more }));
}
