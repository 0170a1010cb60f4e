import type { Stored } from '../../db/codec.ts';
import { loadRecords, type StoredRecord } from '../../db/record-store.ts';
import { recurringTrip } from '../../records/recurring-trip.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { Instant } from '../../values/instant.ts';
import { dayAt } from '../../values/zone.ts';
import { neededCapabilities, ridersOf } from '../needs.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';
import { checkCharged, withAccountOfDepartment } from './charged.ts';

/** Spec section 4.1: a stored trip carries its own capabilities, pre-filled when it is created. */
async function completeTrip(
  work: Work,
  values: Stored,
  before: StoredRecord | null,
  given: readonly string[],
): Promise<Stored> {
  const charged = await withAccountOfDepartment(work, values);
  const pickupAt = charged['pickupAt'] as Instant | null;
  const moved = before !== null && given.includes('pickupAt') && before.values['recurringTrip'] === null;
  const isDerived = charged['day'] === null || (moved && !given.includes('day'));
  const day = isDerived && pickupAt !== null ? dayAt(pickupAt, work.client.timeZone) : charged['day'];
  if (before !== null) return { ...charged, day };
  const needed = await neededCapabilities(work, ridersOf(charged), charged['accountDepartment'] as Id | null);
  const asked = charged['clientCapabilities'] as readonly Id[];
  return { ...charged, day, clientCapabilities: [...new Set([...asked, ...needed])] };
}

async function checkTrip(work: Work, values: Stored): Promise<readonly ErrorDetail[]> {
  const problems = [...(await checkCharged(work, values))];
  const timeId = values['recurringTimeId'] as Id | null;
  const recurringId = values['recurringTrip'] as Id | null;
  if (timeId === null) return problems;
  const [recurring] =
    recurringId === null ? [] : await loadRecords(work.queries, work.client.id, recurringTrip, [recurringId]);
  const times = (recurring?.values['times'] ?? []) as readonly { readonly id: Id }[];
  if (!times.some((time) => time.id === timeId))
    problems.push({
      field: 'recurringTimeId',
      value: timeId,
      message: `${timeId} is no time of the recurring trip`,
      hint: 'name a time of the recurring trip, or leave both out',
    });
  return problems;
}

export const tripRules: Rules = { complete: completeTrip, check: checkTrip };
