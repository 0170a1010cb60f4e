import type { AdHocEligibleInput, TripEligibleInput } from '../contract/eligibility.ts';
import { candidateDrivers, capabilityCodes, preferenceRows } from '../db/eligibility-facts.ts';
import { loadRecords } from '../db/record-store.ts';
import { customer } from '../records/customer.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import { trip } from '../records/trip.ts';
import {
  decideEligibility,
  type EligibilityDecision,
  type EligibilityFacts,
} from '../resolver/eligibility.ts';
import type { PreferenceList } from '../resolver/trip-list.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { countInput, flagInput, instantInput, listInput } from './input.ts';
import { neededCapabilities, type Riders, ridersOf } from './needs.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

type Question = Pick<EligibilityFacts, 'trip' | 'pickupAt' | 'releasedAt' | 'requiredCapabilities'>;

/** Who may carry a stored trip (spec section 4.1). */
export async function eligibleForTrip(work: Work, input: TripEligibleInput): Promise<EligibilityDecision> {
  const id = await resolveReference(
    work,
    'Trip',
    input.ref,
    'ref',
    parseId(input.ref) === undefined ? 'live' : 'all',
  );
  const [stored] = await loadRecords(work.queries, work.client.id, trip, [id]);
  if (stored === undefined) throw new TphError('NOT_FOUND', `there is no trip ${quote(input.ref)}`);
  const { values } = stored;
  const codes = await capabilityCodes(
    work.queries,
    work.client.id,
    values['clientCapabilities'] as readonly Id[],
  );
  const question: Question = {
    trip: { id, ref: values['ref'] as string },
    pickupAt: values['pickupAt'] as Instant | null,
    releasedAt: values['releasedAt'] as Instant | null,
    requiredCapabilities: codes,
  };
  return narrowed(work, await decide(work, question, ridersOf(values)), input);
}

/** Who may carry given passengers, with the capabilities that they and the department always need. */
export async function eligibleAdHoc(work: Work, input: AdHocEligibleInput): Promise<EligibilityDecision> {
  const pickupAt = instantInput(input.pickupAt, 'pickupAt');
  const ids = async (
    type: 'Customer' | 'SpecialCategoryPassenger' | 'ClientCapability',
    refs: readonly string[] | undefined,
    field: string,
  ) => {
    const found: Id[] = [];
    for (const ref of listInput(refs, field)) found.push(await resolveReference(work, type, ref, field));
    return found;
  };
  const riders: Riders = {
    customers: await ids('Customer', input.customers, 'customer'),
    scps: await ids('SpecialCategoryPassenger', input.scps, 'scp'),
  };
  const named = await ids('ClientCapability', input.capabilities, 'capability');
  const department =
    input.department === undefined
      ? null
      : await resolveReference(work, 'AccountDepartment', input.department, 'dept');
  const needed = await neededCapabilities(work, riders, department);
  const question: Question = {
    trip: null,
    pickupAt: pickupAt ?? null,
    releasedAt: null,
    requiredCapabilities: await capabilityCodes(work.queries, work.client.id, [
      ...new Set([...named, ...needed]),
    ]),
  };
  return narrowed(work, await decide(work, question, riders), input);
}

async function decide(work: Work, question: Question, riders: Riders): Promise<EligibilityDecision> {
  const lists = [
    ...(await listsOf(work, 'CUSTOMER', customer, riders.customers)),
    ...(await listsOf(work, 'SCP', specialCategoryPassenger, riders.scps)),
  ];
  return decideEligibility({
    ...question,
    now: work.now,
    lists,
    drivers: await candidateDrivers(work.queries, work.client.id),
    settings: eligibilitySettings(work),
  });
}

/** The client's settings that the resolver asks for. */
export const eligibilitySettings = ({ settings }: Pick<Work, 'settings'>): EligibilityFacts['settings'] => ({
  preferredDriverHoldSeconds: settings['dispatch.preferredDriverHoldSeconds'],
  favouriteDrivers: settings['dispatch.favouriteDrivers'],
  approvedScpDrivers: settings['dispatch.approvedScpDrivers'],
  lapsedHardList: settings['dispatch.lapsedHardList'],
});

/** The lists of customers or special-category passengers, deleted ones too, as the resolver takes them. */
export async function listsOf(
  work: Work,
  kind: 'CUSTOMER' | 'SCP',
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly PreferenceList[]> {
  const rows = await preferenceRows(work.queries, work.client.id, kind, ids);
  const owners = await loadRecords(work.queries, work.client.id, definition, ids);
  return owners.map((owner) => ({
    kind,
    id: owner.id,
    name: listName(definition, owner.values),
    rows: rows.get(owner.id) ?? [],
  }));
}

/** As the passenger is called on the list, without the reference behind it. */
function listName(definition: RecordDefinition, values: Readonly<Record<string, unknown>>): string {
  const own = values['displayName'];
  return typeof own === 'string' ? own : displayName(definition.objectType, values);
}

const MOST_DRIVERS = 1_000_000;

/** Cuts the answer to what was asked for; the summary always counts all (spec section 4.1). */
async function narrowed(
  work: Work,
  decision: EligibilityDecision,
  input: {
    readonly driver?: string | undefined;
    readonly explain?: boolean | undefined;
    readonly limit?: number | undefined;
  },
): Promise<EligibilityDecision> {
  const explain = flagInput(input.explain, 'explain');
  const limit = countInput(input.limit, 'limit', [1, MOST_DRIVERS], MOST_DRIVERS);
  if (input.driver !== undefined) {
    const id = await resolveReference(work, 'Driver', input.driver, 'driver');
    return {
      ...decision,
      drivers: decision.drivers.filter((driver) => driver.id === id),
      excluded: decision.excluded.filter((driver) => driver.id === id),
    };
  }
  return {
    ...decision,
    drivers: decision.drivers.slice(0, limit),
    excluded: explain ? decision.excluded : [],
  };
}
