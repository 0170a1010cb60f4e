import type { driver } from '../records/driver.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { eligibilityWarnings } from './eligibility-warnings.ts';
import {
  type EligibilityWarning,
  EXCLUSION_CODES,
  type ExclusionCode,
  type ExclusionReason,
} from './reasons.ts';
import {
  distinctLists,
  isConsulted,
  type JudgedList,
  judgeList,
  type ListSettings,
  type PreferenceList,
  type TripList,
} from './trip-list.ts';

export type DriverStatus = (typeof driver.fields.status.values)[number];

export interface CandidateDriver {
  readonly id: Id;
  readonly callsign: string;
  readonly name: string;
  readonly status: DriverStatus;
  /** Codes of capabilities. */
  readonly capabilities: readonly string[];
}

export interface EligibilitySettings extends ListSettings {
  /** Seconds, 0 to 1800; 0: no hold. */
  readonly preferredDriverHoldSeconds: number;
}

/**
 * All that the decision rests on. The order of drivers, lists, rows and codes does not matter; the same
 * customer or special-category passenger may be given more than once.
 */
export interface EligibilityFacts {
  readonly now: Instant;
  /** null: asked ad hoc, without a stored trip. */
  readonly trip: { readonly id: Id; readonly ref: string } | null;
  readonly pickupAt: Instant | null;
  readonly releasedAt: Instant | null;
  /** Codes of capabilities. */
  readonly requiredCapabilities: readonly string[];
  /** One for each customer and special-category passenger of the trip, also of a feature that is off. */
  readonly lists: readonly PreferenceList[];
  /** Every driver to be considered. A row of a driver who is not among them still locks its list. */
  readonly drivers: readonly CandidateDriver[];
  readonly settings: EligibilitySettings;
}

export interface EligibleDriver {
  /** From 1, in the order in which drivers are tried. */
  readonly rank: number;
  readonly id: Id;
  readonly callsign: string;
  readonly name: string;
  readonly preferred: boolean;
  /** The lowest priority among the driver's live HARD and SOFT rows; null when not preferred. */
  readonly priority: number | null;
  /** How many lists prefer the driver. */
  readonly lists: number;
  /** The end of the hold for those who wait for it, else null. */
  readonly availableFrom: Instant | null;
}

export interface ExcludedDriver {
  readonly id: Id;
  readonly callsign: string;
  readonly name: string;
  /** Every reason that holds: by code in the order of the spec, then by list or capability. */
  readonly reasons: readonly ExclusionReason[];
}

export interface EligibilitySummary {
  readonly considered: number;
  readonly eligible: number;
  readonly preferred: number;
  readonly excluded: number;
  /** How many drivers each code excludes; a driver counts once for a code. */
  readonly byReason: { readonly [C in ExclusionCode]?: number };
}

/** The answer of spec section 4.1. `excluded` is always filled; callers cut it. */
export interface EligibilityDecision {
  readonly trip: { readonly id: Id; readonly ref: string } | null;
  readonly asOf: Instant;
  readonly phase: 'HOLD' | 'OPEN';
  readonly holdEndsAt: Instant | null;
  readonly requiredCapabilities: readonly string[];
  readonly lists: readonly TripList[];
  readonly drivers: readonly EligibleDriver[];
  readonly excluded: readonly ExcludedDriver[];
  readonly summary: EligibilitySummary;
  readonly warnings: readonly EligibilityWarning[];
}

/** Which drivers may carry a trip, in which order, and why the others may not (spec section 4.1). */
export function decideEligibility(facts: EligibilityFacts): EligibilityDecision {
  const { now, pickupAt } = facts;
  const { asOf, required, lists, unconsulted } = judgeTrip(facts);
  const reasonsAgainst = exclusionTest(required, lists);

  const preferred: Standing[] = [];
  const others: CandidateDriver[] = [];
  const excluded: ExcludedDriver[] = [];
  for (const driver of inOrder(facts.drivers)) {
    const reasons = reasonsAgainst(driver);
    if (reasons !== undefined) {
      excluded.push({ id: driver.id, callsign: driver.callsign, name: driver.name, reasons });
      continue;
    }
    const standing = standingOf(driver, lists);
    if (standing === undefined) others.push(driver);
    else preferred.push(standing);
  }
  preferred.sort(byPreference);
  const holdEndsAt = preferred.length === 0 ? null : endOfRunningHold(facts);
  const first = preferred.map(({ driver, lists: count, priority }, index) =>
    eligibleDriver(driver, index, { priority, lists: count }, null),
  );
  const after = others.map((driver, index) =>
    eligibleDriver(driver, first.length + index, NOT_PREFERRED, holdEndsAt),
  );

  return {
    trip: facts.trip,
    asOf,
    phase: holdEndsAt === null ? 'OPEN' : 'HOLD',
    holdEndsAt,
    requiredCapabilities: required,
    lists: lists.map((list) => list.counts),
    drivers: first.length === 0 ? after : [...first, ...after],
    excluded,
    summary: {
      considered: facts.drivers.length,
      eligible: preferred.length + others.length,
      preferred: preferred.length,
      excluded: excluded.length,
      byReason: countByReason(excluded),
    },
    warnings: eligibilityWarnings({
      now,
      pickupAt,
      drivers: facts.drivers,
      lists,
      unconsulted,
    }),
  };
}

/** What is asked of a trip before any driver is: when, what it requires, and how its lists stand. */
export interface JudgedTrip {
  readonly asOf: Instant;
  /** Each once, in order. */
  readonly required: readonly string[];
  readonly lists: readonly JudgedList[];
  /** The lists that do not count, since their feature is off. */
  readonly unconsulted: readonly PreferenceList[];
}

/** The part of the decision that concerns no single driver (spec section 4.1). */
export function judgeTrip(
  facts: Pick<EligibilityFacts, 'now' | 'pickupAt' | 'requiredCapabilities' | 'lists' | 'settings'>,
): JudgedTrip {
  const { now, pickupAt, settings } = facts;
  const asOf = pickupAt !== null && pickupAt > now ? pickupAt : now;
  const all = distinctLists(facts.lists);
  return {
    asOf,
    required: [...new Set(facts.requiredCapabilities)].sort(),
    lists: all
      .filter((list) => isConsulted(list.kind, settings))
      .map((list) => judgeList(list, asOf, settings)),
    unconsulted: all.filter((list) => !isConsulted(list.kind, settings)),
  };
}

/** By id. Most come so, and then nothing is copied. */
function inOrder(drivers: readonly CandidateDriver[]): readonly CandidateDriver[] {
  const isSorted = drivers.every((driver, index) => {
    const before = drivers[index - 1];
    return before === undefined || byId(before, driver) <= 0;
  });
  return isSorted ? drivers : [...drivers].sort(byId);
}

const NOT_PREFERRED = { priority: null, lists: 0 } as const;

const eligibleDriver = (
  { id, callsign, name }: CandidateDriver,
  before: number,
  { priority, lists }: { readonly priority: number | null; readonly lists: number },
  availableFrom: Instant | null,
): EligibleDriver => ({
  rank: before + 1,
  id,
  callsign,
  name,
  preferred: lists > 0,
  priority,
  lists,
  availableFrom,
});

/** How a preferred driver stands on the lists. */
interface Standing {
  readonly driver: CandidateDriver;
  readonly lists: number;
  readonly priority: number;
}

/** undefined for one whom no list prefers. */
function standingOf(driver: CandidateDriver, lists: readonly JudgedList[]): Standing | undefined {
  let count = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const { preferred } of lists) {
    const priority = preferred.get(driver.id);
    if (priority === undefined) continue;
    count += 1;
    lowest = Math.min(lowest, priority);
  }
  return count === 0 ? undefined : { driver, lists: count, priority: lowest };
}

function byId(a: { readonly id: Id }, b: { readonly id: Id }): number {
  return compareIds(a.id, b.id);
}

function byPreference(a: Standing, b: Standing): number {
  return a.priority - b.priority || b.lists - a.lists || compareIds(a.driver.id, b.driver.id);
}

/** Prepares the question, so that asking it of a driver costs only what concerns that driver; undefined: no reason. */
function exclusionTest(required: readonly string[], lists: readonly JudgedList[]) {
  const lacks = required.map((capability) => ({ code: 'MISSING_CAPABILITY', capability }) as const);
  const blocking = lists.filter((list) => list.blocked.size > 0);
  const locked = lists.filter((list) => list.lock === 'LIVE');
  const lapsed = lists.filter((list) => list.lock === 'LAPSED').map((list) => list.reasons.lapsed);
  return ({ id, status, capabilities }: CandidateDriver): readonly ExclusionReason[] | undefined => {
    const reasons: ExclusionReason[] = [];
    if (status !== 'ACTIVE') reasons.push(NOT_ACTIVE);
    for (const reason of lacks) if (!capabilities.includes(reason.capability)) reasons.push(reason);
    for (const list of blocking) if (list.blocked.has(id)) reasons.push(list.reasons.blocked);
    for (const list of locked) if (!list.hard.has(id)) reasons.push(list.reasons.notOnList);
    for (const reason of lapsed) reasons.push(reason);
    return reasons.length === 0 ? undefined : reasons;
  };
}
const NOT_ACTIVE = { code: 'DRIVER_NOT_ACTIVE' } as const;

/** The hold is half-open: at its end it runs no more. */
export function endOfRunningHold({
  now,
  releasedAt,
  settings,
}: Pick<EligibilityFacts, 'now' | 'releasedAt' | 'settings'>): Instant | null {
  const start = releasedAt !== null && releasedAt < now ? releasedAt : now;
  const end = (start + settings.preferredDriverHoldSeconds) as Instant;
  return now < end ? end : null;
}

function countByReason(excluded: readonly ExcludedDriver[]): EligibilitySummary['byReason'] {
  const counts = new Map<ExclusionCode, number>();
  for (const { reasons } of excluded)
    for (let index = 0; index < reasons.length; index += 1) {
      const { code } = reasons[index] as ExclusionReason;
      // Reasons come by code: of several with the same, the first counts.
      if (index === 0 || reasons[index - 1]?.code !== code) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  return Object.fromEntries(
    EXCLUSION_CODES.flatMap((code) => {
      const count = counts.get(code);
      return count === undefined ? [] : [[code, count]];
    }),
  );
}
