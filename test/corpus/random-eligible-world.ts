import * as fc from 'fast-check';
import type { Api } from '../../src/contract/api.ts';
import type { EligibilityFacts } from '../../src/resolver/eligibility.ts';
import type { Id } from '../../src/values/id.ts';
import { eligibilityWorlds } from '../resolver/random-worlds.ts';
import type { Tenant } from './databases.ts';

const CODES = ['CHILD_SEAT', 'WAV'];
/** Often nothing, so that some drivers are left. */
const needs = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray(CODES, { minLength: 1 }));

/** A world of the resolver's own, with what surrounds it in a database. */
export const eligiblePlans = fc
  .record({
    facts: eligibilityWorlds,
    isGentle: fc.boolean(),
    isAdHoc: fc.constantFrom(false, false, true),
    /** What the owner of each list always needs. */
    ownNeeds: fc.array(needs, { minLength: 4, maxLength: 4 }),
    department: fc.option(fc.record({ own: needs, account: needs }), { freq: 2 }),
    /** Where in a shuffled row each list's owner rides. */
    seats: fc.array(fc.nat({ max: 9 }), { minLength: 4, maxLength: 4 }),
    /** Somebody rides in a second segment as well. */
    ridesTwice: fc.boolean(),
    /** Once the trip is stored, the first owner needs everything, and the last one is deleted: neither matters to it. */
    changesLater: fc.boolean(),
    /** Each owner is named by id or by name. */
    byName: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  })
  .map(({ isGentle, ...plan }) => (isGentle ? { ...plan, facts: gentle(plan.facts) } : plan));

/** Able drivers, nobody barred, one HARD list at most: what is left to decide are the order and the hold. */
const gentle = (facts: EligibilityFacts): EligibilityFacts => ({
  ...facts,
  drivers: facts.drivers.map((driver) => ({ ...driver, status: 'ACTIVE', capabilities: CODES })),
  lists: facts.lists.map((list, index) => ({
    ...list,
    rows: list.rows.map((row) => ({ ...row, mode: index === 0 && row.mode === 'HARD' ? 'HARD' : 'SOFT' })),
  })),
});

export type EligiblePlan = typeof eligiblePlans extends fc.Arbitrary<infer P> ? P : never;

type List = EligibilityFacts['lists'][number];
interface Owner {
  readonly list: List;
  readonly words: readonly [flag: string, ref: string];
  readonly needs: readonly string[];
  change(values: { readonly clientCapabilities: readonly string[] }): Promise<unknown>;
  delete(): Promise<unknown>;
}

export interface MadeEligible {
  /** What the resolver ought to be given, with the ids of the records. */
  readonly facts: EligibilityFacts;
  /** The words that ask about it, and whether about a stored trip. */
  readonly question: readonly string[];
  readonly isAdHoc: boolean;
}

/** Makes records of a plan, and says what the facts of the question are. */
export async function makeEligible(tenant: Tenant, plan: EligiblePlan): Promise<MadeEligible> {
  const api = await tenant.api();
  const { settings } = plan.facts;
  const values = Object.entries(settings).map(([name, value]) => [`dispatch.${name}`, value]);
  await api.call('settings.set', { settings: Object.fromEntries(values) });
  for (const code of CODES) await api.call('clientCapability.create', { code });

  const { drivers, idOf, gone } = await makeDrivers(api, plan.facts);
  const owners: Owner[] = [];
  for (const [index, list] of plan.facts.lists.entries())
    owners.push(await makeOwner(api, list, plan, index, idOf));
  await makeBystander(api, drivers[0]?.id);
  for (const id of gone) await api.call('driver.delete', { ref: id });

  const isAdHoc = plan.isAdHoc || plan.facts.pickupAt === null;
  const department = await makeDepartment(api, plan.department);
  const { words, isBare } = riding(owners, plan, department);
  // Without any flag an ad hoc question would be none.
  const pickupAt = plan.facts.pickupAt ?? (isBare ? plan.facts.now : null);
  const facts: EligibilityFacts = {
    ...plan.facts,
    drivers,
    pickupAt,
    releasedAt: isAdHoc ? null : plan.facts.releasedAt,
    lists: owners.map((owner) => owner.list),
    requiredCapabilities: [
      ...plan.facts.requiredCapabilities,
      ...owners.flatMap((owner) => owner.needs),
      ...departmentNeeds(plan.department),
    ],
  };
  const when = pickupAt === null ? [] : ['--pickup', String(pickupAt)];
  if (isAdHoc) return { facts, isAdHoc, question: [...words, ...when] };

  const released = facts.releasedAt === null ? [] : ['--released-at', String(facts.releasedAt)];
  await tenant.tph('trip', 'create', 'T-1', ...words, ...when, ...released);
  if (plan.changesLater) {
    await owners[0]?.change({ clientCapabilities: CODES });
    await owners.at(-1)?.delete();
    await api.call('trip.update', { ref: 'T-1', status: 'RELEASED' });
  }
  return { facts, isAdHoc, question: ['--trip', 'T-1'] };
}

/** Those of the facts, and those who only stand on lists: they are deleted once their rows are there. */
async function makeDrivers(api: Api, { drivers, lists }: EligibilityFacts) {
  const ids = new Map<Id, Id>();
  const made: EligibilityFacts['drivers'][number][] = [];
  for (const driver of drivers) {
    const { callsign, status, capabilities } = driver;
    const { id } = await api.call('driver.create', { callsign, status, clientCapabilities: capabilities });
    ids.set(driver.id, id);
    made.push({ ...driver, id });
  }
  const gone: Id[] = [];
  for (const row of lists.flatMap((list) => list.rows)) {
    if (ids.has(row.driver)) continue;
    const { id } = await api.call('driver.create', { callsign: `X${gone.length}` });
    ids.set(row.driver, id);
    gone.push(id);
  }
  return { drivers: made, gone, idOf: (id: Id): Id => ids.get(id) ?? id };
}

/** The customer or special-category passenger of a list, with their rows; of a driver there is one live row at most. */
async function makeOwner(
  api: Api,
  list: List,
  plan: EligiblePlan,
  index: number,
  idOf: (id: Id) => Id,
): Promise<Owner> {
  const isCustomer = list.kind === 'CUSTOMER';
  const type = isCustomer ? 'customer' : 'specialCategoryPassenger';
  const clientCapabilities = plan.ownNeeds[index] ?? [];
  const { id } = isCustomer
    ? await api.call('customer.create', { firstName: 'Rider', lastName: String(index), clientCapabilities })
    : await api.call('specialCategoryPassenger.create', { ref: `S-${index}`, clientCapabilities });
  const live = new Map(list.rows.filter((row) => !row.deleted).map((row) => [row.driver, row]));
  // A record makes room for its twin only once it is gone.
  const possible = [...list.rows.filter((row) => row.deleted), ...live.values()];
  const rows: List['rows'][number][] = [];
  for (const row of possible) {
    const { mode, priority, expiresAt } = row;
    const driver = idOf(row.driver);
    const values = { driver: { id: driver }, mode, priority, expiresAt };
    const made = isCustomer
      ? await api.call('driverCustomer.create', { ...values, customer: { id } })
      : await api.call('driverScp.create', { ...values, scp: { id } });
    if (row.deleted)
      await api.call(isCustomer ? 'driverCustomer.delete' : 'driverScp.delete', { ref: made.id });
    rows.push({ ...row, id: made.id, driver });
  }
  const handle = isCustomer ? `Rider ${index}` : `s-${index}`;
  return {
    list: { ...list, id, rows },
    words: [isCustomer ? '--customer' : '--scp', plan.byName[index] === true ? handle : id],
    needs: clientCapabilities,
    change: (values) => api.call(`${type}.update`, { ref: id, ...values }),
    delete: () => api.call(`${type}.delete`, { ref: id }),
  };
}

/** Somebody who does not ride, with rows that concern nobody else. */
async function makeBystander(api: Api, driver: Id | undefined): Promise<void> {
  if (driver === undefined) return;
  const customer = await api.call('customer.create', { firstName: 'Bystander', clientCapabilities: CODES });
  const scp = await api.call('specialCategoryPassenger.create', { ref: 'BY', clientCapabilities: CODES });
  await api.call('driverCustomer.create', { driver: { id: driver }, customer, mode: 'BLOCK' });
  await api.call('driverScp.create', { driver: { id: driver }, scp, mode: 'HARD' });
}

async function makeDepartment(api: Api, department: EligiblePlan['department']): Promise<string | undefined> {
  if (department === null) return undefined;
  await api.call('account.create', { ref: 'ACME', clientCapabilities: department.account });
  await api.call('accountDepartment.create', {
    account: 'ACME',
    departmentName: 'Sales',
    clientCapabilities: department.own,
  });
  return 'ACME/Sales';
}

const departmentNeeds = (department: EligiblePlan['department']): readonly string[] => {
  if (department === null) return [];
  return department.own.length > 0 ? department.own : department.account;
};

/** Who rides where, what is needed besides, and who is charged. */
function riding(owners: readonly Owner[], plan: EligiblePlan, department: string | undefined) {
  const seat = (owner: Owner) => plan.seats[owners.indexOf(owner)] ?? 0;
  const seated = owners.toSorted((a, b) => seat(a) - seat(b));
  const words = [
    ...seated.flatMap((owner) => owner.words),
    ...(plan.ridesTwice ? (seated[0]?.words ?? []) : []),
    ...plan.facts.requiredCapabilities.flatMap((code) => ['--capability', code]),
    ...(department === undefined ? [] : ['--dept', department]),
  ];
  return { words, isBare: words.length === 0 };
}
