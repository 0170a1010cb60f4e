import type { PostgresDatabase } from './postgres.ts';
import { firstRow } from './statement.ts';

/** What a dump of a database must know. */
export interface DumpFacts {
  /** The schema that holds the tables. */
  readonly schema: string;
  /** Whether this user sees the rows of all clients at once, as `pg_dump` must. */
  readonly seesAll: boolean;
  /** Whom the tables belong to; undefined where there are none. */
  readonly owner: string | undefined;
}

export async function dumpFacts(database: PostgresDatabase): Promise<DumpFacts> {
  const facts = await database.read((queries) =>
    firstRow(
      queries,
      `select current_schema() as "schema",
        (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as sees_all,
        (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = to_regclass('schema_version')) as "owner"`,
    ),
  );
  return {
    schema: String(facts?.['schema'] ?? 'public'),
    seesAll: facts?.['sees_all'] === 1n,
    owner: (facts?.['owner'] as string | null | undefined) ?? undefined,
  };
}

/** Whether a role is who is connected, one that this user may act as, or neither (one that is not there, too). */
export async function standingOf(
  database: PostgresDatabase,
  role: string,
): Promise<'self' | 'may be' | 'other'> {
  const found = await database.read((queries) =>
    firstRow(
      queries,
      `select r.rolname = current_user as self, pg_has_role(current_user, r.oid, 'member') as "may"
        from pg_roles r where r.rolname = ?`,
      [role],
    ),
  );
  if (found?.['self'] === 1n) return 'self';
  return found?.['may'] === 1n ? 'may be' : 'other';
}
