import type { Client, ClientBase, ClientConfig, Pool } from 'pg';
import { passwordFromFile } from './postgres-password.ts';
import { valueTypes } from './postgres-queries.ts';
import type { PostgresTarget } from './postgres-url.ts';

/** How many connections a process has to one database at most; a command needs one, a server that many. */
const MOST_CONNECTIONS = 10;
/** After so long without use a connection is given back, in milliseconds. */
const IDLE_MS = 30_000;

const WATCH = `select set_config('client_connection_check_interval', '1s', false)
  where current_setting('server_version_num')::int >= 140000`;

interface Shared {
  readonly pool: Promise<Pool>;
  users: number;
}
/** By URL: whoever opens the same database again in this process shares the connections. */
const pools = new Map<string, Shared>();

const lost = new WeakMap<ClientBase, Error>();
/** How a connection was lost; undefined as long as nothing is known of it. What the driver says afterwards has no code. */
export const lossOf = (client: ClientBase): Error | undefined => lost.get(client);

/** Takes a share in the connections to a database; the last to release its share closes them. */
export async function takePool(
  url: string,
  target: PostgresTarget,
): Promise<{ readonly pool: Pool; readonly release: () => Promise<void> }> {
  const shared = pools.get(url) ?? { pool: makePool(target), users: 0 };
  pools.set(url, shared);
  shared.users += 1;
  let isReleased = false;
  const release = async () => {
    if (isReleased) return;
    isReleased = true;
    shared.users -= 1;
    if (shared.users > 0) return;
    if (pools.get(url) === shared) pools.delete(url);
    await (await shared.pool).end();
  };
  return { pool: await shared.pool, release };
}

async function makePool(target: PostgresTarget): Promise<Pool> {
  const { default: pg } = await import('pg');
  const { host, port, user, database, tls, connectTimeoutMs, shown } = target;
  const where = { host, port, user, database };
  // Not connected: it says what the URL and the environment give together.
  const known = new pg.Client({ ...where, password: target.password }) as Client & {
    readonly password: string | null;
    readonly connectionParameters: ClientConfig;
  };
  const { password, connectionParameters } = known;
  const pool = new pg.Pool({
    ...where,
    password:
      password ??
      function (this: Client) {
        return passwordFromFile(connectionParameters, shown).catch((error: unknown) => {
          // The driver would leave the connection open, and the server would wait for a password.
          setImmediate(() => void this.end().catch(() => {}));
          throw error;
        });
      },
    ssl: tls,
    max: MOST_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: 'tph',
    client_encoding: 'UTF8',
    types: valueTypes,
  });
  pool.on('connect', (client) => {
    // Unheard, it would end the process.
    client.on('error', (error) => lost.set(client, error));
    // Where the server can (14 and newer, not on every system), it gives up the question of a program that is gone.
    client.query(WATCH).catch(() => {});
  });
  // An idle connection that the server ends is replaced when the next is asked for.
  pool.on('error', () => {});
  return pool;
}
