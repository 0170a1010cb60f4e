import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

/** That the facts reach the resolver (spec section 4.1); the decision itself has tests of its own. */
export function eligibility(world: () => World): void {
  describe('eligibility', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
      await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': true } });
      await api.call('clientCapability.create', { code: 'WAV' });
      for (const [callsign, more] of [
        ['D1', { clientCapabilities: ['WAV'], firstName: 'Ann', lastName: 'Byrne' }],
        ['D2', { clientCapabilities: ['WAV'] }],
        ['D3', {}],
        ['D4', { status: 'SUSPENDED' as const, clientCapabilities: ['WAV'] }],
        ['D5', { clientCapabilities: ['WAV'] }],
      ] as const)
        ids[callsign] = (await api.call('driver.create', { callsign, ...more })).id;
      await api.call('driver.delete', { ref: 'D5' });
      ids['S'] = (
        await api.call('specialCategoryPassenger.create', { ref: 'S-1', displayName: 'Aoife K.' })
      ).id;
      await api.call('customer.create', { firstName: 'Cora', clientCapabilities: ['WAV'] });
      ids['row'] = (
        await api.call('driverScp.create', {
          driver: 'D1',
          scp: 'S-1',
          mode: 'HARD',
          expiresAt: (NOON + 100) as never,
        })
      ).id;
      await api.call('driverCustomer.create', { driver: 'D1', customer: 'Cora', mode: 'SOFT', priority: 3 });
      await api.call('trip.create', {
        ref: 'T-1',
        pickupAt: (NOON + 50) as never,
        releasedAt: NOON,
        tripSegments: [{ customer: 'Cora', scps: ['S-1'] }],
      });
    });

    test('a stored trip, with every reason', async () => {
      const decision = await api.call('trip.eligible', { ref: 'T-1', explain: true });
      expect(decision).toMatchObject({
        trip: { ref: 'T-1' },
        asOf: NOON + 50,
        phase: 'HOLD',
        holdEndsAt: NOON + 120,
        requiredCapabilities: ['WAV'],
        lists: [
          { kind: 'CUSTOMER', name: 'Cora', locked: false, softLive: 1 },
          { kind: 'SCP', name: 'Aoife K.', locked: true, hardLive: 1 },
        ],
        drivers: [
          {
            rank: 1,
            callsign: 'D1',
            name: 'Ann Byrne',
            preferred: true,
            priority: 0,
            lists: 2,
            availableFrom: null,
          },
        ],
        summary: { considered: 4, eligible: 1, preferred: 1, excluded: 3 },
      });
      expect(
        decision.excluded.map((one) => [one.callsign, one.reasons.map((reason) => reason.code)]),
      ).toEqual([
        ['D2', ['NOT_ON_HARD_LIST']],
        ['D3', ['MISSING_CAPABILITY', 'NOT_ON_HARD_LIST']],
        ['D4', ['DRIVER_NOT_ACTIVE', 'NOT_ON_HARD_LIST']],
      ]);
      expect((await api.call('trip.eligible', { ref: 'T-1' })).excluded).toEqual([]);
      const one = await api.call('trip.eligible', { ref: 'T-1', driver: 'D3' });
      expect([one.drivers, one.excluded.map((driver) => driver.callsign)]).toEqual([[], ['D3']]);
    });

    test('a row that is deleted, or lapses by the pickup, does not count', async () => {
      await api.call('trip.create', {
        ref: 'T-2',
        pickupAt: (NOON + 100) as never,
        tripSegments: [{ scps: ['S-1'] }],
      });
      const late = await api.call('trip.eligible', { ref: 'T-2' });
      expect(late.drivers.map((one) => one.callsign)).toEqual(['D1', 'D2', 'D3']);
      expect(late.warnings.map((one) => one.code)).toContain('HARD_LIST_LAPSED');
      const by = await tenant.open({ reason: 'test' });
      await by.call('driverScp.delete', { ref: ids['row'] ?? '' });
      expect((await api.call('eligible.adHoc', { scps: ['S-1'] })).lists).toMatchObject([
        { locked: false, hardLive: 0 },
      ]);
      await by.call('driverScp.restore', { ref: ids['row'] ?? '' });
    });

    test('ad hoc, with the capabilities of those named', async () => {
      const decision = await api.call('eligible.adHoc', { customers: ['Cora'], scps: ['aoife k.'] });
      expect(decision).toMatchObject({ trip: null, asOf: NOON, requiredCapabilities: ['WAV'] });
      expect(decision.drivers.map((one) => one.callsign)).toEqual(['D1']);
      const open = await api.call('eligible.adHoc', { capabilities: ['wav'], limit: 1 });
      expect([open.drivers.length, open.summary.eligible]).toEqual([1, 2]);
      const off = await api.call('eligible.adHoc', { scps: ['S-1'], pickupAt: (NOON + 3600) as never });
      expect(off.asOf).toBe(NOON + 3600);
    });

    test('with the settings in force', async () => {
      const set = (value: boolean | null) =>
        api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': value } });
      await set(null);
      const off = await api.call('trip.eligible', { ref: 'T-1' });
      expect(off.warnings.map((one) => one.code)).toContain('SCP_APPROVALS_OFF');
      expect(off.summary.eligible).toBe(2);
      await set(true);
    });

    test('whoever is named must be there', async () => {
      expect(await failure(api.call('eligible.adHoc', { customers: ['Nobody'] }))).toMatchObject({
        code: 'NOT_FOUND',
        details: [{ field: 'customer' }],
      });
      expect((await failure(api.call('trip.eligible', { ref: 'T-99' }))).code).toBe('NOT_FOUND');
      expect((await failure(api.call('trip.eligible', { ref: 'T-1', driver: 'D9' }))).code).toBe('NOT_FOUND');
    });
  });
}
