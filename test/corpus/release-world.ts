import * as z from 'zod';
import type { GroupState, ReleaseDecision } from '../../src/resolver/release.ts';
import type { ReleaseWorld, StatusWorld } from '../resolver/case-format.ts';
import type { Tenant } from './databases.ts';

/**
 * The two clocks that a day is asked about with: long before it, when every override still stands, and on the day
 * itself, when those that end on it are stored as ended first. Both must answer alike.
 */
const clocks = (day: string): readonly (readonly string[])[] => [[], ['--at', day]];

/** Makes the groups of a case, and asks the program for their states, once for each clock. */
export async function askStatus(
  tenant: Tenant,
  { day, groups }: StatusWorld,
): Promise<readonly ReadonlyMap<string, GroupState>[]> {
  await makeGroups(tenant, groups);
  const answers: Map<string, GroupState>[] = [];
  for (const clock of clocks(day)) {
    const states = new Map<string, GroupState>();
    for (const name of Object.keys(groups)) {
      const words = ['exclusion', 'status', name, '--day', day, ...clock];
      const { state, mode, because } = await tenant.ask('scheduleExclusionGroup.status', ...words);
      states.set(name, { state, mode, because, resumed: false });
    }
    answers.push(states);
  }
  return answers;
}

/** Makes the world of a case, and asks the program which runs go out, once for each clock. */
export async function askRelease(tenant: Tenant, world: ReleaseWorld): Promise<readonly ReleaseDecision[]> {
  await makeGroups(tenant, world.groups ?? {});
  const timeIds = new Map<string, string>();
  for (const [ref, run] of Object.entries(world.recurring)) {
    const made = createdRun.parse(await tenant.tph('recurring', 'create', ref, ...runFlags(ref, run)));
    // The first of several at one time is meant.
    for (const { id, time } of made.times.toReversed()) timeIds.set(`${ref} ${time}`, id);
    for (const link of run.groups ?? []) {
      const [group = '', time] = link.split(' @ ');
      await tenant.tph('exclusion', 'link', group, ref, ...(time === undefined ? [] : ['--time', time]));
    }
  }
  for (const { ref, recurring, time } of world.trips ?? []) {
    const timeId = timeIds.get(`${recurring} ${time}`);
    if (timeId === undefined) throw new Error(`the world has no run ${recurring} at ${time}`);
    const from = ['--recurring', recurring, '--recurring-time-id', timeId];
    await tenant.tph('trip', 'create', ref, '--pickup', world.day, '--day', world.day, ...from);
  }
  const answers: ReleaseDecision[] = [];
  for (const clock of clocks(world.day))
    answers.push(await tenant.ask('release.preview', 'release', '--day', world.day, ...clock));
  return answers;
}

const createdRun = z.looseObject({ times: z.array(z.looseObject({ id: z.string(), time: z.string() })) });

async function makeGroups(tenant: Tenant, groups: StatusWorld['groups']): Promise<void> {
  for (const [name, { mode, start, end, resume }] of Object.entries(groups))
    await tenant.tph('exclusion', 'create', name, '--mode', mode, ...flags({ start, end, resume }));
}

function runFlags(ref: string, run: ReleaseWorld['recurring'][string]): string[] {
  const { start, end, active, times, skips } = run;
  return [
    ...flags({ name: `Run ${ref}`, start, end, ...(active === undefined ? {} : { active: String(active) }) }),
    ...times.flatMap((time) => ['--time', time]),
    ...(skips ?? []).flatMap(({ day, time, reason }) => [
      '--skip',
      [
        day,
        ...(time === undefined ? [] : [`time=${time}`]),
        ...(reason === undefined ? [] : [`reason=${reason}`]),
      ].join('; '),
    ]),
  ];
}

/** `--name value` for each that is given. */
export function flags(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}
