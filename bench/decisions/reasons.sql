, every as materialized (
  select (select json_group_array(json_object('code', 'MISSING_CAPABILITY', 'capability', code)) from need) as missing,
    (select json_group_array(json_object('code', 'NOT_ON_HARD_LIST', 'list', json_object('id', 'G' || owner))) from locked) as not_on)
select 'G' || id as id, callsign, name,
  case when inactive then '[{"code":"DRIVER_NOT_ACTIVE"}]' else '[]' end as status,
  case when lacks = 0 then '[]' when lacks = (select count(*) from need) then (select missing from every)
    else (select json_group_array(json_object('code', 'MISSING_CAPABILITY', 'capability', code)) from need
    where not exists (select 1 from driver_client_capability k
      where k.client_id = :client and k.owner_id = j.id and k.target_id = need.id)) end as missing,
  case when not blocked then '[]' else (select json_group_array(json_object('code', 'BLOCKED', 'list', json_object('id', 'G' || owner)))
    from r where r.driver = j.id and mode = 'BLOCK') end as blocked,
  case when not not_on then '[]' when lists = 0 and not blocked then (select not_on from every)
    else (select json_group_array(json_object('code', 'NOT_ON_HARD_LIST', 'list', json_object('id', 'G' || owner)))
    from locked where not exists (select 1 from r where r.driver = j.id and r.owner = locked.owner and r.mode = 'HARD')) end as not_on
from j where inactive or lacks > 0 or blocked or not_on order by id;
