import type { Table } from './table.ts';

/**
 * Row-level security of PostgreSQL: each transaction names its client (`tph.client`), and no other client's row is read
 * or written in it, whatever the SQL says; without a name, none. What is protected, and what not, is written down in
 * docs/decisions/0009-postgresql.md.
 */
export const securityPreamble: readonly string[] = [
  // A role that stands here is bound to one client, whatever it says that it is. Only the owner writes here.
  'create table "client_role" (\n  "role" text collate "C" primary key,\n  "client_id" bigint not null\n)',
  // The names in an atomic body are looked up when it is made: no temporary table can take the place of this one.
  `create function tph_client() returns bigint language sql stable begin atomic
  select coalesce(
    (select case when named.id is null or named.id = bound.client_id then bound.client_id else 0 end
       from client_role bound where bound.role = session_user),
    named.id)
  from (select nullif(current_setting('tph.client', true), '')::bigint as id) named;
end`,
  `create function tph_directory() returns boolean language sql stable begin atomic
  select coalesce(current_setting('tph.directory', true), '') = 'on'
    and not exists (select from client_role bound where bound.role = session_user);
end`,
];

/**
 * What a role that is bound to one client cannot do to the others through its own row: take their names, pretend to be
 * another or be gone and come back. Names and keys of clients are unique in the whole database: an index sees every row,
 * whatever row-level security hides. Whom a role is bound to is nobody's business but its own.
 */
export const guardsOfClients: readonly string[] = [
  'alter table "client" add constraint "client_is_itself" check ("client_id" = "id")',
  'create unique index "client_name" on "client" ("name_folded") where deleted_at is null',
  `create unique index "client_key" on "internal_key" ("key") where "object_type" = 'Client' and "live" = 1`,
  `create function tph_bound() returns boolean language sql stable begin atomic
  select exists (select from client_role bound where bound.role = session_user);
end`,
  `create function tph_refuse() returns trigger language plpgsql as $$
begin
  raise insufficient_privilege using message = 'a role that is bound to one client makes, renames and deletes none';
end $$`,
  // What the conditions name is looked up now: no search path of a session can put anything in its place.
  `create trigger "bound_role_makes_none" before insert or delete on "client"
  for each row when (tph_bound()) execute function tph_refuse()`,
  `create trigger "bound_role_renames_none" before update on "client" for each row
  when ((old."id", old."name", old."name_folded", old."deleted_at")
      is distinct from (new."id", new."name", new."name_folded", new."deleted_at") and tph_bound())
  execute function tph_refuse()`,
  // Not forced: the owner writes it.
  'alter table "client_role" enable row level security',
  'create policy "own_role" on "client_role" for select using ("role" = session_user)',
];

const OWN = '"client_id" = (select tph_client())';
const LISTED = '(select tph_directory())';

/**
 * What is said of clients themselves is read and written for another client too, by a transaction that says so: the list
 * of clients, their keys, and the trail of their changes. A token is found by its hash, by whoever knows that.
 */
const exceptions: Readonly<Record<string, string>> = {
  client: LISTED,
  internal_key: `"object_type" = 'Client' and ${LISTED}`,
  audit_event: `"object_type" = 'Client' and ${LISTED}`,
};
const forReading: Readonly<Record<string, string>> = {
  api_token: `"hash" = (select current_setting('tph.token', true))`,
};

/** The statements that put a new table under row-level security; none for one that belongs to no client. */
export function securityOf(table: Table): readonly string[] {
  if (!table.columns.some((column) => column.name === 'client_id')) return [];
  const name = `"${table.name}"`;
  const exception = exceptions[table.name];
  const rule = exception === undefined ? OWN : `${OWN} or (${exception})`;
  const reading = forReading[table.name];
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    `create policy "own_client" on ${name} using (${rule}) with check (${rule})`,
    ...(reading === undefined ? [] : [`create policy "by_secret" on ${name} for select using (${reading})`]),
  ];
}
