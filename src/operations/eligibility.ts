import type { AdHocEligibleInput, TripEligibleInput } from '../contract/eligibility.ts';
import { driverClasses } from '../db/driver-classes.ts';
import {
  type Capability,
  candidateDrivers,
  capabilitiesOf,
  driversById,
  listOwners,
  preferenceRows,
} from '../db/eligibility-facts.ts';
import { loadRecords } from '../db/record-store.ts';
import { trip } from '../records/trip.ts';
import {
  decideEligibility,
  type EligibilityDecision,
  type EligibilityFacts,
  judgeTrip,
} from '../resolver/eligibility.ts';
import { decideAmong, listedDrivers } from '../resolver/eligibility-census.ts';
import type { PreferenceList } from '../resolver/trip-list.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { countInput, flagInput, instantInput, listInput } from './input.ts';
import { neededCapabilities, type Riders, ridersOf } from './needs.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

interface Question extends Pick<EligibilityFacts, 'trip' | 'pickupAt' | 'releasedAt'> {
  readonly required: readonly Capability[];
}
/** What the answer is cut to. */
interface Narrowing {
  /** Only this driver. */
  readonly driver: Id | undefined;
  readonly explain: boolean;
  readonly limit: number;
}

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
  const question: Question = {
    trip: { id, ref: values['ref'] as string },
    pickupAt: values['pickupAt'] as Instant | null,
    releasedAt: values['releasedAt'] as Instant | null,
    required: await capabilitiesOf(
      work.queries,
      work.client.id,
      values['clientCapabilities'] as readonly Id[],
    ),
  };
  return decide(work, question, ridersOf(values), await narrowing(work, input));
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
    required: await capabilitiesOf(work.queries, work.client.id, [...new Set([...named, ...needed])]),
  };
  return decide(work, question, riders, await narrowing(work, input));
}

/**
 * Where a list is locked, only the drivers that lists name are looked at one by one; all others are counted. Where none is, or
 * all reasons are asked for, every driver is.
 */
async function decide(
  work: Work,
  { required, ...question }: Question,
  riders: Riders,
  narrowing: Narrowing,
): Promise<EligibilityDecision> {
  const { queries, client } = work;
  const facts = {
    ...question,
    requiredCapabilities: required.map(({ code }) => code),
    now: work.now,
    lists: [
      ...(await listsOf(work, 'CUSTOMER', riders.customers)),
      ...(await listsOf(work, 'SCP', riders.scps)),
    ],
    settings: eligibilitySettings(work),
  };
  const { driver, explain } = narrowing;
  const isLocked = judgeTrip(facts).lists.some((list) => list.lock !== null);
  if (!isLocked || (explain && driver === undefined))
    return narrowed(
      decideEligibility({ ...facts, drivers: await candidateDrivers(queries, client.id, required) }),
      narrowing,
    );
  const listed = listedDrivers(facts.lists);
  const asked = driver === undefined || listed.includes(driver) ? listed : [...listed, driver];
  const decision = decideAmong(
    { ...facts, drivers: await driversById(queries, client.id, asked) },
    await driverClasses(queries, client.id, required),
  );
  return narrowed(decision, narrowing);
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
  ids: readonly Id[],
): Promise<readonly PreferenceList[]> {
  const rows = await preferenceRows(work.queries, work.client.id, kind, ids);
  const owners = await listOwners(work.queries, work.client.id, kind, ids);
  return owners.map(({ id, name }) => ({ kind, id, name, rows: rows.get(id) ?? [] }));
}

const MOST_DRIVERS = 1_000_000;

async function narrowing(
  work: Work,
  input: {
    readonly driver?: string | undefined;
    readonly explain?: boolean | undefined;
    readonly limit?: number | undefined;
  },
): Promise<Narrowing> {
  const explain = flagInput(input.explain, 'explain');
  const limit = countInput(input.limit, 'limit', [1, MOST_DRIVERS], MOST_DRIVERS);
  const driver =
    input.driver === undefined ? undefined : await resolveReference(work, 'Driver', input.driver, 'driver');
  return { driver, explain, limit };
}

/** Cuts the answer to what was asked for; the summary always counts all (spec section 4.1). */
function narrowed(
  decision: EligibilityDecision,
  { driver: id, explain, limit }: Narrowing,
): EligibilityDecision {
  if (id !== undefined)
    return {
      ...decision,
      drivers: decision.drivers.filter((driver) => driver.id === id),
      excluded: decision.excluded.filter((driver) => driver.id === id),
    };
  return {
    ...decision,
    drivers: decision.drivers.slice(0, limit),
    excluded: explain ? decision.excluded : [],
  };
}
