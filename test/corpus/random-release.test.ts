import { afterAll, describe, expect, it } from 'vitest';
import type { Occurrence, ReleaseDecision, ReleaseFacts } from '../../src/resolver/release.ts';
import { naiveRelease } from '../resolver/oracle.ts';
import { Databases } from './databases.ts';
import { watchClock } from './local-time.ts';
import { makeRelease, releasePlans } from './random-release-world.ts';
import { inWorlds, PATIENCE_MS } from './worlds.ts';

const databases = new Databases();
afterAll(() => databases.close());

describe('release, in random worlds on the command line', () => {
  it(
    'agrees with a plain second reading of the spec, and commits exactly what it previewed',
    () =>
      inWorlds(releasePlans, (plan) =>
        databases.tenant(plan.place.timeZone, async (tenant) => {
          const facts = await makeRelease(tenant, plan);
          const words = ['release', '--day', String(facts.day)];
          const onTheDay = ['--at', String(facts.day)];
          const expected = expectedOf(facts);
          expect(plain(await tenant.ask('release.preview', ...words))).toEqual(expected);
          expect(plain(await tenant.ask('release.preview', ...words, ...onTheDay))).toEqual(expected);

          const committed = await tenant.ask('release.commit', ...words, '--commit', ...onTheDay);
          const again = await tenant.ask('release.commit', ...words, '--commit', ...onTheDay);
          const out = expected.filter((one) => one.outcome === 'RELEASED');
          const existing = out.filter((one) => one.trip !== null).length;
          const released = out.length;
          expect(committed.summary).toMatchObject({ released, existing, created: released - existing });
          expect(again.summary).toMatchObject({ released, existing: released, created: 0 });
          expect(again.occurrences).toEqual(committed.occurrences);
          expect(plain(committed).map(withoutTrip)).toEqual(expected.map(withoutTrip));
          for (const [index, { trip }] of plain(committed).entries()) {
            const before = expected[index];
            if (before?.outcome === 'SUPPRESSED' || before?.trip != null) expect(trip).toBe(before.trip);
            else expect(trip).toMatch(/^G\d+$/);
          }
        }),
      ),
    PATIENCE_MS,
  );
});

/** The second readings of outcome and time, and the trips that are there already. */
function expectedOf(facts: ReleaseFacts) {
  return naiveRelease(facts).map((one) => ({
    ...one,
    ...watchClock(facts.day, one.time, facts.timeZone),
    trip: facts.existing.find((row) => row.timeId === one.timeId)?.trip.id ?? null,
  }));
}

/** A decision in the words of the second readings. */
const plain = ({ occurrences }: ReleaseDecision) =>
  occurrences.map(({ time, recurringTrip, timeId, outcome, causes, pickupAt, clockChange, trip }) => ({
    ...{ time, ref: recurringTrip.ref, timeId, outcome, pickupAt, clockChange },
    causes: causes.map(causeText),
    trip: trip?.id ?? null,
  }));

const causeText = (cause: Occurrence['causes'][number]): string =>
  cause.code === 'SKIPPED'
    ? `SKIPPED ${cause.reason ?? ''}`
    : `${cause.code} ${cause.group.id} ${cause.because}`;

const withoutTrip = <T extends { readonly trip: unknown }>({ trip: _, ...rest }: T) => rest;
