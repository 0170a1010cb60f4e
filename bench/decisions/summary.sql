, m as materialized (select * from j)
select 'driver', 'G' || id, callsign, name, lists > 0, priority, lists from m where not inactive and lacks = 0 and not blocked and not not_on
union all
select 'summary', count(*), sum(not inactive and lacks = 0 and not blocked and not not_on), sum(inactive), sum(lacks > 0),
  sum(blocked), sum(not_on) from m;
