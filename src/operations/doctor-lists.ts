import type { Finding, FoundRecord } from '../contract/doctor.ts';
import { idlePreferences } from '../db/doctor-facts.ts';
import { candidateDrivers } from '../db/eligibility-facts.ts';
import { ownersOfHardRows } from '../db/forecast-facts.ts';
import { customer } from '../records/customer.ts';
import { displayName } from '../records/display.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import { type ListOutlook, listOutlook } from '../resolver/forecast-list.ts';
import type { ListRef } from '../resolver/reasons.ts';
import { isLive, type PreferenceList, type PreferenceRow } from '../resolver/trip-list.ts';
import type { Id } from '../values/id.ts';
import { formatInstant, type Instant } from '../values/instant.ts';
import { findingOf, number } from './doctor-finding.ts';
import { eligibilitySettings, listsOf } from './eligibility.ts';
import type { Work } from './work.ts';

const RENEWAL = '--expires +365d';

/** Lists of drivers: those that lost or will lose their last one, and rows without effect. */
export async function listFindings(work: Work): Promise<readonly Finding[]> {
  const settings = eligibilitySettings(work);
  const until = (work.now + work.settings['approvals.warnDays'] * 86_400) as Instant;
  const candidates = await candidateDrivers(work.queries, work.client.id);
  const drivers = new Map(candidates.map((driver) => [driver.id, driver]));
  const lists = [...(await guardedLists(work, 'SCP')), ...(await guardedLists(work, 'CUSTOMER'))];
  const looked = lists.map((list) => ({
    list,
    outlook: listOutlook(list, { now: work.now, until, drivers, settings }),
  }));
  const lost = looked.flatMap(({ list, outlook }) => lostRecord(list, outlook, work.now));
  const losing = looked.flatMap(({ list, outlook }) => losingRecord(list, outlook, work.client.timeZone));
  const soft = looked.flatMap(({ list, outlook }) => softRecord(list, outlook, work.now));
  const off = settings.approvedScpDrivers ? [] : lists.filter(({ kind }) => kind === 'SCP').map(offRecord);
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
    ...findingOf('SOFT_WITHOUT_EFFECT', 'INFO', soft, number('locked list has', 'locked lists have')).map(
      withTail('SOFT rows, which have no effect'),
    ),
  ];
}

const withTail = (tail: string) => (finding: Finding) => ({
  ...finding,
  message: `${finding.message} ${tail}`,
});

async function guardedLists(work: Work, kind: ListRef['kind']): Promise<readonly PreferenceList[]> {
  const owners = await ownersOfHardRows(work.queries, work.client.id, kind, { live: true });
  return listsOf(work, kind, kind === 'SCP' ? specialCategoryPassenger : customer, owners);
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

function lostRecord(list: PreferenceList, { now: code }: ListOutlook, now: Instant): readonly FoundRecord[] {
  if (code === null) return [];
  const live = hardRows(list).filter((row) => isLive(row, now));
  const [last] = [...hardRows(list)].sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0));
  if (live.length > 0 || last === undefined) {
    const flag = list.kind === 'SCP' ? '--scp' : '--customer';
    const detail = `${whoMay(code)}: none of the drivers on the list may drive`;
    return [record(list, detail, `tph pref create --driver <callsign> ${flag} ${list.id} --mode HARD`)];
  }
  return [record(list, `${whoMay(code)}: every HARD row has lapsed`, `tph pref renew ${last.id} ${RENEWAL}`)];
}

function losingRecord(
  list: PreferenceList,
  { later }: ListOutlook,
  timeZone: string,
): readonly FoundRecord[] {
  if (later === null) return [];
  const lapsing = hardRows(list).find((row) => row.expiresAt === later.at);
  const detail = `${whoMay(later.code)} from ${formatInstant(later.at, timeZone)} on`;
  const fix = lapsing === undefined ? 'tph pref expiring' : `tph pref renew ${lapsing.id} ${RENEWAL}`;
  return [record(list, detail, fix)];
}

function softRecord(
  list: PreferenceList,
  { softWithoutEffect: count }: ListOutlook,
  now: Instant,
): readonly FoundRecord[] {
  const soft = list.rows.find((row) => row.mode === 'SOFT' && isLive(row, now));
  if (count === 0 || soft === undefined) return [];
  const detail = number('SOFT row without effect', 'SOFT rows without effect')(count);
  // To make it HARD would approve a driver; that is for a person to decide.
  return [record(list, detail, `tph pref delete ${soft.id}`)];
}

/** Drivers who are not active but stand on lists as if they were. */
export async function idleDriverFindings(work: Work): Promise<readonly Finding[]> {
  const rows = await idlePreferences(work.queries, work.client.id, work.now);
  const byDriver = new Map<Id, (typeof rows)[number][]>();
  for (const row of rows) byDriver.set(row.driver, [...(byDriver.get(row.driver) ?? []), row]);
  const records = [...byDriver.values()].flatMap((own): FoundRecord[] => {
    const [first] = own;
    if (first === undefined) return [];
    const lists = number('list', 'lists')(own.length);
    return [
      {
        objectType: 'Driver',
        id: first.driver,
        name: displayName('Driver', { ...first, id: first.driver }),
        detail: `${first.status.toLowerCase()}, on ${lists}`,
        fix: `tph pref delete ${first.id} --reason "driver is ${first.status.toLowerCase()}"`,
      },
    ];
  });
  return findingOf(
    'IDLE_DRIVER_LISTED',
    'WARNING',
    records,
    (count) => `${number('driver is', 'drivers are')(count)} approved or preferred, but not active`,
  );
}
