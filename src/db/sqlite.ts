import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Database, Queries } from './database.ts';
import { type Memory, remember } from './memory.ts';
import { sleep } from './pause.ts';
import { explainFile, explainSqlite, locked, notOurs } from './sqlite-errors.ts';
import { APPLICATION_ID, inspectFile, isWritable, makeFile, mayWrite, noDatabase } from './sqlite-file.ts';
import { pauses, SqliteTransactions } from './sqlite-transactions.ts';

export interface SqliteOptions {
  readonly file: string;
  readonly lockWaitMs: number;
  /** Makes the file where there is none, and takes an empty one; otherwise both are NOT_FOUND. */
  readonly create?: boolean;
  /**
   * Keeps what is read in memory (`once`, `each`) as long as nobody commits anything; for many questions in a row.
   * Nothing can be written through it: SQLite does not tell a connection of its own changes.
   */
  readonly remembers?: boolean;
  /** Lets other events happen between the queries of a transaction that takes long; for a server. */
  readonly takesTurns?: boolean;
}

export interface SqliteDatabase extends Database {
  readonly dialect: 'sqlite';
  /** The connection itself, for what the query builder cannot say. Integers come as bigint. */
  readonly connection: BetterSqlite3.Database;
}

/** Opens a SQLite file. INVALID where it is no database of ours, NOT_FOUND where there is none. */
export function openSqlite({
  file,
  lockWaitMs,
  create = false,
  remembers = false,
  takesTurns = false,
}: SqliteOptions): SqliteDatabase {
  if (create) makeFile(file);
  // Closing a file gives up every lock that this process has on it, SQLite's own among them: a file that is in use
  // is not looked into again.
  if (!inUse.has(identityOf(file))) inspectFile(file);
  const connection = connect(file, lockWaitMs, create);
  const release = use(identityOf(file));
  const transactions = new SqliteTransactions(connection, lockWaitMs, takesTurns);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainSqlite(error, file);
    }
  };
  const recall = remembers ? recaller(connection) : () => {};
  return {
    dialect: 'sqlite',
    location: file,
    readOnly: connection.readonly || !isWritable(file),
    connection,
    read: (work) =>
      guarded(() =>
        transactions.read((queries) => {
          recall(queries);
          return work(queries);
        }),
      ),
    write: (work, options = {}) => {
      if (remembers) throw new Error('nothing is written through a connection that remembers');
      return guarded(() => transactions.write(work, options.dryRun === true ? 'rollback' : 'commit'));
    },
    explain: (error) => explainSqlite(error, file),
    close: async () => {
      release();
      connection.close();
    },
  };
}

/** Lends each transaction what earlier ones have read, unless somebody has committed anything in between. */
function recaller(connection: BetterSqlite3.Database): (queries: Queries) => void {
  const version = connection.prepare('pragma data_version').pluck();
  let memory: Memory = new Map();
  let readAt: unknown;
  return (queries) => {
    // This begins the transaction's view of the data.
    const current = version.get();
    if (current !== readAt) memory = new Map();
    readAt = current;
    remember(queries, memory);
  };
}

/** How many connections this process has to a file, by device and inode; locks are the process's, so this is too. */
const inUse = new Map<string, number>();

function use(identity: string): () => void {
  inUse.set(identity, (inUse.get(identity) ?? 0) + 1);
  return () => {
    const left = (inUse.get(identity) ?? 1) - 1;
    if (left > 0) inUse.set(identity, left);
    else inUse.delete(identity);
  };
}

/** Found without opening the file; empty where there is none to be found, which the inspection then explains. */
function identityOf(file: string): string {
  try {
    const stat = statSync(file, { bigint: true });
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return '';
  }
}

function connect(file: string, lockWaitMs: number, create: boolean): BetterSqlite3.Database {
  try {
    const connection = openFile(file, lockWaitMs);
    try {
      connection.defaultSafeIntegers(true);
      connection.exec('pragma foreign_keys = on; pragma synchronous = full; pragma temp_store = memory');
      refuseForeign(connection, file, create);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    throw explainFile(explainSqlite(error, file), file);
  }
}

/** Where no write-ahead log can be made, the file is read into memory as it stands; nobody can be changing it. */
function openFile(file: string, timeout: number): BetterSqlite3.Database {
  const path = resolve(file);
  if (mayWrite(dirname(path)) || existsSync(`${path}-wal`)) return new BetterSqlite3(path, { timeout });
  const content = readFileSync(path);
  // The head says that there is a log, which a database in memory cannot have.
  if (content.length > LOG_BYTES[1]) for (const byte of LOG_BYTES) content[byte] = 1;
  return new BetterSqlite3(content, { readonly: true });
}
/** Where the head of a file says how it is written and read: 1 without, 2 with a write-ahead log. */
const LOG_BYTES = [18, 19] as const;

function refuseForeign(connection: BetterSqlite3.Database, file: string, create: boolean): void {
  // In one statement: another process may be making this very database.
  const [id, things] = connection
    .prepare('select application_id, (select count(*) from sqlite_schema) from pragma_application_id')
    .raw()
    .get() as [bigint, bigint];
  const applicationId = Number(id);
  const isEmpty = things === 0n;
  if (applicationId === APPLICATION_ID) return;
  if (applicationId !== 0 || !isEmpty) throw notOurs(file, 'is a database of another program');
  if (!create) throw noDatabase(file);
}

/**
 * Copies a database page by page over the file at `target`, waiting for writers there; all of it or nothing. `whenLocked`
 * is carried out when nobody else can write there any more, and before the first page is replaced; where it fails, none is.
 */
export async function copyDatabase(
  source: BetterSqlite3.Database,
  target: string,
  lockWaitMs: number,
  whenLocked?: () => Promise<void>,
): Promise<void> {
  for (const pause of pauses(lockWaitMs)) {
    // Where the target is locked the copy ends before it has counted a single page.
    const { totalPages } = await source.backup(
      resolve(target),
      whenLocked === undefined ? undefined : { progress: after(whenLocked) },
    );
    if (totalPages > 0) return;
    if (pause === undefined) throw locked(target);
    await sleep(pause);
  }
}

/** How many pages are copied before other events have their turn. */
const PAGES = 100;

/** How many pages to copy next: none until the work is done. The first answer is asked for under the lock. */
function after(work: () => Promise<void>): () => number {
  let isDone = false;
  let failed: { readonly error: unknown } | undefined;
  let hasBegun = false;
  const begin = async () => {
    hasBegun = true;
    try {
      await work();
      isDone = true;
    } catch (error) {
      failed = { error };
    }
  };
  return () => {
    if (!hasBegun) void begin();
    if (failed !== undefined) throw failed.error;
    return isDone ? PAGES : 0;
  };
}
