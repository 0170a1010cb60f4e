import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideBooking } from '../../src/resolver/booking.ts';
import { decideDepartment } from '../../src/resolver/department.ts';
import { decideEligibility, type EligibilityDecision } from '../../src/resolver/eligibility.ts';
import { BOOKING_CODES, CAUSE_CODES, EXCLUSION_CODES, WARNING_CODES } from '../../src/resolver/reasons.ts';
import { decideRelease, groupStateOn, type ReleaseDecision } from '../../src/resolver/release.ts';
import { bookingFacts, departmentFacts } from './account-world.ts';
import { parseCases, type ResolverCase } from './case-format.ts';
import {
  bookingOutcome,
  departmentOutcome,
  eligibleOutcome,
  releaseOutcome,
  statusOutcome,
} from './outcome.ts';
import { eligibilityFacts, exclusionGroups, readDay, releaseFacts } from './world.ts';

const directory = new URL('./cases/', import.meta.url);
const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
const cases = files.flatMap((file) =>
  parseCases(JSON.parse(readFileSync(new URL(file, directory), 'utf8'))).map((one) => ({ file, ...one })),
);

for (const file of files)
  describe(file, () => {
    for (const one of cases.filter((each) => each.file === file)) it(one.name, () => check(one));
  });

function check(one: ResolverCase): void {
  switch (one.decision) {
    case 'eligible': {
      const decision = decideEligibility(eligibilityFacts(one.world));
      const { asOf, lists, ...outcome } = eligibleOutcome(decision);
      expect({
        ...outcome,
        ...(one.expect.asOf === undefined ? {} : { asOf }),
        ...(one.expect.lists === undefined ? {} : { lists }),
      }).toEqual(one.expect);
      // The order of keys is the order of the answer, which toEqual does not look at.
      expect(decision.excluded.map((driver) => driver.callsign)).toEqual(Object.keys(one.expect.excluded));
      if (one.expect.lists !== undefined) expect(Object.keys(lists)).toEqual(Object.keys(one.expect.lists));
      checkTotals(decision);
      return;
    }
    case 'status': {
      const day = readDay(one.world.day);
      const states = [...exclusionGroups(one.world)].map(
        ([name, group]) => [name, groupStateOn(group, day)] as const,
      );
      expect(statusOutcome(new Map(states))).toEqual(one.expect);
      return;
    }
    case 'release': {
      const decision = decideRelease(releaseFacts(one.world));
      const occurrences = releaseOutcome(decision).occurrences.map(({ pickup, ...occurrence }, index) => ({
        ...occurrence,
        ...(pickup === undefined || one.expect.occurrences[index]?.pickup === undefined ? {} : { pickup }),
      }));
      expect({ occurrences }).toEqual(one.expect);
      checkReleaseTotals(decision);
      return;
    }
    case 'department':
      expect(departmentOutcome(decideDepartment(departmentFacts(one.world)))).toEqual(one.expect);
      return;
    case 'booking':
      expect(bookingOutcome(decideBooking(bookingFacts(one.world)))).toEqual(one.expect);
      return;
  }
}

/** What every eligibility decision must keep, so that no case has to repeat it. */
function checkTotals({ drivers, excluded, summary, phase, holdEndsAt }: EligibilityDecision): void {
  expect(drivers.map((driver) => driver.rank)).toEqual(drivers.map((_, index) => index + 1));
  for (const driver of drivers) {
    expect(driver.preferred).toBe(driver.lists > 0);
    expect(driver.priority === null).toBe(!driver.preferred);
    expect(driver.availableFrom).toBe(driver.preferred ? null : holdEndsAt);
  }
  expect(holdEndsAt === null).toBe(phase === 'OPEN');
  const counted = EXCLUSION_CODES.flatMap((code) => {
    const count = excluded.filter((driver) => driver.reasons.some((reason) => reason.code === code)).length;
    return count === 0 ? [] : [[code, count]];
  });
  expect(Object.entries(summary.byReason)).toEqual(counted);
  expect(summary).toMatchObject({
    considered: drivers.length + excluded.length,
    eligible: drivers.length,
    preferred: drivers.filter((driver) => driver.preferred).length,
    excluded: excluded.length,
  });
}

function checkReleaseTotals({ occurrences, summary }: ReleaseDecision): void {
  const released = occurrences.filter((occurrence) => occurrence.outcome === 'RELEASED');
  expect(summary).toEqual({
    occurrences: occurrences.length,
    released: released.length,
    suppressed: occurrences.length - released.length,
    created: 0,
    existing: released.filter((occurrence) => occurrence.trip !== null).length,
  });
}

describe('the corpus', () => {
  it('has a name of its own for every case', () => {
    const names = cases.map((one) => `${one.decision}: ${one.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('expects every code somewhere', () => {
    const texts = { exclusions: new Set(), warnings: new Set(), causes: new Set(), bookings: new Set() };
    const note = (codes: Set<unknown>, written: readonly string[]) => {
      for (const text of written) codes.add(text.split(' ')[0]);
    };
    for (const one of cases) {
      if (one.decision === 'eligible') {
        note(texts.exclusions, Object.values(one.expect.excluded).flat());
        note(texts.warnings, one.expect.warnings);
      }
      if (one.decision === 'release')
        note(
          texts.causes,
          one.expect.occurrences.flatMap(({ causes }) => causes ?? []),
        );
      if (one.decision === 'booking' && 'reasons' in one.expect) note(texts.bookings, one.expect.reasons);
    }
    expect(texts).toEqual({
      exclusions: new Set(EXCLUSION_CODES),
      warnings: new Set(WARNING_CODES),
      causes: new Set(CAUSE_CODES),
      bookings: new Set(BOOKING_CODES),
    });
  });

  it.each([
    ['a file', { cases: [], theme: 'x', decision: 'status', world: {}, extra: 1 }],
    [
      'a case',
      { cases: [{ name: 'a', world: {}, expect: {}, extra: 1 }], theme: 'x', decision: 'status', world: {} },
    ],
    [
      'a world',
      {
        cases: [{ name: 'a', world: { day: '2025-01-10', groups: {}, extra: 1 }, expect: { groups: {} } }],
        theme: 'x',
        decision: 'status',
        world: {},
      },
    ],
    [
      'an outcome',
      {
        cases: [{ name: 'a', world: { day: '2025-01-10', groups: {} }, expect: { groups: {}, extra: 1 } }],
        theme: 'x',
        decision: 'status',
        world: {},
      },
    ],
  ])('refuses keys that %s does not have', (_, file) => {
    expect(() => parseCases(file)).toThrow(/extra/);
  });
});
