import type { EligibilityDecision } from '../../src/resolver/eligibility.ts';
import type { EligibleWorld } from '../resolver/case-format.ts';
import { readInstant } from '../resolver/world.ts';
import type { Tenant } from './databases.ts';
import { Unsayable } from './unsayable.ts';

/** Makes the world of a case, and asks the program what the case asks. */
export async function askEligible(tenant: Tenant, world: EligibleWorld): Promise<EligibilityDecision> {
  await makeRecords(tenant, world);
  const { trip } = world;
  const riders = (trip.segments ?? []).flatMap(({ customer, scps }) => [
    ...(customer === undefined ? [] : ['--customer', customer]),
    ...(scps ?? []).flatMap((scp) => ['--scp', scp]),
  ]);
  const needs = (trip.capabilities ?? []).flatMap((code) => ['--capability', code]);
  const question = ['eligible', '--explain', '--at', world.now];
  // A stored trip has a pickup; one without is asked about ad hoc, which answers alike but for the trip's name.
  if (trip.ref === undefined || trip.pickup === undefined) {
    if (trip.released !== undefined) throw new Unsayable('no flag says when an ad hoc trip was released');
    const pickup = trip.pickup === undefined ? [] : ['--pickup', trip.pickup];
    return tenant.ask('eligible.adHoc', ...question, ...riders, ...needs, ...pickup);
  }
  const released = trip.released === undefined ? [] : ['--released-at', trip.released];
  await tenant.tph('trip', 'create', trip.ref, '--pickup', trip.pickup, ...released, ...riders, ...needs);
  return tenant.ask('trip.eligible', ...question, '--trip', trip.ref);
}

/** Drivers, passengers and lists. Names are references, so that each is looked up as people write it. */
async function makeRecords(tenant: Tenant, world: EligibleWorld): Promise<void> {
  const api = await tenant.api();
  const settings = Object.entries(world.settings ?? {}).map(([name, value]) => [`dispatch.${name}`, value]);
  if (settings.length > 0) await api.call('settings.set', { settings: Object.fromEntries(settings) });
  const drivers = Object.entries(world.drivers);
  const codes = [...drivers.flatMap(([, own]) => own.capabilities ?? []), ...(world.trip.capabilities ?? [])];
  for (const code of new Set(codes)) await api.call('clientCapability.create', { code });
  for (const [callsign, { status, capabilities }] of drivers)
    await api.call('driver.create', { callsign, status, clientCapabilities: capabilities ?? [] });
  for (const firstName of world.customers ?? []) await api.call('customer.create', { firstName });
  for (const name of world.scps ?? [])
    await api.call('specialCategoryPassenger.create', { ref: `S-${name}`, displayName: name });
  // Those that end up deleted first: a record makes room for its twin only once it is gone.
  const rows = [...(world.preferences ?? [])].sort(
    (a, b) => Number(b.deleted === true) - Number(a.deleted === true),
  );
  for (const row of rows) {
    const { driver, mode, priority } = row;
    const expiresAt = row.expires === undefined ? null : readInstant(row.expires);
    const values = { driver, mode, priority: priority ?? 0, expiresAt };
    const kind = 'customer' in row ? 'driverCustomer' : 'driverScp';
    const { id } =
      'customer' in row
        ? await api.call('driverCustomer.create', { ...values, customer: row.customer })
        : await api.call('driverScp.create', { ...values, scp: row.scp });
    if (row.deleted === true) await api.call(`${kind}.delete`, { ref: id });
  }
  for (const [callsign, { deleted }] of drivers)
    if (deleted === true) await api.call('driver.delete', { ref: callsign });
}
