import type { SkipInput } from '../contract/recurring.ts';
import { recurringTripFacts } from '../db/release-facts.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { decideRelease } from '../resolver/release.ts';
import { type Day, formatDay, weekdayOf } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { changeRecord } from './change.ts';
import { factsOn } from './exclusion-days.ts';
import { timesAt } from './exclusion-links.ts';
import { dayInput, refuseInput, textInput } from './input.ts';
import { resolveReference } from './references.ts';
import type { AnyChanged } from './report.ts';
import { storedRecord } from './scoped.ts';
import { warnOfStanding } from './standing-trips.ts';
import type { Work } from './work.ts';

interface Skip {
  readonly day: Day;
  readonly time: string | null;
  readonly reason: string | null;
}

/** Leaves a run out on one day. The same skip twice is one; a new reason replaces the old. */
export async function skipRun(work: Work, input: SkipInput): Promise<AnyChanged> {
  const { id, day, time } = await which(work, input);
  if (time !== null) timesAt((await storedRecord(work, recurringTrip, id)).values, time, input.ref);
  const reason = input.reason === undefined ? '' : textInput(input.reason, 'reason', 500);
  const skip: Skip = { day, time, reason: reason === '' ? null : reason };
  const changed = await editSkips(work, id, (skips) => [
    ...skips.filter((one) => one.day !== day || one.time !== time),
    skip,
  ]);
  return { ...changed, warnings: [...changed.warnings, ...(await warnOfSkip(work, id, skip))] };
}

/** A skip that leaves nothing out, as of a mistyped day, and one that comes after the trip was created. */
async function warnOfSkip(work: Work, id: Id, { day, time }: Skip): Promise<readonly ErrorDetail[]> {
  const runs = await recurringTripFacts(work.queries, work.client.id, { from: day, to: day, only: [id] });
  const planned = decideRelease(factsOn(work, runs, day)).occurrences.filter(
    (one) => time === null || one.time === time,
  );
  if (planned.length > 0)
    return warnOfStanding(
      work,
      planned.map((one) => ({ ...one, day })),
    );
  const when = `${weekdayOf(day)} ${formatDay(day)}${time === null ? '' : ` at ${time}`}`;
  return [
    {
      field: 'day',
      value: String(day),
      message: `it would not go out on ${when} anyway: the skip leaves out nothing`,
      hint: 'check the day; take the skip back with `tph recurring unskip`',
    },
  ];
}

/** Takes skips of one day back: the one at a time, or all of the day. */
export async function unskipRun(work: Work, input: SkipInput): Promise<AnyChanged> {
  const { id, day, time } = await which(work, input);
  return editSkips(work, id, (skips) =>
    skips.filter((one) => one.day !== day || (time !== null && one.time !== time)),
  );
}

async function which(work: Work, input: SkipInput) {
  const day = dayInput(input.day, 'day');
  const time = input.time === undefined ? null : parseTimeOfDay(String(input.time));
  if (time === undefined)
    throw refuseInput('time', input.time, 'is not a time of day', 'give HH:MM, such as 08:15');
  return { day, time, id: await resolveReference(work, 'RecurringTrip', input.ref, 'ref') };
}

const editSkips = (
  work: Work,
  id: Id,
  edit: (skips: readonly Skip[]) => readonly Skip[],
): Promise<AnyChanged> =>
  changeRecord(
    work,
    recurringTrip,
    id,
    (values) => ({ ...values, skips: edit(values['skips'] as readonly Skip[]) }),
    { given: ['skips'] },
  );
