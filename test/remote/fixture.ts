import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Session } from '../../src/contract/database.ts';
import type { Instance, Patience } from '../../src/remote/instance.ts';
import { TphError } from '../../src/values/error.ts';
import type { Profile } from '../../src/values/profile.ts';

export const TOKEN = 'tph_secret-of-this-test';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on a free port of this machine, and what it was asked. */
export interface Fixture {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** Answers with `handle`, which may do anything a real server can do wrong. */
export async function serving(
  handle: (seen: Seen, response: ServerResponse, request: IncomingMessage) => void,
): Promise<Fixture> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(one);
      handle(one, response, request);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A JSON answer. */
export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(value));
}

/** The client that fixtures say they have. */
export const CLIENT = { id: 'G1', name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' };

/** Answers for the client, and leaves the rest to `handle`. */
export const tphServer = (
  handle: (seen: Seen, response: ServerResponse, request: IncomingMessage) => void,
): Promise<Fixture> =>
  serving((seen, response, request) => {
    if (seen.method === 'GET' && seen.url === '/client/G1') json(response, 200, CLIENT);
    else handle(seen, response, request);
  });

export const profileFor = (url: string, more: Partial<Profile> = {}): Profile => ({
  name: 'live',
  url,
  client: 'G1',
  timeZone: null,
  country: null,
  settings: {},
  ...more,
});

const QUICK: Patience = { attemptMs: 400, totalMs: 2000, backOffMs: 5, tellMs: 5000 };

export interface TestInstance extends Instance {
  readonly notes: readonly string[];
}

/** An instance whose waits are short. */
export function instanceAt(url: string, more: Partial<Instance> = {}): TestInstance {
  const notes: string[] = [];
  return {
    profile: profileFor(url),
    token: () => TOKEN,
    programVersion: '9.9.9',
    sendsClock: false,
    signal: new AbortController().signal,
    note: (text) => void notes.push(text),
    patience: QUICK,
    notes,
    ...more,
  };
}

/** Monday 12 January 2026, 12:00 in Dublin. */
export const NOON = 1_768_219_200;

export const session = (more: Partial<Session> = {}): Session => ({
  client: undefined,
  actor: 'ann',
  reason: null,
  nowMs: NOON * 1000,
  lockWaitMs: 1000,
  ...more,
});

/** The TphError that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<TphError> {
  const error = await call.then(
    (value) => new Error(`expected a failure, but got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TphError) return error;
  throw error;
}
