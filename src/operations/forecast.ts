import { type ExpiringForecast, type ForecastInput, MOST_WITHIN } from '../contract/forecast.ts';
import { candidateDrivers, capabilityCodes } from '../db/eligibility-facts.ts';
import { ownersOfHardRows, runsOf } from '../db/forecast-facts.ts';
import { loadRecords, type StoredRecord } from '../db/record-store.ts';
import { recurringTripFacts } from '../db/release-facts.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { DAYS_BEYOND, type ForecastRun, forecast } from '../resolver/forecast.ts';
import type { ListRef } from '../resolver/reasons.ts';
import type { PreferenceList } from '../resolver/trip-list.ts';
import { addDays } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import { eligibilitySettings, listsOf } from './eligibility.ts';
import { countInput } from './input.ts';
import { neededCapabilities, type Riders, ridersOf } from './needs.ts';
import type { Work } from './work.ts';

const DAY_SECONDS = 86_400;

/** Which recurring runs lose their last approved driver within a window, and when (spec sections 4.1 and 4.2). */
export async function expiringForecast(work: Work, input: ForecastInput): Promise<ExpiringForecast> {
  const fallback = Math.min(work.settings['approvals.warnDays'] * DAY_SECONDS, MOST_WITHIN);
  const within = countInput(input.within, 'within', [0, MOST_WITHIN], fallback);
  const until = (work.now + within) as Instant;
  const found = forecast({
    now: work.now,
    until,
    client: { id: work.client.id },
    timeZone: work.client.timeZone,
    runs: await guardedRuns(work, until),
    drivers: await candidateDrivers(work.queries, work.client.id),
    settings: eligibilitySettings(work),
  });
  return { ...found, warnings: warningsOf(found.unconsulted) };
}

/** The active recurring trips of which a passenger has HARD rows, with what decides who may drive them. */
async function guardedRuns(work: Work, until: Instant): Promise<readonly ForecastRun[]> {
  const { queries, client } = work;
  const owners = {
    customers: new Set(await ownersOfHardRows(queries, client.id, 'CUSTOMER')),
    scps: new Set(await ownersOfHardRows(queries, client.id, 'SCP')),
  };
  const only = await runsOf(queries, client.id, owners);
  if (only.length === 0) return [];
  const to = addDays(dayAt(until, client.timeZone), DAYS_BEYOND);
  const runs = await recurringTripFacts(queries, client.id, { from: work.today, to, only });
  const records = new Map(
    (await loadRecords(queries, client.id, recurringTrip, only)).map((one) => [one.id, one]),
  );
  const riders = [...records.values()].map((record) => ridersOf(record.values));
  const customers = await byId(work, 'CUSTOMER', new Set(riders.flatMap((one) => one.customers)));
  const scps = await byId(work, 'SCP', new Set(riders.flatMap((one) => one.scps)));
  const needs = new Needs(work);
  const found: ForecastRun[] = [];
  for (const run of runs) {
    const record = records.get(run.id) as StoredRecord;
    const own = ridersOf(record.values);
    found.push({
      run,
      lists: [
        ...own.customers.flatMap((id) => customers.get(id) ?? []),
        ...own.scps.flatMap((id) => scps.get(id) ?? []),
      ],
      requiredCapabilities: await needs.codesOf(record),
    });
  }
  return found;
}

async function byId(
  work: Work,
  kind: ListRef['kind'],
  ids: ReadonlySet<Id>,
): Promise<ReadonlyMap<Id, PreferenceList>> {
  return new Map((await listsOf(work, kind, [...ids])).map((list) => [list.id, list]));
}

/** What the trips of a run will require; each rider and each department is looked at once. */
class Needs {
  readonly #work: Work;
  readonly #known = new Map<Id, readonly Id[]>();
  constructor(work: Work) {
    this.#work = work;
  }

  async codesOf({ values }: StoredRecord): Promise<readonly string[]> {
    const { customers, scps } = ridersOf(values);
    const department = values['accountDepartment'] as Id | null;
    const ids = new Set(values['clientCapabilities'] as readonly Id[]);
    const add = async (owner: Id, riders: Riders, dept: Id | null) => {
      const known = this.#known.get(owner) ?? (await neededCapabilities(this.#work, riders, dept));
      this.#known.set(owner, known);
      for (const id of known) ids.add(id);
    };
    for (const id of customers) await add(id, { customers: [id], scps: [] }, null);
    for (const id of scps) await add(id, { customers: [], scps: [id] }, null);
    if (department !== null) await add(department, { customers: [], scps: [] }, department);
    return capabilityCodes(this.#work.queries, this.#work.client.id, [...ids]);
  }
}

function warningsOf(unconsulted: readonly ListRef[]): readonly ErrorDetail[] {
  const [first] = unconsulted;
  if (first === undefined) return [];
  const others = unconsulted.length - 1;
  const whose = others === 0 ? first.name : `${first.name} and ${others} more`;
  return [
    {
      field: 'dispatch.approvedScpDrivers',
      message: `the approved drivers of ${whose} do not count: dispatch.approvedScpDrivers is off`,
      hint: 'turn it on with `tph settings set dispatch.approvedScpDrivers on`',
    },
  ];
}
