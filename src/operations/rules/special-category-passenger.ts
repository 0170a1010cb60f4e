import type { Stored } from '../../db/codec.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import { type Day, formatDay } from '../../values/day.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** Nobody is born tomorrow. What was stored before stays until it is changed. */
async function checkBirth(
  work: Work,
  { dateOfBirth }: Stored,
  before: StoredRecord | null,
): Promise<readonly ErrorDetail[]> {
  if (typeof dateOfBirth !== 'number' || dateOfBirth <= work.today) return [];
  if (before?.values['dateOfBirth'] === dateOfBirth) return [];
  return [
    {
      field: 'dateOfBirth',
      value: formatDay(dateOfBirth as Day),
      message: `dateOfBirth ${formatDay(dateOfBirth as Day)} lies in the future`,
      hint: `give a day up to ${formatDay(work.today)}`,
    },
  ];
}

export const specialCategoryPassengerRules: Rules = { check: checkBirth };
