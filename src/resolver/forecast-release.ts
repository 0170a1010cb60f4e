import type { Day } from '../values/day.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { SuppressionCause } from './reasons.ts';
import type { Occurrence, ReleaseDecision } from './release.ts';

/** What several days come to for one recurring trip. */
export interface RunTotals {
  readonly recurringTrip: Occurrence['recurringTrip'];
  readonly occurrences: number;
  readonly released: number;
  readonly suppressed: number;
}

/** What one cause holds back; an occurrence with two causes counts for both. */
export interface CauseTotals {
  readonly cause: SuppressionCause;
  readonly occurrences: number;
  readonly runs: number;
  readonly days: number;
  readonly firstDay: Day;
  readonly lastDay: Day;
}

export interface ReleasePlanSummary {
  readonly days: number;
  readonly occurrences: number;
  readonly released: number;
  readonly suppressed: number;
  readonly created: number;
  readonly existing: number;
  /** Days on which nothing goes out, with how many runs are held back on them. */
  readonly nothingOut: readonly { readonly day: Day; readonly suppressed: number }[];
  /** Those with most held back first, then by ref. */
  readonly byRun: readonly RunTotals[];
  /** Those that hold most back first. */
  readonly byCause: readonly CauseTotals[];
}

/** What the decisions of some days come to, by run and by cause (spec section 4.2). */
export function summarizeReleases(
  days: readonly Pick<ReleaseDecision, 'day' | 'occurrences' | 'summary'>[],
): ReleasePlanSummary {
  const sum = (name: keyof ReleaseDecision['summary']) =>
    days.reduce((total, { summary }) => total + summary[name], 0);
  return {
    days: days.length,
    occurrences: sum('occurrences'),
    released: sum('released'),
    suppressed: sum('suppressed'),
    created: sum('created'),
    existing: sum('existing'),
    nothingOut: days
      .filter(({ summary }) => summary.released === 0)
      .map(({ day, summary }) => ({ day, suppressed: summary.suppressed })),
    byRun: byRun(days),
    byCause: byCause(days),
  };
}

type Days = readonly Pick<ReleaseDecision, 'day' | 'occurrences'>[];

function byRun(days: Days): RunTotals[] {
  const totals = new Map<Id, RunTotals>();
  for (const { recurringTrip, outcome } of days.flatMap(({ occurrences }) => occurrences)) {
    const before = totals.get(recurringTrip.id);
    totals.set(recurringTrip.id, {
      recurringTrip,
      occurrences: (before?.occurrences ?? 0) + 1,
      released: (before?.released ?? 0) + (outcome === 'RELEASED' ? 1 : 0),
      suppressed: (before?.suppressed ?? 0) + (outcome === 'SUPPRESSED' ? 1 : 0),
    });
  }
  return [...totals.values()].sort(
    (a, b) =>
      b.suppressed - a.suppressed ||
      compareText(a.recurringTrip.ref, b.recurringTrip.ref) ||
      compareIds(a.recurringTrip.id, b.recurringTrip.id),
  );
}

function byCause(days: Days): CauseTotals[] {
  const met = new Map<
    string,
    { cause: SuppressionCause; occurrences: number; runs: Set<Id>; days: Set<Day> }
  >();
  for (const { day, occurrences } of days)
    for (const { recurringTrip, causes } of occurrences) {
      // Two skips with one reason hold an occurrence back once.
      for (const [key, cause] of new Map(causes.map((one) => [keyOf(one), one]))) {
        const totals = met.get(key) ?? { cause, occurrences: 0, runs: new Set(), days: new Set() };
        met.set(key, totals);
        totals.occurrences += 1;
        totals.runs.add(recurringTrip.id);
        totals.days.add(day);
      }
    }
  return [...met]
    .sort(([a, one], [b, other]) => other.occurrences - one.occurrences || compareText(a, b))
    .map(([, { cause, occurrences, runs, days: on }]) => ({
      cause,
      occurrences,
      runs: runs.size,
      days: on.size,
      firstDay: Math.min(...on) as Day,
      lastDay: Math.max(...on) as Day,
    }));
}

function keyOf(cause: SuppressionCause): string {
  return cause.code === 'SKIPPED'
    ? `${cause.code} ${cause.reason ?? ''}`
    : `${cause.code} ${cause.group.id} ${cause.because}`;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
