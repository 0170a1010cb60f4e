import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { DriverRef, EligibilityWarning } from './reasons.ts';
import type { JudgedList, PreferenceList } from './trip-list.ts';

/** What the warnings of spec section 4.1 are read from. */
export interface WarningFacts {
  readonly now: Instant;
  readonly pickupAt: Instant | null;
  readonly drivers: readonly { readonly id: Id; readonly callsign: string; readonly name: string }[];
  /** The lists that count, in the decision's order. */
  readonly lists: readonly JudgedList[];
  /** The lists of the trip that do not count, since their feature is off, in the same order. */
  readonly unconsulted: readonly PreferenceList[];
}

/** The warnings of spec section 4.1: by code in its order, then by list, then by driver. */
export function eligibilityWarnings(facts: WarningFacts): EligibilityWarning[] {
  return [
    ...approvalsOff(facts),
    ...lapsedLists(facts),
    ...listConflict(facts),
    ...lapsesBeforePickup(facts),
    ...softOnLockedLists(facts),
  ];
}

function approvalsOff({ unconsulted }: WarningFacts): EligibilityWarning[] {
  return unconsulted
    .filter(({ kind, rows }) => kind === 'SCP' && rows.some((row) => row.mode === 'HARD' && !row.deleted))
    .map(({ kind, id, name }) => ({ code: 'SCP_APPROVALS_OFF', list: { kind, id, name } }));
}

function lapsedLists({ lists }: WarningFacts): EligibilityWarning[] {
  return lists
    .filter((list) => list.lostItsHardRows)
    .map(({ ref, lock }) => ({ code: 'HARD_LIST_LAPSED', list: ref, locked: lock !== null }));
}

function listConflict({ lists, drivers }: WarningFacts): EligibilityWarning[] {
  const locked = lists.filter((list) => list.lock !== null);
  if (locked.length < 2 || drivers.some((driver) => locked.every((list) => list.hard.has(driver.id))))
    return [];
  return [{ code: 'LIST_CONFLICT', lists: locked.map((list) => list.ref) }];
}

function lapsesBeforePickup({ lists, drivers, now, pickupAt }: WarningFacts): EligibilityWarning[] {
  if (pickupAt === null) return [];
  const found = lists.flatMap(({ ref, rows }) =>
    rows
      .flatMap(({ id, driver, mode, expiresAt, deleted }) =>
        !deleted && expiresAt !== null && now < expiresAt && expiresAt <= pickupAt
          ? [{ ref, id, driver, mode, expiresAt }]
          : [],
      )
      .sort((a, b) => compareIds(a.driver, b.driver) || a.expiresAt - b.expiresAt || compareIds(a.id, b.id)),
  );
  if (found.length === 0) return [];
  const wanted = new Set(found.map((row) => row.driver));
  const known = new Map<Id, DriverRef>();
  for (const { id, callsign, name } of drivers) if (wanted.has(id)) known.set(id, { id, callsign, name });
  return found.map(({ ref, driver, mode, expiresAt }) => ({
    code: 'LAPSES_BEFORE_PICKUP',
    list: ref,
    driver: known.get(driver) ?? { id: driver },
    mode,
    expiresAt,
  }));
}

function softOnLockedLists({ lists }: WarningFacts): EligibilityWarning[] {
  return lists
    .filter((list) => list.lock !== null && list.counts.softLive > 0)
    .map(({ ref, counts }) => ({ code: 'SOFT_ON_LOCKED_LIST', list: ref, count: counts.softLive }));
}
