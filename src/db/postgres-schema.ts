import type { Instant } from '../values/instant.ts';
import type { Queries } from './database.ts';
import type { Migration } from './migrations.ts';
import type { PostgresDatabase } from './postgres.ts';
import { foreignTables, noTables } from './postgres-errors.ts';
import {
  applyMigrations,
  copiedFrom,
  type Migrated,
  newestVersion,
  PROGRAM,
  refuseNewer,
  unfinished,
} from './schema.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { change, firstRow } from './statement.ts';

/** The version of the tables in the schema at hand; 0 where there are none yet. INVALID where other programs' are there. */
export async function postgresVersion(queries: Queries, shown: string): Promise<number> {
  const found = await firstRow(
    queries,
    `select (select count(*) from pg_class c where c.relnamespace = n.oid
              and c.relname in ('schema_version', 'id_sequence', 'audit_event')) as ours,
      (select count(*) from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
              and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as others
    from pg_namespace n where n.nspname = current_schema()`,
  );
  if (found === undefined || found['others'] === 0n) return 0;
  if ((found['ours'] as bigint) < 3n) throw foreignTables(shown);
  const version = await newestVersion(queries);
  if (version === undefined) throw unfinished(await copiedFrom(queries), shown);
  return version;
}

/**
 * Brings a database to the newest version, while nobody else writes; all steps or none. Refuses one that is newer than
 * the program. No copy is made first: that is for `pg_dump`. `plan` is the program's own unless a test says otherwise.
 */
export async function migratePostgres(
  database: PostgresDatabase,
  now: Instant,
  program: string,
  plan?: readonly Migration[],
): Promise<Migrated> {
  const { location, target } = database;
  const to = plan === undefined ? SCHEMA_VERSION : Math.max(...plan.map((step) => step.version));
  const version = (queries: Queries) => postgresVersion(queries, location);
  const before = await database.read(version);
  refuseNewer(location, before, to);
  if (before === to) return { from: before, to, backup: null };
  const steps = plan ?? (await import('./migrations.ts')).migrations('postgres');
  return database.write(async (queries) => {
    // The name of a schema is plain: it needs nothing but the quotes.
    if (target.schema !== undefined) await change(queries, `create schema if not exists "${target.schema}"`);
    // Before there was a schema, the lock was on none.
    await change(queries, 'select pg_advisory_xact_lock(7631976)');
    const from = await version(queries);
    refuseNewer(location, from, to);
    if (from < to) await applyMigrations(queries, steps, from, now, program);
    return { from, to, backup: null };
  });
}

/** As `migratePostgres`, for a database that is there; NOT_FOUND where there are no tables: nothing is made by looking. */
export async function upgradePostgres(database: PostgresDatabase, now: Instant): Promise<Migrated> {
  const { location } = database;
  const from = await database.read((queries) => postgresVersion(queries, location));
  if (from === 0) throw noTables(location);
  return from === SCHEMA_VERSION ? { from, to: from, backup: null } : migratePostgres(database, now, PROGRAM);
}
