import type { ExclusionGroup, Occurrence, ReleaseDecision, ReleaseFacts } from './release.ts';

/** What a change would do to the runs of one day: occurrences as they would be afterwards, in the decision's order. */
export interface ReleaseImpact {
  readonly suppressed: readonly Occurrence[];
  readonly released: readonly Occurrence[];
}

/**
 * Compares two decisions about the same day: what the second newly suppresses and newly releases. An
 * occurrence that only one of them has is in neither list.
 */
export function impactOf(before: ReleaseDecision, after: ReleaseDecision): ReleaseImpact {
  const outcomes = new Map(before.occurrences.map((occurrence) => [keyOf(occurrence), occurrence.outcome]));
  const changed = after.occurrences.filter((occurrence) => {
    const outcome = outcomes.get(keyOf(occurrence));
    return outcome !== undefined && outcome !== occurrence.outcome;
  });
  return {
    suppressed: changed.filter((occurrence) => occurrence.outcome === 'SUPPRESSED'),
    released: changed.filter((occurrence) => occurrence.outcome === 'RELEASED'),
  };
}

/** The same facts with one group as it would be; trips that are not linked to it stay as they are. */
export function withGroup(facts: ReleaseFacts, group: ExclusionGroup): ReleaseFacts {
  return {
    ...facts,
    recurringTrips: facts.recurringTrips.map((recurring) => ({
      ...recurring,
      links: recurring.links.map((link) => (link.group.id === group.id ? { ...link, group } : link)),
    })),
  };
}

function keyOf({ recurringTrip, timeId }: Occurrence): string {
  return `${recurringTrip.id} ${timeId}`;
}
