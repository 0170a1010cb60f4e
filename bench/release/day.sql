-- Every run of a day with what holds it back, set at a time, in the order and the columns of `tph release --day D -o csv`.
with g as materialized (
  select id, name,
    case when mode = 'RUN_OFF' and (schedule_resume_day is null or :day < schedule_resume_day) then ' is switched off'
      when (mode = 'RUN_SCHEDULE' or schedule_resume_day <= :day) and (start_day is not null or end_day is not null)
        and (start_day is null or start_day <= :day) and (end_day is null or end_day >= :day) then 'the day lies in the window of '
    end as why
  from schedule_exclusion_group where client_id = :client and deleted_at is null),
k as materialized (
  select l.owner_id as run, l.time_id,
    group_concat(case when g.why like ' %' then g.name || g.why else g.why || g.name end, '; ') as causes
  from g cross join recurring_trip_exclusion_link l on l.client_id = :client and l.group_id = g.id
  where g.why is not null group by l.owner_id, l.time_id),
s as materialized (
  select owner_id as run, time, 'skipped' || coalesce(': ' || reason, '') as cause
  from recurring_trip_skip where client_id = :client and day = :day),
x as materialized (
  select recurring_trip_id as run, recurring_time_id as time_id, ref from trip
  where client_id = :client and day = :day and recurring_trip_id is not null),
o as (
  select r.ref, t.time, t.is_return, t.id as time_id,
    (select group_concat(causes, '; ') from k where k.run = r.id and (k.time_id is null or k.time_id = t.id)) as off,
    (select group_concat(cause, '; ') from s where s.run = r.id and (s.time is null or s.time = t.time)) as skip,
    (select ref from x where x.run = r.id and x.time_id = t.id) as trip
  from recurring_trip r cross join recurring_trip_time t on t.client_id = r.client_id and t.owner_id = r.id
  where r.client_id = :client and r.deleted_at is null and r.active = 1
    and (r.start_day is null or r.start_day <= :day) and (r.end_day is null or r.end_day >= :day)
    and t.weekdays & :weekday and (t.end_day is null or t.end_day >= :day))
select time, ref as recurringTrip, case is_return when 1 then 'true' else 'false' end as isReturn,
  :midnight + substr(time, 1, 2) * 3600 + substr(time, 4) * 60 as pickupAt, null as clockChange,
  case when off is null and skip is null then 'RELEASED' else 'SUPPRESSED' end as outcome,
  coalesce(off || coalesce('; ' || skip, ''), skip) as causes, trip
from o order by time, ref, time_id;
