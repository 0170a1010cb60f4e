import type { Session } from '../../src/contract/database.ts';
import { openStore } from '../../src/operations/open-store.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';

const TRIPS = 20;

/** A client with drivers, of whom every tenth is approved for the passenger of some trips. */
export async function prepare(file: string, count: number) {
  const session: Session = {
    client: undefined,
    actor: 'bench',
    reason: null,
    nowMs: Date.now(),
    lockWaitMs: 5000,
  };
  const store = openStore(file);
  const { client } = await store
    .admin(session)
    .create({ name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' });
  const api = await store.open(session);
  const { token } = await api.call('token.create', { name: 'bench', role: 'ADMIN' });
  await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': true } });
  await api.call('clientCapability.create', { code: 'WAV' });
  await api.call('specialCategoryPassenger.create', { ref: 'SCP-1', displayName: 'Aoife K.' });
  const drivers: Id[] = [];
  for (let index = 0; index < count; index += 1) {
    const driver = {
      callsign: `D${index}`,
      firstName: 'Ann',
      lastName: `Byrne ${index}`,
      clientCapabilities: ['WAV'],
    };
    const { id } = await api.call('driver.create', driver);
    drivers.push(id);
    if (index % 10 === 0) await api.call('driverScp.create', { driver: { id }, scp: 'SCP-1', mode: 'SOFT' });
  }
  const trips: Id[] = [];
  for (let index = 1; index <= TRIPS; index += 1) {
    const { id } = await api.call('trip.create', {
      ref: `T-${index}`,
      pickupAt: Math.floor(Date.now() / 1000 + 3600) as Instant,
      tripSegments: [{ scps: ['SCP-1'] }],
      clientCapabilities: ['WAV'],
    });
    trips.push(id);
  }
  await api.close();
  return { client: client.id, token, drivers, trips };
}
