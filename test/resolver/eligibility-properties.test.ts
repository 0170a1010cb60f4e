import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEligibility, type EligibilityFacts } from '../../src/resolver/eligibility.ts';
import type { Id } from '../../src/values/id.ts';
import { naiveEligibility } from './oracle.ts';
import { plainEligibility } from './plain-eligibility.ts';
import { always, eligibilityWorlds, frozen, shuffled } from './random-worlds.ts';

const eligibleIds = (facts: EligibilityFacts) =>
  new Set(decideEligibility(facts).drivers.map((driver) => driver.id));

type Row = EligibilityFacts['lists'][number]['rows'][number];
const mapRows = (
  facts: EligibilityFacts,
  change: (rows: readonly Row[]) => readonly Row[],
): EligibilityFacts => ({
  ...facts,
  lists: facts.lists.map((list) => ({ ...list, rows: change(list.rows) })),
});

describe('eligibility', () => {
  it('agrees with a plain second reading of the spec', () => {
    always(
      fc.property(eligibilityWorlds, (facts) => {
        expect(plainEligibility(decideEligibility(facts))).toEqual(naiveEligibility(facts));
      }),
      10_000,
    );
  });

  it('does not depend on the order of anything', () => {
    always(
      fc.property(eligibilityWorlds, fc.nat(), (facts, seed) => {
        expect(decideEligibility(shuffled(facts, seed))).toEqual(decideEligibility(facts));
      }),
    );
  });

  it('does not depend on how often a list is given, nor on how its rows are spread over them', () => {
    always(
      fc.property(eligibilityWorlds, (facts) => {
        const halves = [0, 1, 0].flatMap((half) =>
          facts.lists.map((list) => ({ ...list, rows: list.rows.filter((_, index) => index % 2 === half) })),
        );
        expect(decideEligibility({ ...facts, lists: halves })).toEqual(decideEligibility(facts));
      }),
    );
  });

  it('never admits anybody for a BLOCK row: without it, at least the same drivers are eligible', () => {
    always(
      fc.property(eligibilityWorlds, (facts) => {
        const without = eligibleIds(mapRows(facts, (rows) => rows.filter((row) => row.mode !== 'BLOCK')));
        expect([...eligibleIds(facts)].filter((id) => !without.has(id))).toEqual([]);
      }),
    );
  });

  it('never excludes anybody for removing SOFT rows, nor admits anybody', () => {
    always(
      fc.property(eligibilityWorlds, fc.nat({ max: 6 }), (facts, removed) => {
        const fewer = mapRows(facts, (rows) =>
          rows.filter((row, index) => row.mode !== 'SOFT' || index === removed),
        );
        expect(eligibleIds(fewer)).toEqual(eligibleIds(facts));
      }),
    );
  });

  it('leaves exactly the intersection on a trip whose lists are all locked', () => {
    always(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1 }),
        eligibilityWorlds.filter((facts) => facts.lists.length > 0 && facts.drivers.length > 0),
        (seeds, world) => {
          const facts = fullyLocked(world, seeds);
          const members = facts.lists.map((list) => new Set(list.rows.map((row) => row.driver)));
          const expected = facts.drivers
            .filter(({ id }) => members.every((set) => set.has(id)))
            .map(({ id }) => id);
          expect(eligibleIds(facts)).toEqual(new Set(expected));
        },
      ),
    );
  });

  it('decides the same twice, and leaves its facts alone', () => {
    always(
      fc.property(eligibilityWorlds, (facts) => {
        frozen(facts);
        expect(decideEligibility(facts)).toEqual(decideEligibility(facts));
      }),
    );
  });

  it('answers for 100,000 drivers and long lists without looking at every row for every driver', () => {
    const drivers = Array.from({ length: 100_000 }, (_, index) => ({
      id: `G${900_000 - index}` as Id,
      callsign: `D${index}`,
      name: `Driver ${index}`,
      status: 'ACTIVE' as const,
      capabilities: ['WAV'],
    }));
    const lists = [1, 2, 3].map((number) => ({
      kind: 'SCP' as const,
      id: `G${number}` as Id,
      name: `Passenger ${number}`,
      rows: drivers
        .filter((_, index) => index % (number + 1) === 0)
        .map(({ id }, index) => ({
          id: `G${number}${index + 1_000_000}` as Id,
          driver: id,
          mode: 'HARD' as const,
          priority: index % 3,
          expiresAt: null,
          deleted: false,
        })),
    }));
    const started = performance.now();
    const { summary } = decideEligibility({
      now: 1 as EligibilityFacts['now'],
      trip: null,
      pickupAt: null,
      releasedAt: null,
      requiredCapabilities: ['WAV'],
      lists,
      drivers,
      settings: {
        preferredDriverHoldSeconds: 120,
        favouriteDrivers: true,
        approvedScpDrivers: true,
        lapsedHardList: 'IGNORE',
      },
    });
    // Every twelfth driver is on all three lists. A scan of rows for each driver would take minutes.
    expect(summary.eligible).toBe(Math.ceil(100_000 / 12));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** Active drivers without requirements, and lists of live HARD rows alone; a driver is on a list or not by `seeds`. */
function fullyLocked(world: EligibilityFacts, seeds: readonly number[]): EligibilityFacts {
  return {
    ...world,
    requiredCapabilities: [],
    drivers: world.drivers.map((driver) => ({ ...driver, status: 'ACTIVE' })),
    lists: world.lists.map((list, listIndex) => ({
      ...list,
      rows: world.drivers
        .filter((_, index) => index === listIndex % 2 || seeds.includes((index + listIndex) % 5))
        .concat(world.drivers.slice(0, 1))
        .map((driver, index) => ({
          id: `G${listIndex + 1}0${index}` as Id,
          driver: driver.id,
          mode: 'HARD',
          priority: 0,
          expiresAt: null,
          deleted: false,
        })),
    })),
    settings: { ...world.settings, favouriteDrivers: true, approvedScpDrivers: true },
  };
}
