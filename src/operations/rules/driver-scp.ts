import type { Stored } from '../../db/codec.ts';
import { liveHardRows } from '../../db/preferences.ts';
import { loadRecords, type StoredRecord } from '../../db/record-store.ts';
import { displayName } from '../../records/display.ts';
import { driver } from '../../records/driver.ts';
import { specialCategoryPassenger } from '../../records/special-category-passenger.ts';
import { invalid } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { Instant } from '../../values/instant.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** Whether a change takes anything away from a HARD approval: its mode, its driver or passenger, or time. */
function weakens(before: Stored, after: Stored | null): boolean {
  if (after === null) return true;
  if (after['mode'] !== 'HARD' || after['driver'] !== before['driver'] || after['scp'] !== before['scp'])
    return true;
  const until = (value: unknown): number => (value === null ? Number.POSITIVE_INFINITY : (value as number));
  return until(after['expiresAt']) < until(before['expiresAt']);
}

/** Spec section 5: the last live HARD approval of a passenger is not deleted or weakened without a reason. */
async function guardLastApproval(work: Work, before: StoredRecord, after: Stored | null): Promise<void> {
  const { values } = before;
  const expiresAt = values['expiresAt'] as Instant | null;
  const isLiveHard = values['mode'] === 'HARD' && (expiresAt === null || work.now < expiresAt);
  if (!isLiveHard || !weakens(values, after) || work.reason !== null) return;
  const scpId = values['scp'] as Id;
  const others = (await liveHardRows(work.queries, work.client.id, scpId, work.now)).filter(
    (id) => id !== before.id,
  );
  if (others.length > 0) return;
  const names = await Promise.all([
    loadRecords(work.queries, work.client.id, specialCategoryPassenger, [scpId]),
    loadRecords(work.queries, work.client.id, driver, [values['driver'] as Id]),
  ]);
  const scpName =
    names[0][0] === undefined ? scpId : displayName('SpecialCategoryPassenger', names[0][0].values);
  const driverName = names[1][0] === undefined ? '' : displayName('Driver', names[1][0].values);
  const message = `${driverName} is the last driver with a live HARD approval for ${scpName}`;
  throw invalid(message, 'approve another driver first, or say why with --reason and confirm with --yes', [
    { message, code: 'LAST_HARD_APPROVAL', scp: { id: scpId, name: scpName } },
  ]);
}

export const driverScpRules: Rules = { guard: guardLastApproval };
