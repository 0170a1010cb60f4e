import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

const DAY = 86_400;
/** Wednesday 21 January 2026, 00:00 in Dublin. */
const LAPSE = Date.UTC(2026, 0, 21) / 1000;

/** What lies ahead: runs that lose their last approved driver, and the plan of several days. */
export function forecasts(world: () => World): void {
  describe('forecasts', () => {
    let tenant: Tenant;
    let approval: string;
    beforeAll(async () => {
      tenant = await world().tenant();
      const { api } = tenant;
      await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': true } });
      await api.call('clientCapability.create', { code: 'WAV' });
      await api.call('driver.create', { callsign: 'D1', clientCapabilities: ['WAV'] });
      await api.call('driver.create', { callsign: 'D2' });
      // What the passenger always needs, the trips of the run will require.
      await api.call('specialCategoryPassenger.create', { ref: 'S-1', clientCapabilities: ['WAV'] });
      approval = (
        await api.call('driverScp.create', {
          driver: 'D1',
          scp: 'S-1',
          mode: 'HARD',
          expiresAt: LAPSE as never,
        })
      ).id;
      await api.call('driverScp.create', { driver: 'D2', scp: 'S-1', mode: 'HARD' });
      await api.call('recurringTrip.create', {
        ref: 'SR-1',
        tripSegments: [{ scps: ['S-1'] }],
        times: [{ time: '08:15', weekdays: 'TUE,WED' as never }],
      });
      await api.call('recurringTrip.create', {
        ref: 'SR-2',
        times: [{ time: '09:00', weekdays: 'TUE' as never }],
      });
    });

    test('name the run, the day, the lapse and the last driver', async () => {
      const found = await tenant.api.call('forecast.expiring', { within: 14 * DAY });
      expect(found).toMatchObject({
        now: NOON,
        until: NOON + 14 * DAY,
        summary: { considered: 1, nobody: 1, anybody: 0, listIgnored: 0 },
        findings: [
          {
            code: 'NOBODY_MAY_DRIVE',
            day: 20_260_121,
            already: false,
            lostAt: LAPSE,
            lists: [{ kind: 'SCP' }],
            drivers: [{ callsign: 'D1', reasons: [{ code: 'NOT_ON_HARD_LIST' }] }],
            lapses: [{ preference: approval, expiresAt: LAPSE, driver: { callsign: 'D1' } }],
            runs: [{ recurringTrip: { ref: 'SR-1' }, day: 20_260_121, time: '08:15', occurrences: 1 }],
          },
        ],
        unconsulted: [],
        warnings: [],
      });
    });

    test('come true: the trips that are released on these days have the drivers foretold', async () => {
      const eligible = async (day: number) => {
        const { occurrences } = await tenant.api.call('release.commit', { day: day as never });
        const trip = occurrences.find((one) => one.recurringTrip.ref === 'SR-1')?.trip;
        const answer = await tenant.api.call('trip.eligible', { ref: trip?.id ?? '' });
        return answer.drivers.map((driver) => driver.callsign);
      };
      expect(await eligible(20_260_120)).toEqual(['D1']);
      expect(await eligible(20_260_121)).toEqual([]);
    });

    test('look as far as the client’s setting, and no farther', async () => {
      expect((await tenant.api.call('forecast.expiring', {})).until).toBe(NOON + 30 * DAY);
      await tenant.api.call('settings.set', { settings: { 'approvals.warnDays': 8 } });
      const found = await tenant.api.call('forecast.expiring', {});
      expect(found).toMatchObject({ until: NOON + 8 * DAY, findings: [] });
      await tenant.api.call('settings.set', { settings: { 'approvals.warnDays': 30 } });
    });

    test('end with a renewal', async () => {
      await tenant.api.call('driverScp.update', { ref: approval, expiresAt: null });
      expect((await tenant.api.call('forecast.expiring', {})).findings).toEqual([]);
    });

    test('of another client are its own', async () => {
      const other = await world().tenant();
      expect(await other.api.call('forecast.expiring', {})).toMatchObject({
        findings: [],
        summary: { considered: 0 },
      });
    });

    test.each([-1, 1.5, 366 * DAY + 1, '90d', null])('a window of %j is refused', async (within) => {
      expect(await failure(tenant.api.any('forecast.expiring', { within }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'within' }],
      });
    });

    test('a plan holds each day as its preview, with trips that are there, and adds them up', async () => {
      await tenant.api.call('recurringTrip.skip', { ref: 'SR-2', day: 20_260_120 as never, reason: 'ill' });
      const plan = await tenant.api.call('release.plan', {
        from: 20_260_119 as never,
        to: 20_260_121 as never,
      });
      for (const { day, ...rest } of plan.days)
        expect(await tenant.api.call('release.preview', { day })).toMatchObject(rest);
      expect(plan.days.map(({ day }) => day)).toEqual([20_260_119, 20_260_120, 20_260_121]);
      expect(plan.summary).toMatchObject({
        days: 3,
        occurrences: 3,
        released: 2,
        suppressed: 1,
        created: 0,
        existing: 2,
        nothingOut: [{ day: 20_260_119, suppressed: 0 }],
        byRun: [
          { recurringTrip: { ref: 'SR-2' }, occurrences: 1, released: 0, suppressed: 1 },
          { recurringTrip: { ref: 'SR-1' }, occurrences: 2, released: 2, suppressed: 0 },
        ],
        byCause: [
          {
            cause: { code: 'SKIPPED', reason: 'ill' },
            occurrences: 1,
            runs: 1,
            days: 1,
            firstDay: 20_260_120,
            lastDay: 20_260_120,
          },
        ],
      });
      // Its trip was released before the run was skipped.
      expect(plan.warnings).toMatchObject([{ field: 'trip' }]);
    });

    test.each([
      [20_260_120, 20_260_119, 'to'],
      [20_260_101, 20_260_403, 'to'],
      [0, 20_260_101, 'from'],
      [20_260_101, null, 'to'],
    ])('a plan from %j to %j is refused', async (from, to, field) => {
      expect(await failure(tenant.api.any('release.plan', { from, to }))).toMatchObject({
        code: 'INVALID',
        details: [{ field }],
      });
    });
  });
}
