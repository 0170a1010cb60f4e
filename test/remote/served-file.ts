import { randomBytes } from 'node:crypto';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { insertToken, type TokenRow } from '../../src/db/tokens.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { hashToken } from '../../src/operations/token.ts';
import { type Serving, serve } from '../../src/server/serve.ts';
import { isPostgresUrl } from '../../src/values/database-url.ts';
import { type Id, idFromBigInt } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';

const LOCK_WAIT_MS = 10_000;

/** A database file behind a server of its own on a free port, with a token for whoever acts. */
export class ServedFile {
  /** The server's clock, in milliseconds since 1970; a test sets it before each call. */
  nowMs: number;
  readonly #file: string;
  readonly #tokens = new Map<string, Promise<string>>();
  #serving: Promise<Serving> | undefined;

  constructor(file: string, nowMs: number) {
    this.#file = file;
    this.nowMs = nowMs;
  }

  async url(): Promise<string> {
    this.#serving ??= this.#serve();
    return (await this.#serving).url;
  }

  /** A token with which everything may be done, bound to one client and, as its name, one actor. */
  token(client: Id, actor: string): Promise<string> {
    const who = `${client} ${actor}`;
    const known = this.#tokens.get(who) ?? this.#makeToken(client, actor);
    this.#tokens.set(who, known);
    return known;
  }

  get isServing(): boolean {
    return this.#serving !== undefined;
  }

  /** Until it is asked for again; its tokens stay good. */
  async stop(): Promise<void> {
    const serving = await this.#serving;
    this.#serving = undefined;
    await serving?.stop();
  }

  /** Past `token.create`, so that the log holds nothing that the same test does not find in a file. */
  async #makeToken(client: Id, actor: string): Promise<string> {
    const secret = `tph_${randomBytes(32).toString('base64url')}`;
    const row: TokenRow = {
      id: idFromBigInt(BigInt(`0x${randomBytes(7).toString('hex')}`) + 1n),
      name: actor,
      role: 'ADMIN',
      driver: null,
      customer: null,
      groups: [],
      createdDate: Math.floor(this.nowMs / 1000) as Instant,
      createdBy: actor,
      expiresAt: null,
      revokedAt: null,
    };
    const database = await this.#database(client);
    await database.write((queries) => insertToken(queries, client, row, hashToken(secret)), {
      dryRun: false,
    });
    await database.close();
    return secret;
  }

  async #database(client: Id): Promise<Database> {
    const lockWaitMs = LOCK_WAIT_MS;
    if (!isPostgresUrl(this.#file)) return openSqlite({ file: this.#file, lockWaitMs });
    return (await openPostgres({ url: this.#file, lockWaitMs })).of(client);
  }

  async #serve(): Promise<Serving> {
    const store = await openStore(this.#file).share?.({ nowMs: this.nowMs, lockWaitMs: LOCK_WAIT_MS });
    if (store === undefined) throw new Error('a database can always be shared');
    return serve({
      store,
      version: 'test',
      host: '127.0.0.1',
      port: 0,
      nowMs: () => this.nowMs,
      lockWaitMs: LOCK_WAIT_MS,
      requestsPerSecond: 0,
      maxConnections: 1000,
      log: () => undefined,
    });
  }
}
