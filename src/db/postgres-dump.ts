import { sql } from 'kysely';
import { built } from './builder.ts';
import type { PostgresDatabase } from './postgres.ts';

/** What a dump of a database must know. */
export interface DumpFacts {
  /** The schema that holds the tables. */
  readonly schema: string;
  /** Whether this user sees the rows of all clients at once, as `pg_dump` must. */
  readonly seesAll: boolean;
}

export async function dumpFacts(database: PostgresDatabase): Promise<DumpFacts> {
  const { rows } = await database.read((queries) =>
    sql<{ schema: string; sees_all: bigint }>`select current_schema() as schema,
      (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as sees_all`.execute(
      built(queries),
    ),
  );
  const [facts] = rows;
  return { schema: facts?.schema ?? 'public', seesAll: facts?.sees_all === 1n };
}
