import * as fc from 'fast-check';
import type { Api } from '../../src/contract/api.ts';
import type { ReleaseFacts } from '../../src/resolver/release.ts';
import { addDays, type Day } from '../../src/values/day.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { releaseWorlds } from '../resolver/random-worlds.ts';
import type { Tenant } from './databases.ts';

/** The middle of the days of the resolver's own worlds. */
const MIDDLE = 20280229 as Day;
/** When a trip is picked up does not matter: its run, time and day say what it is. */
const ANY_PICKUP = 1_800_000_000 as Instant;

/** Zones with a day whose neighbours the worlds are moved to: none, or one on which the clocks skip or repeat 01:30. */
const places = fc.constantFrom(
  { timeZone: 'Europe/Dublin', middle: MIDDLE },
  { timeZone: 'Europe/Dublin', middle: 20280326 as Day },
  { timeZone: 'Europe/Dublin', middle: 20281029 as Day },
  { timeZone: 'America/New_York', middle: 20281105 as Day },
  { timeZone: 'Australia/Lord_Howe', middle: 20280402 as Day },
);

/** A world of the resolver's own, with what surrounds it in a database. */
export const releasePlans = fc
  .record({
    facts: releaseWorlds,
    place: places,
    /** Which groups, runs and trips are deleted in the end. */
    goneGroups: fc.array(fc.constantFrom(false, false, false, true), { minLength: 3, maxLength: 3 }),
    goneRuns: fc.array(fc.constantFrom(false, false, false, true), { minLength: 3, maxLength: 3 }),
    goneTrips: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    /** Which trips that the day has been given were given to the day after instead. */
    onNextDayOnly: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    /** Links of single times are made by the hour, which means every time at that hour. */
    byHour: fc.boolean(),
    /** Each group that is linked to a time is then linked to the whole run too. */
    widens: fc.constantFrom(false, false, true),
  })
  .map((plan) => {
    const facts = possible(plan.facts, plan.place);
    return { ...plan, facts: plan.widens ? widened(facts) : facts };
  });

export type ReleasePlan = typeof releasePlans extends fc.Arbitrary<infer P> ? P : never;
type Place = typeof places extends fc.Arbitrary<infer P> ? P : never;
type Run = ReleaseFacts['recurringTrips'][number];
type Group = Run['links'][number]['group'];

/** The same world on the days of a place, without what records cannot be: an end before its start, a ref taken twice. */
function possible(facts: ReleaseFacts, { timeZone, middle }: Place): ReleaseFacts {
  const moved = new Map(
    [-2, -1, 0, 1, 2].map((offset) => [addDays(MIDDLE, offset), addDays(middle, offset)]),
  );
  const move = (day: Day): Day => moved.get(day) ?? day;
  const maybe = (day: Day | null) => (day === null ? null : move(day));
  const window = ({ startDay, endDay }: { readonly startDay: Day | null; readonly endDay: Day | null }) => {
    const isTurned = startDay !== null && endDay !== null && endDay < startDay;
    return isTurned
      ? { startDay: maybe(endDay), endDay: maybe(startDay) }
      : { startDay: maybe(startDay), endDay: maybe(endDay) };
  };
  const groupOf = (group: Group): Group => ({
    ...group,
    ...window(group),
    scheduleResumeDay: maybe(group.scheduleResumeDay),
  });
  return {
    ...facts,
    timeZone,
    day: move(facts.day),
    recurringTrips: facts.recurringTrips.map((run, index) => ({
      ...run,
      ...window(run),
      ref: `SR-${index}`,
      times: run.times.map((time) => ({ ...time, endDay: maybe(time.endDay) })),
      skips: run.skips.map((skip) => ({ ...skip, day: move(skip.day) })),
      links: run.links.map((link) => ({ ...link, group: groupOf(link.group) })),
    })),
  };
}

const widened = (facts: ReleaseFacts): ReleaseFacts => ({
  ...facts,
  recurringTrips: facts.recurringTrips.map((run) => ({
    ...run,
    links: run.links.flatMap((link) => [link, { ...link, timeId: null }]),
  })),
});

/** Makes the records of a plan, and says what the resolver ought to be given, with the ids of the records. */
export async function makeRelease(tenant: Tenant, plan: ReleasePlan): Promise<ReleaseFacts> {
  const api = await tenant.api();
  const { facts } = plan;
  const groups = new Map<string, Group>();
  for (const { group } of facts.recurringTrips.flatMap((run) => run.links)) {
    if (groups.has(group.name)) continue;
    const { id: _, ...values } = group;
    groups.set(group.name, { ...group, id: (await api.call('scheduleExclusionGroup.create', values)).id });
  }
  const goneGroups = [...groups.values()].filter((_, index) => plan.goneGroups[index]);
  const times = new Map<Id, Id>();
  const runs = new Map<Id, Run>();
  for (const run of facts.recurringTrips)
    runs.set(run.id, await makeRun(api, run, { groups, goneGroups, times, byHour: plan.byHour }));

  const existing: ReleaseFacts['existing'][number][] = [];
  for (const [index, { recurringTrip, timeId, trip }] of facts.existing.entries()) {
    const run = runs.get(recurringTrip)?.id as Id;
    const time = times.get(timeId) as Id;
    const values = { pickupAt: ANY_PICKUP, recurringTrip: { id: run }, recurringTimeId: time };
    // That of the next day is none of this day.
    await api.call('trip.create', { ...values, ref: `${trip.ref}-next`, day: addDays(facts.day, 1) });
    if (plan.onNextDayOnly[index] === true) continue;
    const { id } = await api.call('trip.create', { ...values, ref: trip.ref, day: facts.day });
    if (plan.goneTrips[index] === true) await api.call('trip.delete', { ref: id });
    existing.push({ recurringTrip: run, timeId: time, trip: { id, ref: trip.ref } });
  }
  const goneRuns = [...runs.values()].filter((_, index) => plan.goneRuns[index]);
  for (const { id } of goneRuns) await api.call('recurringTrip.delete', { ref: id });
  for (const { id } of goneGroups) await api.call('scheduleExclusionGroup.delete', { ref: id });
  return {
    ...facts,
    recurringTrips: [...runs.values()].filter((run) => !goneRuns.includes(run)),
    existing,
  };
}

interface Made {
  readonly groups: ReadonlyMap<string, Group>;
  readonly goneGroups: readonly Group[];
  /** The ids that the times of the plan have got; filled here. */
  readonly times: Map<Id, Id>;
  readonly byHour: boolean;
}

async function makeRun(api: Api, run: Run, { groups, goneGroups, times, byHour }: Made): Promise<Run> {
  const { ref, name, active, startDay, endDay, skips } = run;
  const made = await api.call('recurringTrip.create', {
    ...{ ref, name, active, startDay, endDay, skips },
    times: run.times.map(({ time, weekdays, isReturn, endDay: last }) => ({
      ...{ time, weekdays, isReturn, endDay: last },
    })),
  });
  const own = run.times.map((time, index) => ({ ...time, id: made.times[index]?.id as Id }));
  for (const [index, time] of run.times.entries()) times.set(time.id, own[index]?.id as Id);

  const links: Run['links'][number][] = [];
  for (const link of run.links) {
    const group = groups.get(link.group.name) as Group;
    const time = own.find((one) => one.id === times.get(link.timeId as Id));
    if (byHour || time === undefined) {
      const hour = time === undefined ? {} : { time: time.time };
      await api.call('scheduleExclusionGroup.link', { ref: group.name, recurring: ref, ...hour });
    } else {
      const exclusionLinks = [{ group: { id: group.id }, timeId: time.id }];
      await api.call('recurringTrip.update', { ref, add: { exclusionLinks } });
    }
    const linked = byHour && time !== undefined ? own.filter((one) => one.time === time.time) : [time];
    links.push(...linked.map((one) => ({ group, timeId: one?.id ?? null })));
  }
  return { ...run, id: made.id, times: own, links: links.filter((link) => !goneGroups.includes(link.group)) };
}
