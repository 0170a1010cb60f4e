import type { Released, ReleaseInput } from '../contract/release.ts';
import { recurringTripFacts, releasedTrips } from '../db/release-facts.ts';
import { loadRecords } from '../db/record-store.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { decideRelease, type Occurrence, type ReleaseDecision } from '../resolver/release.ts';
import { type Day, isDay } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { createRecord } from './write.ts';
import type { Work } from './work.ts';

/** Refuses what is no calendar day; zero with the hint of spec section 2. */
export function dayInput(value: unknown, field: string): Day {
  if (typeof value === 'number' && isDay(value)) return value;
  const message = `${field} ${quote(value)} is not a calendar day`;
  throw invalid(message, 'give a real date as YYYYMMDD, such as 20260115', [{ field, value: String(value), message }]);
}

/** Which recurring trips go out on a day (spec section 4.2). */
export async function previewRelease(work: Work, input: ReleaseInput): Promise<ReleaseDecision> {
  const day = dayInput(input.day, 'day');
  return decideRelease({
    day,
    client: { id: work.client.id, name: work.client.name },
    timeZone: work.client.timeZone,
    recurringTrips: await recurringTripFacts(work.queries, work.client.id, { from: day, to: day }),
    existing: await releasedTrips(work.queries, work.client.id, day),
  });
}

/** Creates the trips that are missing; the writer's turn makes it exactly one for each run (spec section 4.2). */
export async function commitRelease(work: Work, input: ReleaseInput): Promise<Released> {
  const decision = await previewRelease(work, input);
  const missing = decision.occurrences.filter((one) => one.outcome === 'RELEASED' && one.trip === null);
  const created = new Map<Occurrence, { readonly id: Id; readonly ref: string }>();
  const recurring = await loadRecords(work.queries, work.client.id, recurringTrip, [
    ...new Set(missing.map((one) => one.recurringTrip.id)),
  ]);
  const valuesOf = new Map(recurring.map((record) => [record.id, record.values]));
  const refOf = refsOf(decision);
  for (const occurrence of missing) {
    const run = valuesOf.get(occurrence.recurringTrip.id) ?? {};
    const record = await createRecord(work, 'Trip', {
      ref: refOf(occurrence),
      pickupAt: occurrence.pickupAt,
      status: 'RELEASED',
      tripSegments: referring(run['tripSegments'] as readonly Segment[]),
      clientCapabilities: (run['clientCapabilities'] as readonly Id[]).map((id) => ({ id })),
      account: asReference(run['account']),
      accountDepartment: asReference(run['accountDepartment']),
      releasedAt: work.now,
      recurringTrip: { id: occurrence.recurringTrip.id },
      recurringTimeId: occurrence.timeId,
      day: decision.day,
    });
    created.set(occurrence, { id: record.id, ref: record['ref'] as string });
  }
  return {
    ...decision,
    occurrences: decision.occurrences.map((one) => ({ ...one, trip: created.get(one) ?? one.trip })),
    summary: { ...decision.summary, created: created.size },
    ...(work.dryRun ? { dryRun: true as const } : {}),
  };
}

interface Segment {
  readonly customer: Id | null;
  readonly scps: readonly Id[];
}
const asReference = (id: unknown) => (typeof id === 'string' ? { id } : null);
const referring = (segments: readonly Segment[]) =>
  segments.map((segment) => ({ customer: asReference(segment.customer), scps: segment.scps.map((id) => ({ id })) }));

/** `SR-1-20260113-0815`; with the time's id where two times of a trip coincide. */
function refsOf(decision: ReleaseDecision): (occurrence: Occurrence) => string {
  const base = ({ recurringTrip: { ref }, time }: Occurrence) => `${ref}-${decision.day}-${time.replace(':', '')}`;
  const counts = new Map<string, number>();
  for (const one of decision.occurrences) counts.set(base(one), (counts.get(base(one)) ?? 0) + 1);
  return (one) => (counts.get(base(one)) === 1 ? base(one) : `${base(one)}-${one.timeId}`);
}
