import { recurringTrip } from '../records/recurring-trip.ts';
import { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import type { ExclusionGroup, RecurringTripFacts } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import type { TimeOfDay } from '../values/time-of-day.ts';
import { decodeFields, decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { chunks } from './record-store.ts';
import { marks, rows } from './statement.ts';

export interface RunsQuery {
  readonly from: Day;
  readonly to: Day;
  /** Only these recurring trips; all when left out. */
  readonly only?: readonly Id[] | undefined;
}

const day = (value: unknown): Day | null => (value === null ? null : (Number(value) as Day));
const times = recurringTrip.fields.times.fields;

/** The live recurring trips that may go out between two days, with their times, skips of those days and live groups. */
export async function recurringTripFacts(
  queries: Queries,
  clientId: Id,
  query: RunsQuery,
): Promise<readonly RecurringTripFacts[]> {
  const client = encodeId(clientId);
  // Either all of the client's, or those asked for, some hundreds at a time.
  const parts = query.only === undefined ? [undefined] : chunks(query.only);
  const live: Row[] = [];
  for (const part of parts)
    live.push(
      ...(await rows(
        queries,
        `select id, ref, name, active, start_day, end_day from recurring_trip
         where client_id = ? and deleted_at is null ${part === undefined ? '' : `and id in (${marks(part.length)})`}`,
        [client, ...(part ?? []).map(encodeId)],
      )),
    );
  const byOwner = async (table: string, add: (row: Row) => void, ofDays = false) => {
    for (const part of parts)
      for (const row of await rows(
        queries,
        `select * from "${table}" where client_id = ?
         ${part === undefined ? '' : `and owner_id in (${marks(part.length)})`}
         ${ofDays ? 'and day >= ? and day <= ?' : ''} order by owner_id, position`,
        [client, ...(part ?? []).map(encodeId), ...(ofDays ? [query.from, query.to] : [])],
      ))
        add(row);
  };
  const timesOf = new Map<Id, RecurringTripFacts['times'][number][]>();
  const skipsOf = new Map<Id, RecurringTripFacts['skips'][number][]>();
  const linksOf = new Map<Id, RecurringTripFacts['links'][number][]>();
  await byOwner('recurring_trip_time', (row) => {
    const value = decodeFields(times, row);
    push(timesOf, row, value as unknown as RecurringTripFacts['times'][number]);
  });
  const addSkip = (row: Row) =>
    push(skipsOf, row, {
      day: Number(row['day']) as Day,
      time: row['time'] as TimeOfDay | null,
      reason: row['reason'] as string | null,
    });
  await byOwner('recurring_trip_skip', addSkip, true);
  const links: Row[] = [];
  await byOwner('recurring_trip_exclusion_link', (row) => links.push(row));
  const linked =
    query.only === undefined ? undefined : [...new Set(links.map((row) => decodeId(row['group_id'])))];
  const groups = await exclusionGroups(queries, clientId, linked);
  for (const row of links) {
    const group = groups.get(decodeId(row['group_id']));
    if (group !== undefined)
      push(linksOf, row, { group, timeId: row['time_id'] === null ? null : decodeId(row['time_id']) });
  }
  return live.map((row) => {
    const id = decodeId(row['id']);
    return {
      id,
      ref: row['ref'] as string,
      name: row['name'] as string | null,
      active: Number(row['active']) === 1,
      startDay: day(row['start_day']),
      endDay: day(row['end_day']),
      times: timesOf.get(id) ?? [],
      skips: skipsOf.get(id) ?? [],
      links: linksOf.get(id) ?? [],
    };
  });
}

function push<T>(lists: Map<Id, T[]>, row: Row, value: T): void {
  const owner = decodeId(row['owner_id']);
  const list = lists.get(owner);
  if (list === undefined) lists.set(owner, [value]);
  else list.push(value);
}

/** The live exclusion groups of the client, by id; of them only these where `only` is given. */
export async function exclusionGroups(
  queries: Queries,
  clientId: Id,
  only?: readonly Id[],
): Promise<ReadonlyMap<Id, ExclusionGroup>> {
  const found = new Map<Id, ExclusionGroup>();
  for (const part of only === undefined ? [undefined] : chunks(only))
    for (const row of await rows(
      queries,
      `select * from schedule_exclusion_group where client_id = ? and deleted_at is null
       ${part === undefined ? '' : `and id in (${marks(part.length)})`} order by id`,
      [encodeId(clientId), ...(part ?? []).map(encodeId)],
    )) {
      const id = decodeId(row['id']);
      found.set(id, {
        id,
        ...decodeFields(scheduleExclusionGroup.fields, row),
      } as unknown as ExclusionGroup);
    }
  return found;
}

/** Groups whose override has run its time by `today` (spec section 4.2; seed: `resetIfResumeDue`). */
export async function groupsDue(queries: Queries, clientId: Id, today: Day): Promise<readonly Id[]> {
  const due = await rows(
    queries,
    `select id from schedule_exclusion_group where client_id = ? and deleted_at is null
     and mode in ('RUN_ON', 'RUN_OFF') and schedule_resume_day <= ?`,
    [encodeId(clientId), today],
  );
  return due.map((row) => decodeId(row['id']));
}

/** The recurring trips linked to a group, wholly or at one time. */
export async function tripsLinkedTo(queries: Queries, clientId: Id, group: Id): Promise<readonly Id[]> {
  const linked = await rows(
    queries,
    `select distinct r.id from recurring_trip_exclusion_link l
     join recurring_trip r on r.client_id = l.client_id and r.id = l.owner_id
     where l.client_id = ? and l.group_id = ? and r.deleted_at is null`,
    [encodeId(clientId), encodeId(group)],
  );
  return linked.map((row) => decodeId(row['id']));
}

/** The trips released for days that are neither deleted nor cancelled nor under way. */
export async function standingTrips(
  queries: Queries,
  clientId: Id,
  from: Day,
  to: Day,
): Promise<
  readonly { readonly day: Day; readonly recurringTrip: Id; readonly timeId: Id; readonly ref: string }[]
> {
  const standing = await rows(
    queries,
    `select ref, day, recurring_trip_id, recurring_time_id from trip
     where client_id = ? and day >= ? and day <= ? and recurring_trip_id is not null
     and recurring_time_id is not null and deleted_at is null and status in ('SCHEDULED', 'RELEASED', 'ALLOCATED')
     order by pickup_at`,
    [encodeId(clientId), from, to],
  );
  return standing.map((row) => ({
    day: Number(row['day']) as Day,
    recurringTrip: decodeId(row['recurring_trip_id']),
    timeId: decodeId(row['recurring_time_id']),
    ref: row['ref'] as string,
  }));
}
