import type { Day } from '../values/day.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import {
  type EligibilitySettings,
  type EligibilitySummary,
  endOfRunningHold,
  judgeTrip,
} from './eligibility.ts';
import { countDrivers, type Fitness } from './eligibility-census.ts';
import { eligibilityWarnings } from './eligibility-warnings.ts';
import type { DriverRef, EligibilityWarning, ListRef } from './reasons.ts';
import type { PreferenceList } from './trip-list.ts';

/** A trip of a day, with all that its decision rests on but the drivers. */
export interface DayTripFacts {
  readonly trip: { readonly id: Id; readonly ref: string };
  readonly pickupAt: Instant;
  readonly releasedAt: Instant | null;
  readonly requiredCapabilities: readonly string[];
  /** Who rides, as they are called: each once, in the order of the segments. */
  readonly passengers: readonly string[];
  readonly lists: readonly PreferenceList[];
}

/** Who is asked about the drivers that lists name. */
export interface KnownDrivers {
  readonly fitness: (required: readonly string[]) => Fitness;
  /** The number of a driver's class; undefined for one who is not considered. */
  readonly classOf: (driver: Id) => number | undefined;
  /** How warnings name a driver; needed of those alone whom `lapsingDrivers` says. */
  readonly named: (driver: Id) => DriverRef | undefined;
}

/** What one line of a day says of a trip. */
export interface DayTrip {
  readonly trip: { readonly id: Id; readonly ref: string };
  readonly pickupAt: Instant;
  readonly passengers: readonly string[];
  readonly asOf: Instant;
  readonly phase: 'HOLD' | 'OPEN';
  readonly holdEndsAt: Instant | null;
  readonly requiredCapabilities: readonly string[];
  /** The lists that are locked. */
  readonly locked: readonly ListRef[];
  readonly summary: EligibilitySummary;
  readonly warnings: readonly EligibilityWarning[];
}

/** All trips of a day, worst first. */
export interface DayEligibility {
  readonly day: Day;
  readonly trips: readonly DayTrip[];
  /** Counts all trips of the day, also those that a limit cuts off. */
  readonly summary: {
    readonly trips: number;
    /** How many trips nobody may drive. */
    readonly nobody: number;
    /** How many trips one driver alone may drive. */
    readonly single: number;
    /** How many trips have a warning. */
    readonly warned: number;
  };
}

/** As `decideEligibility`, without the drivers themselves: how many may, how many may not, and why. */
export function decideDayTrip(
  facts: DayTripFacts,
  drivers: KnownDrivers,
  now: Instant,
  settings: EligibilitySettings,
): DayTrip {
  const { trip, pickupAt, passengers } = facts;
  const { asOf, required, lists, unconsulted } = judgeTrip({ ...facts, now, settings });
  const fitness = drivers.fitness(required);
  const summary = countDrivers(lists, fitness, (driver) => {
    const number = drivers.classOf(driver);
    return number === undefined ? undefined : fitness.fits[number] === 1;
  });
  const holdEndsAt = summary.preferred === 0 ? null : endOfRunningHold({ ...facts, now, settings });
  // Warnings name only these, and ask of all others no more than whether somebody is on every locked list.
  const lapsing = lapsingDrivers([facts], now);
  const locked = lists.filter((list) => list.lock !== null);
  const onFirst = locked.length < 2 ? [] : [...(locked[0]?.hard ?? [])];
  const known = [...lapsing, ...onFirst].flatMap((id) => {
    if (drivers.classOf(id) === undefined) return [];
    const { callsign = '', name = '' } = drivers.named(id) ?? {};
    return [{ id, callsign, name }];
  });
  return {
    trip,
    pickupAt,
    passengers,
    asOf,
    phase: holdEndsAt === null ? 'OPEN' : 'HOLD',
    holdEndsAt,
    requiredCapabilities: required,
    locked: locked.map((list) => list.ref),
    summary,
    warnings: eligibilityWarnings({ now, pickupAt, drivers: known, lists, unconsulted }),
  };
}

/** The drivers whom a warning of these trips may name: a row of theirs is live now and lapses before the pickup. */
export function lapsingDrivers(trips: readonly DayTripFacts[], now: Instant): readonly Id[] {
  const found = new Set<Id>();
  for (const { lists, pickupAt } of trips)
    for (const { rows } of lists)
      for (const { driver, expiresAt, deleted } of rows)
        if (!deleted && expiresAt !== null && now < expiresAt && expiresAt <= pickupAt) found.add(driver);
  return [...found];
}

/** The worst first: by how many may drive, then by pickup, then by id. */
export function decideDay(day: Day, trips: readonly DayTrip[], limit: number): DayEligibility {
  const sorted = [...trips].sort(
    (a, b) =>
      a.summary.eligible - b.summary.eligible || a.pickupAt - b.pickupAt || compareIds(a.trip.id, b.trip.id),
  );
  const count = (holds: (trip: DayTrip) => boolean): number =>
    trips.reduce((sum, trip) => sum + Number(holds(trip)), 0);
  return {
    day,
    trips: sorted.slice(0, limit),
    summary: {
      trips: trips.length,
      nobody: count((trip) => trip.summary.eligible === 0),
      single: count((trip) => trip.summary.eligible === 1),
      warned: count((trip) => trip.warnings.length > 0),
    },
  };
}
