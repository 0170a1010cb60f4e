import { afterAll, describe, expect, it } from 'vitest';
import { naiveEligibility } from '../resolver/oracle.ts';
import { plainEligibility } from '../resolver/plain-eligibility.ts';
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
          expect(plainEligibility(decision)).toEqual(naiveEligibility(facts));
          expect(decision.requiredCapabilities).toEqual([...new Set(facts.requiredCapabilities)].sort());
          expect(decision.trip?.ref).toBe(isAdHoc ? undefined : 'T-1');
        }),
      ),
    PATIENCE_MS,
  );
});
