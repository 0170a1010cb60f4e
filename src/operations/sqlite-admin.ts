import { statSync } from 'node:fs';
import type { DatabaseAdmin, DatabaseCheck, DatabaseStatus, Session } from '../contract/database.ts';
import { clientRows } from '../db/clients.ts';
import { migrateSqlite, PROGRAM, schemaVersion } from '../db/schema.ts';
import { SCHEMA_VERSION } from '../db/schema-version.ts';
import { openSqlite, type SqliteDatabase } from '../db/sqlite.ts';
import { isDamage, quotePath } from '../db/sqlite-errors.ts';
import { tableCounts } from '../db/table-counts.ts';
import type { Instant } from '../values/instant.ts';
import { createDatabase } from './create-database.ts';
import { diagnoseDatabase } from './doctor-database.ts';
import { copyTo, restoreDatabase } from './sqlite-backup.ts';

/** What can be done to a SQLite file as a whole. */
export function sqliteAdmin(location: string, session: Session): DatabaseAdmin {
  const using = async <T>(work: (database: SqliteDatabase) => Promise<T>): Promise<T> => {
    const database = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
    try {
      return await work(database);
    } catch (error) {
      throw database.explain(error);
    } finally {
      await database.close();
    }
  };
  const check = () => checkOrDamage(location, () => using((database) => checkOf(database, location)));
  return {
    create: (client) => createDatabase(location, session, client),
    status: () => using((database) => statusOf(database, location)),
    check,
    doctor: () =>
      diagnoseDatabase(location, session, {
        check,
        read: (work) => using((database) => database.read(work)),
      }),
    backup: (file) =>
      using(async (database) => {
        await copyTo(database, file);
        return { file, sizeBytes: statSync(file).size };
      }),
    restore: (file) => restoreDatabase(location, session, file),
    migrate: () =>
      using((database) => migrateSqlite(database, Math.floor(session.nowMs / 1000) as Instant, PROGRAM)),
    copyTo: async (to, options) =>
      (await import('./copy-database.ts')).copyDatabase(location, to, session, options),
  };
}

async function statusOf(database: SqliteDatabase, location: string): Promise<DatabaseStatus> {
  const stat = statSync(location);
  return database.read(async (queries) => {
    const version = await schemaVersion(queries);
    const counts = version === SCHEMA_VERSION ? await tableCounts(queries) : { records: {}, auditEvents: 0 };
    const clients = version === 0 ? [] : await clientRows(queries);
    return {
      location,
      engine: 'sqlite' as const,
      schemaVersion: version,
      programSchemaVersion: SCHEMA_VERSION,
      sizeBytes: stat.size,
      readOnly: database.readOnly,
      mode: (stat.mode & 0o777).toString(8).padStart(3, '0'),
      clients: clients.map(({ id, name, timeZone, country }) => ({ id, name, timeZone, country })),
      ...counts,
    };
  });
}

type Problem = DatabaseCheck['problems'][number];
const RESTORE = 'restore a backup with `tph db restore <file>`';

/** Damage that keeps the file from being read at all is a finding too. */
async function checkOrDamage(location: string, check: () => Promise<DatabaseCheck>): Promise<DatabaseCheck> {
  try {
    return await check();
  } catch (error) {
    if (!isDamage(error)) throw error;
    const message = error instanceof Error ? error.message : `${quotePath(location)} is damaged`;
    return { ok: false, problems: [{ check: 'integrity', message, hint: RESTORE }] };
  }
}

async function checkOf(database: SqliteDatabase, location: string): Promise<DatabaseCheck> {
  const problems: Problem[] = [];
  const integrity = database.connection.pragma('integrity_check') as { integrity_check: string }[];
  for (const row of integrity)
    if (row.integrity_check !== 'ok')
      problems.push({ check: 'integrity', message: row.integrity_check, hint: RESTORE });
  const broken = database.connection.pragma('foreign_key_check') as { table: string; parent: string }[];
  for (const row of broken)
    problems.push({
      check: 'references',
      message: `a row of ${row.table} refers to a missing row of ${row.parent}`,
      hint: RESTORE,
    });
  const version = await database.read(schemaVersion);
  if (version !== SCHEMA_VERSION)
    problems.push({
      check: 'schema',
      message: `schema version ${version}, the program's is ${SCHEMA_VERSION}`,
      hint: version < SCHEMA_VERSION ? 'run `tph db migrate`' : 'update tph',
    });
  if ((statSync(location).mode & 0o077) !== 0)
    problems.push({
      check: 'permissions',
      message: `${quotePath(location)} can be read by others`,
      hint: `chmod 600 ${location}`,
    });
  return { ok: problems.length === 0, problems };
}
