import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRelease, type ReleaseFacts } from '../../src/resolver/release.ts';
import type { Id } from '../../src/values/id.ts';
import { naiveRelease } from './oracle.ts';
import { always, frozen, releaseWorlds, shuffled } from './random-worlds.ts';

describe('release', () => {
  it('agrees with a plain second reading of the spec', () => {
    always(
      fc.property(releaseWorlds, (facts) => {
        const occurrences = decideRelease(facts).occurrences.map((one) => ({
          time: one.time,
          ref: one.recurringTrip.ref,
          timeId: one.timeId,
          outcome: one.outcome,
          causes: one.causes.map((cause) =>
            cause.code === 'SKIPPED'
              ? `SKIPPED ${cause.reason ?? ''}`
              : `${cause.code} ${cause.group.id} ${cause.because}`,
          ),
        }));
        expect(occurrences).toEqual(naiveRelease(facts));
      }),
      10_000,
    );
  });

  it('does not depend on the order of anything', () => {
    always(
      fc.property(releaseWorlds, fc.nat(), (facts, seed) => {
        expect(decideRelease(shuffled(facts, seed))).toEqual(decideRelease(facts));
      }),
    );
  });

  it('never releases anything for linking one more group that is RUN_ON', () => {
    always(
      fc.property(releaseWorlds, (facts) => {
        const group = {
          id: 'G77777' as Id,
          name: 'Go',
          mode: 'RUN_ON',
          startDay: null,
          endDay: null,
          scheduleResumeDay: null,
        } as const;
        const more = withLinks(facts, (links) => [{ group, timeId: null }, ...links]);
        expect(decideRelease(more)).toEqual(decideRelease(facts));
      }),
    );
  });

  it('suppresses what any other group suppresses, however many groups are set to RUN_ON', () => {
    always(
      fc.property(releaseWorlds, fc.nat({ max: 2 }), (facts, chosen) => {
        const on = withLinks(facts, (links) =>
          links.map(({ group, timeId }) =>
            group.name === `Group ${chosen}`
              ? { group: { ...group, mode: 'RUN_ON', scheduleResumeDay: null }, timeId }
              : { group, timeId },
          ),
        );
        const unlinked = withLinks(facts, (links) =>
          links.filter(({ group }) => group.name !== `Group ${chosen}`),
        );
        expect(decideRelease(on)).toEqual(decideRelease(unlinked));
      }),
    );
  });

  it('decides the same twice, and leaves its facts alone', () => {
    always(
      fc.property(releaseWorlds, (facts) => {
        frozen(facts);
        expect(decideRelease(facts)).toEqual(decideRelease(facts));
      }),
    );
  });
});

type Links = ReleaseFacts['recurringTrips'][number]['links'];
function withLinks(facts: ReleaseFacts, change: (links: Links) => Links): ReleaseFacts {
  return {
    ...facts,
    recurringTrips: facts.recurringTrips.map((run) => ({ ...run, links: change(run.links) })),
  };
}
