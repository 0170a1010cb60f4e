import { afterAll, describe, expect, it } from 'vitest';
import { releaseOutcome, statusOutcome } from '../resolver/outcome.ts';
import { type CaseOf, casesOf } from './cases.ts';
import { Databases } from './databases.ts';
import { askRelease, askStatus } from './release-world.ts';

const databases = new Databases();
afterAll(() => databases.close());

describe('states of groups on the command line', () => {
  for (const { name, world, expect: expected } of casesOf('status'))
    it(name, async () => {
      const answers = await databases.tenant('Europe/Dublin', (tenant) => askStatus(tenant, world));
      for (const states of answers) expect(statusOutcome(states)).toEqual(expected);
    });
});

const cases = casesOf('release');
for (const file of new Set(cases.map((one) => one.file)))
  describe(`${file} on the command line`, () => {
    for (const one of cases.filter((each) => each.file === file)) it(one.name, () => check(one));
  });

async function check({ world, expect: expected }: CaseOf<'release'>): Promise<void> {
  const zone = world.zone ?? 'Europe/Dublin';
  const answers = await databases.tenant(zone, (tenant) => askRelease(tenant, world));
  for (const decision of answers) {
    const occurrences = releaseOutcome(decision).occurrences.map(({ pickup, ...occurrence }, index) => ({
      ...occurrence,
      ...(pickup === undefined || expected.occurrences[index]?.pickup === undefined ? {} : { pickup }),
    }));
    expect({ occurrences }).toEqual(expected);
  }
}
