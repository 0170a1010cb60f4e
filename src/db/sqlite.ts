import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Database, inTransaction, type Tables } from './database.ts';

/** Marks a file as one of ours: `tph1` as a number, kept in SQLite's application id. */
export const APPLICATION_ID = 0x74706831;

export interface SqliteOptions {
  readonly file: string;
  readonly lockWaitMs: number;
  /** Makes the file where there is none; otherwise that is NOT_FOUND. */
  readonly create?: boolean;
}

export interface SqliteDatabase extends Database {
  readonly dialect: 'sqlite';
  /** The connection itself, for what the query builder cannot say. Integers come as bigint. */
  readonly connection: BetterSqlite3.Database;
}

/** A plain `begin` fails at once when a reader becomes a writer under contention; a writer asks for its turn first. */
class WriterFirstDriver extends SqliteDriver {
  override async beginTransaction(connection?: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    await connection?.executeQuery(CompiledQuery.raw(begin));
  }
}

/** Opens a SQLite file. INVALID where it is no database of ours, NOT_FOUND where there is none. */
export function openSqlite({ file, lockWaitMs, create = false }: SqliteOptions): SqliteDatabase {
  inspect(file, create);
  const connection = connect(file, lockWaitMs);
  try {
    connection.defaultSafeIntegers(true);
    connection.pragma('foreign_keys = on');
    connection.pragma('synchronous = full');
    connection.pragma('temp_store = memory');
  } catch (error) {
    connection.close();
    throw explainSqlite(error, file);
  }
  const kysely = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new WriterFirstDriver({ database: connection }),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainSqlite(error, file);
    }
  };
  return {
    dialect: 'sqlite',
    location: file,
    readOnly: connection.readonly,
    connection,
    read: (work) => guarded(() => kysely.transaction().setAccessMode('read only').execute(work)),
    write: (work, options = {}) =>
      guarded(() => inTransaction((run) => kysely.transaction().execute(run), work, options.dryRun === true)),
    explain: (error) => explainSqlite(error, file),
    close: () => kysely.destroy(),
  };
}

function connect(file: string, lockWaitMs: number): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(file, { timeout: lockWaitMs });
  } catch (error) {
    throw explainSqlite(error, file);
  }
}

function inspect(file: string, create: boolean): void {
  if (!existsSync(file)) {
    if (create) {
      // Nobody but its owner may read it, from the first byte on (spec section 8).
      closeSync(openSync(file, 'ax', 0o600));
      return;
    }
    throw new TphError('NOT_FOUND', `there is no database at ${quote(file)}`, {
      hint: 'make one with `tph init`, or name another with --db or TPH_DB',
    });
  }
  const { size } = statFile(file);
  if (size === 0) return;
  const head = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notOurs(file, 'is not a database');
  const pageSize = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
  if (size < pageSize * head.readUInt32BE(28)) throw damaged(file, 'is cut short');
  if (head.readUInt32BE(68) !== APPLICATION_ID && head.readUInt32BE(68) !== 0)
    throw notOurs(file, 'is a database of another program');
}

function statFile(file: string): { readonly size: number } {
  const stat = statSync(file);
  if (stat.isDirectory()) throw notOurs(file, 'is a folder, not a database');
  if (!stat.isFile()) throw notOurs(file, 'is not a file');
  return stat;
}

const notOurs = (file: string, what: string): TphError =>
  invalid(`${quote(file)} ${what}`, 'name the database with --db or TPH_DB, or make one with `tph init`');
const damaged = (file: string, what: string): TphError =>
  invalid(`the database ${quote(file)} ${what}`, 'restore a backup with `tph db restore <file>`');

/** Errors of SQLite by their result code, never by their text. */
export function explainSqlite(error: unknown, file: string): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) return explainFile(error, file);
  const code = error.code;
  const cause = { cause: error };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new TphError('UNAVAILABLE', `the database ${quote(file)} is locked by another program`, {
      hint: 'try again, or wait longer with --lock-wait 2m',
      ...cause,
    });
  if (code.startsWith('SQLITE_READONLY'))
    return new TphError('UNAVAILABLE', `the database ${quote(file)} cannot be written`, {
      hint: 'check the permissions of the file and its folder',
      ...cause,
    });
  if (code.startsWith('SQLITE_CANTOPEN'))
    return new TphError('UNAVAILABLE', `the database ${quote(file)} cannot be opened`, {
      hint: 'check that its folder exists and that you may read and write in it',
      ...cause,
    });
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR'))
    return new TphError('UNAVAILABLE', `the disk with ${quote(file)} is full or failing; nothing was changed`, {
      hint: 'free some space, then run the command again',
      ...cause,
    });
  if (code === 'SQLITE_NOTADB') return notOurs(file, 'is not a database');
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(file, 'is damaged');
  if (code.startsWith('SQLITE_CONSTRAINT_UNIQUE') || code.startsWith('SQLITE_CONSTRAINT_PRIMARYKEY'))
    return new TphError('CONFLICT', 'another record stands in the way', { hint: 'run the command again', ...cause });
  if (code.startsWith('SQLITE_CONSTRAINT_FOREIGNKEY'))
    return new TphError('CONFLICT', 'a record that this one refers to is not there', { hint: 'run the command again', ...cause });
  return error;
}

function explainFile(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new TphError('UNAVAILABLE', `${quote(file)} may not be read or written`, { hint: 'check its permissions', cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof TypeError)
    return new TphError('NOT_FOUND', `there is no folder for ${quote(file)}`, { hint: 'make the folder first', cause: error });
  return error;
}
