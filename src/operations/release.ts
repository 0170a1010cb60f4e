import { FIRST_RELEASE, type Released, type ReleaseInput } from '../contract/release.ts';
import { findTwin } from '../db/lookup.ts';
import { loadRecords, type StoredRecord } from '../db/record-store.ts';
import { recurringTripFacts, releasedTrips } from '../db/release-facts.ts';
import type { Values } from '../records/definition.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { trip } from '../records/trip.ts';
import { decideRelease, type Occurrence } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import { createRecord } from './create.ts';
import { dayInput, refuseInput } from './input.ts';
import { heldBy } from './judge.ts';
import { dryRunFlag } from './report.ts';
import { warnOfStanding } from './standing-trips.ts';
import type { Work } from './work.ts';

/** Which recurring trips go out on a day (spec section 4.2). */
export async function previewRelease(work: Work, input: ReleaseInput): Promise<Released> {
  const day = releaseDay(input.day);
  const decision = decideRelease({
    day,
    client: { id: work.client.id, name: work.client.name },
    timeZone: work.client.timeZone,
    recurringTrips: await recurringTripFacts(work.queries, work.client.id, { from: day, to: day }),
    existing: await releasedTrips(work.queries, work.client.id, day),
  });
  return {
    ...decision,
    warnings: await warnOfStanding(
      work,
      decision.occurrences.map((one) => ({ ...one, day })),
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
  const ids = [...new Set(missing.map((one) => one.recurringTrip.id))];
  const runs = new Map(
    (await loadRecords(work.queries, work.client.id, recurringTrip, ids)).map((run) => [run.id, run]),
  );
  const created = new Map<Occurrence, { readonly id: Id; readonly ref: string }>();
  for (const occurrence of missing) {
    const run = runs.get(occurrence.recurringTrip.id) as StoredRecord;
    const ref = await freeRef(work, occurrence, decision.day);
    const values = tripOf(work, decision.day, occurrence, run, ref);
    // Whom the run refers to, the trip may: somebody who was deleted must not keep the other runs at home.
    const record = await createRecord(work, 'Trip', values, heldBy(recurringTrip, run));
    created.set(occurrence, { id: record.id, ref });
  }
  return {
    ...decision,
    occurrences: decision.occurrences.map((one) => ({ ...one, trip: created.get(one) ?? one.trip })),
    summary: { ...decision.summary, created: created.size },
    ...dryRunFlag(work),
  };
}

const tripOf = (
  work: Work,
  day: Day,
  occurrence: Occurrence,
  { values }: StoredRecord,
  ref: string,
): Values => ({
  ref,
  pickupAt: occurrence.pickupAt,
  status: 'RELEASED',
  tripSegments: referring(values['tripSegments'] as readonly Segment[]),
  clientCapabilities: (values['clientCapabilities'] as readonly Id[]).map((id) => ({ id })),
  account: asReference(values['account']),
  accountDepartment: asReference(values['accountDepartment']),
  releasedAt: work.now,
  recurringTrip: { id: occurrence.recurringTrip.id },
  recurringTimeId: occurrence.timeId,
  day,
});

interface Segment {
  readonly customer: Id | null;
  readonly scps: readonly Id[];
}
const asReference = (id: unknown) => (typeof id === 'string' ? { id } : null);
const referring = (segments: readonly Segment[]) =>
  segments.map((segment) => ({
    customer: asReference(segment.customer),
    scps: segment.scps.map((id) => ({ id })),
  }));

/** `SR-1-20260113-0815`, or with the first number from 2 on that makes it one that no live trip has. */
async function freeRef(work: Work, { recurringTrip: { ref }, time }: Occurrence, day: Day): Promise<string> {
  const base = `${ref}-${day}-${time.replace(':', '')}`;
  const isTaken = async (candidate: string) =>
    (await findTwin(
      work.queries,
      work.client.id,
      trip,
      { fields: ['ref'] },
      { ref: candidate },
      undefined,
    )) !== undefined;
  let free = base;
  for (let count = 2; await isTaken(free); count += 1) free = `${base}-${count}`;
  return free;
}
