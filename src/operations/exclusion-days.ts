import { exclusionGroups } from '../db/release-facts.ts';
import type { ExclusionGroup, RecurringTripFacts, ReleaseFacts } from '../resolver/release.ts';
import { addDays, type Day, daysBetween } from '../values/day.ts';
import { quote, TphError } from '../values/error.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

/** The most days that a calendar or an impact looks at. */
export const MOST_DAYS = 366;

/** The live exclusion group that a reference names. */
export async function groupOf(work: Work, ref: string): Promise<ExclusionGroup> {
  const id = await resolveReference(work, 'ScheduleExclusionGroup', ref, 'group');
  const group = (await exclusionGroups(work.queries, work.client.id, [id])).get(id);
  if (group === undefined) throw new TphError('NOT_FOUND', `there is no exclusion group ${quote(ref)}`);
  return group;
}

/** What becomes of some recurring trips on a day, leaving aside the trips that the day has been given already. */
export const factsOn = (
  work: Work,
  recurringTrips: readonly RecurringTripFacts[],
  day: Day,
): ReleaseFacts => ({
  day,
  client: { id: work.client.id },
  timeZone: work.client.timeZone,
  recurringTrips,
  existing: [],
});

/** The days from one to another, both included. */
export const daysFrom = (from: Day, to: Day): readonly Day[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_day, index) => addDays(from, index));
