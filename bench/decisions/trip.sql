-- One trip, its needs and its lists: what each of the queries about one trip begins with.
with t as materialized (
  select id, max(pickup_at, :now) as as_of from trip where client_id = :client and ref_folded = :trip and deleted_at is null),
need as materialized (
  select k.target_id as id, c.code from t join trip_client_capability k on k.client_id = :client and k.owner_id = t.id
    join client_capability c on c.client_id = :client and c.id = k.target_id),
r as materialized (
  select p.customer_id as owner, p.driver_id as driver, p.mode, p.priority from t
    cross join (select distinct owner_id, customer_id from trip_trip_segment where client_id = :client
      and owner_id = (select id from t) and customer_id is not null) s
    cross join driver_customer p on p.client_id = :client and p.customer_id = s.customer_id
    where p.deleted_at is null and (p.expires_at is null or t.as_of < p.expires_at)
  union all
  select p.scp_id, p.driver_id, p.mode, p.priority from t
    cross join (select distinct owner_id, target_id from trip_trip_segment_scp where client_id = :client
      and owner_id = (select id from t)) s
    cross join driver_scp p on p.client_id = :client and p.scp_id = s.target_id
    where p.deleted_at is null and (p.expires_at is null or t.as_of < p.expires_at)),
locked as materialized (select distinct owner from r where mode = 'HARD'),
b as materialized (
  select driver, sum(mode = 'HARD') as hards, max(mode = 'BLOCK') as blocked, sum(mode <> 'BLOCK') as lists,
    min(case when mode <> 'BLOCK' then priority end) as priority
  from r group by driver),
