import { addDays, type Day, daysBetween } from '../values/day.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { TimeOfDay } from '../values/time-of-day.ts';
import { dayAt } from '../values/zone.ts';
import type { CandidateDriver, EligibilitySettings } from './eligibility.ts';
import { Decisions, type ForecastProblem, problemsOf } from './forecast-run.ts';
import type { DriverRef, ExclusionReason, ListRef } from './reasons.ts';
import { decideRelease, type Occurrence, type RecurringTripFacts, type ReleaseFacts } from './release.ts';
import type { PreferenceList } from './trip-list.ts';

/** A recurring trip with what decides who may drive it. */
export interface ForecastRun {
  readonly run: RecurringTripFacts;
  /** One for each customer and special-category passenger of its segments. */
  readonly lists: readonly PreferenceList[];
  /** Codes of capabilities that its trips will require. */
  readonly requiredCapabilities: readonly string[];
}

/** All that a forecast rests on. The order of anything in it does not matter. */
export interface ForecastFacts {
  readonly now: Instant;
  /** The end of the window: rows that lapse later are taken as live. */
  readonly until: Instant;
  readonly client: ReleaseFacts['client'];
  /** The client's time zone, IANA. */
  readonly timeZone: string;
  readonly runs: readonly ForecastRun[];
  readonly drivers: readonly CandidateDriver[];
  readonly settings: EligibilitySettings;
}

/**
 * What becomes of runs that lose their last approved driver, the worse first. LIST_IGNORED: a list counts no more, so
 * drivers may be sent who were never approved for that passenger, as far as the run's other lists admit them.
 */
export const FORECAST_CODES = ['NOBODY_MAY_DRIVE', 'ANYBODY_MAY_DRIVE', 'LIST_IGNORED'] as const;
export type ForecastCode = (typeof FORECAST_CODES)[number];

/** A run that is affected, from which of its occurrences on. */
export interface AffectedRun {
  readonly recurringTrip: Occurrence['recurringTrip'];
  readonly day: Day;
  readonly time: TimeOfDay;
  readonly pickupAt: Instant;
  /** How many times it goes out like this within the window; the first of them may come after it, and counts. */
  readonly occurrences: number;
}

/** A HARD row whose lapse brings it about: of drivers who could drive with it, where there are any. */
export interface Lapse {
  readonly list: ListRef;
  readonly driver: DriverRef;
  /** The id of the favourite or approval. */
  readonly preference: Id;
  readonly expiresAt: Instant;
}

/** Runs that lose their last approved driver at the same moment, for the same lists and drivers. */
export interface ForecastFinding {
  readonly code: ForecastCode;
  /** The first day on which it is felt. */
  readonly day: Day;
  readonly pickupAt: Instant;
  /** Whether it is so at the clock already. */
  readonly already: boolean;
  /** When the last driver is lost; null where no lapse did it, but the drivers themselves (not active …). */
  readonly lostAt: Instant | null;
  readonly lists: readonly ListRef[];
  /** Those who may drive until then, or whom the lists still name, each with what keeps them out from then on. */
  readonly drivers: readonly (DriverRef & { readonly reasons: readonly ExclusionReason[] })[];
  readonly lapses: readonly Lapse[];
  /** By first pickup. */
  readonly runs: readonly AffectedRun[];
}

export interface Forecast {
  readonly now: Instant;
  readonly until: Instant;
  readonly lapsedHardList: EligibilitySettings['lapsedHardList'];
  /** Worst first: the soonest, then the one with most runs. */
  readonly findings: readonly ForecastFinding[];
  readonly summary: {
    /** Active runs of which a passenger has HARD rows. */
    readonly considered: number;
    /** Runs with a finding of each code; one may have several. */
    readonly nobody: number;
    readonly anybody: number;
    readonly listIgnored: number;
  };
  /** Lists with HARD rows that are not consulted, since the approvals of passengers are off. */
  readonly unconsulted: readonly ListRef[];
}

/** How many days after the window the next occurrence of a run is looked for. */
export const DAYS_BEYOND = 31;

/**
 * Which recurring runs lose their last approved driver until the end of the window, and on which day that is first
 * felt (spec sections 4.1 and 4.2). Decides nothing itself: who may drive is asked of `decideEligibility` at each
 * moment at which a row lapses, and when runs go out of `decideRelease`. A run whose approvals lapse within the window
 * counts also where it next goes out up to `DAYS_BEYOND` days after it.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const guarded = facts.runs.filter(({ run, lists }) => run.active && lists.some(hasHardRows));
  const drivers = new Map(facts.drivers.map((driver) => [driver.id, driver]));
  const asked = guarded.map((one) => ({ ...one, decisions: new Decisions(one, facts, drivers) }));
  const uneasy = asked.filter(({ decisions }) => !decisions.isCalm);
  const occurrences = comingOccurrences(facts, uneasy);
  const findings = new Map<string, ForecastFinding>();
  for (const { run, decisions } of uneasy)
    for (const problem of problemsOf(decisions, occurrences.get(run.id) ?? [], facts.until))
      addTo(findings, problem);
  const unconsulted = new Map(
    asked.flatMap(({ decisions }) => decisions.unconsulted).map((list) => [list.id, list]),
  );
  const sorted = [...findings.values()].sort(byWorst);
  const count = (code: ForecastCode) =>
    new Set(
      sorted
        .filter((one) => one.code === code)
        .flatMap(({ runs }) => runs.map((run) => run.recurringTrip.id)),
    ).size;
  return {
    now: facts.now,
    until: facts.until,
    lapsedHardList: facts.settings.lapsedHardList,
    findings: sorted,
    summary: {
      considered: guarded.length,
      nobody: count('NOBODY_MAY_DRIVE'),
      anybody: count('ANYBODY_MAY_DRIVE'),
      listIgnored: count('LIST_IGNORED'),
    },
    unconsulted: [...unconsulted.values()].sort((a, b) => compareIds(a.id, b.id)),
  };
}

const hasHardRows = ({ rows }: PreferenceList): boolean =>
  rows.some((row) => row.mode === 'HARD' && !row.deleted);

export type ComingOccurrence = Omit<AffectedRun, 'occurrences'>;

/** When runs go out from the clock to the end of the window, and the first time after it. */
function comingOccurrences(
  { now, until, client, timeZone }: ForecastFacts,
  runs: readonly ForecastRun[],
): ReadonlyMap<Id, readonly ComingOccurrence[]> {
  const found = new Map<Id, ComingOccurrence[]>();
  const recurringTrips = runs.map(({ run }) => run);
  const first = dayAt(now, timeZone);
  const days = daysBetween(first, dayAt(until, timeZone)) + DAYS_BEYOND;
  for (let offset = 0; runs.length > 0 && offset <= days; offset += 1) {
    const day = addDays(first, offset);
    for (const one of decideRelease({ day, client, timeZone, recurringTrips, existing: [] }).occurrences) {
      if (one.outcome === 'SUPPRESSED' || one.pickupAt < now) continue;
      const own = found.get(one.recurringTrip.id) ?? [];
      found.set(one.recurringTrip.id, own);
      const last = own.at(-1);
      if (last !== undefined && last.pickupAt > until) continue;
      const { recurringTrip, time, pickupAt } = one;
      own.push({ recurringTrip, day, time, pickupAt });
    }
  }
  return found;
}

/** What is the same for several runs is one finding. */
function addTo(findings: Map<string, ForecastFinding>, { run, ...problem }: ForecastProblem): void {
  const key = JSON.stringify([
    problem.code,
    problem.lostAt,
    problem.lists.map(({ id }) => id),
    problem.drivers.map(({ id, reasons }) => [id, reasons]),
  ]);
  const known = findings.get(key);
  const runs = [...(known?.runs ?? []), run].sort(
    (a, b) => a.pickupAt - b.pickupAt || compareText(a.recurringTrip.ref, b.recurringTrip.ref),
  );
  const [first = run] = runs;
  findings.set(key, { ...problem, day: first.day, pickupAt: first.pickupAt, runs });
}

function byWorst(a: ForecastFinding, b: ForecastFinding): number {
  return (
    a.day - b.day ||
    b.runs.length - a.runs.length ||
    FORECAST_CODES.indexOf(a.code) - FORECAST_CODES.indexOf(b.code) ||
    a.pickupAt - b.pickupAt ||
    compareText(a.runs[0]?.recurringTrip.ref ?? '', b.runs[0]?.recurringTrip.ref ?? '') ||
    compareIds((a.lists[0] as ListRef).id, (b.lists[0] as ListRef).id)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
