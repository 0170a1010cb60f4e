import { FIRST_RELEASE, type Released, type ReleaseInput } from '../contract/release.ts';
import { runsOfDay, tripsReleasedOn } from '../db/release-day-facts.ts';
import { exclusionGroups } from '../db/release-facts.ts';
import { DayOfRelease, groupStateOn } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import { dayInput, refuseInput } from './input.ts';
import { dryRunFlag } from './report.ts';
import { warnOfStanding } from './standing-trips.ts';
import type { Work } from './work.ts';

/** Which recurring trips go out on a day (spec section 4.2). */
export async function previewRelease(work: Work, input: ReleaseInput): Promise<Released> {
  const day = releaseDay(input.day);
  const { queries, client } = work;
  const release = new DayOfRelease({
    day,
    client: { id: client.id, name: client.name },
    timeZone: client.timeZone,
    existing: await tripsReleasedOn(queries, client.id, day),
  });
  const groups = [...(await exclusionGroups(queries, client.id))];
  const off = new Map(groups.filter(([, group]) => groupStateOn(group, day).state === 'OFF'));
  for await (const runs of runsOfDay(queries, client.id, day, off)) release.add(runs);
  const decision = release.decision();
  const standing = decision.occurrences.filter((one) => one.outcome === 'SUPPRESSED' && one.trip !== null);
  return {
    ...decision,
    warnings: await warnOfStanding(
      work,
      standing.map((one) => ({ ...one, day })),
    ),
  };
}

/** Instants are counted from 1970 on, wherever the client is. */
function releaseDay(given: unknown): Day {
  const day = dayInput(given, 'day');
  if (day >= FIRST_RELEASE) return day;
  throw refuseInput('day', day, 'is before any release', 'give a day from 19700102 on');
}

/** Creates the trips that are missing; the writer's turn makes it exactly one for each run (spec section 4.2). */
export async function commitRelease(work: Work, input: ReleaseInput): Promise<Released> {
  const decision = await previewRelease(work, input);
  const missing = decision.occurrences.filter((one) => one.outcome === 'RELEASED' && one.trip === null);
  const { releaseTrips } = await import('./released-trips.ts');
  const created = await releaseTrips(work, decision.day, missing);
  return {
    ...decision,
    occurrences: decision.occurrences.map((one) => ({ ...one, trip: created.get(one) ?? one.trip })),
    summary: { ...decision.summary, created: created.size },
    ...dryRunFlag(work),
  };
}
