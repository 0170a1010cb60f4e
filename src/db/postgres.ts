import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryResult } from 'pg';
import { type Id, idToBigInt } from '../values/id.ts';
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
import { queriesOn } from './postgres-queries.ts';
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

/** Who a transaction is for. */
interface Scope {
  readonly client?: Id;
  readonly tokenHash?: string;
}

/** How often a write is tried again after others stood in its way. */
const MOST_ATTEMPTS = 5;
/** After so long without a word in the middle of a transaction the server ends it, so that no sleeping machine holds a lock. */
const IDLE_LIMIT_MS = 120_000;

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
    const readOnly = await isReadOnly(connect, target);
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
      view: () => guarded(viewOf(connect, shown)),
    };
  } catch (error) {
    await release();
    throw explainPostgres(error, shown);
  }
}

async function viewOf(connect: () => Promise<PoolClient>, shown: string): Promise<string> {
  const client = await connect();
  let broken: unknown;
  try {
    const { rows: found } = await client.query<{ view: string }>(`select ${VIEW} as view`);
    return found[0]?.view ?? '';
  } catch (error) {
    broken = lossOf(client) ?? (isDisconnection(error) ? error : undefined);
    throw broken === undefined ? error : cutOff(shown, false, error);
  } finally {
    client.release(broken !== undefined);
  }
}

/** A replica, a database or a user that may not write. */
async function isReadOnly(connect: () => Promise<PoolClient>, target: PostgresTarget): Promise<boolean> {
  const client = await connect();
  let broken: unknown;
  try {
    if (target.schema !== undefined) await client.query(`set search_path to "${target.schema}"`);
    const { rows } = await client.query<{ no: bigint }>(
      `select current_setting('transaction_read_only') = 'on'
         or coalesce(not has_table_privilege(to_regclass('audit_event'), 'insert'), false) as no`,
    );
    return rows[0]?.no === 1n;
  } catch (error) {
    broken = lossOf(client) ?? (isDisconnection(error) ? error : undefined);
    throw broken === undefined ? error : cutOff(target.shown, false, error);
  } finally {
    client.release(broken !== undefined);
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The numbers by which locks of this program are told from others': the first is the program's. */
const LOCKS = 7_631_976;
const schemaLock = `${LOCKS}, hashtext(current_schema())`;
const clientLock = (client: Id): string => `${LOCKS}, hashtext(current_schema() || ' ${idToBigInt(client)}')`;

const restoreLock = `${LOCKS + 2}, hashtext(current_schema())`;

/**
 * Whether a read may go on: nobody puts a backup in the place of the tables, and nobody has since the transaction's view
 * of the data. Rows that were put back later are not in that view, and tables that were emptied are empty in any view.
 */
const SAME_TABLES = `pg_relation_filenode(to_regclass('schema_version'))
  is not distinct from (select c.relfilenode from pg_class c where c.oid = to_regclass('schema_version'))`;
const SETTLED = `pg_try_advisory_xact_lock_shared(${restoreLock}) and ${SAME_TABLES}`;

class BeingRestored extends Error {}
/** How long a read waits before it looks again whether a restore is over, in milliseconds. */
const RESTORE_PAUSE_MS = 50;

/** Waits until nobody reads, and lets nobody begin to before the end of the transaction, which is a write for all clients. */
export async function holdReaders(queries: Queries): Promise<void> {
  await rows(queries, `select pg_advisory_xact_lock(${restoreLock})`);
}

/** Carries out something that is done elsewhere, while a transaction holds its locks: a silent one would be ended. */
export async function holding<T>(queries: Queries, work: () => Promise<T>): Promise<T> {
  let lost: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    rows(queries, 'select 1').catch((error: unknown) => {
      lost = { error };
    });
  }, IDLE_LIMIT_MS / 4);
  try {
    const result = await work();
    if (lost !== undefined) throw lost.error;
    return result;
  } finally {
    clearInterval(timer);
  }
}

/**
 * What begins a transaction, in one message to the server. All settings end with it, so that connections may be shared.
 * Whatever waits for a lock waits as long as `lockWaitMs` says, at least a millisecond.
 */
function beginning(
  { schema, statementTimeoutMs }: PostgresTarget,
  { client, tokenHash }: Scope,
  { allClients = client === undefined && tokenHash === undefined }: TransactionOptions,
  { lockWaitMs, writes = false }: { readonly lockWaitMs: number; readonly writes?: boolean },
): string {
  const settings = [
    ['statement_timeout', String(statementTimeoutMs)],
    ['lock_timeout', String(Math.max(1, Math.min(lockWaitMs, 2 ** 31 - 1)))],
    ['tph.client', client === undefined ? '' : String(idToBigInt(client))],
    ['tph.directory', allClients ? 'on' : ''],
    ['tph.token', tokenHash ?? ''],
    ...(schema === undefined ? [] : [['search_path', `"${schema}"`]]),
  ].map(([name = '', value = '']) => `set_config('${name}', ${literal(value)}, true)`);
  const isolation = writes ? 'read committed' : 'repeatable read read only';
  const begin = `begin isolation level ${isolation}; select ${settings.join(', ')}`;
  if (!writes) return begin;
  // Not `read write`, which would overrule a database or a user that is set to be read-only. Read committed, so that what is read after the lock was had is what the one before left behind.
  const locks =
    allClients || client === undefined
      ? `pg_advisory_xact_lock(${schemaLock})`
      : `pg_advisory_xact_lock_shared(${schemaLock}), pg_advisory_xact_lock(${clientLock(client)})`;
  const waits = `set local idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`;
  return `${begin}; ${waits}; select ${locks}`;
}

/** `view`: that of the data, where the beginning asked for it. */
type Work<T> = (queries: Queries, view: string) => Promise<T>;

/** What the last statement of a beginning answers. */
interface Begun {
  readonly settled?: bigint;
  readonly view?: string;
}

async function transact<T>(
  connect: () => Promise<PoolClient>,
  shown: string,
  begin: string,
  end: 'commit' | 'rollback',
  work: Work<T>,
): Promise<T> {
  const client = await connect();
  let isEnding = false;
  let mustGo = false;
  let broken: unknown;
  try {
    const begun = (await client.query(begin)) as unknown as readonly QueryResult<Begun>[];
    const { settled, view = '' } = begun.at(-1)?.rows[0] ?? {};
    if (settled === 0n) throw new BeingRestored();
    const result = await work(queriesOn(client), view);
    isEnding = end === 'commit';
    const { command } = await client.query(end);
    isEnding = false;
    if (end === 'commit' && command !== 'COMMIT')
      throw new Error('an error within the transaction was passed over');
    return result;
  } catch (error) {
    broken = lossOf(client) ?? (isDisconnection(error) ? error : undefined);
    if (broken !== undefined) throw cutOff(shown, isEnding, broken);
    // An id may have been asked for and not had: its lock is the session's.
    await client.query('rollback; select pg_advisory_unlock_all()').catch((failure: unknown) => {
      broken = failure;
    });
    mustGo = isOutdated(error);
    throw error;
  } finally {
    client.release(broken !== undefined || mustGo);
  }
}

/** Makes the rest of a transaction be about another client: for what is counted or looked for in all of them. */
export async function asClient(queries: Queries, client: Id): Promise<void> {
  await rows(queries, "select set_config('tph.client', ?, true)", [String(idToBigInt(client))]);
}
