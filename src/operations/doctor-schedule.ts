import type { Finding, FoundRecord } from '../contract/doctor.ts';
import { linkedGroups, modeChanges } from '../db/doctor-facts.ts';
import { exclusionGroups } from '../db/release-facts.ts';
import type { ExclusionGroup } from '../resolver/release.ts';
import { shellWord } from '../values/shell-word.ts';
import { findingOf, number } from './doctor-finding.ts';
import type { Work } from './work.ts';

/** An override without a resume day is taken as forgotten after so many days. */
const FORGOTTEN_DAYS = 30;

/** Exclusion groups that do nothing, and overrides that nobody has taken back. */
export async function scheduleFindings(work: Work): Promise<readonly Finding[]> {
  const { queries, client, now } = work;
  const groups = [...(await exclusionGroups(queries, client.id)).values()];
  const linked = await linkedGroups(queries, client.id);
  const record = ({ id, name }: ExclusionGroup, detail: string, fix: string): FoundRecord => ({
    objectType: 'ScheduleExclusionGroup',
    id,
    name,
    detail,
    fix,
  });
  const unlinked = groups
    .filter(({ id }) => !linked.has(id))
    .map((group) => record(group, group.mode, `tph exclusion link ${shellWord(group.name)}`));
  const overrides = groups.filter((one) => one.mode !== 'RUN_SCHEDULE' && one.scheduleResumeDay === null);
  const changes = await modeChanges(
    queries,
    client.id,
    overrides.map(({ id }) => id),
  );
  const forgotten = overrides.flatMap((group) => {
    const change = changes.get(group.id);
    const days = change === undefined ? 0 : Math.floor((now - change.at) / 86_400);
    if (change === undefined || days <= FORGOTTEN_DAYS) return [];
    const detail = `${group.mode} for ${days} days, by ${change.actor}`;
    return [record(group, detail, `tph exclusion set ${shellWord(group.name)} RUN_SCHEDULE`)];
  });
  return [
    ...findingOf(
      'OVERRIDE_FORGOTTEN',
      'WARNING',
      forgotten,
      (count) =>
        `${number('override has', 'overrides have')(count)} no resume day and ${count === 1 ? 'is' : 'are'} older than ${FORGOTTEN_DAYS} days`,
    ),
    ...findingOf(
      'GROUP_UNLINKED',
      'WARNING',
      unlinked,
      (count) =>
        `${number('exclusion group is', 'exclusion groups are')(count)} linked to no recurring trip: switching ${count === 1 ? 'it' : 'them'} holds nothing back`,
    ),
  ];
}
