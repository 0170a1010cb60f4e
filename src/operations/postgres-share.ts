import type { Bearer, Session, SharedStore } from '../contract/database.ts';
import { clientRow, clientRows } from '../db/clients.ts';
import { openPostgres, type PostgresDatabase } from '../db/postgres.ts';
import { upgradePostgres } from '../db/postgres-schema.ts';
import { anyToken, tokenByHash } from '../db/postgres-tokens.ts';
import { asClient } from '../db/postgres-transaction.ts';
import type { Instant } from '../values/instant.ts';
import { checkSession } from './session.ts';
import { SqliteApi } from './sqlite-api.ts';
import { hashToken } from './token.ts';

/**
 * Holds a PostgreSQL database open for a server. Each request asks anew who bears its token, in a single question as long
 * as nobody has committed anything: a token that is revoked is refused at once.
 */
export async function sharePostgres(
  url: string,
  options: Pick<Session, 'nowMs' | 'lockWaitMs'>,
): Promise<SharedStore> {
  const database = await openPostgres({ url, lockWaitMs: options.lockWaitMs, remembers: true });
  const bearers = new Bearers(database);
  try {
    await upgradePostgres(database, Math.floor(options.nowMs / 1000) as Instant);
  } catch (error) {
    await database.close();
    throw database.explain(error);
  }
  return {
    bearer: (token, now) => bearers.of(token, now),
    hasTokens: (now) =>
      database.read(async (queries) => {
        for (const { id } of await clientRows(queries)) {
          await asClient(queries, id);
          if (await anyToken(queries, now)) return true;
        }
        return false;
      }),
    session: (session, client) => {
      checkSession(session);
      const own = database.of(client.id);
      return new SqliteApi({ reader: own, writer: own }, session, client, async () => {});
    },
    ping: () => database.read(async (queries) => void (await clientRows(queries))),
    close: () => database.close(),
  };
}

interface Known {
  readonly bearer: Bearer;
  readonly expiresAt: Instant | null;
}

/** How many bearers are kept in memory. */
const MOST_BEARERS = 1000;

class Bearers {
  readonly #database: PostgresDatabase;
  #view = '';
  #known = new Map<string, Known>();

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async of(secret: string, now: Instant): Promise<Bearer | undefined> {
    const hash = hashToken(secret);
    const view = await this.#database.view();
    if (view !== this.#view || this.#known.size >= MOST_BEARERS) this.#known = new Map();
    this.#view = view;
    // What is found from here on is no older than the view.
    const known = this.#known;
    const found = known.get(hash) ?? (await bearerOf(this.#database, hash, now));
    if (found === undefined || (found.expiresAt !== null && found.expiresAt <= now)) return undefined;
    known.set(hash, found);
    return found.bearer;
  }
}

function bearerOf(database: PostgresDatabase, hash: string, now: Instant): Promise<Known | undefined> {
  return database.readToken(hash, async (queries) => {
    const found = await tokenByHash(queries, hash, now);
    if (found === undefined) return undefined;
    const client = await clientRow(queries, found.client);
    if (client === undefined) return undefined;
    const { token } = found;
    return {
      bearer: {
        tokenId: token.id,
        name: token.name,
        client: { id: client.id, name: client.name, timeZone: client.timeZone, country: client.country },
        viewer: {
          role: token.role,
          groups: token.role === 'OPERATOR' ? token.groups : null,
          subject: token.driver ?? token.customer,
        },
      },
      expiresAt: token.expiresAt,
    };
  });
}
