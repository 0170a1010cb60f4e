import { randomBytes } from 'node:crypto';
import type { Api, CallOptions, InputOf, OperationName, OutputOf } from '../../src/contract/api.ts';
import type { Session, Store } from '../../src/contract/database.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { insertToken, type TokenRow } from '../../src/db/tokens.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { shareSqlite } from '../../src/operations/share-store.ts';
import { hashToken } from '../../src/operations/token.ts';
import { openRemote } from '../../src/remote/open-remote.ts';
import { type Serving, serve } from '../../src/server/serve.ts';
import { TphError } from '../../src/values/error.ts';
import { type Id, idFromBigInt } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { profileFor } from './fixture.ts';

/** A token belongs to one client; others are made and looked after where the database is. */
function isBeyondToken(name: OperationName, input: unknown, own: Id): boolean {
  if (!name.startsWith('client.')) return false;
  return (input as { readonly ref?: unknown } | undefined)?.ref !== own;
}

/** A SQLite file behind a server of its own, reached over HTTP as everybody else reaches one. */
export class ServedStore implements Store {
  readonly #file: string;
  readonly #local: Store;
  readonly #tokens = new Map<string, Promise<string>>();
  #serving: Promise<Serving> | undefined;
  /** The server's clock: that of the session whose call comes next. */
  #nowMs = 0;

  constructor(file: string) {
    this.#file = file;
    this.#local = openStore(file);
  }

  get admin(): Store['admin'] {
    return this.#local.admin;
  }

  /** A token is bound to one client and one actor: the session has one of its own. */
  async open(session: Session): Promise<Api> {
    const { client, token } = await this.#signIn(session);
    this.#nowMs = session.nowMs;
    const { url } = await this.#served();
    const remote = openRemote({
      profile: profileFor(url, { client: client.id }),
      token: () => token,
      programVersion: 'test',
      sendsClock: false,
      signal: new AbortController().signal,
      note: (text) => {
        throw new Error(`a server needs no excuse: ${text}`);
      },
    });
    const api = await remote.open({ ...session, client: client.id });
    const call = <N extends OperationName>(
      name: N,
      input: InputOf<N>,
      options?: CallOptions,
    ): Promise<OutputOf<N>> => {
      this.#nowMs = session.nowMs;
      return isBeyondToken(name, input, client.id)
        ? this.#here(session, name, input, options)
        : api.call(name, input, options).catch((error) => this.#explained(error, session));
    };
    return { client: api.client, call, close: () => api.close() };
  }

  async stop(): Promise<void> {
    await (await this.#serving)?.stop();
  }

  async #signIn(session: Session) {
    const local = await this.#local.open(session);
    await local.close();
    const { client } = local;
    const who = `${client.id} ${session.actor}`;
    const known = this.#tokens.get(who) ?? this.#makeToken(client.id, session);
    this.#tokens.set(who, known);
    return { client, token: await known };
  }

  /** Past `token.create`, so that the log holds nothing that the same suite does not find in a file. */
  async #makeToken(client: Id, { actor, nowMs }: Session): Promise<string> {
    const secret = `tph_${randomBytes(32).toString('base64url')}`;
    const now = Math.floor(nowMs / 1000) as Instant;
    const row: TokenRow = {
      id: idFromBigInt(BigInt(`0x${randomBytes(7).toString('hex')}`) + 1n),
      name: actor,
      role: 'ADMIN',
      driver: null,
      customer: null,
      groups: [],
      createdDate: now,
      createdBy: actor,
      expiresAt: null,
      revokedAt: null,
    };
    const database = openSqlite({ file: this.#file, lockWaitMs: 10_000 });
    await database.write((queries) => insertToken(queries, client, row, hashToken(secret)), {
      dryRun: false,
    });
    await database.close();
    return secret;
  }

  /** The tokens of a client that is gone are no longer known; that it is gone is known where the database is. */
  async #explained(error: unknown, session: Session): Promise<never> {
    if (error instanceof TphError && error.code === 'NOT_SIGNED_IN') await this.#signIn(session);
    throw error;
  }

  async #here<N extends OperationName>(session: Session, name: N, input: InputOf<N>, options?: CallOptions) {
    const local = await this.#local.open(session);
    return local.call(name, input, options).finally(() => local.close());
  }

  #served(): Promise<Serving> {
    this.#serving ??= this.#serve();
    return this.#serving;
  }

  async #serve(): Promise<Serving> {
    const store = await shareSqlite(this.#file, { nowMs: this.#nowMs, lockWaitMs: 10_000 });
    return serve({
      store,
      version: 'test',
      host: '127.0.0.1',
      port: 0,
      nowMs: () => this.#nowMs,
      lockWaitMs: 10_000,
      requestsPerSecond: 0,
      maxConnections: 1000,
      log: () => undefined,
    });
  }
}
