import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import type { Session } from '../contract/database.ts';
import { freeName, schemaVersion } from '../db/schema.ts';
import { SCHEMA_VERSION } from '../db/schema-version.ts';
import { copyDatabase, openSqlite, type SqliteDatabase } from '../db/sqlite.ts';
import { isDamage, quotePath } from '../db/sqlite-errors.ts';
import { makeFile } from '../db/sqlite-file.ts';
import { invalid, TphError } from '../values/error.ts';

/** A consistent copy while others write, readable by its owner only. */
export async function copyTo(database: SqliteDatabase, file: string): Promise<void> {
  if (!makeFile(file))
    throw new TphError('CONFLICT', `${quotePath(file)} exists already`, { hint: 'name a new file' });
  try {
    await copyDatabase(database.connection, file, 0);
  } catch (error) {
    unlinkSync(file);
    throw error;
  }
}

/**
 * Puts a backup's content in the place of the database's, page by page under its lock, after a copy beside it that is made
 * under the same lock: what others have written is in the one or in the other. A database that is damaged is moved aside
 * instead.
 */
export async function restoreDatabase(
  location: string,
  session: Session,
  file: string,
): Promise<{ readonly location: string; readonly kept: string | null }> {
  refuseDump(file);
  const source = openBackup(file, session);
  try {
    await refuseUnsound(source, file);
    const kept =
      existsSync(location) && statSync(location).size !== 0
        ? await replace(source, location, session)
        : await fill(source, location, session);
    chmodSync(location, 0o600);
    return { location, kept };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await source.close();
  }
}

/** Of a backup that is damaged another is to be taken, while of a database that is, it is the backup. */
function openBackup(file: string, { lockWaitMs }: Session): SqliteDatabase {
  try {
    return openSqlite({ file, lockWaitMs });
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw invalid(`${quotePath(file)} is damaged`, 'name another backup');
  }
}

/** A dump of PostgreSQL is put back where it was made. */
function refuseDump(file: string): void {
  if (!existsSync(file) || !statSync(file).isFile()) return;
  const head = Buffer.alloc(5);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1') !== 'PGDMP') return;
  throw invalid(
    `${quotePath(file)} is a dump of a PostgreSQL database`,
    'restore it there, with --db postgres://…; `tph db copy` then makes a file of that',
  );
}

async function fill(source: SqliteDatabase, location: string, session: Session): Promise<null> {
  makeFile(location);
  await copyDatabase(source.connection, location, session.lockWaitMs);
  return null;
}

/** The file that keeps what was replaced. */
async function replace(source: SqliteDatabase, location: string, session: Session): Promise<string> {
  const base = `${location}.before-restore`;
  try {
    const current = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
    try {
      return await replaceWhole(source, current, freeName(base), session);
    } finally {
      await current.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    const kept = moveAside(location, freeName(base));
    await fill(source, location, session);
    return kept;
  }
}

async function replaceWhole(
  source: SqliteDatabase,
  current: SqliteDatabase,
  kept: string,
  { lockWaitMs }: Session,
): Promise<string> {
  const keep = () =>
    copyDatabase(current.connection, kept, 0).catch((error: unknown) =>
      Promise.reject(current.explain(error)),
    );
  try {
    // Beside a lock of the older kind nobody could read, not even this program.
    current.connection.pragma('journal_mode = wal');
    await copyDatabase(source.connection, current.location, lockWaitMs, keep);
    return kept;
  } catch (error) {
    // Nothing was replaced.
    unlinkSync(kept);
    throw error;
  }
}

async function refuseUnsound(source: SqliteDatabase, file: string): Promise<void> {
  const version = await source.read(schemaVersion);
  if (version === 0 || version > SCHEMA_VERSION)
    throw invalid(
      `${quotePath(file)} has schema version ${version}; this program knows 1 to ${SCHEMA_VERSION}`,
      'name another backup',
    );
  const [first] = source.connection.pragma('integrity_check') as { integrity_check: string }[];
  if (first?.integrity_check !== 'ok') throw invalid(`${quotePath(file)} is damaged`, 'name another backup');
}

/** Its write-ahead log goes with it: beside another database it would only do harm. */
function moveAside(location: string, kept: string): string {
  for (const part of ['', '-wal', '-shm'])
    if (existsSync(`${location}${part}`)) renameSync(`${location}${part}`, `${kept}${part}`);
  return kept;
}
