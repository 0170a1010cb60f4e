import { unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { invalid, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import type { Queries } from './database.ts';
import type { Migration } from './migrations.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { copyDatabase, type SqliteDatabase } from './sqlite.ts';
import { APPLICATION_ID, makeFile } from './sqlite-file.ts';
import { change, firstRow, insert } from './statement.ts';

/** The version of a database's tables; 0 where there are none yet. */
export async function schemaVersion(queries: Queries): Promise<number> {
  const table = await firstRow(queries, "select name from sqlite_schema where name = 'schema_version'");
  if (table === undefined) return 0;
  const version = await newestVersion(queries);
  if (version !== undefined) return version;
  const file = await firstRow(queries, "select file from pragma_database_list where name = 'main'");
  throw unfinished(await copiedFrom(queries), String(file?.['file'] ?? ''));
}

/** The version that the newest row of a schema's history has; undefined for a history that is there and empty. */
export async function newestVersion(queries: Queries): Promise<number | undefined> {
  const row = await firstRow(queries, 'select max("version") as "version" from "schema_version"');
  const version = row?.['version'];
  return version === null || version === undefined ? undefined : Number(version);
}

/** Of what a database without a version is the unfinished copy; undefined where that is not known. */
export async function copiedFrom(queries: Queries): Promise<string | undefined> {
  // Where there is no such table either, it is no copy of ours; the transaction ends with an error in any case.
  const row = await firstRow(queries, 'select source from copy_progress').catch(() => undefined);
  return row === undefined ? undefined : String(row['source']).replace(/#\d+$/, '');
}

/** INVALID: a database that has no version is a copy which is not finished. `source` and `shown` hold no password. */
export const unfinished = (source: string | undefined, shown: string): TphError =>
  invalid(
    'the database is an unfinished copy of another',
    source === undefined || shown === ''
      ? 'run `tph db copy` again as before: it goes on where it stopped'
      : `run \`tph db copy --from ${word(source)} --to ${word(shown)}\`: it goes on where it stopped`,
  );
const word = (text: string): string => (/[^\w@%+=:,./-]/.test(text) ? `'${text}'` : text);

export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** The copy of the older database, made before anything was changed; null for a new one. */
  readonly backup: string | null;
}

/**
 * Brings a database to the newest version, under the writer's lock and after a copy beside it (spec section 8).
 * Refuses one that is newer than the program. `plan` is the program's own migrations unless a test says otherwise.
 */
export async function migrateSqlite(
  database: SqliteDatabase,
  now: Instant,
  program: string,
  plan?: readonly Migration[],
): Promise<Migrated> {
  const to = plan === undefined ? SCHEMA_VERSION : Math.max(...plan.map((step) => step.version));
  const before = await database.read(schemaVersion);
  refuseNewer(database.location, before, to);
  if (before === to) return { from: before, to, backup: null };
  const steps = plan ?? (await import('./migrations.ts')).migrations('sqlite');
  if (before === 0) database.connection.pragma('journal_mode = wal');
  return database.write(async (queries) => {
    // Another process may have migrated while this one waited for its turn.
    const from = await schemaVersion(queries);
    refuseNewer(database.location, from, to);
    if (from === to) return { from, to, backup: null };
    const backup = from === 0 ? null : await backupBeside(database, from);
    await applyMigrations(queries, steps, from, now, program);
    await change(queries, `pragma application_id = ${APPLICATION_ID}`);
    return { from, to, backup };
  });
}

/** Carries out the steps beyond a version, within a transaction that only this program writes in. */
export async function applyMigrations(
  queries: Queries,
  plan: readonly Migration[],
  from: number,
  now: Instant,
  program: string,
): Promise<void> {
  for (const step of plan.filter((one) => one.version > from)) {
    for (const statement of step.statements) await change(queries, statement);
    await insert(queries, 'schema_version', [{ version: step.version, applied_at: now, program }]);
  }
}

/** INVALID where a database is of a newer program; it says both versions. */
export function refuseNewer(location: string, found: number, known: number): void {
  if (found <= known) return;
  throw new TphError(
    'INVALID',
    `the database \`${location}\` has schema version ${found}; this program knows versions up to ${known}`,
    { hint: 'update tph, or name another database with --db' },
  );
}

/** The writer's own connection holds the lock; a second one copies what was committed before. */
async function backupBeside(database: SqliteDatabase, version: number): Promise<string> {
  const { default: BetterSqlite3 } = await import('better-sqlite3');
  const file = freeName(`${database.location}.v${version}.bak`);
  const reader = new BetterSqlite3(resolve(database.location), { readonly: true });
  try {
    await copyDatabase(reader, file, 0);
  } catch (error) {
    unlinkSync(file);
    throw error;
  } finally {
    reader.close();
  }
  return file;
}

/** Makes an empty file under `base`, or under `base` with the first number that is free. */
export function freeName(base: string): string {
  let file = base;
  for (let count = 2; !makeFile(file); count += 1) file = `${base}.${count}`;
  return file;
}

/** What stands in the schema's history beside each version. */
export const PROGRAM = 'tph';
