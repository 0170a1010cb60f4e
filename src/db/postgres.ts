import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Id } from '../values/id.ts';
import type { Database, Queries, TransactionOptions } from './database.ts';
import {
  beingRestored,
  cannotConnect,
  cutOff,
  explainPostgres,
  isCollision,
  isDisconnection,
  isOutdated,
} from './postgres-errors.ts';
import { SharedMemory, VIEW } from './postgres-memory.ts';
import { lossOf, takePool } from './postgres-pool.ts';
import {
  BeingRestored,
  beginning,
  SAME_TABLES,
  type Scope,
  SETTLED,
  transact,
  type Work,
} from './postgres-transaction.ts';
import { type PostgresTarget, parsePostgresUrl } from './postgres-url.ts';
import { rows } from './statement.ts';

export interface PostgresOptions {
  readonly url: string;
  /** How long a writer waits for its turn, in milliseconds. */
  readonly lockWaitMs: number;
  /** Keeps what is read in memory (`once`, `each`) as long as nobody commits anything; for many questions in a row. */
  readonly remembers?: boolean;
}

export interface PostgresDatabase extends Database {
  readonly dialect: 'postgres';
  readonly target: PostgresTarget;
  /** The same database for one client: no other client's row is seen or written (row-level security). */
  readonly of: (client: Id) => Database;
  /** A read that finds the token with this hash, whosever it is. */
  readonly readToken: <T>(hash: string, work: (queries: Queries) => Promise<T>) => Promise<T>;
  /** Which view of the data a read would have now: as long as it is the same, nobody has committed anything. */
  readonly view: () => Promise<string>;
}

/** How long a read waits before it looks again whether a restore is over, in milliseconds. */
const RESTORE_PAUSE_MS = 50;
/** How often a write is tried again after others stood in its way. */
const MOST_ATTEMPTS = 5;

/**
 * Opens a PostgreSQL database. UNAVAILABLE where it cannot be reached, NOT_FOUND where it is not there. Writers of one
 * client wait for each other, and what changes the list of clients waits for all.
 */
export async function openPostgres({
  url,
  lockWaitMs,
  remembers = false,
}: PostgresOptions): Promise<PostgresDatabase> {
  const target = parsePostgresUrl(url);
  const { pool, release } = await takePool(url, target);
  const { shown } = target;

  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw cannotConnect(error, shown, target.tls !== false);
    }
  };
  const once = <T>(begin: string, end: 'commit' | 'rollback', work: Work<T>) =>
    transact(connect, shown, begin, end, work);
  const memory = remembers ? new SharedMemory() : undefined;
  let isReplica = false;
  /** A replica has no locks of its primary: there it shows in the end whether tables were put in the place of others. */
  const looked =
    <T>(work: (queries: Queries) => Promise<T>) =>
    async (queries: Queries): Promise<T> => {
      const result = await work(queries);
      if (isReplica && (await rows(queries, `select ${SAME_TABLES} as same`))[0]?.['same'] === 0n)
        throw new BeingRestored();
      return result;
    };
  const readOnce = <T>(
    scope: Scope,
    work: (queries: Queries) => Promise<T>,
    options: TransactionOptions = {},
  ) => {
    const begin = `${beginning(target, scope, options, { lockWaitMs })}; select ${SETTLED} as settled`;
    if (memory === undefined || scope.tokenHash !== undefined) return once(begin, 'commit', looked(work));
    const sees = `${scope.client ?? ''} ${options.allClients ?? ''}`;
    return once(`${begin}, ${VIEW} as view`, 'commit', (queries, view) => {
      memory.lend(queries, sees, view);
      return looked(work)(queries);
    });
  };
  const read = async <T>(
    scope: Scope,
    work: (queries: Queries) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> => {
    for (let waited = 0; ; waited += RESTORE_PAUSE_MS) {
      try {
        return await readOnce(scope, work, options);
      } catch (error) {
        if (!(error instanceof BeingRestored)) throw error;
        if (waited >= lockWaitMs) throw beingRestored(shown);
        await sleep(RESTORE_PAUSE_MS);
      }
    }
  };
  const write = async <T>(
    scope: Scope,
    work: (queries: Queries) => Promise<T>,
    options: TransactionOptions & { readonly dryRun?: boolean } = {},
  ): Promise<T> => {
    const begin = beginning(target, scope, options, { lockWaitMs, writes: true });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(begin, options.dryRun === true ? 'rollback' : 'commit', work);
      } catch (error) {
        if (!(isCollision(error) || isOutdated(error)) || attempt === MOST_ATTEMPTS)
          throw explainPostgres(error, shown);
        await sleep(5 * 2 ** attempt * Math.random());
      }
    }
  };
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => Promise.reject(explainPostgres(error, shown)));

  try {
    const readOnly = (await ask<{ no: bigint }>(connect, target, READ_ONLY))?.no === 1n;
    isReplica = readOnly;
    const port = (scope: Scope): Database => ({
      dialect: 'postgres',
      location: shown,
      readOnly,
      read: (work, options) => guarded(read(scope, work, options)),
      write: (work, options) => write(scope, work, options),
      explain: (error) => explainPostgres(error, shown),
      close: release,
    });
    return {
      ...port({}),
      dialect: 'postgres',
      target,
      of: (client) => port({ client }),
      readToken: (tokenHash, work) => guarded(read({ tokenHash }, work)),
      view: () =>
        guarded(
          ask<{ view: string }>(connect, target, `select ${VIEW} as view`).then((row) => row?.view ?? ''),
        ),
    };
  } catch (error) {
    await release();
    throw explainPostgres(error, shown);
  }
}

/** One question on a connection of its own, outside of any transaction. */
async function ask<R extends object>(
  connect: () => Promise<PoolClient>,
  { shown, schema }: PostgresTarget,
  question: string,
): Promise<R | undefined> {
  const client = await connect();
  let broken: unknown;
  try {
    if (schema !== undefined) await client.query(`set search_path to "${schema}"`);
    return (await client.query<R>(question)).rows[0];
  } catch (error) {
    broken = lossOf(client) ?? (isDisconnection(error) ? error : undefined);
    throw broken === undefined ? error : cutOff(shown, false, error);
  } finally {
    client.release(broken !== undefined);
  }
}

/** Whether this is a replica, a database or a user that may not write. */
const READ_ONLY = `select current_setting('transaction_read_only') = 'on'
  or coalesce(not has_table_privilege(to_regclass('audit_event'), 'insert'), false) as no`;
