import { afterAll, describe, expect, it } from 'vitest';
import { eligibleOutcome } from '../resolver/outcome.ts';
import { type CaseOf, casesOf } from './cases.ts';
import { Databases } from './databases.ts';
import { askEligible } from './eligible-world.ts';

const databases = new Databases();
afterAll(() => databases.close());

const cases = casesOf('eligible');
for (const file of new Set(cases.map((one) => one.file)))
  describe(`${file} on the command line`, () => {
    for (const one of cases.filter((each) => each.file === file)) it(one.name, () => check(one));
  });

async function check({ world, expect: expected }: CaseOf<'eligible'>): Promise<void> {
  const decision = await databases.tenant('Europe/Dublin', (tenant) => askEligible(tenant, world));
  const { asOf, lists, ...outcome } = eligibleOutcome(decision);
  expect({
    ...outcome,
    ...(expected.asOf === undefined ? {} : { asOf }),
    ...(expected.lists === undefined ? {} : { lists }),
  }).toEqual(expected);
  expect(decision.excluded.map((driver) => driver.callsign)).toEqual(Object.keys(expected.excluded));
  if (expected.lists !== undefined) expect(Object.keys(lists)).toEqual(Object.keys(expected.lists));
}
