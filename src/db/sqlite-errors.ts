import BetterSqlite3 from 'better-sqlite3';
import { invalid, quote, TphError } from '../values/error.ts';

/** A path as errors show it: of a long one its end, which tells files apart. */
export const quotePath = (path: string): string => quote(path.length > 60 ? `…${path.slice(-58)}` : path);

export const notOurs = (file: string, what: string): TphError =>
  invalid(`${quotePath(file)} ${what}`, 'name the database with --db or TPH_DB, or make one with `tph init`');

const DAMAGED = 'DAMAGED_DATABASE';
export function damaged(file: string, what: string): TphError {
  const message = `the database ${quotePath(file)} ${what}`;
  return invalid(message, 'restore a backup with `tph db restore <file>`', [{ message, code: DAMAGED }]);
}

/** Whether an error says that a database of ours is damaged, so that a backup may take its place. */
export const isDamage = (error: unknown): boolean =>
  error instanceof TphError && error.details.some((detail) => detail['code'] === DAMAGED);

/** Whether another connection holds the lock that was asked for. */
export const isBusy = (error: unknown): boolean =>
  error instanceof BetterSqlite3.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);

export const locked = (file: string, cause?: unknown): TphError =>
  new TphError('UNAVAILABLE', `the database ${quotePath(file)} is locked by another program`, {
    hint: 'try again, or wait longer with --lock-wait 2m',
    cause,
  });

/** Errors of SQLite by their result code, never by their text; any other error comes back as it is. */
export function explainSqlite(error: unknown, file: string): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) return error;
  const code = error.code;
  const cause = { cause: error };
  if (isBusy(error)) return locked(file, error);
  if (code.startsWith('SQLITE_READONLY'))
    return new TphError('UNAVAILABLE', `the database ${quotePath(file)} cannot be written`, {
      hint: 'check the permissions of the file and its folder',
      ...cause,
    });
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH')
    return new TphError('UNAVAILABLE', `the database ${quotePath(file)} cannot be opened`, {
      hint: 'check that its folder exists and that you may read and write in it',
      ...cause,
    });
  if (code === 'SQLITE_IOERR_SHORT_READ') return damaged(file, 'is cut short');
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR'))
    return new TphError(
      'UNAVAILABLE',
      `the disk with ${quotePath(file)} is full or failing; nothing was changed`,
      {
        hint: 'free some space, then run the command again',
        ...cause,
      },
    );
  if (code === 'SQLITE_NOTADB') return notOurs(file, 'is not a database');
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(file, 'is damaged');
  if (code.startsWith('SQLITE_CONSTRAINT_UNIQUE') || code.startsWith('SQLITE_CONSTRAINT_PRIMARYKEY'))
    return new TphError('CONFLICT', 'another record stands in the way', {
      hint: 'run the command again',
      ...cause,
    });
  if (code.startsWith('SQLITE_CONSTRAINT_FOREIGNKEY'))
    return new TphError('CONFLICT', 'a record that this one refers to is not there', {
      hint: 'run the command again',
      ...cause,
    });
  return error;
}

/** What the operating system says about a file. */
export function explainFile(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new TphError('UNAVAILABLE', `${quotePath(file)} may not be read or written`, {
      hint: 'check the permissions of the file and its folder',
      cause: error,
    });
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EEXIST')
    return new TphError('NOT_FOUND', `there is no folder for ${quotePath(file)}`, {
      hint: 'make the folder first',
      cause: error,
    });
  if (code === 'ENAMETOOLONG' || code === 'ELOOP' || code === 'ERR_INVALID_ARG_VALUE')
    return invalid(`${quotePath(file)} is no name for a file`, 'give another path');
  if (code === 'ERR_DLOPEN_FAILED') return unusableDriver(error as Error);
  if (code === 'EISDIR') return notOurs(file, 'is a folder, not a database');
  if (code === 'ENOSPC')
    return new TphError('UNAVAILABLE', `the disk with ${quotePath(file)} is full`, {
      hint: 'free some space',
      cause: error,
    });
  return error;
}

/** The machine code of better-sqlite3 fits one version of Node's binary interface only; npm builds it at installation. */
function unusableDriver(error: Error): TphError {
  const [builtFor, running] = [...error.message.matchAll(/NODE_MODULE_VERSION (\d+)/g)].map(([, version]) =>
    nodeOf(version ?? ''),
  );
  const what =
    builtFor === undefined || running === undefined
      ? `cannot be loaded: ${error.message.split('\n')[0]}`
      : `was built for ${builtFor}, and this is ${running}`;
  return new TphError('UNAVAILABLE', `better-sqlite3 ${what}`, {
    hint: 'run `npm rebuild better-sqlite3` in the folder of tph with the Node.js that runs it, or install tph again',
    cause: error,
  });
}

/** Of Node's even versions, which are those that people install, each has one number for its binary interface. */
const nodeOf = (moduleVersion: string): string => {
  const major = { 108: 18, 115: 20, 127: 22, 137: 24 }[moduleVersion];
  return major === undefined ? `another Node.js (module version ${moduleVersion})` : `Node.js ${major}`;
};
