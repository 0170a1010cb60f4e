import { customer } from '../records/customer.ts';
import { driverCustomer } from '../records/driver-customer.ts';
import { driverScp } from '../records/driver-scp.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import type { ReleaseFacts } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import { built, type Subquery } from './builder.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

/** The trips that some days have been given already, by day. One that was deleted stays the one (see `trip.unique`). */
export async function releasedTripsBetween(
  queries: Queries,
  clientId: Id,
  from: Day,
  to: Day,
): Promise<ReadonlyMap<Day, ReleaseFacts['existing']>> {
  const rows = await built(queries)
    .selectFrom('trip')
    .select(['id', 'ref', 'day', 'recurring_trip_id', 'recurring_time_id'])
    .where('client_id', '=', encodeId(clientId))
    .where('day', '>=', from)
    .where('day', '<=', to)
    .where('recurring_trip_id', 'is not', null)
    .where('recurring_time_id', 'is not', null)
    .execute();
  const found = new Map<Day, ReleaseFacts['existing'][number][]>();
  for (const row of rows) {
    const day = Number(row['day']) as Day;
    const own = found.get(day) ?? [];
    found.set(day, own);
    own.push({
      recurringTrip: decodeId(row['recurring_trip_id']),
      timeId: decodeId(row['recurring_time_id']),
      trip: { id: decodeId(row['id']), ref: row['ref'] as string },
    });
  }
  return found;
}

/** Whose list has HARD rows, whether these are live or have lapsed; `live`: only owners that are not deleted. */
export async function ownersOfHardRows(
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  { live = false }: { readonly live?: boolean } = {},
): Promise<readonly Id[]> {
  const [from, owner] =
    kind === 'CUSTOMER' ? [driverCustomer, customer] : [driverScp, specialCategoryPassenger];
  const column = kind === 'CUSTOMER' ? 'customer_id' : 'scp_id';
  let select = built(queries)
    .selectFrom(from.table)
    .select(`${column} as owner`)
    .distinct()
    .where('client_id', '=', encodeId(clientId))
    .where('mode', '=', 'HARD')
    .where('deleted_at', 'is', null);
  if (live)
    select = select.where(column, 'in', (build: Subquery) =>
      build
        .selectFrom(owner.table)
        .select('id')
        .where('client_id', '=', encodeId(clientId))
        .where('deleted_at', 'is', null),
    );
  return (await select.orderBy(column).execute()).map((row) => decodeId(row['owner']));
}

/** The live, active recurring trips of which one of these rides. */
export async function runsOf(
  queries: Queries,
  clientId: Id,
  riders: { readonly customers: ReadonlySet<Id>; readonly scps: ReadonlySet<Id> },
): Promise<readonly Id[]> {
  const client = encodeId(clientId);
  const found = new Set<Id>();
  const collect = async (table: string, column: string, wanted: ReadonlySet<Id>) => {
    if (wanted.size === 0) return;
    const rows = await built(queries)
      .selectFrom(table)
      .innerJoin('recurring_trip', (join) =>
        join
          .onRef('recurring_trip.client_id', '=', `${table}.client_id`)
          .onRef('recurring_trip.id', '=', `${table}.owner_id`),
      )
      .select(['recurring_trip.id as run', `${table}.${column} as rider`])
      .where(`${table}.client_id`, '=', client)
      .where(`${table}.${column}`, 'is not', null)
      .where('recurring_trip.deleted_at', 'is', null)
      .where('recurring_trip.active', '=', 1)
      .execute();
    for (const row of rows) if (wanted.has(decodeId(row['rider']))) found.add(decodeId(row['run']));
  };
  await collect('recurring_trip_trip_segment', 'customer_id', riders.customers);
  await collect('recurring_trip_trip_segment_scp', 'target_id', riders.scps);
  return [...found];
}
