import * as fc from 'fast-check';
import type { EligibilityFacts } from '../../src/resolver/eligibility.ts';
import type { ReleaseFacts } from '../../src/resolver/release.ts';
import { type Day, WEEKDAYS } from '../../src/values/day.ts';
import { type Id, idFromBigInt } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import type { TimeOfDay } from '../../src/values/time-of-day.ts';

/** Small numbers that differ in length, so that text and numbers sort differently; one needs all 63 bits. */
const NUMBERS = [8n, 9n, 10n, 11n, 99n, 100n, 2n ** 53n + 1n, 2n ** 63n - 1n];
const idOf = (index: number): Id => idFromBigInt(NUMBERS[index % NUMBERS.length] ?? 1n);

const NOW = 1_736_492_400;
const DRIVERS = 6;

/** Instants that crowd around the clock and the pickup, where decisions turn. */
const near = fc.integer({ min: -4, max: 4 }).map((offset) => (NOW + offset) as Instant);

/**
 * Worlds small enough to collide all the time: few drivers, several lists, rows that lapse within seconds. A
 * driver may even have several live rows on a list, which records forbid.
 */
export const eligibilityWorlds: fc.Arbitrary<EligibilityFacts> = fc
  .record({
    drivers: fc.array(
      fc.record({
        status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'SUSPENDED', 'INACTIVE'),
        capabilities: fc.uniqueArray(fc.constantFrom('CHILD_SEAT', 'WAV'), { maxLength: 2 }),
      } as const),
      { maxLength: DRIVERS },
    ),
    lists: fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom('CUSTOMER', 'SCP'),
        number: fc.nat({ max: 3 }),
        rows: fc.array(
          fc.record({
            driver: fc.nat({ max: DRIVERS }),
            mode: fc.constantFrom('HARD', 'HARD', 'SOFT', 'BLOCK'),
            priority: fc.nat({ max: 2 }),
            expiresAt: fc.option(near, { freq: 2 }),
            deleted: fc.constantFrom(false, false, false, true),
          } as const),
          { maxLength: 7 },
        ),
      } as const),
      { maxLength: 4, selector: (list) => `${list.kind} ${list.number}` },
    ),
    now: near,
    pickupAt: fc.option(near, { freq: 4 }),
    releasedAt: fc.option(near, { freq: 4 }),
    requiredCapabilities: fc.array(fc.constantFrom('CHILD_SEAT', 'WAV'), { maxLength: 2 }),
    settings: fc.record({
      preferredDriverHoldSeconds: fc.constantFrom(0, 1, 2, 3, 120),
      favouriteDrivers: fc.constantFrom(true, true, true, false),
      approvedScpDrivers: fc.constantFrom(true, true, true, false),
      lapsedHardList: fc.constantFrom('IGNORE', 'LOCK'),
    } as const),
  })
  .map(({ drivers, lists, ...rest }) => ({
    ...rest,
    trip: null,
    drivers: drivers.map((driver, index) => ({
      ...driver,
      id: idOf(index),
      callsign: `D${index}`,
      name: `Driver ${index}`,
    })),
    lists: lists.map(({ kind, number, rows }, listIndex) => {
      return {
        kind,
        id: idOf(number),
        name: `${kind} ${number}`,
        rows: rows.map((row, index) => ({
          ...row,
          id: idFromBigInt(BigInt(1000 + listIndex * 100 + index)),
          driver: idOf(row.driver),
        })),
      };
    }),
  }));

/** Days around leap day 2028, which is a Tuesday. */
const days = fc.constantFrom(...[20280227, 20280228, 20280229, 20280301, 20280302].map((day) => day as Day));
const maybeDay = fc.option(days, { freq: 3 });
const times = fc.constantFrom(...['01:30', '08:15', '15:30'].map((time) => time as TimeOfDay));

/** Worlds of recurring trips in which windows, resume days, bounds and skips meet all the time. */
export const releaseWorlds: fc.Arbitrary<ReleaseFacts> = fc
  .record({
    day: days,
    groups: fc.array(
      fc.record({
        mode: fc.constantFrom('RUN_SCHEDULE', 'RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF'),
        startDay: maybeDay,
        endDay: maybeDay,
        scheduleResumeDay: maybeDay,
      } as const),
      { minLength: 1, maxLength: 3 },
    ),
    runs: fc.array(
      fc.record({
        active: fc.constantFrom(true, true, true, false),
        startDay: maybeDay,
        endDay: maybeDay,
        times: fc.array(
          fc.record({
            time: times,
            weekdays: fc.subarray([...WEEKDAYS], { minLength: 4 }),
            isReturn: fc.boolean(),
            endDay: maybeDay,
          }),
          { minLength: 1, maxLength: 3 },
        ),
        skips: fc.array(
          fc.record({ day: days, time: fc.option(times), reason: fc.constantFrom('a', 'b', null) }),
          { maxLength: 2 },
        ),
        links: fc.array(fc.record({ group: fc.nat(), time: fc.option(fc.nat()) }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    existing: fc.array(fc.record({ run: fc.nat(), time: fc.nat() }), { maxLength: 3 }),
  })
  .map(({ day, groups, runs, existing }) => {
    const stored = groups.map((group, index) => ({ ...group, id: idOf(index + 1), name: `Group ${index}` }));
    const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
    const recurringTrips = runs.map((run, runIndex) => {
      const own = run.times.map((time, index) => ({
        ...time,
        id: idFromBigInt(BigInt(95 + runIndex * 4 + index)),
      }));
      return {
        ...run,
        id: idOf(runIndex),
        ref: `SR-${runIndex % 2}`,
        name: null,
        times: own,
        links: run.links.map(({ group, time }) => ({
          group: at(stored, group),
          timeId: time === null ? null : at(own, time).id,
        })),
      };
    });
    return {
      day,
      client: { id: idOf(0) },
      timeZone: 'Europe/Dublin',
      recurringTrips,
      existing: existing.flatMap((one, index) => {
        if (recurringTrips.length === 0) return [];
        const run = at(recurringTrips, one.run);
        const trip = { id: idFromBigInt(BigInt(500 + index)), ref: `T-${index}` };
        return [{ recurringTrip: run.id, timeId: at(run.times, one.time).id, trip }];
      }),
    };
  })
  .map((facts) => ({
    ...facts,
    existing: distinctBy(facts.existing, (row) => `${row.recurringTrip} ${row.timeId}`),
  }));

function distinctBy<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

/** Holds for every world that is tried. */
export function always<T>(property: fc.IProperty<T>, numRuns = 2000): void {
  const outcome: unknown = fc.assert(property, { numRuns });
  if (outcome !== undefined) throw new Error('a property of the resolver is never asynchronous');
}

/** The same value with every list in it shuffled; the same seed shuffles alike. */
export function shuffled<T>(value: T, seed: number): T {
  let state = seed | 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
  const shuffle = (part: unknown): unknown => {
    if (Array.isArray(part)) {
      const list = part.map(shuffle);
      for (let last = list.length - 1; last > 0; last -= 1) {
        const other = Math.floor(random() * (last + 1));
        [list[last], list[other]] = [list[other], list[last]];
      }
      return list;
    }
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, own]) => [key, shuffle(own)]));
  };
  return shuffle(value) as T;
}

/** The same value, so that writing to any part of it throws. */
export function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
