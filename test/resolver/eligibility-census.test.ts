import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CandidateDriver,
  decideEligibility,
  type EligibilityFacts,
} from '../../src/resolver/eligibility.ts';
import {
  countDrivers,
  type DriverClass,
  decideAmong,
  listedDrivers,
  takeCensus,
} from '../../src/resolver/eligibility-census.ts';
import {
  decideDay,
  decideDayTrip,
  type KnownDrivers,
  lapsingDrivers,
} from '../../src/resolver/eligibility-day.ts';
import { FastDay, type ListSpan, MODES } from '../../src/resolver/eligibility-day-fast.ts';
import { distinctLists, isConsulted } from '../../src/resolver/trip-list.ts';
import type { Day } from '../../src/values/day.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { always, eligibilityWorlds } from './random-worlds.ts';

/** The drivers by class, and the class of each. */
function classed(drivers: readonly CandidateDriver[]) {
  const classes: (DriverClass & { count: number })[] = [];
  const numbers = new Map<string, number>();
  const classOf = new Map<Id, number>();
  for (const { id, status, capabilities } of drivers) {
    const active = status === 'ACTIVE';
    const key = JSON.stringify([active, [...new Set(capabilities)].sort()]);
    const number = numbers.get(key) ?? classes.length;
    numbers.set(key, number);
    const known = classes[number];
    if (known === undefined) classes.push({ active, capabilities, count: 1 });
    else known.count += 1;
    classOf.set(id, number);
  }
  return { classes, classOf };
}

function known(facts: EligibilityFacts, lapsing: readonly Id[]): KnownDrivers {
  const { classes, classOf } = classed(facts.drivers);
  const named = new Map(
    facts.drivers
      .filter(({ id }) => lapsing.includes(id))
      .map(({ id, callsign, name }) => [id, { id, callsign, name }]),
  );
  return {
    fitness: takeCensus(classes).fitness,
    classOf: (id) => classOf.get(id),
    named: (id) => named.get(id),
  };
}

const asDayTrip = (facts: EligibilityFacts) => ({
  trip: facts.trip ?? { id: 'G1' as Id, ref: 'T-1' },
  pickupAt: facts.pickupAt ?? (0 as Instant),
  releasedAt: facts.releasedAt,
  requiredCapabilities: facts.requiredCapabilities,
  passengers: [],
  lists: facts.lists,
});

function spans(lists: EligibilityFacts['lists'], numbers: ReadonlyMap<Id, number>): readonly ListSpan[] {
  const live = distinctLists(lists).map((list) => ({
    ...list,
    rows: list.rows.filter((row) => !row.deleted),
  }));
  const all = live.flatMap((list) => list.rows);
  const rows = {
    driver: Int32Array.from(all, ({ driver }) => numbers.get(driver) ?? -1),
    mode: Uint8Array.from(all, ({ mode }) => MODES.indexOf(mode)),
    expiresAt: Float64Array.from(all, ({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY),
  };
  let to = 0;
  return live.map(({ kind, id, name, rows: own }) => {
    const from = to;
    to += own.length;
    return { kind, id, name, rows, from, to };
  });
}

describe('eligibility by classes of drivers', () => {
  it('says of a trip of a day what judging every driver says', () => {
    always(
      fc.property(eligibilityWorlds, (world) => {
        const day = asDayTrip(world);
        const facts = { ...world, ...day };
        const every = decideEligibility(facts);
        const drivers = known(facts, lapsingDrivers([day], facts.now));
        const { locked, passengers, pickupAt, ...found } = decideDayTrip(
          day,
          drivers,
          facts.now,
          facts.settings,
        );
        expect(found).toEqual({
          trip: every.trip,
          asOf: every.asOf,
          phase: every.phase,
          holdEndsAt: every.holdEndsAt,
          requiredCapabilities: every.requiredCapabilities,
          summary: every.summary,
          warnings: every.warnings,
        });
        expect(locked).toEqual(
          every.lists.filter((list) => list.locked).map(({ kind, id, name }) => ({ kind, id, name })),
        );
      }),
      5000,
    );
  });

  it('says the same with drivers as numbers and rows as columns', () => {
    always(
      fc.property(fc.array(eligibilityWorlds, { minLength: 1, maxLength: 3 }), (worlds) => {
        const [first] = worlds;
        if (first === undefined) return;
        // Several trips among the same drivers, since one judge is asked of all trips of a day.
        const { drivers, settings, now } = first;
        const { classes, classOf } = classed(drivers);
        const numbers = new Map(drivers.map(({ id }, index) => [id, index]));
        const judge = new FastDay(
          {
            fitness: takeCensus(classes).fitness,
            classes: Int32Array.from(drivers, ({ id }) => classOf.get(id) ?? -1),
          },
          now,
          settings,
        );
        for (const world of worlds) {
          const day = asDayTrip({ ...world, drivers, settings, now });
          const lapsing = lapsingDrivers([day], now);
          const found = judge.decide({ ...day, lists: spans(day.lists, numbers) });
          const consulted = day.lists.filter(({ kind }) => isConsulted(kind, settings));
          if (lapsingDrivers([{ ...day, lists: consulted }], now).length > 0) expect(found).toBeUndefined();
          else
            expect(found).toEqual(
              decideDayTrip(day, known({ ...first, lists: day.lists }, lapsing), now, settings),
            );
        }
      }),
      5000,
    );
  });

  it('needs only the drivers that lists name where a list is locked, and counts the others', () => {
    always(
      fc.property(eligibilityWorlds, (facts) => {
        const every = decideEligibility(facts);
        fc.pre(every.lists.some((list) => list.locked));
        const listed = new Set(listedDrivers(facts.lists));
        const some = { ...facts, drivers: facts.drivers.filter(({ id }) => listed.has(id)) };
        const { excluded, ...found } = decideAmong(some, classed(facts.drivers).classes);
        expect({ ...found, excluded: every.excluded }).toEqual(every);
        expect(every.excluded.filter(({ id }) => listed.has(id))).toEqual(excluded);
      }),
      5000,
    );
  });

  it('puts the trips that the fewest may drive first', () => {
    always(
      fc.property(
        fc.array(eligibilityWorlds, { maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (worlds, limit) => {
          const trips = worlds.map((facts, index) => {
            const day = { ...asDayTrip(facts), trip: { id: `G${index + 1}` as Id, ref: `T-${index}` } };
            return decideDayTrip(
              day,
              known(facts, lapsingDrivers([day], facts.now)),
              facts.now,
              facts.settings,
            );
          });
          const decided = decideDay(20260113 as Day, trips, limit);
          const counts = trips.map((trip) => trip.summary.eligible).sort((a, b) => a - b);
          expect(decided.trips.map((trip) => trip.summary.eligible)).toEqual(counts.slice(0, limit));
          expect(decided.summary).toMatchObject({
            trips: worlds.length,
            nobody: counts.filter((count) => count === 0).length,
          });
        },
      ),
    );
  });

  it('tells drivers apart by more capabilities than a machine word has bits', () => {
    const codes = Array.from({ length: 130 }, (_code, index) => `C${index}`);
    always(
      fc.property(
        fc.array(fc.record({ active: fc.boolean(), has: fc.subarray(codes), count: fc.nat(9) }), {
          maxLength: 8,
        }),
        fc.subarray([...codes, 'unheard of'], { maxLength: 4 }),
        (all, required) => {
          const census = takeCensus(
            all.map(({ active, has, count }) => ({ active, capabilities: has, count })),
          );
          const sum = (holds: (one: (typeof all)[number]) => boolean) =>
            all.reduce((total, one) => total + (holds(one) ? one.count : 0), 0);
          const hasAll = ({ has }: (typeof all)[number]) => required.every((code) => has.includes(code));
          const { fits, ...counts } = census.fitness(required);
          expect(counts).toEqual({
            considered: sum(() => true),
            inactive: sum(({ active }) => !active),
            lacking: sum((one) => !hasAll(one)),
            fit: sum((one) => one.active && hasAll(one)),
          });
          expect([...fits]).toEqual(all.map((one) => Number(one.active && hasAll(one))));
          expect(countDrivers([], counts, () => undefined).eligible).toBe(counts.fit);
        },
      ),
    );
  });
});
