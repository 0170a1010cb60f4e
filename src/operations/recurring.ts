import type { Changed } from '../contract/change.ts';
import type { SkipInput } from '../contract/recurring.ts';
import { loadRecords } from '../db/record-store.ts';
import type { AnyRecord } from '../records/definition.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { cleanText } from '../values/text.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Day } from '../values/day.ts';
import { timesAt } from './exclusion.ts';
import { resolveReference } from './references.ts';
import { dayInput } from './release.ts';
import { changeRecord } from './write.ts';
import type { Work } from './work.ts';

interface Skip {
  readonly day: Day;
  readonly time: string | null;
  readonly reason: string | null;
}

/** Leaves a run out on one day. The same skip twice is one; a new reason replaces the old. */
export const skipRun = (work: Work, input: SkipInput): Promise<Changed<AnyRecord>> =>
  editSkips(work, input, (skips, skip) => [...skips.filter((one) => !isSame(one, skip)), skip]);

/** Takes skips of one day back: the one at a time, or all of the day. */
export const unskipRun = (work: Work, input: SkipInput): Promise<Changed<AnyRecord>> =>
  editSkips(work, input, (skips, skip) =>
    skips.filter((one) => one.day !== skip.day || (skip.time !== null && one.time !== skip.time)),
  );

const isSame = (a: Skip, b: Skip): boolean => a.day === b.day && a.time === b.time;

async function editSkips(
  work: Work,
  input: SkipInput,
  edit: (skips: readonly Skip[], skip: Skip) => readonly Skip[],
): Promise<Changed<AnyRecord>> {
  const day = dayInput(input.day, 'day');
  const id = await resolveReference(work, 'RecurringTrip', input.ref, 'ref');
  const [run] = await loadRecords(work.queries, work.client.id, recurringTrip, [id]);
  if (run === undefined) throw new TphError('NOT_FOUND', `there is no recurring trip ${quote(input.ref)}`);
  if (input.time !== undefined) timesAt(run.values, input.time, input.ref);
  const reason = cleanText(input.reason ?? '', { multiline: false, max: 500 });
  if (!reason.ok) throw invalid(`reason ${reason.message}`, reason.hint, [{ field: 'reason', message: reason.message }]);
  const skip: Skip = {
    day,
    time: input.time === undefined ? null : (parseTimeOfDay(input.time) ?? null),
    reason: reason.text === '' ? null : reason.text,
  };
  return changeRecord(
    work,
    recurringTrip,
    id,
    (values) => ({ ...values, skips: edit(values['skips'] as readonly Skip[], skip) }),
    { given: ['skips'] },
  );
}
