import { afterAll, describe, expect, it } from 'vitest';
import type { EligibilityDecision } from '../../src/resolver/eligibility.ts';
import type { EligibilityWarning, ExclusionReason } from '../../src/resolver/reasons.ts';
import { naiveEligibility } from '../resolver/oracle.ts';
import { Databases } from './databases.ts';
import { eligiblePlans, makeEligible } from './random-eligible-world.ts';
import { inWorlds, PATIENCE_MS } from './worlds.ts';

const databases = new Databases();
afterAll(() => databases.close());

describe('eligible, in random worlds on the command line', () => {
  it(
    'agrees with a plain second reading of the spec',
    () =>
      inWorlds(eligiblePlans, (plan) =>
        databases.tenant('Europe/Dublin', async (tenant) => {
          const { facts, question, isAdHoc } = await makeEligible(tenant, plan);
          const operation = isAdHoc ? 'eligible.adHoc' : 'trip.eligible';
          const asked = ['eligible', '--explain', ...question, '--at', String(facts.now)];
          const decision = await tenant.ask(operation, ...asked);
          expect(plain(decision)).toEqual(naiveEligibility(facts));
          expect(decision.requiredCapabilities).toEqual([...new Set(facts.requiredCapabilities)].sort());
          expect(decision.trip?.ref).toBe(isAdHoc ? undefined : 'T-1');
        }),
      ),
    PATIENCE_MS,
  );
});

/** A decision in the words of the second reading. */
function plain(decision: EligibilityDecision) {
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
