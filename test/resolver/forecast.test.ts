import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEligibility } from '../../src/resolver/eligibility.ts';
import { FORECAST_CODES, forecast } from '../../src/resolver/forecast.ts';
import { decideRelease } from '../../src/resolver/release.ts';
import { addDays, type Day } from '../../src/values/day.ts';
import type { Instant } from '../../src/values/instant.ts';
import { type ForecastWorld, forecastCases, forecastFacts, foresee } from './forecast-world.ts';

const file = new URL('./forecast/cases.json', import.meta.url);
const { cases } = forecastCases.parse(JSON.parse(readFileSync(file, 'utf8')));

describe('the forecast', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { world, expect: expected }) => {
    expect(foresee(world)).toEqual(expected);
    // The order of keys is the order of the answer, which toEqual does not look at.
    expect(JSON.stringify(foresee(world).findings.map(({ runs }) => runs))).toBe(
      JSON.stringify(expected.findings.map(({ runs }) => runs)),
    );
  });

  it('has a case for every code', () => {
    const codes = cases.flatMap((one) => one.expect.findings.map(({ code }) => code));
    expect(new Set(codes)).toEqual(new Set(FORECAST_CODES));
  });
});

const FIRST = 20_260_112 as Day;
const DAYS = 14;
const rider = fc.constantFrom('scp A', 'scp B', 'customer C');
const row = fc
  .record({
    driver: fc.constantFrom('D1', 'D2', 'D3', 'D4'),
    mode: fc.constantFrom('HARD', 'HARD', 'SOFT', 'BLOCK'),
    lapse: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
    deleted: fc.boolean(),
  })
  .map(({ driver, mode, lapse, deleted }) => {
    const until = lapse === undefined ? '' : ` until 2026-01-${String(lapse).padStart(2, '0')}T10:00:00Z`;
    return `${driver} ${mode}${until}${deleted && mode === 'SOFT' ? ' deleted' : ''}`;
  });
const run = fc.record({
  riders: fc.uniqueArray(rider, { maxLength: 3 }),
  times: fc.subarray(['08:15 MON-FRI', '10:00 TUE', '15:30 WED,SUN return'], { minLength: 1 }),
  capabilities: fc.subarray(['WAV']),
});
const list = fc.uniqueArray(row, { maxLength: 4, selector: (text) => text.split(' ')[0] });
const worlds: fc.Arbitrary<ForecastWorld> = fc.record({
  now: fc.constant('2026-01-12T12:00:00Z'),
  until: fc.constant('2026-01-26T12:00:00Z'),
  settings: fc.record({
    approvedScpDrivers: fc.boolean(),
    lapsedHardList: fc.constantFrom('IGNORE', 'LOCK'),
  }),
  drivers: fc.record({
    D1: fc.constantFrom('ACTIVE', 'ACTIVE WAV', 'SUSPENDED'),
    D2: fc.constantFrom('ACTIVE WAV', 'DELETED'),
    D3: fc.constant('ACTIVE'),
    D4: fc.constant('INACTIVE'),
    D5: fc.constant('ACTIVE WAV'),
  }),
  lists: fc.record({ 'scp A': list, 'scp B': list, 'customer C': list }),
  runs: fc.record({ 'SR-1': run, 'SR-2': run }),
});

describe('the forecast of any world', () => {
  it('says what asking about every occurrence would say', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const facts = forecastFacts(world);
        const { findings } = forecast(facts);
        for (const { run: asked, lists, requiredCapabilities } of facts.runs) {
          const stranded: Instant[] = [];
          const open: Instant[] = [];
          for (let offset = 0; offset <= DAYS; offset += 1) {
            const day = addDays(FIRST, offset);
            const { client, timeZone } = facts;
            const decision = decideRelease({ day, client, timeZone, recurringTrips: [asked], existing: [] });
            for (const { pickupAt, outcome } of decision.occurrences) {
              if (outcome === 'SUPPRESSED' || pickupAt < facts.now || pickupAt > facts.until) continue;
              // With all drivers, and at the very pickup.
              const {
                summary,
                lists: judged,
                warnings,
              } = decideEligibility({
                now: facts.now,
                trip: null,
                pickupAt,
                releasedAt: null,
                requiredCapabilities,
                lists,
                drivers: facts.drivers,
                settings: facts.settings,
              });
              if (judged.some((one) => one.locked)) {
                if (summary.eligible === 0) stranded.push(pickupAt);
              } else if (warnings.some((one) => one.code === 'HARD_LIST_LAPSED')) open.push(pickupAt);
            }
          }
          const told = (code: string) =>
            findings
              .filter((one) => one.code === code)
              .flatMap(({ runs }) => runs)
              .filter(
                ({ recurringTrip, pickupAt }) => recurringTrip.id === asked.id && pickupAt <= facts.until,
              )
              .map(({ pickupAt, occurrences }) => [pickupAt, occurrences]);
          const first = (all: readonly Instant[]) => (all.length === 0 ? [] : [[all[0], all.length]]);
          expect(told('NOBODY_MAY_DRIVE')).toEqual(first(stranded));
          expect(told('ANYBODY_MAY_DRIVE')).toEqual(first(open));
        }
      }),
      { numRuns: 150 },
    );
  });
});
