import type { Finding, FoundRecord } from '../contract/doctor.ts';
import { candidateDrivers } from '../db/eligibility-facts.ts';
import { ownersOfHardRows } from '../db/forecast-facts.ts';
import { chunks } from '../db/record-store.ts';
import type { CandidateDriver, EligibilitySettings } from '../resolver/eligibility.ts';
import { type ListOutlook, listOutlook } from '../resolver/forecast-list.ts';
import type { ListRef } from '../resolver/reasons.ts';
import { driversToRenew, hasLapsed } from '../resolver/renewable.ts';
import { isLive, type PreferenceList, type PreferenceRow } from '../resolver/trip-list.ts';
import { addDays, formatDay } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import { formatInstant, type Instant } from '../values/instant.ts';
import { shellWord } from '../values/shell-word.ts';
import { dayAt } from '../values/zone.ts';
import { Found, findingOf, number } from './doctor-finding.ts';
import { commandHandles } from './doctor-handles.ts';
import { eligibilitySettings, listsOf } from './eligibility.ts';
import type { Work } from './work.ts';

/** Lists of drivers: those that lost or will lose their last one, and rows without effect. */
export async function listFindings(work: Work): Promise<readonly Finding[]> {
  const settings = eligibilitySettings(work);
  const until = (work.now + work.settings['approvals.warnDays'] * 86_400) as Instant;
  const candidates = await candidateDrivers(work.queries, work.client.id, []);
  const drivers = new Map(candidates.map((driver) => [driver.id, driver]));
  const [lost, losing, soft, off] = [new Found(), new Found(), new Found(), new Found()];
  for (const kind of ['SCP', 'CUSTOMER'] as const) {
    const owners = await ownersOfHardRows(work.queries, work.client.id, kind, { live: true });
    for (const part of chunks(owners, LISTS)) {
      const looked = (await listsOf(work, kind, part)).map((list) => ({
        list,
        outlook: listOutlook(list, { now: work.now, until, drivers, settings }),
      }));
      const troubled = looked.filter(({ outlook }) => outlook.now !== null || outlook.later !== null);
      const ownerOf = await ownersOf(
        work,
        troubled.map(({ list }) => list),
      );
      const facts: Facts = { work, drivers, settings, ownerOf };
      for (const { list, outlook } of looked) {
        lost.add(lostRecord(list, outlook, facts));
        losing.add(losingRecord(list, outlook, facts));
        soft.add(softRecords(list, outlook, facts));
        if (kind === 'SCP' && !settings.approvedScpDrivers) off.add([offRecord(list)]);
      }
    }
  }
  return [
    ...findingOf(
      'APPROVALS_OFF',
      'WARNING',
      off,
      (count) =>
        `${number('passenger has', 'passengers have')(count)} HARD approvals that do not count: dispatch.approvedScpDrivers is off`,
    ),
    ...findingOf('LIST_LOST', 'ERROR', lost, number('list has', 'lists have')).map(
      withTail('lost every driver'),
    ),
    ...findingOf('LIST_LOSING', 'WARNING', losing, number('list loses its', 'lists lose their')).map(
      withTail(`last driver within ${work.settings['approvals.warnDays']} days`),
    ),
    ...findingOf('SOFT_WITHOUT_EFFECT', 'INFO', soft, number('SOFT row has', 'SOFT rows have')).map(
      withTail('no effect: the list is locked'),
    ),
  ];
}

/** How many lists are looked at together. */
const LISTS = 2000;

const withTail = (tail: string) => (finding: Finding) => ({
  ...finding,
  message: `${finding.message} ${tail}`,
});

interface Facts {
  readonly work: Work;
  readonly drivers: ReadonlyMap<Id, CandidateDriver>;
  readonly settings: EligibilitySettings;
  /** The flag that names whose list it is: `--scp SCP-1`. */
  readonly ownerOf: (list: ListRef) => string;
}

/** The flag that names whose list each is, in a command to copy: `--scp SCP-1`. */
export async function ownersOf(
  work: Work,
  lists: readonly Pick<ListRef, 'kind' | 'id'>[],
): Promise<(list: Pick<ListRef, 'kind' | 'id'>) => string> {
  const ids = (wanted: ListRef['kind']) => lists.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
  const scps = await commandHandles(work, 'SpecialCategoryPassenger', ids('SCP'));
  const customers = await commandHandles(work, 'Customer', ids('CUSTOMER'));
  return ({ kind, id }) => (kind === 'SCP' ? `--scp ${scps(id)}` : `--customer ${customers(id)}`);
}

/** Whom to approve is asked where the command is typed. */
export const approval = (owner: string): string => `tph pref add ${owner} --mode HARD`;

/** Renews a row through the end of a day a year after it lapses, or after today. */
function renewal(row: PreferenceRow, list: ListRef, { work, drivers, ownerOf }: Facts): string {
  const from = dayAt(Math.max(work.now, row.expiresAt ?? 0) as Instant, work.client.timeZone);
  const driver = shellWord(drivers.get(row.driver)?.callsign ?? row.driver);
  return `tph pref renew --driver ${driver} ${ownerOf(list)} --expires ${formatDay(addDays(from, 365))}`;
}

/** The row to renew so that the list has a driver again at a moment: the one that lapsed last of those worth it. */
function toRenew(list: PreferenceList, moment: Instant, { drivers, settings }: Facts) {
  const able = driversToRenew([list], moment, { drivers, settings, requiredCapabilities: [] });
  return list.rows
    .filter((row) => hasLapsed(row, moment) && able.has(row.driver))
    .sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0))[0];
}

const record = ({ kind, id, name }: ListRef, detail: string, fix: string): FoundRecord => ({
  objectType: kind === 'SCP' ? 'SpecialCategoryPassenger' : 'Customer',
  id,
  name,
  detail,
  fix,
});

const hardRows = ({ rows }: PreferenceList): readonly PreferenceRow[] =>
  rows.filter((row) => row.mode === 'HARD' && !row.deleted);

function offRecord(list: PreferenceList): FoundRecord {
  const count = number('HARD approval', 'HARD approvals')(hardRows(list).length);
  return record(list, count, 'tph settings set dispatch.approvedScpDrivers on');
}

const whoMay = (code: NonNullable<ListOutlook['now']>): string =>
  code === 'NOBODY_MAY_DRIVE' ? 'nobody may drive them' : 'anybody may drive them';

function lostRecord(list: PreferenceList, { now: code }: ListOutlook, facts: Facts): readonly FoundRecord[] {
  if (code === null) return [];
  const { now } = facts.work;
  const hasLive = hardRows(list).some((row) => isLive(row, now));
  const row = toRenew(list, now, facts);
  const why = hasLive ? 'none of the drivers on the list may drive' : 'every HARD row has lapsed';
  const nobody = hasLive || row !== undefined ? '' : ', and none of their drivers may drive';
  const fix = row === undefined ? approval(facts.ownerOf(list)) : renewal(row, list, facts);
  return [record(list, `${whoMay(code)}: ${why}${nobody}`, fix)];
}

function losingRecord(list: PreferenceList, { later }: ListOutlook, facts: Facts): readonly FoundRecord[] {
  if (later === null) return [];
  const row = toRenew(list, later.at, facts);
  const detail = `${whoMay(later.code)} from ${formatInstant(later.at, facts.work.client.timeZone)} on`;
  const fix = row === undefined ? approval(facts.ownerOf(list)) : renewal(row, list, facts);
  return [record(list, detail, fix)];
}

function softRecords(
  list: PreferenceList,
  { softWithoutEffect: count }: ListOutlook,
  { work, drivers }: Facts,
): readonly FoundRecord[] {
  if (count === 0) return [];
  return list.rows
    .filter((row) => row.mode === 'SOFT' && isLive(row, work.now))
    .map((row) => {
      const detail = `${drivers.get(row.driver)?.callsign ?? row.driver} is SOFT on a locked list`;
      // To make it HARD would approve a driver; that is for a person to decide.
      return record(list, detail, `tph pref delete ${row.id}`);
    });
}
