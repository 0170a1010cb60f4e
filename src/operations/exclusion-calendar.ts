import { setImmediate as otherEvents } from 'node:timers/promises';
import type { CalendarInput, CalendarTripDay, ExclusionCalendar } from '../contract/exclusion.ts';
import { exclusionGroups, recurringTripFacts } from '../db/release-facts.ts';
import {
  decideRelease,
  groupStateOn,
  type Occurrence,
  type RecurringTripFacts,
  type ReleaseDecision,
} from '../resolver/release.ts';
import { type Day, daysBetween } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import { daysFrom, factsOn, groupOf, MOST_DAYS } from './exclusion-days.ts';
import { dayInput, refuseInput } from './input.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

/** Day by day, the state of groups and what becomes of the runs linked to any. */
export async function exclusionCalendar(work: Work, input: CalendarInput): Promise<ExclusionCalendar> {
  const from = dayInput(input.from, 'from');
  const to = dayInput(input.to, 'to');
  if (to < from)
    throw refuseInput('to', to, `lies before from ${from}`, 'give a last day on or after the first');
  if (daysBetween(from, to) >= MOST_DAYS)
    throw refuseInput(
      'to',
      to,
      `lies more than ${MOST_DAYS} days after from ${from}`,
      'ask for a shorter time',
    );
  const all = await exclusionGroups(work.queries, work.client.id);
  const asked = input.group === undefined ? undefined : await groupOf(work, input.group);
  const trip =
    input.recurring === undefined
      ? undefined
      : await resolveReference(work, 'RecurringTrip', input.recurring, 'recurring');
  const only = trip === undefined ? undefined : [trip];
  const runs = (await recurringTripFacts(work.queries, work.client.id, { from, to, only })).filter(
    (run) =>
      trip !== undefined || run.links.some((link) => asked === undefined || link.group.id === asked.id),
  );
  const linked = new Set(runs.flatMap((run) => run.links.map((link) => link.group.id)));
  const groups = [...all.values()].filter((group) =>
    asked === undefined ? trip === undefined || linked.has(group.id) : group.id === asked.id,
  );
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
    trips: await tripDays(work, runs, days),
  };
}

async function tripDays(
  work: Work,
  runs: readonly RecurringTripFacts[],
  days: readonly Day[],
): Promise<ExclusionCalendar['trips']> {
  const byTrip = new Map<Id, CalendarTripDay[]>(runs.map((run) => [run.id, []]));
  for (const day of days) {
    // A day of many runs takes long: a server looks after others in between.
    await otherEvents();
    for (const [id, own] of occurrencesByTrip(decideRelease(factsOn(work, runs, day)))) {
      const suppressed = own.filter((one) => one.outcome === 'SUPPRESSED');
      const causes = new Map(
        suppressed.flatMap((one) => one.causes.map((cause) => [JSON.stringify(cause), cause] as const)),
      );
      byTrip.get(id)?.push({
        day,
        released: own.length - suppressed.length,
        suppressed: suppressed.length,
        causes: [...causes.values()],
        heldBack: suppressed.map(({ time, causes: why }) => ({ time, causes: why })),
      });
    }
  }
  return [...runs]
    .sort((a, b) => (a.ref < b.ref ? -1 : 1))
    .map((run) => ({
      recurringTrip: { id: run.id, ref: run.ref, name: run.name },
      days: byTrip.get(run.id) ?? [],
    }));
}

function occurrencesByTrip({ occurrences }: ReleaseDecision): ReadonlyMap<Id, readonly Occurrence[]> {
  const byTrip = new Map<Id, Occurrence[]>();
  for (const one of occurrences) {
    const own = byTrip.get(one.recurringTrip.id);
    if (own === undefined) byTrip.set(one.recurringTrip.id, [one]);
    else own.push(one);
  }
  return byTrip;
}
