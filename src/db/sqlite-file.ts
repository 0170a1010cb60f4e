import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { TphError } from '../values/error.ts';
import { damaged, explainFile, notOurs, quotePath } from './sqlite-errors.ts';

/** Marks a file as one of ours: `tph1` as a number, kept in SQLite's application id. */
export const APPLICATION_ID = 0x74706831;

/** Makes an empty file that nobody but its owner may read (spec section 8). False where there is one already. */
export function makeFile(file: string): boolean {
  try {
    closeSync(openSync(file, 'ax', 0o600));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw explainFile(error, file);
  }
}

/** Makes the folder of a file where there is none, for its owner alone. */
export function makeFolderOf(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainFile(error, file);
  }
}

/** Refuses what is plainly no database of ours before SQLite touches it. */
export function inspectFile(file: string): void {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw noDatabase(file, `there is no database at ${quotePath(file)}`);
    if (stat.isDirectory()) throw notOurs(file, 'is a folder, not a database');
    if (!stat.isFile()) throw notOurs(file, 'is not a file');
    if (stat.size > 0) inspectHead(file, stat.size);
  } catch (error) {
    throw explainFile(error, file);
  }
}

export const noDatabase = (
  file: string,
  message = `there is no database in ${quotePath(file)} yet`,
): TphError =>
  new TphError('NOT_FOUND', message, {
    hint: 'make one with `tph init`, or name another with --db or TPH_DB',
  });

function inspectHead(file: string, size: number): void {
  const head = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notOurs(file, 'is not a database');
  const applicationId = head.readUInt32BE(68);
  // Zero also where the first page is still in the write-ahead log; `openSqlite` asks again.
  if (applicationId !== APPLICATION_ID && applicationId !== 0)
    throw notOurs(file, 'is a database of another program');
  const pageSize = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
  // Beside a write-ahead log the file may be in the middle of growing.
  if (size < pageSize * head.readUInt32BE(28) && !existsSync(`${file}-wal`))
    throw damaged(file, 'is cut short');
}

/** Whether the file and, for the write-ahead log, its folder may be written. */
export function isWritable(file: string): boolean {
  return mayWrite(file) && mayWrite(dirname(file));
}

export function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
