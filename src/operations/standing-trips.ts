import { standingTrips } from '../db/release-facts.ts';
import type { Occurrence } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Work } from './work.ts';

const MOST_NAMED = 5;

/**
 * Runs that are held back though their trips were created before: holding a run back cancels no trip, so a car
 * would still be sent. One warning that names them, or none.
 */
export async function warnOfStanding(
  work: Work,
  occurrences: readonly (Occurrence & { readonly day: Day })[],
): Promise<readonly ErrorDetail[]> {
  const held = occurrences.filter((one) => one.outcome === 'SUPPRESSED' && one.pickupAt >= work.now);
  const days = held.map((one) => one.day);
  if (days.length === 0) return [];
  const key = (day: Day, run: string, time: string) => `${day} ${run} ${time}`;
  const keys = new Set(held.map((one) => key(one.day, one.recurringTrip.id, one.timeId)));
  const rows = await standingTrips(
    work.queries,
    work.client.id,
    days.reduce((first, one) => (one < first ? one : first)),
    days.reduce((last, one) => (one > last ? one : last)),
  );
  const refs = rows
    .filter((row) => keys.has(key(row.day, row.recurringTrip, row.timeId)))
    .map((row) => row.ref);
  const [first] = refs;
  if (first === undefined) return [];
  const named = refs.slice(0, MOST_NAMED).join(', ');
  const listed = refs.length > MOST_NAMED ? `${named} and ${refs.length - MOST_NAMED} more` : named;
  return [
    {
      field: 'trip',
      value: first,
      message: `${refs.length === 1 ? 'a run that is held back has its trip' : `${refs.length} runs that are held back have their trips`} already, still to be driven: ${listed}`,
      hint: `cancel ${refs.length === 1 ? 'it' : 'each'} with \`tph trip update ${first} --status CANCELLED\``,
      trips: refs,
    },
  ];
}
