import type { Stored } from '../../db/codec.ts';
import { onlyApprovedFor } from '../../db/preferences.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import { displayName } from '../../records/display.ts';
import { specialCategoryPassenger } from '../../records/special-category-passenger.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Rules } from '../rules.ts';
import { readRecords } from '../scoped.ts';
import type { Work } from '../work.ts';

/** A driver who goes, or may not be sent any more, may have been the only one approved for somebody. */
async function warnOfStranded(
  work: Work,
  before: StoredRecord,
  after: Stored | null,
): Promise<readonly ErrorDetail[]> {
  if (before.values['status'] !== 'ACTIVE' || after?.['status'] === 'ACTIVE') return [];
  const ids = await onlyApprovedFor(work.queries, work.client.id, before.id, work.now);
  const passengers = await readRecords(work, specialCategoryPassenger, ids);
  return passengers.map((passenger) => {
    const name = displayName('SpecialCategoryPassenger', passenger);
    return {
      field: 'status',
      value: passenger.id,
      message: `no other active driver is approved for ${name}: nobody may carry them now`,
      hint: `approve another with \`tph pref add --scp ${passenger['ref']} --mode HARD --driver …\``,
    };
  });
}

export const driverRules: Rules = { warnOfLoss: warnOfStranded };
