import { MOST_PLANNED, type ReleasePlan, type ReleasePlanInput } from '../contract/forecast.ts';
import { releasedTripsBetween } from '../db/forecast-facts.ts';
import { recurringTripFacts } from '../db/release-facts.ts';
import { summarizeReleases } from '../resolver/forecast-release.ts';
import { decideRelease } from '../resolver/release.ts';
import { daysBetween } from '../values/day.ts';
import { daysFrom } from './exclusion-days.ts';
import { dayInput, refuseInput } from './input.ts';
import { warnOfStanding } from './standing-trips.ts';
import type { Work } from './work.ts';

/** Which recurring trips go out on each of some days, by run and by cause (spec section 4.2). */
export async function planReleases(work: Work, input: ReleasePlanInput): Promise<ReleasePlan> {
  const from = dayInput(input.from, 'from');
  const to = dayInput(input.to, 'to');
  const count = daysBetween(from, to) + 1;
  if (count < 1) throw refuseInput('to', to, 'comes before from', 'give a day on or after the first one');
  if (count > MOST_PLANNED)
    throw refuseInput(
      'to',
      to,
      `makes ${count} days: at most ${MOST_PLANNED} are planned at once`,
      'plan fewer days',
    );
  const { queries, client } = work;
  const recurringTrips = await recurringTripFacts(queries, client.id, { from, to });
  const existing = await releasedTripsBetween(queries, client.id, from, to);
  const days = daysFrom(from, to).map((day) =>
    decideRelease({
      day,
      client: { id: client.id, name: client.name },
      timeZone: client.timeZone,
      recurringTrips,
      existing: existing.get(day) ?? [],
    }),
  );
  return {
    from,
    to,
    days,
    summary: summarizeReleases(days),
    warnings: await warnOfStanding(
      work,
      days.flatMap(({ day, occurrences }) => occurrences.map((one) => ({ ...one, day }))),
    ),
  };
}
