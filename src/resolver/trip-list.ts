import type { preferenceFields } from '../records/preference.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { ExclusionReason, ListRef } from './reasons.ts';

export type PreferenceMode = (typeof preferenceFields.mode.values)[number];

/** A favourite or an approval: what a customer's or a special-category passenger's list says of one driver. */
export interface PreferenceRow {
  readonly id: Id;
  readonly driver: Id;
  readonly mode: PreferenceMode;
  /** Lower is tried first. */
  readonly priority: number;
  /** The first second at which the row counts no more; null: never. */
  readonly expiresAt: Instant | null;
  readonly deleted: boolean;
}

/** All rows of one customer or special-category passenger. */
export interface PreferenceList extends ListRef {
  readonly rows: readonly PreferenceRow[];
}

/** The client's settings that decide about lists (spec section 3). */
export interface ListSettings {
  readonly favouriteDrivers: boolean;
  readonly approvedScpDrivers: boolean;
  /** Whether a list whose HARD rows have all lapsed still keeps everybody out. */
  readonly lapsedHardList: 'IGNORE' | 'LOCK';
}

/** How a list stood when the trip was decided: counts of rows, deleted ones left out. */
export interface TripList extends ListRef {
  readonly locked: boolean;
  readonly hardLive: number;
  readonly softLive: number;
  readonly blockLive: number;
  readonly lapsed: number;
}

/** A list made ready for asking it about one driver after the other. */
export interface JudgedList {
  readonly ref: ListRef;
  readonly counts: TripList;
  readonly rows: readonly PreferenceRow[];
  readonly lock: 'LIVE' | 'LAPSED' | null;
  /** It has HARD rows, and all of them have lapsed. */
  readonly lostItsHardRows: boolean;
  readonly hard: ReadonlySet<Id>;
  readonly blocked: ReadonlySet<Id>;
  /** The lowest priority among the live HARD and SOFT rows of a driver. */
  readonly preferred: ReadonlyMap<Id, number>;
  /** The reasons this list can give, made once for all drivers. */
  readonly reasons: {
    readonly blocked: ExclusionReason<'BLOCKED'>;
    readonly notOnList: ExclusionReason<'NOT_ON_HARD_LIST'>;
    readonly lapsed: ExclusionReason<'HARD_LIST_LAPSED'>;
  };
}

/** Live: not deleted, and not lapsed at `asOf` (spec section 4.1); the second of expiry itself is too late. */
export function isLive(row: PreferenceRow, asOf: Instant): boolean {
  return !row.deleted && (row.expiresAt === null || asOf < row.expiresAt);
}

/** Whether lists of this kind count at all. */
export function isConsulted(kind: ListRef['kind'], settings: ListSettings): boolean {
  return kind === 'CUSTOMER' ? settings.favouriteDrivers : settings.approvedScpDrivers;
}

/** One list for each distinct customer, then each distinct special-category passenger, each by id. */
export function distinctLists(lists: readonly PreferenceList[]): PreferenceList[] {
  const found = new Map<string, PreferenceList>();
  for (const list of lists) {
    const key = `${list.kind} ${list.id}`;
    const twin = found.get(key);
    found.set(key, twin === undefined ? list : { ...twin, rows: mergeRows(twin.rows, list.rows) });
  }
  return [...found.values()].sort((a, b) =>
    a.kind === b.kind ? compareIds(a.id, b.id) : a.kind === 'CUSTOMER' ? -1 : 1,
  );
}

function mergeRows(some: readonly PreferenceRow[], more: readonly PreferenceRow[]): PreferenceRow[] {
  return [...new Map([...some, ...more].map((row) => [row.id, row])).values()];
}

/** Reads a list once: who is on it, and whether it is locked. */
export function judgeList(list: PreferenceList, asOf: Instant, settings: ListSettings): JudgedList {
  const ref: ListRef = { kind: list.kind, id: list.id, name: list.name };
  const hard = new Set<Id>();
  const blocked = new Set<Id>();
  const preferred = new Map<Id, number>();
  const live = { HARD: 0, SOFT: 0, BLOCK: 0 };
  let lapsed = 0;
  let lapsedHard = 0;
  for (const row of list.rows) {
    if (row.deleted) continue;
    if (!isLive(row, asOf)) {
      lapsed += 1;
      if (row.mode === 'HARD') lapsedHard += 1;
      continue;
    }
    live[row.mode] += 1;
    if (row.mode === 'BLOCK') {
      blocked.add(row.driver);
      continue;
    }
    if (row.mode === 'HARD') hard.add(row.driver);
    preferred.set(row.driver, Math.min(row.priority, preferred.get(row.driver) ?? row.priority));
  }
  const lostItsHardRows = live.HARD === 0 && lapsedHard > 0;
  const lock =
    live.HARD > 0 ? 'LIVE' : lostItsHardRows && settings.lapsedHardList === 'LOCK' ? 'LAPSED' : null;
  const counts: TripList = {
    ...ref,
    locked: lock !== null,
    hardLive: live.HARD,
    softLive: live.SOFT,
    blockLive: live.BLOCK,
    lapsed,
  };
  const reasons = {
    blocked: { code: 'BLOCKED', list: ref },
    notOnList: { code: 'NOT_ON_HARD_LIST', list: ref },
    lapsed: { code: 'HARD_LIST_LAPSED', list: ref },
  } as const;
  return { ref, counts, rows: list.rows, lock, lostItsHardRows, hard, blocked, preferred, reasons };
}
