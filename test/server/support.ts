import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import type { Session, SharedStore } from '../../src/contract/database.ts';
import type { CreatedToken, NewToken } from '../../src/contract/token.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { type Listening, serve } from '../../src/server/serve.ts';
import type { Id } from '../../src/values/id.ts';

/** 2026-01-12T08:00:00Z, a Monday. */
export const NOW_MS = 1_768_204_800_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, read as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Request {
  readonly method?: string;
  readonly body?: unknown;
  /** As it is sent, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: none. */
  readonly token?: string | null;
}

/** A server on a database of its own, with one client and an ADMIN token. */
export interface Shop {
  readonly url: string;
  readonly file: string;
  readonly client: Id;
  readonly admin: string;
  /** The operations on the database itself. */
  readonly api: Api;
  readonly logs: readonly string[];
  /** `path` goes on from `/client/{clientId}` unless it begins with two slashes or `/client/`. */
  send(path: string, request?: Request): Promise<Answer>;
  /** As `send`, and what was answered must be 200 or 201. */
  get(path: string, request?: Request): Promise<Answer['json']>;
  post(path: string, body?: unknown, request?: Request): Promise<Answer['json']>;
  token(input: NewToken): Promise<string>;
  stop(): Promise<void>;
  /** Sets the clock of the server. */
  at(nowMs: number): void;
}

export const session: Session = {
  client: undefined,
  actor: 'tester',
  reason: null,
  nowMs: NOW_MS,
  lockWaitMs: 2000,
};

export interface ShopOptions extends Partial<Omit<Listening, 'store' | 'log' | 'nowMs'>> {
  /** Without any token. */
  readonly bare?: boolean;
  /** Called with the store before the server starts. */
  readonly wrap?: (store: SharedStore) => SharedStore;
}

function secretOf({ token }: CreatedToken): string {
  if (token === undefined) throw new Error('a token was made without its secret');
  return token;
}

/** A server until the test is done. */
export async function shop(options: ShopOptions = {}): Promise<Shop> {
  const home = await openShop(options);
  onTestFinished(() => home.close());
  return home;
}

/** A server until it is closed. */
export async function openShop({
  bare = false,
  wrap = (store) => store,
  ...more
}: ShopOptions = {}): Promise<Shop & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'tph-server-'));
  const file = join(folder, 'tph.db');
  const store = openStore(file);
  const made = await store
    .admin(session)
    .create({ name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' });
  const api = await store.open(session);
  const admin = bare ? '' : secretOf(await api.call('token.create', { name: 'admin', role: 'ADMIN' }));
  const shared = await store.share?.(session);
  if (shared === undefined) throw new Error('the store cannot be shared');
  const logs: string[] = [];
  let nowMs = NOW_MS;
  const serving = await serve({
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
    lockWaitMs: 2000,
    requestsPerSecond: 0,
    maxConnections: 1000,
    ...more,
    store: wrap(shared),
    nowMs: () => nowMs,
    log: (line) => logs.push(line),
  });
  const close = async () => {
    await serving.stop();
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const client = made.client.id;
  const send = async (path: string, request: Request = {}): Promise<Answer> => {
    const { method = 'GET', body, raw, token = admin, headers = {} } = request;
    const full = path.startsWith('//')
      ? path.slice(1)
      : /^\/client(\/|$)/.test(path)
        ? path
        : `/client/${client}${path}`;
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${serving.url}${full}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
      redirect: 'manual',
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  };
  const done = async (path: string, request: Request): Promise<Answer['json']> => {
    const answer = await send(path, request);
    if (answer.status !== 200 && answer.status !== 201)
      throw new Error(`${request.method ?? 'GET'} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  return {
    url: serving.url,
    file,
    client,
    admin,
    api,
    logs,
    send,
    get: (path, request = {}) => done(path, request),
    post: (path, body = {}, request = {}) => done(path, { ...request, method: 'POST', body }),
    token: async (input) => secretOf(await api.call('token.create', input)),
    stop: () => serving.stop(),
    close,
    at: (ms) => {
      nowMs = ms;
    },
  };
}
