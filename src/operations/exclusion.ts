import type { Changed } from '../contract/change.ts';
import type {
  AffectedOccurrence,
  ExclusionImpact,
  ExclusionSet,
  ExclusionSetInput,
  ExclusionState,
  ExclusionStatus,
} from '../contract/exclusion.ts';
import { otherEvents } from '../db/pause.ts';
import { loadRecords } from '../db/record-store.ts';
import { groupsDue, recurringTripFacts, tripsLinkedTo } from '../db/release-facts.ts';
import type { AnyRecord } from '../records/definition.ts';
import type { RecordOfType } from '../records/registry.ts';
import { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import { decideRelease, type ExclusionGroup, groupStateOn, resumeDue } from '../resolver/release.ts';
import { impactOf, withGroup } from '../resolver/release-impact.ts';
import { addDays, type Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import { changeRecord } from './change.ts';
import { daysFrom, factsOn, groupOf, MOST_DAYS } from './exclusion-days.ts';
import { countInput, dayInput, refuseInput } from './input.ts';
import { dryRunFlag } from './report.ts';
import { warnOfStanding } from './standing-trips.ts';
import { updateByInput } from './update.ts';
import type { Work } from './work.ts';

const DEFAULT_IMPACT_DAYS = 7;
const MANY = 200;

const stateOf = ({ mode, startDay, endDay, scheduleResumeDay }: ExclusionGroup): ExclusionState => ({
  mode,
  startDay,
  endDay,
  scheduleResumeDay,
});

/** Flips a group; the same flip twice changes nothing the second time (spec section 5). */
export async function setExclusion(work: Work, input: ExclusionSetInput): Promise<ExclusionSet> {
  const before = await groupOf(work, input.ref);
  const days = countInput(input.impactDays, 'impactDays', [0, MOST_DAYS], DEFAULT_IMPACT_DAYS);
  if (input.mode === undefined || input.mode === null)
    throw refuseInput('mode', input.mode, 'is no mode', 'give RUN_SCHEDULE, RUN_ON or RUN_OFF');
  const given = Object.fromEntries(
    Object.entries({ startDay: input.startDay, endDay: input.endDay }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const changed = await updateByInput(work, 'ScheduleExclusionGroup', before.id, {
    mode: input.mode,
    ...given,
    ...resumeDay(before, input),
  });
  const after = await groupOf(work, before.id);
  const affected = await impact(work, before, after, { days, isSame: !changed.changed });
  const warnings = [...changed.warnings, ...(await warnOfStanding(work, affected.suppressed))];
  return {
    group: plainRecord(changed),
    before: stateOf(before),
    after: stateOf(after),
    changed: changed.changed,
    changes: changed.changes,
    impact: affected,
    warnings,
    ...dryRunFlag(work),
  };
}

/** A resume day belongs to its override: it stays with the mode, and goes when the mode changes without a new one. */
function resumeDay(
  before: ExclusionGroup,
  { mode, scheduleResumeDay }: ExclusionSetInput,
): { scheduleResumeDay?: Day | null } {
  if (scheduleResumeDay !== undefined) return { scheduleResumeDay };
  return before.mode === mode ? {} : { scheduleResumeDay: null };
}

function plainRecord(changed: Changed<AnyRecord>): RecordOfType<'ScheduleExclusionGroup'> {
  const { changed: _changed, changes: _changes, warnings: _warnings, dryRun: _dryRun, ...record } = changed;
  return record as unknown as RecordOfType<'ScheduleExclusionGroup'>;
}

/** What the flip does to the runs of the days from today on: both states decided, and compared. */
async function impact(
  work: Work,
  before: ExclusionGroup,
  after: ExclusionGroup,
  { days, isSame }: { readonly days: number; readonly isSame: boolean },
): Promise<ExclusionImpact> {
  const from = work.today;
  const to = days === 0 ? from : addDays(from, days - 1);
  // The same state leads to the same runs.
  if (days === 0 || isSame) return { from, to, suppressed: [], released: [] };
  const only = await tripsLinkedTo(work.queries, work.client.id, before.id);
  const runs = await recurringTripFacts(work.queries, work.client.id, { from, to, only });
  // A day of many runs takes long: a server looks after others in between.
  const pause = runs.length < MANY ? async () => {} : otherEvents;
  const suppressed: AffectedOccurrence[] = [];
  const released: AffectedOccurrence[] = [];
  for (const day of daysFrom(from, to)) {
    const facts = factsOn(work, runs, day);
    const then = decideRelease(withGroup(facts, before));
    await pause();
    const now = decideRelease(withGroup(facts, after));
    await pause();
    const difference = impactOf(then, now);
    suppressed.push(...difference.suppressed.map((one) => ({ ...one, day })));
    released.push(...difference.released.map((one) => ({ ...one, day })));
  }
  return { from, to, suppressed, released };
}

/** Whether a group is ON or OFF on a day, and why (spec section 5). */
export async function exclusionStatus(
  work: Work,
  input: { readonly ref: string; readonly day: Day },
): Promise<ExclusionStatus> {
  const day = dayInput(input.day, 'day');
  const group = await groupOf(work, input.ref);
  const { state, mode, because } = groupStateOn(group, day);
  const linked = await tripsLinkedTo(work.queries, work.client.id, group.id);
  const { startDay, endDay, scheduleResumeDay } = group;
  return {
    group: { id: group.id, name: group.name },
    day,
    state,
    mode,
    because,
    storedMode: group.mode,
    startDay,
    endDay,
    scheduleResumeDay,
    linkedTrips: linked.length,
  };
}

/** The overrides that the client's today has run out (spec section 4.2). */
export const dueGroups = (work: Work): Promise<readonly Id[]> =>
  groupsDue(work.queries, work.client.id, work.today);

/** Stores RUN_SCHEDULE for an override that has run its time, as the system's own change. Once: the second finds nothing due. */
export async function revertDue(work: Work): Promise<void> {
  for (const id of await dueGroups(work)) {
    const [stored] = await loadRecords(work.queries, work.client.id, scheduleExclusionGroup, [id]);
    if (stored === undefined || !resumeDue(stored.values as unknown as ExclusionGroup, work.today)) continue;
    await changeRecord(
      work,
      scheduleExclusionGroup,
      id,
      (values) => ({ ...values, mode: 'RUN_SCHEDULE', scheduleResumeDay: null }),
      { given: ['mode', 'scheduleResumeDay'] },
    );
  }
}
