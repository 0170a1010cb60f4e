import { setImmediate as otherEvents, setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';
import { isBusy } from './sqlite-errors.ts';

/**
 * A plain `begin` fails at once when a reader becomes a writer under contention; a writer asks for its turn first.
 * It waits between attempts rather than inside SQLite, so that another writer of the same process can finish.
 */
export class WriterFirstDriver extends SqliteDriver {
  readonly #connection: BetterSqlite3.Database;
  readonly #lockWaitMs: number;
  readonly #takesTurns: boolean;
  #done = 0;

  constructor(connection: BetterSqlite3.Database, lockWaitMs: number, takesTurns: boolean) {
    super({ database: prepareOnce(connection) });
    this.#connection = connection;
    this.#lockWaitMs = lockWaitMs;
    this.#takesTurns = takesTurns;
  }

  /**
   * Nothing that a transaction waits for leaves the process, so that one of many queries would hold up all else: now
   * and then it lets other events happen.
   */
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    if (!this.#takesTurns) return connection;
    return {
      executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
        if (this.#done >= TURN) {
          await otherEvents();
          this.#done = 0;
        }
        const result = await connection.executeQuery<R>(query);
        this.#done += 1 + result.rows.length / ROWS;
        // What is made of so many rows is a piece of work of its own.
        if (result.rows.length >= MANY) await otherEvents();
        return result;
      },
      streamQuery: (query, size) => connection.streamQuery(query, size),
    };
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    if (settings?.accessMode === 'read only') await connection.executeQuery(CompiledQuery.raw('begin'));
    else await withoutWaiting(this.#connection, this.#lockWaitMs, (raw) => raw.exec('begin immediate'));
  }

  /** On a full disk SQLite rolls back by itself; another rollback would fail, and hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** After how many queries other events have their turn; so many rows, with what is made of them, take as long as one. */
const TURN = 50;
const ROWS = 10;
const MANY = 1000;

/** Preparing a statement takes longer than running it, and a session asks for the same ones again and again. */
function prepareOnce(connection: BetterSqlite3.Database) {
  const held = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  return {
    prepare: (sql: string) => {
      const statement = held.get(sql) ?? connection.prepare<unknown[]>(sql);
      // Lists of ids make statements of every length; the oldest make room.
      if (held.size >= MOST_STATEMENTS) held.delete(held.keys().next().value ?? '');
      held.set(sql, statement);
      return statement;
    },
    close: () => connection.close(),
  };
}
const MOST_STATEMENTS = 500;

/** Runs `attempt` until the lock is free, at most `lockWaitMs`; then throws what SQLite said. */
async function withoutWaiting<T>(
  connection: BetterSqlite3.Database,
  lockWaitMs: number,
  attempt: (connection: BetterSqlite3.Database) => T,
): Promise<T> {
  for (const pause of pauses(lockWaitMs)) {
    connection.pragma('busy_timeout = 0');
    try {
      return attempt(connection);
    } catch (error) {
      if (pause === undefined || !isBusy(error)) throw error;
    } finally {
      connection.pragma(`busy_timeout = ${lockWaitMs}`);
    }
    await sleep(pause);
  }
  throw new Error('the last attempt has no pause');
}

/** Pauses between attempts, in milliseconds: together `total`, and undefined after the last attempt. */
export function* pauses(total: number): Generator<number | undefined> {
  let left = total;
  for (let pause = 1; left > 0; pause = Math.min(pause * 2, 32)) {
    const next = Math.min(pause, left);
    left -= next;
    yield next;
  }
  yield undefined;
}
