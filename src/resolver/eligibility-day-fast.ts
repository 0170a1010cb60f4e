import type { Instant } from '../values/instant.ts';
import { type EligibilitySettings, endOfRunningHold } from './eligibility.ts';
import { type DriverCounts, type Fitness, summaryOf } from './eligibility-census.ts';
import type { DayTrip, DayTripFacts } from './eligibility-day.ts';
import type { EligibilityWarning, ListRef } from './reasons.ts';
import { isConsulted, type PreferenceMode } from './trip-list.ts';

/** Live preference rows of many lists, a column each; deleted ones are not among them. */
export interface RowColumns {
  /** The number of a driver, from 0; -1 for one who is not considered. */
  readonly driver: Int32Array;
  /** The place of the mode in `MODES`. */
  readonly mode: Uint8Array;
  /** Infinity: never. */
  readonly expiresAt: Float64Array;
}
export const MODES = ['HARD', 'SOFT', 'BLOCK'] as const satisfies readonly PreferenceMode[];
const [HARD, SOFT, BLOCK] = [0, 1, 2];

/** A list as the rows from one number up to another, the other not included. */
export interface ListSpan extends ListRef {
  readonly rows: RowColumns;
  readonly from: number;
  readonly to: number;
}

/** A trip of a day; no list is given twice. */
export interface SpanTripFacts extends Omit<DayTripFacts, 'lists'> {
  /** Customers' lists first, then those of special-category passengers, each by id. */
  readonly lists: readonly ListSpan[];
}

export interface NumberedDrivers {
  readonly fitness: (required: readonly string[]) => Fitness;
  /** The class of each driver, by the driver's number. */
  readonly classes: Int32Array;
}

/** How a list stands at one moment. */
interface Standing {
  readonly list: ListSpan;
  readonly hard: number;
  readonly soft: number;
  readonly lost: boolean;
  readonly lock: 'LIVE' | 'LAPSED' | null;
}

/**
 * As `decideDayTrip`, for thousands of trips: nothing is made for a row, and a driver is a number. What it does not decide is a
 * trip of which a warning must name a driver; that one is for `decideDayTrip`.
 */
export class FastDay {
  readonly #drivers: NumberedDrivers;
  readonly #now: Instant;
  readonly #settings: EligibilitySettings;
  /** What the lists of one trip say of a driver; those of another are there where `#turn` differs. */
  readonly #turn: Int32Array;
  readonly #hards: Int32Array;
  readonly #lastHard: Int32Array;
  readonly #flags: Uint8Array;
  readonly #named: number[] = [];
  #trip = 0;

  constructor(drivers: NumberedDrivers, now: Instant, settings: EligibilitySettings) {
    const count = drivers.classes.length;
    this.#drivers = drivers;
    this.#now = now;
    this.#settings = settings;
    this.#turn = new Int32Array(count);
    this.#hards = new Int32Array(count);
    this.#lastHard = new Int32Array(count);
    this.#flags = new Uint8Array(count);
  }

  /** The answer for a trip; undefined where a row lapses between now and its pickup. */
  decide(facts: SpanTripFacts): DayTrip | undefined {
    const { pickupAt, trip, passengers } = facts;
    const now = this.#now;
    const asOf = pickupAt > now ? pickupAt : now;
    const lists: Standing[] = [];
    const unconsulted: ListSpan[] = [];
    for (const list of facts.lists) {
      if (!isConsulted(list.kind, this.#settings)) unconsulted.push(list);
      else {
        const standing = this.#standing(list, asOf);
        if (standing === undefined) return undefined;
        lists.push(standing);
      }
    }
    const required = [...new Set(facts.requiredCapabilities)].sort();
    const fitness = this.#drivers.fitness(required);
    const { counts, isSomeoneOnAll } = this.#count(lists, asOf, fitness);
    const summary = summaryOf(counts, fitness);
    const locked = lists.filter((list) => list.lock !== null);
    const holdEndsAt =
      summary.preferred === 0 ? null : endOfRunningHold({ ...facts, now, settings: this.#settings });
    return {
      trip,
      pickupAt,
      passengers,
      asOf,
      phase: holdEndsAt === null ? 'OPEN' : 'HOLD',
      holdEndsAt,
      requiredCapabilities: required,
      locked: locked.map(({ list }) => refOf(list)),
      summary,
      warnings: warningsOf(lists, unconsulted, isSomeoneOnAll),
    };
  }

  #standing(list: ListSpan, asOf: Instant): Standing | undefined {
    const { rows, from, to } = list;
    let [hard, soft, lapsedHard] = [0, 0, 0];
    for (let row = from; row < to; row += 1) {
      const expiresAt = rows.expiresAt[row] as number;
      const mode = rows.mode[row];
      if (asOf < expiresAt) {
        if (mode === HARD) hard += 1;
        else if (mode === SOFT) soft += 1;
      } else {
        if (this.#now < expiresAt) return undefined;
        if (mode === HARD) lapsedHard += 1;
      }
    }
    const lost = hard === 0 && lapsedHard > 0;
    const lock = hard > 0 ? 'LIVE' : lost && this.#settings.lapsedHardList === 'LOCK' ? 'LAPSED' : null;
    return { list, hard, soft, lost, lock };
  }

  /** Goes through the rows of a trip's lists once, and then through the drivers whom they name. */
  #count(lists: readonly Standing[], asOf: Instant, { fits }: Fitness) {
    this.#trip += 1;
    this.#named.length = 0;
    const locks = lists.filter((list) => list.lock === 'LIVE').length;
    for (const [index, { list, lock }] of lists.entries())
      this.#mark(list, asOf, lock === 'LIVE' ? index + 1 : 0);
    const hasLapsed = lists.some((list) => list.lock === 'LAPSED');
    let [blocked, blockedFit, onAll, admitted, preferred] = [0, 0, 0, 0, 0];
    for (const driver of this.#named) {
      const flags = this.#flags[driver] as number;
      const isOnAll = this.#hards[driver] === locks;
      const isBlocked = (flags & IS_BLOCKED) !== 0;
      const isFit = fits[this.#drivers.classes[driver] as number] === 1;
      if (isOnAll) onAll += 1;
      if (isBlocked) blocked += 1;
      if (isBlocked && isFit) blockedFit += 1;
      if (isBlocked || !isOnAll || !isFit || hasLapsed) continue;
      admitted += 1;
      if ((flags & IS_PREFERRED) !== 0) preferred += 1;
    }
    const counts: DriverCounts = {
      locks,
      hasLapsed,
      blocked,
      blockedFit,
      onAll,
      admitted,
      preferred,
    };
    return { counts, isSomeoneOnAll: onAll > 0 && !hasLapsed };
  }

  /** `lock`: a number of its own for a list that is locked by live rows, else 0. */
  #mark({ rows, from, to }: ListSpan, asOf: Instant, lock: number): void {
    for (let row = from; row < to; row += 1) {
      const driver = rows.driver[row] as number;
      if (driver < 0 || asOf >= (rows.expiresAt[row] as number)) continue;
      if (this.#turn[driver] !== this.#trip) {
        this.#turn[driver] = this.#trip;
        this.#hards[driver] = 0;
        this.#lastHard[driver] = 0;
        this.#flags[driver] = 0;
        this.#named.push(driver);
      }
      const mode = rows.mode[row];
      const flags = this.#flags[driver] as number;
      this.#flags[driver] = flags | (mode === BLOCK ? IS_BLOCKED : IS_PREFERRED);
      if (mode !== HARD || lock === 0 || this.#lastHard[driver] === lock) continue;
      this.#lastHard[driver] = lock;
      this.#hards[driver] = (this.#hards[driver] as number) + 1;
    }
  }
}

const IS_BLOCKED = 1;
const IS_PREFERRED = 2;

const refOf = ({ kind, id, name }: ListSpan): ListRef => ({ kind, id, name });

/** The warnings of spec section 4.1 that name no driver, in its order. */
function warningsOf(
  lists: readonly Standing[],
  unconsulted: readonly ListSpan[],
  isSomeoneOnAll: boolean,
): EligibilityWarning[] {
  const locked = lists.filter((list) => list.lock !== null);
  return [
    ...unconsulted
      .filter((list) => list.kind === 'SCP' && hasHardRow(list))
      .map((list) => ({ code: 'SCP_APPROVALS_OFF', list: refOf(list) }) as const),
    ...lists
      .filter((list) => list.lost)
      .map(
        ({ list, lock }) => ({ code: 'HARD_LIST_LAPSED', list: refOf(list), locked: lock !== null }) as const,
      ),
    ...(locked.length < 2 || isSomeoneOnAll
      ? []
      : [{ code: 'LIST_CONFLICT', lists: locked.map(({ list }) => refOf(list)) } as const]),
    ...locked
      .filter(({ soft }) => soft > 0)
      .map(({ list, soft }) => ({ code: 'SOFT_ON_LOCKED_LIST', list: refOf(list), count: soft }) as const),
  ];
}

function hasHardRow({ rows, from, to }: ListSpan): boolean {
  for (let row = from; row < to; row += 1) if (rows.mode[row] === HARD) return true;
  return false;
}
