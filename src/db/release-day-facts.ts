import type {
  ExclusionGroup,
  RecurringTripFacts,
  RecurringTripTime,
  ReleaseFacts,
} from '../resolver/release.ts';
import { type Day, WEEKDAYS, weekdayOf } from '../values/day.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { TimeOfDay } from '../values/time-of-day.ts';
import { encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { packed, packedPages } from './packed.ts';
import { chunks } from './record-store.ts';
import { marks } from './statement.ts';

/**
 * The recurring trips that may occur on a day, some thousands at a time, with what decides about that day and nothing else: the
 * times of its weekday, its skips, and the links to `off`, the groups that are off on it: one that is on holds nothing back.
 */
export async function* runsOfDay(
  queries: Queries,
  clientId: Id,
  day: Day,
  off: ReadonlyMap<Id, ExclusionGroup>,
): AsyncGenerator<readonly RecurringTripFacts[]> {
  const client = encodeId(clientId);
  const linksOf = await linksTo(queries, clientId, off);
  const skipsOf = await skipsOfDay(queries, clientId, day);
  const cells = ["'G' || id", 'ref', 'name'];
  const pages = packedPages(queries, {
    cells,
    from: `from recurring_trip where client_id = ? and deleted_at is null and active = 1
      and (start_day is null or start_day <= ?) and (end_day is null or end_day >= ?)`,
    key: 'id',
    parameters: [client, day, day],
  });
  let after = 0n;
  for await (const page of pages) {
    const last = encodeId(page[page.length - cells.length] as Id);
    const timesOf = await timesBetween(queries, client, day, after, last);
    after = last;
    const found: RecurringTripFacts[] = [];
    for (let at = 0; at < page.length; at += cells.length) {
      const id = page[at] as Id;
      const times = timesOf(id);
      if (times.length === 0) continue;
      const name = page[at + 2] as string;
      found.push({
        id,
        ref: page[at + 1] as string,
        name: name === '' ? null : name,
        active: true,
        startDay: null,
        endDay: null,
        times,
        skips: skipsOf.get(id) ?? NONE,
        links: linksOf.get(id) ?? NONE,
      });
    }
    yield found;
  }
}

const NONE: readonly never[] = [];

/** The times of a day's weekday, of the runs after one id and up to another; to be asked for in the order of the ids. */
async function timesBetween(
  queries: Queries,
  client: bigint,
  day: Day,
  after: bigint,
  last: bigint,
): Promise<(run: Id) => readonly RecurringTripTime[]> {
  const weekday = weekdayOf(day);
  const weekdays = [weekday];
  const page = await packed(
    queries,
    ["'G' || owner_id", "'G' || id", 'time', 'is_return'],
    `from recurring_trip_time where client_id = ? and owner_id > ? and owner_id <= ?
     and (weekdays & ${1 << WEEKDAYS.indexOf(weekday)}) <> 0 and (end_day is null or end_day >= ?)
     order by owner_id, position`,
    [client, after, last, day],
  );
  let at = 0;
  return (run) => {
    while (at < page.length && compareIds(page[at] as Id, run) < 0) at += 4;
    if (page[at] !== run) return NONE;
    const times: RecurringTripTime[] = [];
    for (; page[at] === run; at += 4)
      times.push({
        id: page[at + 1] as Id,
        time: page[at + 2] as TimeOfDay,
        weekdays,
        isReturn: page[at + 3] === '1',
        endDay: null,
      });
    return times;
  };
}

type Links = RecurringTripFacts['links'];

async function linksTo(
  queries: Queries,
  clientId: Id,
  groups: ReadonlyMap<Id, ExclusionGroup>,
): Promise<ReadonlyMap<Id, Links>> {
  const found = new Map<Id, Links[number][]>();
  for (const part of chunks([...groups.keys()])) {
    const page = await packed(
      queries,
      ["'G' || owner_id", "'G' || group_id", "'G' || time_id"],
      `from recurring_trip_exclusion_link where client_id = ? and group_id in (${marks(part.length)})`,
      [encodeId(clientId), ...part.map(encodeId)],
    );
    for (let at = 0; at < page.length; at += 3) {
      const timeId = page[at + 2] as string;
      push(found, page[at] as Id, {
        group: groups.get(page[at + 1] as Id) as ExclusionGroup,
        timeId: timeId === '' ? null : (timeId as Id),
      });
    }
  }
  return found;
}

type Skips = RecurringTripFacts['skips'];

async function skipsOfDay(queries: Queries, clientId: Id, day: Day): Promise<ReadonlyMap<Id, Skips>> {
  const page = await packed(
    queries,
    ["'G' || owner_id", 'time', 'reason', 'case when reason is null then 0 else 1 end'],
    'from recurring_trip_skip where client_id = ? and day = ?',
    [encodeId(clientId), day],
  );
  const found = new Map<Id, Skips[number][]>();
  for (let at = 0; at < page.length; at += 4) {
    const time = page[at + 1] as string;
    push(found, page[at] as Id, {
      day,
      time: time === '' ? null : (time as TimeOfDay),
      reason: page[at + 3] === '1' ? (page[at + 2] as string) : null,
    });
  }
  return found;
}

function push<T>(lists: Map<Id, T[]>, owner: Id, value: T): void {
  const list = lists.get(owner);
  if (list === undefined) lists.set(owner, [value]);
  else list.push(value);
}

/** The trips that a day has been given already. One that was deleted stays the one (see `trip.unique`). */
export async function tripsReleasedOn(
  queries: Queries,
  clientId: Id,
  day: Day,
): Promise<ReleaseFacts['existing']> {
  const page = await packed(
    queries,
    ["'G' || id", 'ref', "'G' || recurring_trip_id", "'G' || recurring_time_id"],
    `from trip where client_id = ? and day = ? and recurring_trip_id is not null and recurring_time_id is not null`,
    [encodeId(clientId), day],
  );
  return Array.from({ length: page.length / 4 }, (_trip, index) => ({
    recurringTrip: page[index * 4 + 2] as Id,
    timeId: page[index * 4 + 3] as Id,
    trip: { id: page[index * 4] as Id, ref: page[index * 4 + 1] as string },
  }));
}
