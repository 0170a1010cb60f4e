import { beforeAll, describe, expect, test } from 'vitest';
import type { CheckedApi } from '../checked-api.ts';
import { NOON, type Tenant, TODAY, type World } from '../world.ts';

const CODES = ['WAV', 'CHILD_SEAT', 'PET'] as const;
const MODES = ['HARD', 'SOFT', 'BLOCK', 'SOFT', 'HARD'] as const;

/** That what is counted for a day, and what is read for a locked list, is what judging every driver gives (spec section 4.1). */
export function eligibleDay(world: () => World): void {
  describe('eligibility of a day', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    const drivers: string[] = [];
    const refs: string[] = [];
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
      await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': true } });
      for (const code of CODES) await api.call('clientCapability.create', { code });
      for (let index = 0; index < 16; index += 1) {
        const driver = await api.call('driver.create', {
          callsign: `D${index}`,
          ...(index % 3 === 0 ? {} : { firstName: 'Ann' }),
          status: index % 7 === 6 ? 'SUSPENDED' : 'ACTIVE',
          clientCapabilities: CODES.filter((_code, bit) => (index & (1 << bit)) !== 0),
        });
        drivers.push(driver.id);
      }
      for (let index = 0; index < 4; index += 1) {
        await api.call('customer.create', { firstName: 'Bo', lastName: `Li ${index}` });
        await api.call('specialCategoryPassenger.create', {
          ref: `S-${index}`,
          displayName: `Aoife ${index}`,
        });
        for (let row = 0; row < index * 2; row += 1) {
          const mode = MODES[(row + index) % MODES.length] ?? 'SOFT';
          const expiresAt = row % 3 === 2 ? NOON + 600 : null;
          const driver = drivers[(row * 5 + index) % drivers.length] ?? '';
          const more = { driver, mode, priority: row % 2, expiresAt: expiresAt as never };
          await api.call('driverCustomer.create', { customer: `Bo Li ${index}`, ...more });
          if (row % 2 === 0) await api.call('driverScp.create', { scp: `S-${index}`, ...more });
        }
      }
      await (await tenant.open({ reason: 'test' })).call('driver.delete', { ref: 'D5' });
      for (let index = 0; index < 12; index += 1) {
        const ref = `T-${index}`;
        refs.push(ref);
        await api.call('trip.create', {
          ref,
          pickupAt: (NOON + 300 * (index % 4)) as never,
          ...(index % 2 === 0 ? {} : { releasedAt: NOON }),
          tripSegments: [
            {
              customer: `Bo Li ${index % 4}`,
              ...(index % 3 === 0 ? { scps: [`S-${(index + 1) % 4}`] } : {}),
            },
            ...(index % 5 === 4 ? [{ customer: `Bo Li ${(index + 2) % 4}` }] : []),
          ],
          clientCapabilities: CODES.filter((_code, bit) => index % (bit + 3) === 1),
        });
      }
      await api.call('trip.create', { ref: 'T-OFF', pickupAt: NOON, status: 'CANCELLED' });
      await api.call('trip.create', { ref: 'T-LATER', pickupAt: (NOON + 86_400) as never });
      await api.call('trip.create', { ref: 'T-GONE', pickupAt: NOON });
      await (await tenant.open({ reason: 'test' })).call('trip.delete', { ref: 'T-GONE' });
    });

    test.each(['IGNORE', 'LOCK'] as const)('every trip, as one by one, lapsed lists %s', async (lapsed) => {
      await api.call('settings.set', { settings: { 'dispatch.lapsedHardList': lapsed } });
      const day = await api.call('eligible.day', { day: TODAY });
      expect(day.trips.map((one) => one.trip.ref).sort()).toEqual([...refs].sort());
      for (const { trip, passengers, pickupAt, locked, ...counted } of day.trips) {
        const every = await api.call('trip.eligible', { ref: trip.ref, explain: true });
        const { asOf, phase, holdEndsAt, requiredCapabilities, warnings, summary } = every;
        expect(counted).toEqual({ asOf, phase, holdEndsAt, requiredCapabilities, warnings, summary });
        expect(locked.map((one) => one.name)).toEqual(
          every.lists.filter((one) => one.locked).map((one) => one.name),
        );
        expect(passengers[0]).toBe(`Bo Li ${Number(trip.ref.slice(2)) % 4}`);
        // Without the reasons only those whom lists name are read, where a list is locked.
        const { excluded, ...same } = every;
        expect(await api.call('trip.eligible', { ref: trip.ref })).toEqual({ ...same, excluded: [] });
        for (const driver of drivers.slice(0, 5)) {
          const one = await api.call('trip.eligible', { ref: trip.ref, driver });
          expect(one.drivers).toEqual(every.drivers.filter(({ id }) => id === driver));
          expect(one.excluded).toEqual(excluded.filter(({ id }) => id === driver));
          expect(one.summary).toEqual(summary);
        }
      }
    });

    test('the worst first, as many as are asked for', async () => {
      const all = await api.call('eligible.day', { day: TODAY });
      const counts = all.trips.map((one) => one.summary.eligible);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(all.summary).toMatchObject({
        trips: refs.length,
        nobody: counts.filter((count) => count === 0).length,
        single: counts.filter((count) => count === 1).length,
      });
      const some = await api.call('eligible.day', { day: TODAY, limit: 3 });
      expect(some).toEqual({ ...all, trips: all.trips.slice(0, 3) });
    });

    test('the day is that of the pickup, where the client is now', async () => {
      const own = await world().tenant();
      const midnight = 1_768_262_400; // 13 January, 00:00 in Dublin.
      await own.api.call('trip.create', { ref: 'T-EVE', pickupAt: (midnight - 1) as never });
      await own.api.call('trip.create', { ref: 'T-MIDNIGHT', pickupAt: midnight as never });
      await own.api.call('trip.create', { ref: 'T-LATE', pickupAt: (midnight + 86_399) as never });
      await own.api.call('trip.create', { ref: 'T-NEXT', pickupAt: (midnight + 86_400) as never });
      await own.api.call('trip.create', { ref: 'T-NIGHT', pickupAt: midnight as never, day: TODAY });
      const refsOf = async (day: number) => {
        const { trips } = await (await own.open()).call('eligible.day', { day: day as never });
        return trips.map(({ trip }) => trip.ref);
      };
      expect(await refsOf(20_260_113)).toEqual(['T-MIDNIGHT', 'T-NIGHT', 'T-LATE']);
      await own.api.call('client.update', { ref: own.api.client.id, timeZone: 'America/New_York' });
      expect(await refsOf(20_260_112)).toEqual(['T-EVE', 'T-MIDNIGHT', 'T-NIGHT']);
      expect(await refsOf(20_260_113)).toEqual(['T-LATE', 'T-NEXT']);
    });

    test('a passenger without a name is called the same for a trip as for a day', async () => {
      const own = await world().tenant();
      const nameless = await own.api.call('customer.create', { phone: '+353861234567' });
      const driver = await own.api.call('driver.create', { callsign: 'D1' });
      await own.api.call('driverCustomer.create', {
        customer: nameless.id,
        driver: driver.id,
        mode: 'HARD',
      });
      await own.api.call('trip.create', {
        ref: 'T-1',
        pickupAt: NOON,
        tripSegments: [{ customer: nameless.id }],
      });
      const one = await own.api.call('trip.eligible', { ref: 'T-1' });
      const name = '+353861234567';
      expect(one.lists).toMatchObject([{ name }]);
      const [line] = (await own.api.call('eligible.day', { day: TODAY })).trips;
      expect(line).toMatchObject({ passengers: [name], locked: [{ name }] });
    });

    test('a day without trips has none', async () => {
      const day = 20_301_231 as never;
      expect(await api.call('eligible.day', { day })).toEqual({
        day,
        trips: [],
        summary: { trips: 0, nobody: 0, single: 0, warned: 0 },
      });
    });
  });
}
