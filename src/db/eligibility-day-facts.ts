import { passengerName } from '../records/display.ts';
import type { DayTripFacts } from '../resolver/eligibility-day.ts';
import type { ListSpan, SpanTripFacts } from '../resolver/eligibility-day-fast.ts';
import type { PreferenceList, PreferenceMode } from '../resolver/trip-list.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { type DriverNumbers, numberIn } from './driver-numbers.ts';
import { type Capability, preferenceRows, preferenceTables } from './eligibility-facts.ts';
import { BETWEEN, packed, packedText } from './packed.ts';
import { otherEvents } from './pause.ts';
import { chunks } from './record-store.ts';
import { marks } from './statement.ts';

type StoredTrip = Pick<DayTripFacts, 'trip' | 'pickupAt' | 'releasedAt'>;

const WITHIN =
  "t.client_id = ? and t.pickup_at >= ? and t.pickup_at < ? and t.deleted_at is null and t.status <> 'CANCELLED'";

/** From the first instant of a day to the first after it. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Seconds of a page of trips: a quarter of a day. */
const PAGE_SECONDS = 21_600;

/**
 * The trips with a pickup in a span that are not cancelled, some thousands at a time. The day that is stored with a trip
 * does not matter: of one that was released and then moved it is that of the release, and of one that was there
 * before the client moved to another time zone it is that of the old one.
 */
export async function* tripsWithin(
  queries: Queries,
  clientId: Id,
  { from, to }: Span,
): AsyncGenerator<readonly StoredTrip[]> {
  const cells = ["'G' || t.id", 't.ref', 't.pickup_at', 't.released_at'];
  for (let start: number = from; start < to; start += PAGE_SECONDS) {
    const page = await packed(queries, cells, `from trip t where ${WITHIN}`, [
      encodeId(clientId),
      start,
      Math.min(to, start + PAGE_SECONDS),
    ]);
    const found: StoredTrip[] = [];
    for (let at = 0; at < page.length; at += cells.length) {
      const releasedAt = page[at + 3] as string;
      found.push({
        trip: { id: page[at] as Id, ref: page[at + 1] as string },
        pickupAt: Number(page[at + 2]) as Instant,
        releasedAt: releasedAt === '' ? null : (Number(releasedAt) as Instant),
      });
    }
    if (found.length > 0) yield found;
    await otherEvents();
  }
}

/** What trips within a span require, each capability once. */
export async function capabilitiesWithin(
  queries: Queries,
  clientId: Id,
  { from, to }: Span,
): Promise<readonly Capability[]> {
  const page = await packed(
    queries,
    ["'G' || c.id", 'c.code'],
    `from client_capability c where c.client_id = ? and c.id in (
       select k.target_id from trip t
       join trip_client_capability k on k.client_id = t.client_id and k.owner_id = t.id
       where ${WITHIN})`,
    [encodeId(clientId), encodeId(clientId), from, to],
  );
  return Array.from({ length: page.length / 2 }, (_capability, index) => ({
    id: page[index * 2] as Id,
    code: page[index * 2 + 1] as string,
  }));
}

interface Riding {
  readonly required: ReadonlyMap<Id, readonly string[]>;
  readonly aboard: ReadonlyMap<Id, readonly Rider[]>;
}
interface Rider extends Pick<PreferenceList, 'kind' | 'id' | 'name'> {
  /** The segment, and the place in it; the customer comes first. */
  readonly place: readonly [segment: number, place: number];
}

/** Who rides on some trips, and what these require. */
async function riding(queries: Queries, clientId: Id, trips: readonly StoredTrip[]): Promise<Riding> {
  const parameters = [encodeId(clientId), ...trips.map((one) => encodeId(one.trip.id))];
  const ofTrips = (alias: string) =>
    `${alias}.client_id = ? and ${alias}.owner_id in (${marks(trips.length)})`;
  const codes = await packed(
    queries,
    ["'G' || k.owner_id", 'c.code'],
    `from trip_client_capability k join client_capability c on c.client_id = k.client_id and c.id = k.target_id
     where ${ofTrips('k')}`,
    parameters,
  );
  const customers = await packed(
    queries,
    ["'G' || s.owner_id", "'G' || c.id", 's.position', 'c.first_name', 'c.last_name', 'c.phone', 'c.email'],
    `from trip_trip_segment s join customer c on c.client_id = s.client_id and c.id = s.customer_id
     where ${ofTrips('s')}`,
    parameters,
  );
  const scps = await packed(
    queries,
    ["'G' || s.owner_id", "'G' || p.id", 's.position', 's.ordinal', 'p.display_name', 'p.ref'],
    `from trip_trip_segment_scp s join scp p on p.client_id = s.client_id and p.id = s.target_id
     where ${ofTrips('s')}`,
    parameters,
  );
  const required = new Map<Id, string[]>();
  for (let at = 0; at < codes.length; at += 2) push(required, codes[at] as Id, codes[at + 1] as string);
  const aboard = new Map<Id, Rider[]>();
  for (let at = 0; at < customers.length; at += 7) {
    const [owner, id, position, firstName, lastName, phone, email] = customers.slice(at, at + 7);
    const name = passengerName('CUSTOMER', { id, firstName, lastName, phone, email });
    push(aboard, owner as Id, { kind: 'CUSTOMER', id: id as Id, place: [Number(position), -1], name });
  }
  for (let at = 0; at < scps.length; at += 6) {
    const [owner, id, position, ordinal, displayName, ref] = scps.slice(at, at + 6);
    const name = passengerName('SCP', { id, displayName, ref });
    push(aboard, owner as Id, {
      kind: 'SCP',
      id: id as Id,
      place: [Number(position), Number(ordinal)],
      name,
    });
  }
  for (const riders of aboard.values())
    if (riders.length > 1) riders.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
  return { required, aboard };
}

function push<T>(lists: Map<Id, T[]>, owner: Id, value: T): void {
  const list = lists.get(owner);
  if (list === undefined) lists.set(owner, [value]);
  else list.push(value);
}

/** A trip with who rides, once each, and with a list for each that `listOf` makes. */
function tripOf<L extends Pick<PreferenceList, 'kind' | 'id'>>(
  stored: StoredTrip,
  { required, aboard }: Riding,
  listOf: (rider: Rider) => L,
) {
  const riders = new Map<Id, Rider>();
  for (const rider of aboard.get(stored.trip.id) ?? [])
    if (!riders.has(rider.id)) riders.set(rider.id, rider);
  const lists = [...riders.values()].map(listOf);
  if (lists.length > 1)
    lists.sort((a, b) => (a.kind === b.kind ? compareIds(a.id, b.id) : a.kind === 'CUSTOMER' ? -1 : 1));
  return {
    ...stored,
    requiredCapabilities: required.get(stored.trip.id) ?? [],
    passengers: [...riders.values()].map((rider) => rider.name),
    lists,
  };
}

const idsOf = (kind: Rider['kind'], { aboard }: Riding): readonly Id[] => [
  ...new Set(
    [...aboard.values()].flatMap((own) => own.flatMap((one) => (one.kind === kind ? [one.id] : []))),
  ),
];

/** Trips with who rides and what they require, and with the lists of all who ride. */
export async function dayTripFacts(
  queries: Queries,
  clientId: Id,
  trips: readonly StoredTrip[],
): Promise<readonly DayTripFacts[]> {
  if (trips.length === 0) return [];
  const all = await riding(queries, clientId, trips);
  const rows = {
    CUSTOMER: await preferenceRows(queries, clientId, 'CUSTOMER', idsOf('CUSTOMER', all)),
    SCP: await preferenceRows(queries, clientId, 'SCP', idsOf('SCP', all)),
  };
  return trips.map((stored) =>
    tripOf(stored, all, ({ kind, id, name }) => ({ kind, id, name, rows: rows[kind].get(id) ?? [] })),
  );
}

/** What rows are read as: drivers by their numbers, modes by their places. */
export interface Reading {
  readonly numbers: DriverNumbers;
  /** No two begin with the same letter. */
  readonly modes: readonly PreferenceMode[];
}

/** The same with rows as columns. */
export async function spanTripFacts(
  queries: Queries,
  clientId: Id,
  trips: readonly StoredTrip[],
  reading: Reading,
): Promise<readonly SpanTripFacts[]> {
  if (trips.length === 0) return [];
  const all = await riding(queries, clientId, trips);
  const spans = {
    CUSTOMER: await readSpans(queries, clientId, 'CUSTOMER', idsOf('CUSTOMER', all), reading),
    SCP: await readSpans(queries, clientId, 'SCP', idsOf('SCP', all), reading),
  };
  return trips.map((stored) =>
    tripOf(stored, all, ({ kind, id, name }) => ({ kind, id, name, ...(spans[kind].get(id) ?? EMPTY) })),
  );
}

type Rows = Pick<ListSpan, 'rows' | 'from' | 'to'>;

const columnsFor = (count: number) => ({
  driver: new Int32Array(count),
  mode: new Uint8Array(count),
  expiresAt: new Float64Array(count),
});
const EMPTY: Rows = { rows: columnsFor(0), from: 0, to: 0 };

async function readSpans(
  queries: Queries,
  clientId: Id,
  kind: Rider['kind'],
  owners: readonly Id[],
  reading: Reading,
): Promise<ReadonlyMap<Id, Rows>> {
  const [table, column] = preferenceTables[kind];
  const found = new Map<Id, Rows>();
  for (const part of chunks(owners)) {
    const page = await packedText(
      queries,
      [`'G' || ${column}`, "'G' || driver_id", 'mode', 'expires_at'],
      `from ${table} where client_id = ? and ${column} in (${marks(part.length)}) and deleted_at is null
       order by ${column}`,
      [encodeId(clientId), ...part.map(encodeId)],
    );
    readPage(page, reading, found);
  }
  return found;
}

/** Reads the rows of a page where they stand in its text, those of each list together. */
function readPage(page: string, { numbers, modes }: Reading, found: Map<Id, Rows>): void {
  const driver: number[] = [];
  const mode: number[] = [];
  const expiresAt: number[] = [];
  const owners: Id[] = [];
  const starts: number[] = [];
  for (let at = 0; at < page.length; ) {
    const driverAt = page.indexOf(BETWEEN, at) + 1;
    const modeAt = page.indexOf(BETWEEN, driverAt) + 1;
    const expiryAt = page.indexOf(BETWEEN, modeAt) + 1;
    const next = page.indexOf(BETWEEN, expiryAt);
    const end = next < 0 ? page.length : next;
    const last = owners[owners.length - 1];
    if (last === undefined || last.length !== driverAt - 1 - at || !page.startsWith(last, at)) {
      owners.push(page.slice(at, driverAt - 1) as Id);
      starts.push(driver.length);
    }
    driver.push(numbers.within(page, driverAt, modeAt - 1));
    mode.push(modes.findIndex((one) => one.charCodeAt(0) === page.charCodeAt(modeAt)));
    expiresAt.push(expiryAt === end ? Number.POSITIVE_INFINITY : numberIn(page, expiryAt, end));
    at = end + 1;
  }
  const rows = {
    driver: Int32Array.from(driver),
    mode: Uint8Array.from(mode),
    expiresAt: Float64Array.from(expiresAt),
  };
  for (const [index, owner] of owners.entries())
    found.set(owner, { rows, from: starts[index] as number, to: starts[index + 1] ?? driver.length });
}
