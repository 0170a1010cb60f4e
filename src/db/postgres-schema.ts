import { sql } from 'kysely';
import type { Instant } from '../values/instant.ts';
import type { Queries } from './database.ts';
import { type Migration, migrations } from './migrations.ts';
import type { PostgresDatabase } from './postgres.ts';
import { foreignTables } from './postgres-errors.ts';
import { applyMigrations, type Migrated, refuseNewer, versionIn } from './schema.ts';

/** The version of the tables in the schema at hand; 0 where there are none yet. INVALID where other programs' are there. */
export async function postgresVersion(queries: Queries, shown: string): Promise<number> {
  const { rows } = await sql<{ ours: bigint; others: bigint }>`
    select (select count(*) from pg_class c where c.relnamespace = n.oid
              and c.relname in ('schema_version', 'id_sequence', 'audit_event')) as ours,
      (select count(*) from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
              and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as others
    from pg_namespace n where n.nspname = current_schema()`.execute(queries);
  const [found] = rows;
  if (found === undefined || found.others === 0n) return 0;
  if (found.ours < 3n) throw foreignTables(shown);
  const row = await queries
    .selectFrom('schema_version')
    .select((build) => build.fn.max('version').as('version'))
    .executeTakeFirst();
  return versionIn(row);
}

/**
 * Brings a database to the newest version, while nobody else writes; all steps or none. Refuses one that is newer than
 * the program. No copy is made first: that is for `pg_dump`. `plan` is the program's own unless a test says otherwise.
 */
export async function migratePostgres(
  database: PostgresDatabase,
  now: Instant,
  program: string,
  plan: readonly Migration[] = migrations('postgres'),
): Promise<Migrated> {
  const { location, target } = database;
  const to = Math.max(...plan.map((step) => step.version));
  const version = (queries: Queries) => postgresVersion(queries, location);
  const before = await database.read(version);
  refuseNewer(location, before, to);
  if (before === to) return { from: before, to, backup: null };
  return database.write(async (queries) => {
    if (target.schema !== undefined)
      await sql`create schema if not exists ${sql.id(target.schema)}`.execute(queries);
    // Before there was a schema, the lock was on none.
    await sql`select pg_advisory_xact_lock(7631976)`.execute(queries);
    const from = await version(queries);
    refuseNewer(location, from, to);
    if (from < to) await applyMigrations(queries, plan, from, now, program);
    return { from, to, backup: null };
  });
}
