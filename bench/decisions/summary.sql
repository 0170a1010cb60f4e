-- Drivers whom no list names are counted, by indexes alone; those on the lists are looked at one by one.
gone as materialized (select id, status from driver where client_id = :client and deleted_at is not null),
considered as materialized (
  select (select count(*) from driver where client_id = :client) - (select count(*) from gone) as n,
    (select count(*) from driver where client_id = :client and status in ('SUSPENDED', 'INACTIVE'))
      - (select count(*) from gone where status <> 'ACTIVE') as inactive),
able as materialized (
  select count(*) as n from (
    select k.owner_id from driver_client_capability k
    where k.client_id = :client and k.target_id in (select id from need) and k.owner_id not in (select id from gone)
    group by k.owner_id having count(*) = (select count(*) from need))),
m as materialized (
  select d.id, d.callsign, d.first_name || ' ' || d.last_name as name, d.status <> 'ACTIVE' as inactive,
    (select count(*) from need where not exists (select 1 from driver_client_capability k
      where k.client_id = :client and k.owner_id = d.id and k.target_id = need.id)) as lacks,
    b.blocked, b.hards < (select count(*) from locked) as not_on, b.lists, b.priority
  from b cross join driver d on d.client_id = :client and d.id = b.driver and d.deleted_at is null)
select 'driver', 'G' || id, callsign, name, lists > 0, priority, lists from m
where not inactive and lacks = 0 and not blocked and not not_on
union all
select 'summary', (select n from considered),
  (select count(*) from m where not inactive and lacks = 0 and not blocked and not not_on), (select inactive from considered),
  (select n from considered) - (select n from able), (select sum(blocked) from m),
  (select n from considered) - (select sum(not not_on) from m);
