import type { EligibilityFacts } from '../../src/resolver/eligibility.ts';
import type { ExclusionGroup, ReleaseFacts } from '../../src/resolver/release.ts';
import type { PreferenceList, PreferenceRow } from '../../src/resolver/trip-list.ts';
import { type Day, makeDay, parseWeekdays } from '../../src/values/day.ts';
import { type Id, idFromBigInt } from '../../src/values/id.ts';
import { type Instant, parseInstantInput } from '../../src/values/instant.ts';
import { parseTimeOfDay, type TimeOfDay } from '../../src/values/time-of-day.ts';
import type { EligibleWorld, ReleaseWorld, StatusWorld } from './case-format.ts';

/**
 * Turns the worlds of the cases into facts. Names become ids in the order in which they are first met; the
 * numbers begin at 8, so that ids as text and ids as numbers sort differently from the third record on.
 */
export class Names {
  readonly #ids = new Map<string, Id>();

  /** The id of a new record; a name stands for one record of a kind. */
  add(kind: string, name: string): Id {
    const key = `${kind} ${name}`;
    if (this.#ids.has(key)) throw new Error(`the world has two of ${key}`);
    const id = idFromBigInt(BigInt(8 + this.#ids.size));
    this.#ids.set(key, id);
    return id;
  }

  get(kind: string, name: string): Id {
    const id = this.#ids.get(`${kind} ${name}`);
    if (id === undefined) throw new Error(`the world has no ${kind} ${name}`);
    return id;
  }
}

export function eligibilityFacts(world: EligibleWorld): EligibilityFacts {
  const names = new Names();
  const drivers = Object.entries(world.drivers).map(([callsign, driver]) => ({
    id: names.add('driver', callsign),
    callsign,
    name: `Driver ${callsign}`,
    status: driver.status ?? 'ACTIVE',
    capabilities: driver.capabilities ?? [],
    deleted: driver.deleted ?? false,
  }));
  for (const customer of world.customers ?? []) names.add('customer', customer);
  for (const scp of world.scps ?? []) names.add('scp', scp);

  const rows = new Map<string, PreferenceRow[]>();
  for (const [index, row] of (world.preferences ?? []).entries()) {
    const holder = 'customer' in row ? names.get('customer', row.customer) : names.get('scp', row.scp);
    const list = rows.get(holder) ?? [];
    rows.set(holder, list);
    list.push({
      id: names.add('preference', String(index)),
      driver: names.get('driver', row.driver),
      mode: row.mode,
      priority: row.priority ?? 0,
      expiresAt: instantOrNull(row.expires),
      deleted: row.deleted ?? false,
    });
  }
  const listOf = (kind: 'CUSTOMER' | 'SCP', name: string): PreferenceList => {
    const id = names.get(kind === 'CUSTOMER' ? 'customer' : 'scp', name);
    return { kind, id, name, rows: rows.get(id) ?? [] };
  };
  const { trip } = world;
  return {
    now: readInstant(world.now),
    trip: trip.ref === undefined ? null : { id: names.add('trip', trip.ref), ref: trip.ref },
    pickupAt: instantOrNull(trip.pickup),
    releasedAt: instantOrNull(trip.released),
    requiredCapabilities: trip.capabilities ?? [],
    lists: (trip.segments ?? []).flatMap(({ customer, scps }) => [
      ...(customer === undefined ? [] : [listOf('CUSTOMER', customer)]),
      ...(scps ?? []).map((scp) => listOf('SCP', scp)),
    ]),
    drivers: drivers.filter((driver) => !driver.deleted).map(({ deleted: _, ...driver }) => driver),
    settings: {
      preferredDriverHoldSeconds: world.settings?.preferredDriverHoldSeconds ?? 120,
      favouriteDrivers: world.settings?.favouriteDrivers ?? true,
      approvedScpDrivers: world.settings?.approvedScpDrivers ?? false,
      lapsedHardList: world.settings?.lapsedHardList ?? 'IGNORE',
    },
  };
}

/** The exclusion groups of a world, by name. */
export function exclusionGroups(
  world: Pick<StatusWorld, 'groups'>,
  names = new Names(),
): Map<string, ExclusionGroup> {
  return new Map(
    Object.entries(world.groups).map(([name, group]) => [
      name,
      {
        id: names.add('group', name),
        name,
        mode: group.mode,
        startDay: dayOrNull(group.start),
        endDay: dayOrNull(group.end),
        scheduleResumeDay: dayOrNull(group.resume),
      },
    ]),
  );
}

export function releaseFacts(world: ReleaseWorld): ReleaseFacts {
  const names = new Names();
  const groups = exclusionGroups({ groups: world.groups ?? {} }, names);
  const recurringTrips = Object.entries(world.recurring).map(([ref, recurring]) => {
    const times = recurring.times.map((text, index) => readTime(text, names.add('time', `${ref} ${index}`)));
    return {
      id: names.add('recurring', ref),
      ref,
      name: `Run ${ref}`,
      active: recurring.active ?? true,
      startDay: dayOrNull(recurring.start),
      endDay: dayOrNull(recurring.end),
      times,
      skips: (recurring.skips ?? []).map((skip) => ({
        day: readDay(skip.day),
        time: skip.time === undefined ? null : readTimeOfDay(skip.time),
        reason: skip.reason ?? null,
      })),
      links: (recurring.groups ?? []).flatMap((link): { group: ExclusionGroup; timeId: Id | null }[] => {
        const [name = '', time] = link.split(' @ ');
        const group = groups.get(name);
        if (group === undefined) throw new Error(`the world has no group ${name}`);
        if (time === undefined) return [{ group, timeId: null }];
        const linked = times.filter((own) => own.time === time);
        if (linked.length === 0) throw new Error(`${ref} has no time ${time}`);
        return linked.map(({ id }) => ({ group, timeId: id }));
      }),
    };
  });
  return {
    day: readDay(world.day),
    client: { id: names.add('client', 'Client') },
    timeZone: world.zone ?? 'Europe/Dublin',
    recurringTrips,
    existing: (world.trips ?? []).map(({ ref, recurring, time }) => {
      const run = recurringTrips.find((one) => one.ref === recurring);
      const own = run?.times.find((one) => one.time === time);
      if (run === undefined || own === undefined)
        throw new Error(`the world has no run ${recurring} at ${time}`);
      return { recurringTrip: run.id, timeId: own.id, trip: { id: names.add('trip', ref), ref } };
    }),
  };
}

function readTime(text: string, id: Id) {
  const match = /^(\S+) (\S+)( return)?(?: until (\S+))?$/.exec(text);
  if (match === null) throw new Error(`not a time of a recurring trip: ${text}`);
  return {
    id,
    time: readTimeOfDay(match[1] ?? ''),
    weekdays: parseWeekdays(match[2] ?? ''),
    isReturn: match[3] !== undefined,
    endDay: dayOrNull(match[4]),
  };
}

export function readInstant(text: string): Instant {
  return parseInstantInput(text, { now: 1 as Instant, timeZone: 'UTC', day: 'start' });
}

function instantOrNull(text: string | undefined): Instant | null {
  return text === undefined ? null : readInstant(text);
}

export function readDay(text: string): Day {
  const day = makeDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)));
  if (day === undefined) throw new Error(`no such day: ${text}`);
  return day;
}

function dayOrNull(text: string | undefined): Day | null {
  return text === undefined ? null : readDay(text);
}

function readTimeOfDay(text: string): TimeOfDay {
  const time = parseTimeOfDay(text);
  if (time === undefined) throw new Error(`no such time: ${text}`);
  return time;
}
