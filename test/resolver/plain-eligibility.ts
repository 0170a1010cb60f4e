import type { EligibilityDecision } from '../../src/resolver/eligibility.ts';
import type { EligibilityWarning, ExclusionReason } from '../../src/resolver/reasons.ts';

/** A decision in the words of the second reading, `naiveEligibility`. */
export function plainEligibility(decision: EligibilityDecision) {
  return {
    asOf: decision.asOf,
    holdEndsAt: decision.holdEndsAt,
    drivers: decision.drivers.map(({ id, priority, lists }) => ({ id, priority, lists })),
    excluded: decision.excluded.map(({ id, reasons }) => ({ id, reasons: reasons.map(plainReason) })),
    locked: decision.lists.filter((list) => list.locked).map((list) => list.id),
    warnings: decision.warnings.map(plainWarning),
  };
}

function plainReason(reason: ExclusionReason): string {
  if ('capability' in reason) return `${reason.code} ${reason.capability}`;
  return 'list' in reason ? `${reason.code} ${reason.list.id}` : reason.code;
}

function plainWarning(warning: EligibilityWarning): string {
  switch (warning.code) {
    case 'SCP_APPROVALS_OFF':
      return `${warning.code} ${warning.list.id}`;
    case 'HARD_LIST_LAPSED':
      return `${warning.code} ${warning.list.id} ${warning.locked ? 'LOCK' : 'IGNORE'}`;
    case 'LIST_CONFLICT':
      return `${warning.code} ${warning.lists.map((list) => list.id).join(' ')}`;
    case 'LAPSES_BEFORE_PICKUP':
      return `${warning.code} ${warning.list.id} ${warning.driver.id} ${warning.mode} ${warning.expiresAt}`;
    case 'SOFT_ON_LOCKED_LIST':
      return `${warning.code} ${warning.list.id} ${warning.count}`;
  }
}
