import { chmodSync, existsSync, renameSync, statSync, unlinkSync } from 'node:fs';
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
 * Puts a backup's content in the place of the database's, page by page under its lock, after a copy beside it. A
 * database that is damaged is moved aside instead.
 */
export async function restoreDatabase(
  location: string,
  session: Session,
  file: string,
): Promise<{ readonly location: string; readonly kept: string | null }> {
  const source = openSqlite({ file, lockWaitMs: session.lockWaitMs });
  try {
    await refuseUnsound(source, file);
    const kept =
      existsSync(location) && statSync(location).size !== 0 ? await keepBeside(location, session) : null;
    makeFile(location);
    await copyDatabase(source.connection, location, session.lockWaitMs);
    chmodSync(location, 0o600);
    return { location, kept };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await source.close();
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

async function keepBeside(location: string, session: Session): Promise<string> {
  const base = `${location}.before-restore`;
  try {
    const current = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
    try {
      const kept = freeName(base);
      await copyDatabase(current.connection, kept, 0);
      return kept;
    } catch (error) {
      throw current.explain(error);
    } finally {
      await current.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return moveAside(location, freeName(base));
  }
}

/** Its write-ahead log goes with it: beside another database it would only do harm. */
function moveAside(location: string, kept: string): string {
  for (const part of ['', '-wal', '-shm'])
    if (existsSync(`${location}${part}`)) renameSync(`${location}${part}`, `${kept}${part}`);
  return kept;
}
