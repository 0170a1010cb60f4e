import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { type CandidateDriver, decideEligibility, type EligibilityDecision } from './eligibility.ts';
import type {
  AffectedRun,
  ComingOccurrence,
  ForecastFacts,
  ForecastFinding,
  ForecastRun,
  Lapse,
} from './forecast.ts';
import type { DriverRef, ListRef } from './reasons.ts';
import { driversToRenew, hasLapsed } from './renewable.ts';
import type { PreferenceRow } from './trip-list.ts';

/** A finding about one run. */
export type ForecastProblem = Omit<ForecastFinding, 'runs' | 'day' | 'pickupAt'> & {
  readonly run: AffectedRun;
};

type Drivers = ReadonlyMap<Id, CandidateDriver>;

/** What is wrong at a moment, and for a list that has opened to others which it is. */
export type Trouble =
  | { readonly code: 'NOBODY_MAY_DRIVE' }
  | { readonly code: 'ANYBODY_MAY_DRIVE' | 'LIST_IGNORED'; readonly lists: readonly ListRef[] };

/** What becomes of one run at its `coming` occurrences, by pickup. */
export function problemsOf(
  decisions: Decisions,
  coming: readonly ComingOccurrence[],
  until: Instant,
): readonly ForecastProblem[] {
  const met = new Map<string, { trouble: Trouble; index: number; run: AffectedRun }>();
  for (const { recurringTrip, day, time, pickupAt } of coming) {
    const index = decisions.indexAt(pickupAt);
    for (const trouble of decisions.troublesAt(index)) {
      const key = keyOf(trouble);
      const known = met.get(key);
      if (known === undefined)
        met.set(key, { trouble, index, run: { recurringTrip, day, time, pickupAt, occurrences: 1 } });
      else if (pickupAt <= until) known.run = { ...known.run, occurrences: known.run.occurrences + 1 };
    }
  }
  return [...met.values()].map(({ trouble, index, run }) => ({ ...traced(decisions, trouble, index), run }));
}

/** A list that counts no more is a trouble of its own; that anybody may drive is one, whichever lists it is about. */
const keyOf = (trouble: Trouble): string =>
  trouble.code === 'LIST_IGNORED' ? `${trouble.code} ${trouble.lists[0]?.id}` : trouble.code;

/** What a decision says of lists that have lost their last driver. */
export function troublesOf({ summary, lists, warnings }: EligibilityDecision): readonly Trouble[] {
  const open = warnings.flatMap((warning) =>
    warning.code === 'HARD_LIST_LAPSED' && !warning.locked ? [warning.list] : [],
  );
  const isLocked = lists.some((list) => list.locked);
  if (!isLocked) return open.length === 0 ? [] : [{ code: 'ANYBODY_MAY_DRIVE', lists: open }];
  return [
    ...(summary.eligible === 0 ? [{ code: 'NOBODY_MAY_DRIVE' } as const] : []),
    ...open.map((list) => ({ code: 'LIST_IGNORED', lists: [list] }) as const),
  ];
}

/** Goes back from the moment at which there is trouble to the lapse that brought it. */
function traced(decisions: Decisions, met: Trouble, from: number): Omit<ForecastProblem, 'run'> {
  const key = keyOf(met);
  const at = (place: number) => decisions.troublesAt(place).find((one) => keyOf(one) === key);
  let index = from;
  while (index > 0 && at(index - 1) !== undefined) index -= 1;
  const trouble = at(index) ?? met;
  const decision = decisions.at(index);
  const already = index === 0;
  const lists =
    trouble.code === 'NOBODY_MAY_DRIVE'
      ? listsBehind(decision, already ? [] : decisions.at(index - 1).drivers)
      : trouble.lists;
  const lapses = lists.flatMap((list) =>
    already ? decisions.lastLapses(list, decision) : decisions.lapsesAt(list, index),
  );
  return {
    code: trouble.code,
    already,
    lostAt: already ? latest(lapses) : decisions.moment(index),
    lists,
    drivers: lastDrivers(decision, already ? undefined : decisions.at(index - 1)),
    lapses,
  };
}

/** Those who could drive before, else those whom the lists name and who cannot; with what keeps them out now. */
function lastDrivers(
  { excluded }: EligibilityDecision,
  before: EligibilityDecision | undefined,
): ForecastProblem['drivers'] {
  const reasons = new Map(excluded.map((driver) => [driver.id, driver.reasons]));
  const last = before === undefined || before.drivers.length === 0 ? excluded : before.drivers;
  return last
    .map(({ id, callsign, name }) => ({ id, callsign, name, reasons: reasons.get(id) ?? [] }))
    .sort((a, b) => compareIds(a.id, b.id));
}

/** The lists that keep the last drivers out; where none does, all that are locked. */
function listsBehind(
  { lists, excluded }: EligibilityDecision,
  last: readonly { readonly id: Id }[],
): readonly ListRef[] {
  const ids = new Set(last.map(({ id }) => id));
  const reasons = excluded.filter(({ id }) => ids.has(id)).flatMap((driver) => driver.reasons);
  const behind = new Set(reasons.flatMap((reason) => ('list' in reason ? [reason.list.id] : [])));
  const locked = lists.filter((list) => list.locked);
  const some = locked.filter((list) => behind.has(list.id));
  return (some.length > 0 ? some : locked).map(({ kind, id, name }) => ({ kind, id, name }));
}

const latest = (lapses: readonly Lapse[]): Instant | null =>
  lapses.length === 0 ? null : (Math.max(...lapses.map(({ expiresAt }) => expiresAt)) as Instant);

/** Who may drive a run, from each moment to the next at which a row of its lists lapses. */
export class Decisions {
  readonly #one: ForecastRun;
  readonly #facts: ForecastFacts;
  readonly #drivers: Drivers;
  /** The clock, then the lapses within the window, rising. */
  readonly #moments: readonly Instant[];
  readonly #named: readonly CandidateDriver[];
  readonly #made = new Map<number, EligibilityDecision>();
  readonly #troubles = new Map<number, readonly Trouble[]>();

  constructor(one: ForecastRun, facts: ForecastFacts, drivers: Drivers) {
    this.#one = one;
    this.#facts = facts;
    this.#drivers = drivers;
    const rows = one.lists.flatMap((list) => list.rows).filter((row) => !row.deleted);
    const lapses = rows.flatMap(({ expiresAt }) =>
      expiresAt !== null && facts.now < expiresAt && expiresAt <= facts.until ? [expiresAt] : [],
    );
    this.#moments = [facts.now, ...[...new Set(lapses)].sort((a, b) => a - b)];
    // A locked list keeps out whoever has no HARD row on it, so only those who have one can be the last driver.
    const ids = new Set(rows.filter((row) => row.mode === 'HARD').map((row) => row.driver));
    this.#named = [...ids].flatMap((id) => drivers.get(id) ?? []);
  }

  moment(index: number): Instant {
    return this.#moments[index] as Instant;
  }

  /** The moment from which on things stand as they do at a pickup; what lapses after the window has not lapsed. */
  indexAt(pickupAt: Instant): number {
    return Math.max(
      0,
      this.#moments.findLastIndex((moment) => moment <= pickupAt),
    );
  }

  at(index: number): EligibilityDecision {
    const known = this.#made.get(index);
    if (known !== undefined) return known;
    const { now, settings } = this.#facts;
    const decision = decideEligibility({
      now,
      trip: null,
      pickupAt: this.moment(index),
      releasedAt: null,
      requiredCapabilities: this.#one.requiredCapabilities,
      lists: this.#one.lists,
      drivers: this.#named,
      settings,
    });
    this.#made.set(index, decision);
    return decision;
  }

  /** Lists with HARD rows that are not consulted, since the approvals of passengers are off. */
  get unconsulted(): readonly ListRef[] {
    return this.at(0).warnings.flatMap((one) => (one.code === 'SCP_APPROVALS_OFF' ? [one.list] : []));
  }

  troublesAt(index: number): readonly Trouble[] {
    const known = this.#troubles.get(index) ?? troublesOf(this.at(index));
    this.#troubles.set(index, known);
    return known;
  }

  /** Whether nothing is wrong at the clock or at any lapse, so that it is no matter when the run goes out. */
  get isCalm(): boolean {
    return this.#moments.every((_moment, index) => this.troublesAt(index).length === 0);
  }

  /** The HARD rows of a list that lapse at a moment, of drivers who could drive if they had not, where there are any. */
  lapsesAt(list: ListRef, index: number): readonly Lapse[] {
    const moment = this.moment(index);
    return this.#lapses(list, moment, (lapse) => lapse.expiresAt === moment);
  }

  /** Of a list that has lost all its HARD rows, those that went last, of drivers who could drive with them if any. */
  lastLapses(list: ListRef, { warnings }: EligibilityDecision): readonly Lapse[] {
    if (!warnings.some((one) => one.code === 'HARD_LIST_LAPSED' && one.list.id === list.id)) return [];
    const all = this.#lapses(list, this.moment(0), () => true);
    const last = latest(all);
    return all.filter(({ expiresAt }) => expiresAt === last);
  }

  /** Where nobody who has a lapsed row could drive with it, any of them: it is still what opened the list. */
  #lapses(list: ListRef, moment: Instant, wanted: (lapse: Lapse) => boolean): readonly Lapse[] {
    const { lists, requiredCapabilities } = this.#one;
    const own = lists.filter(({ kind, id }) => kind === list.kind && id === list.id);
    const lapseOf = (row: PreferenceRow): Lapse => ({
      list,
      driver: this.#refTo(row.driver),
      preference: row.id,
      expiresAt: row.expiresAt as Instant,
    });
    const lapsed = own
      .flatMap(({ rows }) => rows)
      .filter((row) => hasLapsed(row, moment) && wanted(lapseOf(row)));
    const facts = { drivers: this.#drivers, settings: this.#facts.settings, requiredCapabilities };
    const able = driversToRenew(lists, moment, facts);
    const worth = lapsed.filter((row) => able.has(row.driver));
    return (worth.length > 0 ? worth : lapsed)
      .map(lapseOf)
      .sort((a, b) => compareIds(a.driver.id, b.driver.id));
  }

  #refTo(id: Id): DriverRef {
    const driver = this.#drivers.get(id);
    return driver === undefined ? { id } : { id, callsign: driver.callsign, name: driver.name };
  }
}
