import type { DayEligibleInput } from '../contract/eligibility.ts';
import { type ClassedDrivers, classedDrivers } from '../db/driver-classes.ts';
import {
  capabilitiesWithin,
  dayTripFacts,
  type Span,
  spanTripFacts,
  tripsWithin,
} from '../db/eligibility-day-facts.ts';
import { driversById } from '../db/eligibility-facts.ts';
import { otherEvents } from '../db/pause.ts';
import { chunks } from '../db/record-store.ts';
import type { EligibilitySettings } from '../resolver/eligibility.ts';
import { type Census, takeCensus } from '../resolver/eligibility-census.ts';
import {
  type DayEligibility,
  type DayTrip,
  decideDay,
  decideDayTrip,
  type KnownDrivers,
  lapsingDrivers,
} from '../resolver/eligibility-day.ts';
import { FastDay, MODES } from '../resolver/eligibility-day-fast.ts';
import type { Id } from '../values/id.ts';
import { endOfDay, startOfDay } from '../values/zone.ts';
import { eligibilitySettings } from './eligibility.ts';
import { countInput, dayInput } from './input.ts';
import type { Work } from './work.ts';

/** The most trips of an answer. */
const MOST_TRIPS = 1_000_000;
/** How many trips are decided before other events have their turn. */
const SLICE = 500;

/** How many drivers may carry each trip of a day, and why the others may not, worst first (spec section 4.1). */
export async function eligibleOfDay(work: Work, input: DayEligibleInput): Promise<DayEligibility> {
  const day = dayInput(input.day, 'day');
  const limit = countInput(input.limit, 'limit', [1, MOST_TRIPS], MOST_TRIPS);
  const { queries, client } = work;
  const settings = eligibilitySettings(work);
  const span = { from: startOfDay(day, client.timeZone), to: endOfDay(day, client.timeZone) };
  const decided: DayTrip[] = [];
  let judge: DayJudge | undefined;
  for await (const page of tripsWithin(queries, client.id, span))
    for (const trips of chunks(page, SLICE)) {
      judge ??= await judgeOf(work, span, settings);
      const facts = await spanTripFacts(queries, client.id, trips, {
        numbers: judge.drivers.numbers,
        modes: MODES,
      });
      const left = new Set<Id>();
      for (const trip of facts) {
        const found = judge.fast.decide(trip);
        if (found === undefined) left.add(trip.trip.id);
        else decided.push(found);
      }
      decided.push(
        ...(await decideNamed(
          work,
          trips.filter(({ trip }) => left.has(trip.id)),
          judge,
          settings,
        )),
      );
      await otherEvents();
    }
  return decideDay(day, decided, limit);
}

interface DayJudge {
  readonly drivers: ClassedDrivers;
  readonly census: Census;
  readonly fast: FastDay;
}

async function judgeOf(
  { queries, client, now }: Work,
  span: Span,
  settings: EligibilitySettings,
): Promise<DayJudge> {
  const required = await capabilitiesWithin(queries, client.id, span);
  const drivers = await classedDrivers(queries, client.id, required);
  const census = takeCensus(drivers.classes);
  const fast = new FastDay({ fitness: census.fitness, classes: drivers.classOf }, now, settings);
  return { drivers, census, fast };
}

/** Trips of which a warning names a driver. */
async function decideNamed(
  { queries, client, now }: Work,
  trips: readonly Parameters<typeof dayTripFacts>[2][number][],
  { drivers, census }: DayJudge,
  settings: EligibilitySettings,
): Promise<readonly DayTrip[]> {
  const facts = await dayTripFacts(queries, client.id, trips);
  const lapsing = await driversById(queries, client.id, lapsingDrivers(facts, now));
  const named = new Map(lapsing.map((driver) => [driver.id, driver]));
  const known: KnownDrivers = {
    fitness: census.fitness,
    classOf: (id) => drivers.classOf[drivers.numbers.of(id)],
    named: (id) => named.get(id),
  };
  return facts.map((trip) => decideDayTrip(trip, known, now, settings));
}
