import type { Changed } from '../contract/change.ts';
import type {
  AffectedOccurrence,
  CalendarInput,
  CalendarTripDay,
  ExclusionCalendar,
  ExclusionImpact,
  ExclusionLinkInput,
  ExclusionSet,
  ExclusionSetInput,
  ExclusionState,
  ExclusionStatus,
} from '../contract/exclusion.ts';
import type { Stored } from '../db/codec.ts';
import { exclusionGroups, groupsDue, recurringTripFacts, tripsLinkedTo } from '../db/release-facts.ts';
import { loadRecords } from '../db/record-store.ts';
import type { AnyRecord } from '../records/definition.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import type { RecordOfType } from '../records/registry.ts';
import { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import { decideRelease, type ExclusionGroup, groupStateOn, type RecurringTripFacts, type ReleaseFacts, resumeDue } from '../resolver/release.ts';
import { impactOf, withGroup } from '../resolver/release-impact.ts';
import { addDays, type Day, daysBetween } from '../values/day.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { resolveReference } from './references.ts';
import { dayInput } from './release.ts';
import { changeRecord, updateByInput } from './write.ts';
import type { Work } from './work.ts';

const DEFAULT_IMPACT_DAYS = 7;
const MOST_DAYS = 366;

async function groupOf(work: Work, ref: string): Promise<ExclusionGroup> {
  const id = await resolveReference(work, 'ScheduleExclusionGroup', ref, 'group');
  const group = (await exclusionGroups(work.queries, work.client.id)).get(id);
  if (group === undefined) throw new TphError('NOT_FOUND', `there is no exclusion group ${quote(ref)}`);
  return group;
}

const stateOf = ({ mode, startDay, endDay, scheduleResumeDay }: ExclusionGroup): ExclusionState => ({
  mode,
  startDay,
  endDay,
  scheduleResumeDay,
});

/** Flips a group; the same flip twice changes nothing the second time (spec section 5). */
export async function setExclusion(work: Work, input: ExclusionSetInput): Promise<ExclusionSet> {
  const before = await groupOf(work, input.ref);
  const days = input.impactDays ?? DEFAULT_IMPACT_DAYS;
  if (!Number.isInteger(days) || days < 0 || days > MOST_DAYS)
    throw invalid(`impactDays ${quote(days)} is not a whole number from 0 to ${MOST_DAYS}`, 'give a number of days', [
      { field: 'impactDays', value: String(days), message: 'impactDays is out of range' },
    ]);
  const given = Object.fromEntries(
    Object.entries({ startDay: input.startDay, endDay: input.endDay }).filter(([, value]) => value !== undefined),
  );
  const changed = await updateByInput(work, 'ScheduleExclusionGroup', before.id, {
    mode: input.mode,
    ...given,
    ...resumeDay(before, input),
  });
  const after = await groupOf(work, before.id);
  return {
    group: plainRecord(changed),
    before: stateOf(before),
    after: stateOf(after),
    changed: changed.changed,
    changes: changed.changes,
    impact: await impact(work, before, after, days),
    warnings: changed.warnings.map(({ message, hint }) => ({ message, ...(hint === undefined ? {} : { hint }) })),
    ...(work.dryRun ? { dryRun: true as const } : {}),
  };
}

/** A resume day belongs to its override: it stays with the mode, and goes when the mode changes without a new one. */
function resumeDay(before: ExclusionGroup, { mode, scheduleResumeDay }: ExclusionSetInput): { scheduleResumeDay?: Day | null } {
  if (scheduleResumeDay !== undefined) return { scheduleResumeDay };
  return before.mode === mode ? {} : { scheduleResumeDay: null };
}

function plainRecord(changed: Changed<AnyRecord>): RecordOfType<'ScheduleExclusionGroup'> {
  const { changed: _changed, changes: _changes, warnings: _warnings, dryRun: _dryRun, ...record } = changed;
  return record as unknown as RecordOfType<'ScheduleExclusionGroup'>;
}

/** What the flip does to the runs of the days from today on: both states decided, and compared. */
async function impact(work: Work, before: ExclusionGroup, after: ExclusionGroup, days: number): Promise<ExclusionImpact> {
  const from = work.today;
  const to = days === 0 ? from : addDays(from, days - 1);
  if (days === 0) return { from, to, suppressed: [], released: [] };
  const only = await tripsLinkedTo(work.queries, work.client.id, before.id);
  const runs = await recurringTripFacts(work.queries, work.client.id, { from, to, only });
  const suppressed: AffectedOccurrence[] = [];
  const released: AffectedOccurrence[] = [];
  for (const day of daysFrom(from, to)) {
    const facts = factsOn(work, runs, day);
    const difference = impactOf(decideRelease(withGroup(facts, before)), decideRelease(withGroup(facts, after)));
    suppressed.push(...difference.suppressed.map((one) => ({ ...one, day })));
    released.push(...difference.released.map((one) => ({ ...one, day })));
  }
  return { from, to, suppressed, released };
}

const factsOn = (work: Work, recurringTrips: readonly RecurringTripFacts[], day: Day): ReleaseFacts => ({
  day,
  client: { id: work.client.id },
  timeZone: work.client.timeZone,
  recurringTrips,
  existing: [],
});

const daysFrom = (from: Day, to: Day): readonly Day[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_day, index) => addDays(from, index));

/** Links a recurring trip, or its times at one hour. Linking what is linked changes nothing. */
export const linkExclusion = (work: Work, input: ExclusionLinkInput): Promise<Changed<AnyRecord>> => editLinks(work, input, true);
export const unlinkExclusion = (work: Work, input: ExclusionLinkInput): Promise<Changed<AnyRecord>> => editLinks(work, input, false);

interface Link {
  readonly group: Id;
  readonly timeId: Id | null;
}

async function editLinks(work: Work, input: ExclusionLinkInput, linked: boolean): Promise<Changed<AnyRecord>> {
  const group = await resolveReference(work, 'ScheduleExclusionGroup', input.ref, 'group');
  const id = await resolveReference(work, 'RecurringTrip', input.recurring, 'recurring');
  const [run] = await loadRecords(work.queries, work.client.id, recurringTrip, [id]);
  if (run === undefined) throw new TphError('NOT_FOUND', `there is no recurring trip ${quote(input.recurring)}`);
  const timeIds: readonly (Id | null)[] = input.time === undefined ? [null] : timesAt(run.values, input.time, input.recurring);
  const touches = (link: Link) =>
    link.group === group && (timeIds.includes(link.timeId) || (!linked && input.time === undefined));
  return changeRecord(
    work,
    recurringTrip,
    id,
    (values) => {
      const links = values['exclusionLinks'] as readonly Link[];
      const fresh = timeIds.filter((timeId) => !links.some((link) => link.group === group && link.timeId === timeId));
      return {
        ...values,
        exclusionLinks: linked ? [...links, ...fresh.map((timeId) => ({ group, timeId }))] : links.filter((link) => !touches(link)),
      };
    },
    { given: ['exclusionLinks'] },
  );
}

/** The ids of the times that go out at `text`; INVALID names those there are. */
export function timesAt(values: Stored, text: string, ref: string): readonly Id[] {
  const times = values['times'] as readonly { readonly id: Id; readonly time: string }[];
  const wanted = parseTimeOfDay(text);
  const found = times.filter((time) => time.time === wanted).map((time) => time.id);
  if (found.length > 0) return found;
  const message = wanted === undefined ? `time ${quote(text)} is not a time of day` : `${quote(ref)} does not go out at ${wanted}`;
  const hint = times.length === 0 ? 'it has no times yet' : `it goes out at ${[...new Set(times.map((time) => time.time))].join(', ')}`;
  throw invalid(message, hint, [{ field: 'time', value: text, message, hint }]);
}



export async function exclusionStatus(work: Work, input: { readonly ref: string; readonly day: Day }): Promise<ExclusionStatus> {
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

/** Day by day, the state of groups and what becomes of the runs linked to any. */
export async function exclusionCalendar(work: Work, input: CalendarInput): Promise<ExclusionCalendar> {
  const from = dayInput(input.from, 'from');
  const to = dayInput(input.to, 'to');
  if (to < from) throw invalid(`to ${to} lies before from ${from}`, 'give a last day on or after the first', [{ field: 'to', message: 'to lies before from' }]);
  if (daysBetween(from, to) >= MOST_DAYS) throw invalid(`the calendar shows at most ${MOST_DAYS} days`, 'ask for a shorter time');
  const all = await exclusionGroups(work.queries, work.client.id);
  const asked = input.group === undefined ? undefined : await groupOf(work, input.group);
  const trip = input.recurring === undefined ? undefined : await resolveReference(work, 'RecurringTrip', input.recurring, 'recurring');
  const only = trip === undefined ? undefined : [trip];
  const runs = (await recurringTripFacts(work.queries, work.client.id, { from, to, only })).filter(
    (run) => trip !== undefined || run.links.some((link) => asked === undefined || link.group.id === asked.id),
  );
  const linked = new Set(runs.flatMap((run) => run.links.map((link) => link.group.id)));
  const groups = [...all.values()].filter((group) => (asked === undefined ? trip === undefined || linked.has(group.id) : group.id === asked.id));
  const days = daysFrom(from, to);
  return {
    from,
    to,
    today: work.today,
    groups: groups.map((group) => ({
      group: { id: group.id, name: group.name },
      days: days.map((day) => {
        const { state, because } = groupStateOn(group, day);
        return { day, state, because };
      }),
    })),
    trips: tripDays(work, runs, days),
  };
}

function tripDays(work: Work, runs: readonly RecurringTripFacts[], days: readonly Day[]): ExclusionCalendar['trips'] {
  const byTrip = new Map<Id, CalendarTripDay[]>(runs.map((run) => [run.id, []]));
  for (const day of days) {
    const { occurrences } = decideRelease(factsOn(work, runs, day));
    for (const run of runs) {
      const own = occurrences.filter((one) => one.recurringTrip.id === run.id);
      if (own.length === 0) continue;
      const suppressed = own.filter((one) => one.outcome === 'SUPPRESSED');
      const causes = new Map(suppressed.flatMap((one) => one.causes.map((cause) => [JSON.stringify(cause), cause] as const)));
      byTrip.get(run.id)?.push({
        day,
        released: own.length - suppressed.length,
        suppressed: suppressed.length,
        causes: [...causes.values()],
      });
    }
  }
  return [...runs]
    .sort((a, b) => (a.ref < b.ref ? -1 : 1))
    .map((run) => ({ recurringTrip: { id: run.id, ref: run.ref, name: run.name }, days: byTrip.get(run.id) ?? [] }));
}

/** The overrides that the client's today has run out (spec section 4.2). */
export const dueGroups = (work: Work): Promise<readonly Id[]> => groupsDue(work.queries, work.client.id, work.today);

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
