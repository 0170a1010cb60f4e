import { customer } from '../records/customer.ts';
import { driverCustomer } from '../records/driver-customer.ts';
import { driverScp } from '../records/driver-scp.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import type { ExclusionMode } from '../resolver/release.ts';
import { compareIds, type Id, idFromBigInt } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { built } from './builder.ts';
import { type BulkScope, bulkOn, lookUp } from './bulk-connection.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { chunks } from './record-store.ts';

const LISTS = [
  ['SCP', driverScp, specialCategoryPassenger, 'scp_id'],
  ['CUSTOMER', driverCustomer, customer, 'customer_id'],
] as const;

/** A favourite or an approval that is live though its driver may not drive. */
export interface IdlePreference {
  readonly kind: 'CUSTOMER' | 'SCP';
  readonly id: Id;
  /** Whose list it is on. */
  readonly owner: Id;
  readonly mode: 'HARD' | 'SOFT';
  readonly driver: Id;
  readonly callsign: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** `DELETED` where the driver is. */
  readonly status: string;
}

/** Live HARD and SOFT rows of drivers who are not active, for live customers and passengers, by driver. */
export async function idlePreferences(
  queries: Queries,
  clientId: Id,
  at: Instant,
): Promise<readonly IdlePreference[]> {
  const found: IdlePreference[] = [];
  for (const [kind, { table }, owner, column] of LISTS) {
    const rows = await built(queries)
      .selectFrom(table)
      .innerJoin('driver', (join) =>
        join
          .onRef('driver.client_id', '=', `${table}.client_id`)
          .onRef('driver.id', '=', `${table}.driver_id`),
      )
      .innerJoin(`${owner.table} as owner`, (join) =>
        join.onRef('owner.client_id', '=', `${table}.client_id`).onRef('owner.id', '=', `${table}.${column}`),
      )
      .select([`${table}.id as id`, 'driver.id as driver', 'callsign', 'driver.status as status'])
      .select(['driver.first_name as first_name', 'driver.last_name as last_name'])
      .select(['driver.deleted_at as driver_deleted', `${table}.mode as mode`, `owner.id as owner`])
      .where(`${table}.client_id`, '=', encodeId(clientId))
      .where(`${table}.deleted_at`, 'is', null)
      .where('owner.deleted_at', 'is', null)
      .where(`${table}.mode`, 'in', ['HARD', 'SOFT'])
      .where((build) =>
        build.or([build(`${table}.expires_at`, 'is', null), build(`${table}.expires_at`, '>', at)]),
      )
      .where((build) =>
        build.or([build('driver.status', '!=', 'ACTIVE'), build('driver.deleted_at', 'is not', null)]),
      )
      .orderBy('driver.id')
      .orderBy(`${table}.id`)
      .execute();
    found.push(
      ...rows.map((row) => ({
        kind,
        id: decodeId(row['id']),
        owner: decodeId(row['owner']),
        mode: row['mode'] as 'HARD' | 'SOFT',
        driver: decodeId(row['driver']),
        callsign: row['callsign'] as string,
        firstName: row['first_name'] as string | null,
        lastName: row['last_name'] as string | null,
        status: row['driver_deleted'] === null ? (row['status'] as string) : 'DELETED',
      })),
    );
  }
  return found;
}

/** The exclusion groups that some live recurring trip is linked to. */
export async function linkedGroups(queries: Queries, clientId: Id): Promise<ReadonlySet<Id>> {
  const rows = await built(queries)
    .selectFrom('recurring_trip_exclusion_link')
    .innerJoin('recurring_trip', (join) =>
      join
        .onRef('recurring_trip.client_id', '=', 'recurring_trip_exclusion_link.client_id')
        .onRef('recurring_trip.id', '=', 'recurring_trip_exclusion_link.owner_id'),
    )
    .select('recurring_trip_exclusion_link.group_id as group_id')
    .distinct()
    .where('recurring_trip_exclusion_link.client_id', '=', encodeId(clientId))
    .where('recurring_trip.deleted_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => decodeId(row['group_id'])));
}

/** When exclusion groups were last given another mode, and by whom, by what the audit trail says. */
export async function modeChanges(
  queries: Queries,
  clientId: Id,
  groups: readonly Id[],
): Promise<ReadonlyMap<Id, { readonly at: Instant; readonly actor: string; readonly mode: ExclusionMode }>> {
  const found = new Map<Id, { at: Instant; actor: string; mode: ExclusionMode }>();
  for (const part of chunks(groups)) {
    const rows = await built(queries)
      .selectFrom('audit_event')
      .select(['object_id', 'at', 'actor', 'after'])
      .where('client_id', '=', encodeId(clientId))
      .where('object_id', 'in', part.map(encodeId))
      .orderBy('id')
      .execute();
    for (const row of rows) {
      const after = row['after'] === null ? {} : JSON.parse(row['after'] as string);
      if (typeof after.mode === 'string')
        found.set(decodeId(row['object_id']), {
          at: Number(row['at']) as Instant,
          actor: row['actor'] as string,
          mode: after.mode,
        });
    }
  }
  return found;
}

export interface CustomerLook {
  readonly id: Id;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/**
 * Live customers of whom another has the same e-mail address or the same full name, by id; names are the same whatever
 * their letter case and accents. A few of whom there is no other come with them.
 */
export async function lookalikes(
  scope: BulkScope,
  clientId: Id,
  by: 'email' | 'name',
): Promise<readonly (CustomerLook & { readonly same: string })[]> {
  const connection = bulkOn(scope);
  const client = encodeId(clientId);
  // Addresses are kept in small letters.
  const same = by === 'email' ? 'email' : 'full_name_folded';
  const live = `from customer where client_id = ? and deleted_at is null and ${same} is not null`;
  const several = await connection.rows(`select ${same} as same ${live} group by 1 having count(*) > 1`, [
    client,
  ]);
  const keys = new Set(several.map(([key]) => key as string));
  if (by === 'name') {
    const accented = await connection.rows(
      `select distinct ${same} as same ${live} and octet_length(${same}) > length(${same})`,
      [client],
    );
    for (const [name] of accented) keys.add(name as string).add(withoutAccents(name as string));
  }
  const found: (CustomerLook & { same: string })[] = [];
  for (const part of chunks([...keys], SETS)) {
    const looks = await lookUp(
      connection,
      {
        types: ['text'],
        select: `id, first_name, last_name, phone, email, ${same} as same`,
        from: 'customer',
        where: `client_id = ? and ${same} = v.c0 and deleted_at is null`,
      },
      part.map((key) => [key]),
      [client],
    );
    for (const [, id, firstName, lastName, phone, email, key] of looks) {
      const look = { firstName, lastName, phone, email } as Omit<CustomerLook, 'id'>;
      const text = by === 'name' ? withoutAccents(key as string) : (key as string);
      found.push({ id: idFromBigInt(id as bigint), ...look, same: text });
    }
  }
  return found.sort((a, b) => compareIds(a.id, b.id));
}

/** How many names or addresses are looked up at a time. */
const SETS = 2000;

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');

/** The newest audit event of any client; null where there is none. */
export async function newestEvent(queries: Queries): Promise<Instant | null> {
  const row = await built(queries)
    .selectFrom('audit_event')
    .select((build) => build.fn.max('at').as('at'))
    .executeTakeFirst();
  return row?.['at'] == null ? null : (Number(row['at']) as Instant);
}
