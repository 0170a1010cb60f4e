import type { Id } from '../values/id.ts';
import {
  decideEligibility,
  type EligibilityDecision,
  type EligibilityFacts,
  type EligibilitySummary,
  judgeTrip,
} from './eligibility.ts';
import { EXCLUSION_CODES, type ExclusionCode } from './reasons.ts';
import type { JudgedList, PreferenceList } from './trip-list.ts';

/** Drivers who are alike in all that is asked of a driver whom no list names. */
export interface DriverClass {
  readonly active: boolean;
  /** Codes of capabilities. */
  readonly capabilities: readonly string[];
  readonly count: number;
}

/** How drivers stand to what a trip requires, whatever the lists say. */
export interface Fitness {
  readonly considered: number;
  readonly inactive: number;
  /** How many lack a capability, active or not. */
  readonly lacking: number;
  /** How many are active and lack nothing. */
  readonly fit: number;
  /** By the number of the class: 1 where its drivers are fit. */
  readonly fits: Uint8Array;
}

/** The drivers of a client, counted by class, to be asked for many trips. */
export interface Census {
  /** The same answer for the same capabilities, in whatever order. */
  readonly fitness: (required: readonly string[]) => Fitness;
}

/** As many bits of a mask as an integer operation of the language holds without a sign. */
const BITS = 31;

/** Counts drivers by class; the masks of the classes are compared once for each set of required capabilities. */
export function takeCensus(classes: readonly DriverClass[]): Census {
  const numbers = new Map<string, number>();
  for (const { capabilities } of classes)
    for (const code of capabilities) if (!numbers.has(code)) numbers.set(code, numbers.size);
  const words = Math.max(1, Math.ceil(numbers.size / BITS));
  const masks = new Int32Array(classes.length * words);
  classes.forEach(({ capabilities }, index) => {
    for (const code of capabilities) addBit(masks, index * words, numbers.get(code) as number);
  });
  const active = Uint8Array.from(classes, (one) => Number(one.active));
  const counts = Float64Array.from(classes, (one) => one.count);
  const known = new Map<string, Fitness>();

  const measure = (required: readonly string[]): Fitness => {
    const wanted = new Int32Array(words);
    const isKnown = required.every((code) => numbers.has(code));
    for (const code of required) if (isKnown) addBit(wanted, 0, numbers.get(code) as number);
    const fits = new Uint8Array(classes.length);
    let [considered, inactive, lacking, fit] = [0, 0, 0, 0];
    for (let index = 0; index < fits.length; index += 1) {
      let hasAll = isKnown;
      for (let word = 0; hasAll && word < words; word += 1) {
        const need = wanted[word] as number;
        hasAll = ((masks[index * words + word] as number) & need) === need;
      }
      const count = counts[index] as number;
      considered += count;
      if (active[index] === 0) inactive += count;
      if (!hasAll) lacking += count;
      if (hasAll && active[index] === 1) {
        fit += count;
        fits[index] = 1;
      }
    }
    return { considered, inactive, lacking, fit, fits };
  };
  return {
    fitness: (required) => {
      const key = [...new Set(required)].sort().join('\n');
      const found = known.get(key) ?? measure(required);
      known.set(key, found);
      return found;
    },
  };
}

function addBit(masks: Int32Array, from: number, bit: number): void {
  const at = from + Math.floor(bit / BITS);
  masks[at] = (masks[at] as number) | (1 << (bit % BITS));
}

/**
 * The summary of spec section 4.1 without looking at each driver: those whom a list names are judged one by one, all others
 * are counted by their fitness. `isFit`: whether a driver is active and lacks nothing; undefined for one who is
 * not considered at all.
 */
export function countDrivers(
  lists: readonly JudgedList[],
  { considered, inactive, lacking, fit }: Omit<Fitness, 'fits'>,
  isFit: (driver: Id) => boolean | undefined,
): EligibilitySummary {
  const locked = lists.filter((list) => list.lock === 'LIVE');
  const hasLapsed = lists.some((list) => list.lock === 'LAPSED');
  let [blocked, blockedFit, onAll, admitted, preferred] = [0, 0, 0, 0, 0];
  for (const driver of namedDrivers(lists)) {
    const isBlocked = lists.some((list) => list.blocked.has(driver));
    const isOnAll = locked.every((list) => list.hard.has(driver));
    if (!isBlocked && !isOnAll) continue;
    const fits = isFit(driver);
    if (fits === undefined) continue;
    if (isOnAll) onAll += 1;
    if (isBlocked) blocked += 1;
    if (isBlocked && fits) blockedFit += 1;
    if (isBlocked || !isOnAll || !fits || hasLapsed) continue;
    admitted += 1;
    if (lists.some((list) => list.preferred.has(driver))) preferred += 1;
  }
  const locks = locked.length;
  return summaryOf(
    { locks, hasLapsed, blocked, blockedFit, onAll, admitted, preferred },
    { considered, inactive, lacking, fit },
  );
}

/** What was counted among the drivers whom the lists of a trip name. */
export interface DriverCounts {
  /** How many lists are locked by live rows. */
  readonly locks: number;
  /** Whether a list is locked since its rows have lapsed. */
  readonly hasLapsed: boolean;
  readonly blocked: number;
  readonly blockedFit: number;
  /** How many have a live HARD row on every list that such rows lock. */
  readonly onAll: number;
  /** How many of the named are eligible. */
  readonly admitted: number;
  readonly preferred: number;
}

/** The summary of spec section 4.1 from what was counted. */
export function summaryOf(
  { locks, hasLapsed, blocked, blockedFit, onAll, admitted, preferred }: DriverCounts,
  { considered, inactive, lacking, fit }: Omit<Fitness, 'fits'>,
): EligibilitySummary {
  const eligible = hasLapsed ? 0 : locks > 0 ? admitted : fit - blockedFit;
  const byCode: Readonly<Record<ExclusionCode, number>> = {
    DRIVER_NOT_ACTIVE: inactive,
    MISSING_CAPABILITY: lacking,
    BLOCKED: blocked,
    NOT_ON_HARD_LIST: locks > 0 ? considered - onAll : 0,
    HARD_LIST_LAPSED: hasLapsed ? considered : 0,
  };
  const byReason: { [C in ExclusionCode]?: number } = {};
  for (const code of EXCLUSION_CODES) if (byCode[code] > 0) byReason[code] = byCode[code];
  return { considered, eligible, preferred, excluded: considered - eligible, byReason };
}

/** Each driver once whom a live row of a list names. */
function namedDrivers(lists: readonly JudgedList[]): ReadonlySet<Id> {
  const found = new Set<Id>();
  for (const { hard, blocked, preferred } of lists) {
    for (const driver of blocked) found.add(driver);
    for (const driver of hard) found.add(driver);
    for (const driver of preferred.keys()) found.add(driver);
  }
  return found;
}

/** Every driver whom a row of these lists names, each once. */
export const listedDrivers = (lists: readonly PreferenceList[]): readonly Id[] => [
  ...new Set(lists.flatMap((list) => list.rows.map((row) => row.driver))),
];

/**
 * As `decideEligibility` on all drivers, of whom `facts` need hold only those that `listedDrivers` says, and anybody who is
 * asked for; the others are counted in `classes`, all drivers being there. Only of a trip that has a locked list, which
 * keeps the others out; of them `excluded` does not tell.
 */
export function decideAmong(facts: EligibilityFacts, classes: readonly DriverClass[]): EligibilityDecision {
  const decision = decideEligibility(facts);
  const { lists, required } = judgeTrip(facts);
  const fit = new Map(
    facts.drivers.map(({ id, status, capabilities }) => [
      id,
      status === 'ACTIVE' && required.every((code) => capabilities.includes(code)),
    ]),
  );
  const summary = countDrivers(lists, takeCensus(classes).fitness(required), (driver) => fit.get(driver));
  return { ...decision, summary };
}
