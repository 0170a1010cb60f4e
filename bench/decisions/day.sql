-- The counts of every trip of a day, set at a time: each driver's capabilities are one mask, the drivers of one mask are
-- counted once, and only the drivers of a trip's lists are looked at one by one.
with c as materialized (select id, 1 << (row_number() over (order by id) - 1) as bit from client_capability where client_id = :client),
m as materialized (
  select d.id, d.status = 'ACTIVE' as active,
    coalesce((select sum(c.bit) from driver_client_capability k join c on c.id = k.target_id
      where k.client_id = d.client_id and k.owner_id = d.id), 0) as mask
  from driver d where d.client_id = :client and d.deleted_at is null),
h as materialized (select active, mask, count(*) as n from m group by active, mask),
t as materialized (
  select t.id, t.ref, t.pickup_at, max(t.pickup_at, :now) as as_of,
    coalesce((select sum(c.bit) from trip_client_capability k join c on c.id = k.target_id
      where k.client_id = t.client_id and k.owner_id = t.id), 0) as need
  from trip t where t.client_id = :client and t.day = :day and t.deleted_at is null and t.status <> 'CANCELLED'),
b as materialized (
  select need, sum(n) as considered, sum(n * (not active)) as inactive, sum(n * ((mask & need) <> need)) as missing,
    sum(n * (active and (mask & need) = need)) as fit
  from (select distinct need from t), h group by need),
l as materialized (
  select t.id as trip, t.as_of, t.need, s.customer_id as owner, 0 as kind from t
    join trip_trip_segment s on s.client_id = :client and s.owner_id = t.id and +s.customer_id is not null
  union
  select t.id, t.as_of, t.need, s.target_id, 1 from t
    join trip_trip_segment_scp s on s.client_id = :client and s.owner_id = t.id),
r as materialized (
  select l.trip, l.need, l.owner, p.driver_id as driver, p.mode from l
    join driver_customer p on l.kind = 0 and p.client_id = :client and p.customer_id = l.owner and p.customer_id is not null
      and p.deleted_at is null and (p.expires_at is null or l.as_of < p.expires_at)
  union all
  select l.trip, l.need, l.owner, p.driver_id, p.mode from l
    join driver_scp p on l.kind = 1 and p.client_id = :client and p.scp_id = l.owner and p.scp_id is not null
      and p.deleted_at is null and (p.expires_at is null or l.as_of < p.expires_at)),
k as materialized (select trip, count(distinct owner) as locks from r where mode = 'HARD' group by trip),
e as materialized (
  select r.trip, r.driver, sum(r.mode = 'HARD') as hards, max(r.mode = 'BLOCK') as blocked, max(r.mode <> 'BLOCK') as preferred,
    max(m.active and (m.mask & r.need) = r.need) as fit
  from r join m on m.id = r.driver group by r.trip, r.driver),
x as materialized (
  select e.trip, sum(blocked) as blocked, sum(blocked and fit) as blocked_fit,
    sum(hards = coalesce(k.locks, 0)) as on_all, sum(hards = coalesce(k.locks, 0) and not blocked and fit) as admitted,
    sum(hards = coalesce(k.locks, 0) and not blocked and fit and preferred) as preferred
  from e left join k on k.trip = e.trip group by e.trip)
select t.ref, t.pickup_at,
  (select group_concat(c.first_name || ' ' || c.last_name, '; ') from trip_trip_segment s
    cross join customer c on c.client_id = s.client_id and c.id = s.customer_id
    where s.client_id = :client and s.owner_id = t.id) as customers,
  (select group_concat(p.display_name, '; ') from trip_trip_segment_scp s
    cross join scp p on p.client_id = s.client_id and p.id = s.target_id
    where s.client_id = :client and s.owner_id = t.id) as passengers,
  case when k.locks is null then b.fit - coalesce(x.blocked_fit, 0) else coalesce(x.admitted, 0) end as eligible,
  coalesce(x.preferred, 0) as preferred, b.inactive, b.missing, coalesce(x.blocked, 0) as blocked,
  case when k.locks is null then 0 else b.considered - coalesce(x.on_all, 0) end as not_on_list
from t join b on b.need = t.need left join k on k.trip = t.id left join x on x.trip = t.id
order by eligible, t.pickup_at, t.ref;
