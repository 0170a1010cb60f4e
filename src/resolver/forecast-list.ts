import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { type CandidateDriver, decideEligibility, type EligibilitySettings } from './eligibility.ts';
import { type Trouble, troublesOf } from './forecast-run.ts';
import { isConsulted, type PreferenceList } from './trip-list.ts';

/** How one list stands by itself: as for a trip with this one passenger, who needs nothing. */
export interface ListOutlook {
  /** What is wrong with it at the clock. */
  readonly now: Trouble['code'] | null;
  /** The first lapse within the window from which on something is wrong that is not at the clock. */
  readonly later: { readonly code: Trouble['code']; readonly at: Instant } | null;
  /** SOFT rows that have no effect, since the list is locked. */
  readonly softWithoutEffect: number;
}

export interface OutlookFacts {
  readonly now: Instant;
  readonly until: Instant;
  readonly drivers: ReadonlyMap<Id, CandidateDriver>;
  readonly settings: EligibilitySettings;
}

/** Asks `decideEligibility` about one list at the clock and at each lapse until the end of the window. */
export function listOutlook(
  list: PreferenceList,
  { now, until, drivers, settings }: OutlookFacts,
): ListOutlook {
  if (!isConsulted(list.kind, settings)) return { now: null, later: null, softWithoutEffect: 0 };
  const rows = list.rows.filter((row) => !row.deleted);
  const named = [...new Set(rows.map((row) => row.driver))].flatMap((id) => drivers.get(id) ?? []);
  const at = (moment: Instant) =>
    decideEligibility({
      now: moment,
      trip: null,
      pickupAt: null,
      releasedAt: null,
      requiredCapabilities: [],
      lists: [list],
      drivers: named,
      settings,
    });
  const present = at(now);
  const trouble = troublesOf(present)[0]?.code ?? null;
  const soft = present.warnings.find((warning) => warning.code === 'SOFT_ON_LOCKED_LIST');
  return {
    now: trouble,
    later: trouble === null ? firstTrouble(lapsesOf(rows, now, until), at) : null,
    softWithoutEffect: soft?.code === 'SOFT_ON_LOCKED_LIST' ? soft.count : 0,
  };
}

function firstTrouble(
  moments: readonly Instant[],
  at: (moment: Instant) => ReturnType<typeof decideEligibility>,
): ListOutlook['later'] {
  for (const moment of moments) {
    const [trouble] = troublesOf(at(moment));
    if (trouble !== undefined) return { code: trouble.code, at: moment };
  }
  return null;
}

function lapsesOf(rows: PreferenceList['rows'], now: Instant, until: Instant): readonly Instant[] {
  const moments = rows.flatMap(({ expiresAt }) =>
    expiresAt !== null && now < expiresAt && expiresAt <= until ? [expiresAt] : [],
  );
  return [...new Set(moments)].sort((a, b) => a - b);
}
