import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { type CandidateDriver, decideEligibility, type EligibilitySettings } from './eligibility.ts';
import { isLive, type PreferenceList, type PreferenceRow } from './trip-list.ts';

export interface RenewalFacts {
  readonly drivers: ReadonlyMap<Id, CandidateDriver>;
  readonly settings: EligibilitySettings;
  /** Codes of capabilities. */
  readonly requiredCapabilities: readonly string[];
}

/** Whether a HARD row has lapsed at a moment. */
export const hasLapsed = (row: PreferenceRow, moment: Instant): boolean =>
  row.mode === 'HARD' && !row.deleted && !isLive(row, moment);

/**
 * The drivers whose lapsed HARD rows are worth renewing: they could drive at the moment if all their own rows still
 * counted, as `decideEligibility` says; who is suspended, blocked or lacks a capability could not.
 */
export function driversToRenew(
  lists: readonly PreferenceList[],
  moment: Instant,
  { drivers, settings, requiredCapabilities }: RenewalFacts,
): ReadonlySet<Id> {
  const rows = lists.flatMap((list) => list.rows);
  const lapsed = new Set(rows.filter((row) => hasLapsed(row, moment)).map((row) => row.driver));
  const couldDrive = (driver: CandidateDriver): boolean => {
    const { summary } = decideEligibility({
      now: moment,
      trip: null,
      pickupAt: moment,
      releasedAt: null,
      requiredCapabilities,
      lists: lists.map((list) => renewed(list, driver.id, moment)),
      drivers: [driver],
      settings,
    });
    return summary.eligible > 0;
  };
  return new Set(
    [...lapsed]
      .flatMap((id) => drivers.get(id) ?? [])
      .filter(couldDrive)
      .map(({ id }) => id),
  );
}

const renewed = (list: PreferenceList, driver: Id, moment: Instant): PreferenceList => ({
  ...list,
  rows: list.rows.map((row) =>
    row.driver === driver && hasLapsed(row, moment) ? { ...row, expiresAt: null } : row,
  ),
});
