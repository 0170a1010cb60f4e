import { chmodSync, closeSync, existsSync, openSync, statSync, unlinkSync } from 'node:fs';
import type { ActiveClient } from '../contract/api.ts';
import type { DatabaseAdmin, DatabaseCheck, DatabaseStatus, NewClient, Session } from '../contract/database.ts';
import { clientRows } from '../db/clients.ts';
import { SCHEMA_VERSION } from '../db/migrations.ts';
import { migrateSqlite, PROGRAM, schemaVersion } from '../db/schema.ts';
import { openSqlite, type SqliteDatabase } from '../db/sqlite.ts';
import { tableCounts } from '../db/table-counts.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { settingsInForce } from '../records/settings.ts';

import { createRecord } from './write.ts';
import type { Work } from './work.ts';

/** What can be done to a SQLite file as a whole. */
export function sqliteAdmin(location: string, session: Session): DatabaseAdmin {
  const now = Math.floor(session.nowMs / 1000) as Instant;
  const open = (create = false) => openSqlite({ file: location, lockWaitMs: session.lockWaitMs, create });
  const using = async <T>(work: (database: SqliteDatabase) => Promise<T>, create = false): Promise<T> => {
    const database = open(create);
    try {
      return await work(database);
    } catch (error) {
      throw database.explain(error);
    } finally {
      await database.close();
    }
  };
  return {
    create: (client) => createDatabase(location, session, now, client, using),
    status: () => using((database) => statusOf(database, location)),
    check: () => using((database) => checkOf(database, location)),
    backup: (file) =>
      using(async (database) => {
        await copyTo(database, file);
        return { file, sizeBytes: statSync(file).size };
      }),
    restore: (file) => restore(location, session, file),
    migrate: () => using((database) => migrateSqlite(database, now, PROGRAM)),
  };
}

async function createDatabase(
  location: string,
  session: Session,
  now: Instant,
  client: NewClient,
  using: <T>(work: (database: SqliteDatabase) => Promise<T>, create?: boolean) => Promise<T>,
): Promise<{ readonly location: string; readonly client: ActiveClient }> {
  const isNew = !existsSync(location);
  try {
    return await using(async (database) => {
      await migrateSqlite(database, now, PROGRAM);
      const record = await database.write(async (queries) => {
        const [first] = await clientRows(queries);
        if (first !== undefined)
          throw new TphError('CONFLICT', `the database ${quote(location)} has the client ${quote(first.name)} already`, {
            hint: 'add another with `tph client create`, or name another file with --db',
          });
        return createRecord(
          {
            queries,
            client: { id: 'G0' as Id, ...client },
            settings: settingsInForce({}),
            operation: 'client.create',
            actor: session.actor,
            reason: session.reason,
            now,
            nowMs: session.nowMs,
            today: 0 as Work['today'],
            dryRun: false,
            readOnly: false,
            viewerGroups: null,
          },
          'Client',
          { ...client },
        );
      });
      const { name, timeZone, country } = record as unknown as ActiveClient;
      return { location, client: { id: record.id, name, timeZone, country } };
    }, true);
  } catch (error) {
    if (isNew) removeFiles(location);
    throw error;
  }
}

/** A file that came to nothing is not left behind. */
function removeFiles(location: string): void {
  for (const file of [location, `${location}-wal`, `${location}-shm`]) if (existsSync(file)) unlinkSync(file);
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

async function checkOf(database: SqliteDatabase, location: string): Promise<DatabaseCheck> {
  const problems: { check: string; message: string; hint: string }[] = [];
  const restoreHint = 'restore a backup with `tph db restore <file>`';
  const integrity = database.connection.pragma('integrity_check') as { integrity_check: string }[];
  for (const row of integrity)
    if (row.integrity_check !== 'ok') problems.push({ check: 'integrity', message: row.integrity_check, hint: restoreHint });
  const broken = database.connection.pragma('foreign_key_check') as { table: string; parent: string }[];
  for (const row of broken)
    problems.push({ check: 'references', message: `a row of ${row.table} refers to a missing row of ${row.parent}`, hint: restoreHint });
  const version = await database.read(schemaVersion);
  if (version !== SCHEMA_VERSION)
    problems.push({
      check: 'schema',
      message: `schema version ${version}, the program's is ${SCHEMA_VERSION}`,
      hint: version < SCHEMA_VERSION ? 'run `tph db migrate`' : 'update tph',
    });
  const mode = statSync(location).mode & 0o077;
  if (mode !== 0)
    problems.push({ check: 'permissions', message: `${quote(location)} can be read by others`, hint: `chmod 600 ${location}` });
  return { ok: problems.length === 0, problems };
}

/** A consistent copy while others write, readable by its owner only. */
async function copyTo(database: SqliteDatabase, file: string): Promise<void> {
  if (existsSync(file)) throw new TphError('CONFLICT', `${quote(file)} exists already`, { hint: 'name a new file' });
  closeSync(openSync(file, 'ax', 0o600));
  try {
    await database.connection.backup(file);
    chmodSync(file, 0o600);
  } catch (error) {
    unlinkSync(file);
    throw error;
  }
}

/** Puts a backup's content in the place of the database's, page by page under its lock, after a copy beside it. */
async function restore(
  location: string,
  session: Session,
  file: string,
): Promise<{ readonly location: string; readonly kept: string | null }> {
  const source = openSqlite({ file, lockWaitMs: session.lockWaitMs });
  try {
    await refuseUnsound(source, file);
    const kept = existsSync(location) ? await keepBeside(location, session) : null;
    if (kept === null) closeSync(openSync(location, 'ax', 0o600));
    await source.connection.backup(location);
    chmodSync(location, 0o600);
    return { location, kept };
  } finally {
    await source.close();
  }
}

async function refuseUnsound(source: SqliteDatabase, file: string): Promise<void> {
  const version = await source.read(schemaVersion);
  if (version === 0 || version > SCHEMA_VERSION)
    throw invalid(`${quote(file)} has schema version ${version}; this program knows 1 to ${SCHEMA_VERSION}`, 'name another backup');
  const [first] = source.connection.pragma('integrity_check') as { integrity_check: string }[];
  if (first?.integrity_check !== 'ok') throw invalid(`${quote(file)} is damaged`, 'name another backup');
}

async function keepBeside(location: string, session: Session): Promise<string> {
  let kept = `${location}.before-restore`;
  for (let count = 2; existsSync(kept); count += 1) kept = `${location}.before-restore.${count}`;
  const current = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
  try {
    await copyTo(current, kept);
  } finally {
    await current.close();
  }
  return kept;
}
