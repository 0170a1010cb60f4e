select row_number() over (order by lists = 0, priority, lists desc, id) as rank, 'G' || id as id, callsign, name,
  lists > 0 as preferred, priority, lists, null as availableFrom
from j where not inactive and lacks = 0 and not blocked and not not_on;
