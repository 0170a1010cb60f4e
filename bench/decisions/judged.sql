-- Every driver, judged; the links of each capability that is needed are read once, in the order of the drivers.
able as materialized (
  select k.owner_id as driver, count(*) as n from driver_client_capability k
  where k.client_id = :client and k.target_id in (select id from need) group by k.owner_id),
j as (
  select d.id, d.callsign, d.first_name || ' ' || d.last_name as name, d.status <> 'ACTIVE' as inactive,
    (select count(*) from need) - coalesce(able.n, 0) as lacks,
    coalesce(b.blocked, 0) as blocked, coalesce(b.hards, 0) < (select count(*) from locked) as not_on,
    coalesce(b.lists, 0) as lists, b.priority
  from driver d left join b on b.driver = d.id left join able on able.driver = d.id
  where d.client_id = :client and d.deleted_at is null)
