import type { Bearer, Session, SharedStore } from '../contract/database.ts';
import { clientRow, clientRows } from '../db/clients.ts';
import { asClient, openPostgres, type PostgresDatabase } from '../db/postgres.ts';
import { migratePostgres } from '../db/postgres-schema.ts';
import { anyToken, tokenByHash } from '../db/postgres-tokens.ts';
import { PROGRAM } from '../db/schema.ts';
import type { Instant } from '../values/instant.ts';
import { checkSession } from './session.ts';
import { SqliteApi } from './sqlite-api.ts';
import { hashToken } from './token.ts';

/** Holds a PostgreSQL database open for a server. Each request asks the database anew who bears its token. */
export async function sharePostgres(
  url: string,
  options: Pick<Session, 'nowMs' | 'lockWaitMs'>,
): Promise<SharedStore> {
  const database = await openPostgres({ url, lockWaitMs: options.lockWaitMs });
  try {
    await migratePostgres(database, Math.floor(options.nowMs / 1000) as Instant, PROGRAM);
  } catch (error) {
    await database.close();
    throw database.explain(error);
  }
  return {
    bearer: (token, now) => bearerOf(database, token, now),
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
    ping: () => database.read(async (queries) => void (await queries.selectFrom('id_sequence').execute())),
    close: () => database.close(),
  };
}

function bearerOf(database: PostgresDatabase, secret: string, now: Instant): Promise<Bearer | undefined> {
  const hash = hashToken(secret);
  return database.readToken(hash, async (queries) => {
    const found = await tokenByHash(queries, hash, now);
    if (found === undefined) return undefined;
    const client = await clientRow(queries, found.client);
    if (client === undefined) return undefined;
    const { token } = found;
    return {
      tokenId: token.id,
      name: token.name,
      client: { id: client.id, name: client.name, timeZone: client.timeZone, country: client.country },
      viewer: {
        role: token.role,
        groups: token.role === 'OPERATOR' ? token.groups : null,
        subject: token.driver ?? token.customer,
      },
    };
  });
}
