import { HEADER } from './customers.mjs';

/** @param {string} text */
const sqlText = (text) => `'${text.replaceAll("'", "''")}'`;
const columns = HEADER.split(',').map((name) => `"${name}"`);

/** @param {string} cell a column whose content is entries between semicolons @returns {string} rows `value`, `key` (their order) */
const entries = (cell) => `json_each('["' || replace(${cell}, ';', '","') || '"]')`;

/** The phones of the file as E.164. SQL knows the forms that occur in it and checks nothing; tph knows every form. */
const e164 = `replace(replace(replace(replace("Mobile No", ' ', ''), '-', ''), '(', ''), ')', '')`;
const phone = `case when ${e164} like '00%' then '+' || substr(${e164}, 3)
      when ${e164} like '0%' then '+353' || substr(${e164}, 2) else ${e164} end`;

/**
 * What the sqlite3 shell does with a file of customers: a staging table in memory, then whole sets in one
 * transaction that leave the tables, indexes and audit rows that an import leaves. Names are folded by lower(), which
 * leaves letters outside ASCII alone.
 *
 * @param {{ file: string, foreignKeys: boolean, cacheMb?: number }} options
 * @returns {string}
 */
export function stagedInserts({ file, foreignKeys, cacheMb }) {
  return `
pragma foreign_keys = ${foreignKeys ? 'on' : 'off'};
pragma synchronous = full;
pragma temp_store = memory;
${cacheMb === undefined ? '' : `pragma cache_size = -${cacheMb * 1024};`}
create temp table staging (${columns.map((name) => `${name} text`).join(', ')});
.import --csv --skip 1 ${JSON.stringify(file)} staging
begin immediate;
create temp table base as
  select last + 2 as first_id, (select id from client) as client_id,
    cast(strftime('%s', 'now') as integer) as now from id_sequence;
insert into customer (client_id, id, created_date, updated_date, first_name, last_name, phone, email, loyalty_miles,
    notes, full_name_folded)
  select client_id, first_id + 2 * staging.rowid, now, now, nullif("First Name", ''), nullif("Last Name", ''),
    ${phone}, lower(nullif("E-mail", '')), coalesce(nullif("Loyalty Miles", ''), 0), nullif("Notes", ''),
    lower("First Name" || ' ' || "Last Name")
  from staging cross join base;
insert into customer_tag (client_id, owner_id, tag_folded, position, tag)
  select client_id, first_id + 2 * staging.rowid, lower(tag.value), tag.key, tag.value
  from staging cross join base cross join ${entries('"Tags"')} as tag where "Tags" <> '';
insert into customer_account (client_id, owner_id, target_id, ordinal)
  select base.client_id, first_id + 2 * staging.rowid, account.id, ref.key
  from staging cross join base cross join ${entries('"Accounts"')} as ref
    cross join account on account.client_id = base.client_id and account.ref_folded = lower(ref.value)
      and account.deleted_at is null
  where "Accounts" <> '';
insert into audit_event (client_id, id, at, actor, reason, operation, action, object_type, object_id, object_name, after)
  select base.client_id, first_id + 2 * staging.rowid + 1, now, 'ops', 'import G912019186278989824 of customers.csv',
    'customer.create', 'CREATE', 'Customer', first_id + 2 * staging.rowid, "First Name" || ' ' || "Last Name",
    json_patch(
      json_object('firstName', "First Name", 'lastName', "Last Name", 'phone', ${phone}, 'sharedPhone', json('false'),
        'priorityTier', 0, 'loyaltyMiles', cast("Loyalty Miles" as integer)),
      json_object('email', nullif("E-mail", ''), 'notes', nullif("Notes", ''),
        'tags', case when "Tags" = '' then null else json('["' || replace("Tags", ';', '","') || '"]') end,
        'accounts', case when "Accounts" = '' then null else (
          select json_group_array(json_object('id', 'G' || account.id, 'ref', account.ref, 'name', account.name))
          from ${entries('"Accounts"')} as ref
            cross join account on account.client_id = base.client_id and account.ref_folded = lower(ref.value)
              and account.deleted_at is null) end))
  from staging cross join base;
update id_sequence set last = (select first_id from base) + 2 * (select count(*) from staging) + 1;
commit;
`;
}

/**
 * The plain `.import` of the same file into a table of its own with the columns of the file and a unique index on
 * the phone: the least that any import can cost.
 *
 * @param {string} file
 */
export const plainImport = (file) => `
pragma synchronous = full;
create table plain (${columns.map((name) => `${name} text`).join(', ')});
create unique index plain_phone on plain ("Mobile No");
create index plain_email on plain ("E-mail");
.import --csv --skip 1 ${JSON.stringify(file)} plain
`;

/** All customers in the columns that an export has. @returns {string} */
export const exportQuery = () => `
select 'G' || id as id, first_name, last_name, phone, email, shared_phone,
  (select ref from account where account.client_id = customer.client_id and account.id = default_account_id),
  default_brand_id, priority_tier, loyalty_miles,
  (select group_concat(tag, ';') from customer_tag as one
    where one.client_id = customer.client_id and one.owner_id = customer.id),
  (select group_concat(ref, ';') from customer_account as one
    join account on account.client_id = one.client_id and account.id = one.target_id
    where one.client_id = customer.client_id and one.owner_id = customer.id),
  notes
from customer where deleted_at is null order by id;
`;

/** One line that two databases share where they hold the same customers. */
export const fingerprintQuery = `
select json_array(
  (select count(*) from customer where deleted_at is null), (select count(distinct phone) from customer),
  (select sum(cast(substr(phone, 2) as integer) % 1000003) from customer), (select sum(length(email)) from customer),
  (select sum(length(first_name || last_name)) from customer), (select sum(loyalty_miles) from customer),
  (select sum(length(notes)) from customer), (select count(*) from customer_tag), (select sum(length(tag)) from customer_tag),
  (select count(*) from customer_account), (select sum(length(ref)) from customer_account
    join account on account.id = target_id),
  (select count(*) from audit_event where object_type = 'Customer'));
`;

/** Accounts for the customers to name. @param {readonly string[]} refs */
export const accountInserts = (refs) => `
begin immediate;
${refs
  .map(
    (
      ref,
    ) => `insert into account (client_id, id, created_date, updated_date, ref, ref_folded, name, name_folded)
  select (select id from client), last + 1, 1736496000, 1736496000, ${sqlText(ref)}, ${sqlText(ref.toLowerCase())},
    ${sqlText(`Account ${ref}`)}, ${sqlText(`account ${ref.toLowerCase()}`)} from id_sequence;
update id_sequence set last = last + 1;`,
  )
  .join('\n')}
commit;
pragma wal_checkpoint(truncate);
`;
