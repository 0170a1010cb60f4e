select row_number() over () as rank, 'G' || id as id, callsign, name,
  lists > 0 as preferred, priority, lists, null as availableFrom
from (select * from j where not inactive and lacks = 0 and not blocked and not not_on
  order by lists = 0, priority, lists desc, id);
