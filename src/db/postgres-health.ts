import { sql } from 'kysely';
import { built } from './builder.ts';
import type { Queries } from './database.ts';

/** What a look at a database found, as `DatabaseCheck` has it. */
export interface HealthProblem {
  readonly check: string;
  readonly message: string;
  readonly hint: string;
}

/** The bytes of the tables and indexes in the schema at hand. */
export async function sizeInBytes(queries: Queries): Promise<number> {
  const { rows } = await sql<{ bytes: string | null }>`
    select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p')`.execute(built(queries));
  return Number(rows[0]?.bytes ?? 0);
}

interface Facts {
  readonly bypasses: bigint;
  readonly encoding: string;
  readonly unguarded: string | null;
  readonly unchecked: string | null;
}

/** Whether references and row-level security are in force, and for whoever is connected; changes nothing. */
export async function postgresHealth(queries: Queries): Promise<readonly HealthProblem[]> {
  const { rows } = await sql<Facts>`
    select
      (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as bypasses,
      current_setting('server_encoding') as encoding,
      (select string_agg(c.relname, ', ' order by c.relname) from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = current_schema() and c.relkind in ('r', 'p') and c.relname <> 'client_role'
           and exists (select from pg_attribute a
             where a.attrelid = c.oid and a.attname = 'client_id' and not a.attisdropped)
           and not (c.relrowsecurity and c.relforcerowsecurity
             and exists (select from pg_policy p where p.polrelid = c.oid))) as unguarded,
      (select string_agg(k.conname, ', ' order by k.conname) from pg_constraint k
         join pg_namespace n on n.oid = k.connamespace
         where n.nspname = current_schema() and k.contype = 'f' and not k.convalidated) as unchecked`.execute(
    built(queries),
  );
  const [facts] = rows;
  if (facts === undefined) return [];
  const { bypasses, encoding, unguarded, unchecked } = facts;
  const found = (isWrong: boolean, check: string, message: string, hint: string): HealthProblem[] =>
    isWrong ? [{ check, message, hint }] : [];
  return [
    ...found(
      encoding !== 'UTF8',
      'integrity',
      `the database keeps its text in ${encoding}, not in UTF8`,
      'make one with createdb --encoding=UTF8',
    ),
    ...found(
      unchecked !== null,
      'references',
      `references are not checked: ${unchecked}`,
      'alter table … validate constraint …',
    ),
    ...found(
      unguarded !== null,
      'permissions',
      `row-level security is not in force on ${unguarded}`,
      'alter table … force row level security, or restore a dump',
    ),
    ...found(
      bypasses === 1n,
      'permissions',
      'this user is beyond row-level security, which keeps clients apart',
      'connect as a user that is no superuser and has no BYPASSRLS',
    ),
  ];
}
