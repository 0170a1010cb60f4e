import type { Finding, FoundRecord } from '../contract/doctor.ts';
import { type IdlePreference, idlePreferences } from '../db/doctor-facts.ts';
import { candidateDrivers } from '../db/eligibility-facts.ts';
import { chunks } from '../db/record-store.ts';
import { displayName } from '../records/display.ts';
import type { ListRef } from '../resolver/reasons.ts';
import { isLive, type PreferenceList } from '../resolver/trip-list.ts';
import type { Id } from '../values/id.ts';
import { shellWord } from '../values/shell-word.ts';
import { Found, findingOf, number } from './doctor-finding.ts';
import { approval, ownersOf } from './doctor-lists.ts';
import { listsOf } from './eligibility.ts';
import type { Work } from './work.ts';

/**
 * Drivers who are not active but stand on lists as if they were. A suspension ends: such a row is no more than a note
 * while the list has another driver, and is never to be deleted.
 */
export async function idleDriverFindings(work: Work): Promise<readonly Finding[]> {
  const rows = await idlePreferences(work.queries, work.client.id, work.now);
  const candidates = await candidateDrivers(work.queries, work.client.id, []);
  const active = new Set(candidates.flatMap(({ id, status }) => (status === 'ACTIVE' ? [id] : [])));
  const [listed, suspended] = [new Found(), new Found()];
  for (const part of chunks(rows, ROWS))
    for (const { record, isNote } of await judged(work, part, active))
      (isNote ? suspended : listed).add([record]);
  const words = number(
    'approval or favourite is of a driver who is',
    'approvals or favourites are of drivers who are',
  );
  return [
    ...findingOf('IDLE_DRIVER_LISTED', 'WARNING', listed, (count) => `${words(count)} not active`),
    ...findingOf(
      'SUSPENDED_DRIVER_LISTED',
      'INFO',
      suspended,
      (count) => `${words(count)} suspended; the lists have others`,
    ),
  ];
}

/** How many rows are looked at together, with the lists that they are on. */
const ROWS = 2000;

async function judged(work: Work, rows: readonly IdlePreference[], active: ReadonlySet<Id>) {
  const ownerOf = await ownersOf(
    work,
    rows.map(({ kind, owner }) => ({ kind, id: owner })),
  );
  const lists = new Map<string, PreferenceList>();
  for (const kind of ['SCP', 'CUSTOMER'] as const)
    for (const list of await listsOfKind(work, kind, rows)) lists.set(`${kind} ${list.id}`, list);
  return rows.map((row) => {
    const list = lists.get(`${row.kind} ${row.owner}`);
    const isCovered =
      row.mode !== 'HARD' ||
      list?.rows.some((one) => one.mode === 'HARD' && isLive(one, work.now) && active.has(one.driver)) ===
        true;
    const status = row.status.toLowerCase();
    const fix = !isCovered
      ? approval(ownerOf({ kind: row.kind, id: row.owner }))
      : row.status === 'SUSPENDED'
        ? `tph pref list --driver ${shellWord(row.callsign)}`
        : `tph pref delete ${row.id} --reason "driver is ${status}"`;
    const last = isCovered ? '' : ', where no active driver is approved';
    const record: FoundRecord = {
      objectType: 'Driver',
      id: row.driver,
      name: displayName('Driver', { ...row, id: row.driver }),
      detail: `${status}, ${row.mode} for ${list?.name ?? row.owner}${last}`,
      fix,
    };
    return { record, isNote: isCovered && row.status === 'SUSPENDED' };
  });
}

async function listsOfKind(
  work: Work,
  kind: ListRef['kind'],
  rows: readonly IdlePreference[],
): Promise<readonly PreferenceList[]> {
  const owners = new Set<Id>(rows.flatMap((row) => (row.kind === kind ? [row.owner] : [])));
  return listsOf(work, kind, [...owners]);
}
