import { recurringTrip } from '../records/recurring-trip.ts';
import { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import type { ExclusionGroup, ExclusionMode, RecurringTripFacts, ReleaseFacts } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import type { TimeOfDay } from '../values/time-of-day.ts';
import { decodeFields, decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { chunks } from './record-store.ts';

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
  const rows: Row[] = [];
  for (const part of parts) {
    const trips = queries
      .selectFrom('recurring_trip')
      .select(['id', 'ref', 'name', 'active', 'start_day', 'end_day'])
      .where('client_id', '=', client)
      .where('deleted_at', 'is', null);
    rows.push(
      ...(await (part === undefined ? trips : trips.where('id', 'in', part.map(encodeId))).execute()),
    );
  }
  const byOwner = async (table: string, add: (row: Row) => void, ofDays = false) => {
    for (const part of parts) {
      let owned = queries.selectFrom(table).selectAll().where('client_id', '=', client);
      if (part !== undefined) owned = owned.where('owner_id', 'in', part.map(encodeId));
      if (ofDays) owned = owned.where('day', '>=', query.from).where('day', '<=', query.to);
      for (const row of await owned.orderBy('owner_id').orderBy('position').execute()) add(row);
    }
  };
  const timesOf = new Map<Id, RecurringTripFacts['times'][number][]>();
  const skipsOf = new Map<Id, RecurringTripFacts['skips'][number][]>();
  const linksOf = new Map<Id, RecurringTripFacts['links'][number][]>();
  const groups = await exclusionGroups(queries, clientId);
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
  await byOwner('recurring_trip_exclusion_link', (row) => {
    const group = groups.get(decodeId(row['group_id']));
    if (group !== undefined)
      push(linksOf, row, { group, timeId: row['time_id'] === null ? null : decodeId(row['time_id']) });
  });
  return rows.map((row) => {
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

/** The live exclusion groups of the client. */
export async function exclusionGroups(
  queries: Queries,
  clientId: Id,
): Promise<ReadonlyMap<Id, ExclusionGroup>> {
  const rows = await queries
    .selectFrom('schedule_exclusion_group')
    .selectAll()
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return new Map(
    rows.map((row) => {
      const id = decodeId(row['id']);
      return [id, { id, ...decodeFields(scheduleExclusionGroup.fields, row) } as unknown as ExclusionGroup];
    }),
  );
}

/** Groups whose override has run its time by `today` (spec section 4.2; seed: `resetIfResumeDue`). */
export async function groupsDue(queries: Queries, clientId: Id, today: Day): Promise<readonly Id[]> {
  const overrides: readonly ExclusionMode[] = ['RUN_ON', 'RUN_OFF'];
  const rows = await queries
    .selectFrom('schedule_exclusion_group')
    .select('id')
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', 'is', null)
    .where('mode', 'in', overrides)
    .where('schedule_resume_day', '<=', today)
    .execute();
  return rows.map((row) => decodeId(row['id']));
}

/** The trips that days have been given already. One that was deleted stays the one (see `trip.unique`). */
export async function releasedTrips(
  queries: Queries,
  clientId: Id,
  on: Day,
): Promise<ReleaseFacts['existing']> {
  const rows = await queries
    .selectFrom('trip')
    .select(['id', 'ref', 'recurring_trip_id', 'recurring_time_id'])
    .where('client_id', '=', encodeId(clientId))
    .where('day', '=', on)
    .where('recurring_trip_id', 'is not', null)
    .where('recurring_time_id', 'is not', null)
    .execute();
  return rows.map((row) => ({
    recurringTrip: decodeId(row['recurring_trip_id']),
    timeId: decodeId(row['recurring_time_id']),
    trip: { id: decodeId(row['id']), ref: row['ref'] as string },
  }));
}

/** The recurring trips linked to a group, wholly or at one time. */
export async function tripsLinkedTo(queries: Queries, clientId: Id, group: Id): Promise<readonly Id[]> {
  const rows = await queries
    .selectFrom('recurring_trip_exclusion_link')
    .innerJoin('recurring_trip', (join) =>
      join
        .onRef('recurring_trip.client_id', '=', 'recurring_trip_exclusion_link.client_id')
        .onRef('recurring_trip.id', '=', 'recurring_trip_exclusion_link.owner_id'),
    )
    .select('recurring_trip.id as id')
    .distinct()
    .where('recurring_trip_exclusion_link.client_id', '=', encodeId(clientId))
    .where('recurring_trip_exclusion_link.group_id', '=', encodeId(group))
    .where('recurring_trip.deleted_at', 'is', null)
    .execute();
  return rows.map((row) => decodeId(row['id']));
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
  const rows = await queries
    .selectFrom('trip')
    .select(['ref', 'day', 'recurring_trip_id', 'recurring_time_id'])
    .where('client_id', '=', encodeId(clientId))
    .where('day', '>=', from)
    .where('day', '<=', to)
    .where('recurring_trip_id', 'is not', null)
    .where('recurring_time_id', 'is not', null)
    .where('deleted_at', 'is', null)
    .where('status', 'in', ['SCHEDULED', 'RELEASED', 'ALLOCATED'])
    .orderBy('pickup_at')
    .execute();
  return rows.map((row) => ({
    day: Number(row['day']) as Day,
    recurringTrip: decodeId(row['recurring_trip_id']),
    timeId: decodeId(row['recurring_time_id']),
    ref: row['ref'] as string,
  }));
}
