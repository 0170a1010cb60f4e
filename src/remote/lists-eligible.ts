import type { ActiveClient } from '../contract/api.ts';
import type { Session } from '../contract/database.ts';
import type { AdHocEligibleInput } from '../contract/eligibility.ts';
import { displayName, fullName } from '../records/display.ts';
import { settingsInForce } from '../records/settings.ts';
import { decideEligibility, type EligibilityDecision } from '../resolver/eligibility.ts';
import type { PreferenceList } from '../resolver/trip-list.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import type { InstanceClient } from './client.ts';
import type { Instance } from './instance.ts';
import { findOwner } from './list-owners.ts';
import { codesOf, type KnownDriver, type ListKind, SeedLists } from './seed-lists.ts';

/**
 * Who may carry given passengers, decided here by the one resolver, from the lists of an instance that has only the
 * seeds' endpoints (spec section 6). Drivers who are on no list of the passengers are not known there, nor what
 * drivers can do; what cannot be decided without that throws UNAVAILABLE.
 */
export async function eligibleFromLists(
  http: InstanceClient,
  { profile, note }: Instance,
  client: ActiveClient,
  session: Session,
  input: AdHocEligibleInput,
): Promise<EligibilityDecision> {
  if (input.department !== undefined) throw beyond('--dept', 'what a department’s bookings need');
  const seeds = new SeedLists(http, client.id);
  const lists: PreferenceList[] = [];
  const drivers = new Map<Id, KnownDriver>();
  const required = new Set(input.capabilities);
  for (const [kind, refs] of [
    ['CUSTOMER', input.customers ?? []],
    ['SCP', input.scps ?? []],
  ] as const)
    for (const ref of refs) {
      const list = await listOf(seeds, kind, ref);
      lists.push(list);
      for (const driver of list.drivers) drivers.set(driver.id, driver);
      for (const code of list.needs) required.add(code);
    }
  if (lists.length === 0) throw invalid('nobody rides', 'name passengers with --customer or --scp');
  if (drivers.size === 0) throw nobodyListed(profile.url);

  const decision = decideEligibility({
    now: Math.floor(session.nowMs / 1000) as Instant,
    trip: null,
    pickupAt: input.pickupAt ?? null,
    releasedAt: null,
    requiredCapabilities: [...required],
    lists,
    drivers: [...drivers.values()].map((driver) => candidate(driver, required)),
    settings: settingsOf(profile.settings),
  });
  note(`note: ${profile.url} does not decide who is eligible; this is decided here, from its lists`);
  note('note: it tells of no drivers but those on the lists, so others of the fleet are left out');
  if (lists.some(({ kind }) => kind === 'SCP'))
    note(
      'warning: it does not say what special-category passengers need: their capabilities are not checked; name them with --capability',
    );
  if ([...drivers.values()].some(({ statusKnown }) => !statusKnown))
    note('note: it does not say which drivers are suspended; all are taken as active');
  if (
    profile.settings['dispatch.approvedScpDrivers'] === undefined &&
    lists.some(({ kind }) => kind === 'SCP')
  )
    note(
      `note: it does not say whether approvals count, and by default they do not; \`tph profile add ${profile.name} --setting dispatch.approvedScpDrivers=on …\` makes them count`,
    );
  return narrowed(decision, input);
}

async function listOf(seeds: SeedLists, kind: ListKind, ref: string) {
  const owner = await findOwner(seeds, kind, ref);
  const rows = await seeds.rowsOf(kind, owner);
  const record = kind === 'CUSTOMER' ? await seeds.customer(owner) : undefined;
  const name =
    record === undefined
      ? (rows.find((one) => one.owner?.id === owner)?.owner?.name ?? owner)
      : fullName(record) || displayName('Customer', record);
  return {
    kind,
    id: owner,
    name,
    rows: rows.map(({ row }) => row),
    drivers: rows.flatMap(({ row, driver }) => (row.deleted ? [] : [driver])),
    needs: codesOf(record?.['clientCapabilities']),
  };
}

function candidate(driver: KnownDriver, required: ReadonlySet<string>) {
  const { id, callsign, name, status, capabilities } = driver;
  if (capabilities === undefined && required.size > 0)
    throw beyond([...required].join(', '), 'what drivers can do, and the passengers need');
  return { id, callsign, name, status, capabilities: capabilities ?? [] };
}

function settingsOf(told: Readonly<Record<string, unknown>>) {
  const settings = settingsInForce(told);
  return {
    preferredDriverHoldSeconds: settings['dispatch.preferredDriverHoldSeconds'],
    favouriteDrivers: settings['dispatch.favouriteDrivers'],
    approvedScpDrivers: settings['dispatch.approvedScpDrivers'],
    lapsedHardList: settings['dispatch.lapsedHardList'],
  };
}

/** Spec section 4.1: the summary counts all, whatever is asked for. */
function narrowed(
  decision: EligibilityDecision,
  { driver, explain, limit }: AdHocEligibleInput,
): EligibilityDecision {
  const { drivers, excluded } = decision;
  if (driver === undefined)
    return { ...decision, drivers: drivers.slice(0, limit), excluded: explain === true ? excluded : [] };
  const all = [...drivers, ...excluded];
  const fits = all.filter(
    ({ id, callsign, name }) => id === driver || fold(callsign) === fold(driver) || name === driver,
  );
  const [only] = fits;
  if (only === undefined || fits.length > 1)
    throw notOnLists(
      driver,
      all.map(({ callsign }) => callsign),
    );
  return {
    ...decision,
    drivers: drivers.filter(({ id }) => id === only.id),
    excluded: excluded.filter(({ id }) => id === only.id),
  };
}

function notOnLists(driver: string, callsigns: readonly string[]): TphError {
  const near = nearest(driver, callsigns, 1)[0];
  const message = `no driver on these lists is ${quote(driver)}`;
  const hint =
    near === undefined
      ? 'the instance tells of no other drivers; leave out --driver'
      : `did you mean ${quote(near)}?`;
  return new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: 'driver', value: driver, message, hint }],
  });
}

/** Without a list any driver may come, but such an instance tells of none that is on no list. */
const nobodyListed = (url: string): TphError =>
  new TphError('UNAVAILABLE', 'it cannot be told who may drive: no driver is on a list of the passengers', {
    hint: `${url} tells of no other drivers; ask an instance that is a tph server`,
  });

const beyond = (asked: string, what: string): TphError =>
  new TphError('UNAVAILABLE', `${asked} cannot be taken into account: the instance does not tell ${what}`, {
    hint: 'ask an instance that is a tph server, or leave it out where it does not matter',
  });
