import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

const MONDAY = 20_260_119 as never;

/** The trips of a day, each exactly once (spec section 4.2). */
export function releases(world: () => World): void {
  describe('releases', () => {
    let tenant: Tenant;
    beforeAll(async () => {
      tenant = await world().tenant();
      const { api } = tenant;
      await api.call('clientCapability.create', { code: 'WAV' });
      await api.call('clientCapability.create', { code: 'RUN' });
      await api.call('customer.create', { firstName: 'Ann' });
      await api.call('specialCategoryPassenger.create', { ref: 'S-1', clientCapabilities: ['WAV'] });
      await api.call('account.create', { ref: 'ACME' });
      await api.call('accountDepartment.create', { account: 'ACME', departmentName: 'Sales' });
      await api.call('recurringTrip.create', {
        ref: 'SR-1',
        tripSegments: [{ customer: 'Ann', scps: ['S-1'] }],
        clientCapabilities: ['RUN'],
        accountDepartment: 'ACME/Sales',
        times: [
          { time: '08:15', weekdays: 'MON-FRI' as never },
          { time: '15:30', weekdays: 'MON' as never, isReturn: true },
        ],
      });
      await api.call('recurringTrip.create', {
        ref: 'SR-2',
        active: false,
        times: [{ time: '09:00', weekdays: 'MON' as never }],
      });
      await api.call('recurringTrip.create', {
        ref: 'SR-3',
        times: [{ time: '10:00', weekdays: 'MON' as never }],
      });
      await api.call('recurringTrip.skip', { ref: 'SR-3', day: MONDAY, reason: 'ill' });
    });

    test('a preview creates nothing', async () => {
      const preview = await tenant.api.call('release.preview', { day: MONDAY });
      expect(preview).toMatchObject({
        day: MONDAY,
        client: { id: tenant.id },
        occurrences: [
          { recurringTrip: { ref: 'SR-1' }, time: '08:15', outcome: 'RELEASED', trip: null },
          {
            recurringTrip: { ref: 'SR-3' },
            time: '10:00',
            outcome: 'SUPPRESSED',
            causes: [{ code: 'SKIPPED', reason: 'ill' }],
            trip: null,
          },
          { recurringTrip: { ref: 'SR-1' }, time: '15:30', isReturn: true, outcome: 'RELEASED', trip: null },
        ],
        summary: { occurrences: 3, released: 2, suppressed: 1, created: 0, existing: 0 },
      });
      const dry = await tenant.api.call('release.commit', { day: MONDAY }, { dryRun: true });
      expect(dry).toMatchObject({ dryRun: true, summary: { created: 2, existing: 0 } });
      expect((await tenant.api.call('trip.list', {})).items).toEqual([]);
    });

    test('a commit creates each trip once, however often and from wherever it is asked', async () => {
      const others = await Promise.all([1, 2, 3].map(() => tenant.open({ actor: 'cron' })));
      const answers = await Promise.all(others.map((api) => api.call('release.commit', { day: MONDAY })));
      expect(answers.map((one) => one.summary.created).sort()).toEqual([0, 0, 2]);
      const { items } = await tenant.api.call('trip.list', { day: MONDAY });
      expect(items).toHaveLength(2);
      expect(items[0]).toMatchObject({
        ref: 'SR-1-20260119-0815',
        status: 'RELEASED',
        releasedAt: NOON,
        day: MONDAY,
        pickupAt: Date.UTC(2026, 0, 19, 8, 15) / 1000,
        tripSegments: [{ customer: { firstName: 'Ann' }, scps: [{ ref: 'S-1' }] }],
        clientCapabilities: [{ code: 'RUN' }, { code: 'WAV' }],
        account: { ref: 'ACME' },
        accountDepartment: { departmentName: 'Sales' },
        recurringTrip: { ref: 'SR-1' },
      });
      const again = await tenant.api.call('release.commit', { day: MONDAY });
      expect(again.summary).toMatchObject({ released: 2, created: 0, existing: 2 });
      expect(again.occurrences[0]?.trip).toEqual({ id: items[0]?.id, ref: items[0]?.ref });
      expect((await tenant.api.call('log.list', { ref: items[0]?.id })).items).toMatchObject([
        { operation: 'release.commit' },
      ]);
    });

    test('a trip that was deleted is not released again', async () => {
      await tenant.api.call('trip.delete', { ref: 'SR-1-20260119-1530' });
      expect((await tenant.api.call('release.commit', { day: MONDAY })).summary).toMatchObject({
        created: 0,
        existing: 2,
      });
    });

    test('a run that is suppressed after its trip was made keeps it', async () => {
      await tenant.api.call('recurringTrip.skip', { ref: 'SR-1', day: MONDAY });
      const { occurrences, summary } = await tenant.api.call('release.commit', { day: MONDAY });
      expect(occurrences[0]).toMatchObject({ outcome: 'SUPPRESSED', trip: { ref: 'SR-1-20260119-0815' } });
      expect(summary).toMatchObject({ released: 0, created: 0, existing: 0 });
      await tenant.api.call('recurringTrip.unskip', { ref: 'SR-1', day: MONDAY });
    });

    test('a rider who was deleted does not keep the runs of the day at home', async () => {
      const { id } = await tenant.api.call('customer.delete', { ref: 'Ann' });
      const { summary } = await tenant.api.call('release.commit', { day: 20_260_126 as never });
      expect(summary.created).toBe(3);
      expect(await tenant.api.call('trip.get', { ref: 'SR-1-20260126-0815' })).toMatchObject({
        tripSegments: [{ customer: { id } }],
      });
      await tenant.api.call('customer.restore', { ref: id });
    });

    test('a reference that another trip has already gets a number', async () => {
      await tenant.api.call('trip.create', { ref: 'sr-3-20260202-1000', pickupAt: NOON });
      await tenant.api.call('recurringTrip.update', {
        ref: 'SR-3',
        add: { times: [{ time: '10:00', weekdays: 'MON,TUE' as never }] },
      });
      await tenant.api.call('release.commit', { day: 20_260_202 as never });
      const { items } = await tenant.api.call('trip.list', { recurring: 'SR-3', day: 20_260_202 });
      expect(items.map((one) => one.ref)).toEqual(['SR-3-20260202-1000-2', 'SR-3-20260202-1000-3']);
    });

    test('a reference as long as may be', async () => {
      const ref = 'R'.repeat(60);
      await tenant.api.call('recurringTrip.create', {
        ref,
        times: [
          { time: '23:45', weekdays: 'SUN' as never },
          { time: '23:45', weekdays: 'SUN' as never },
        ],
      });
      expect((await tenant.api.call('release.commit', { day: 20_260_201 as never })).summary.created).toBe(2);
      await tenant.api.call('recurringTrip.delete', { ref });
    });

    test('bounds of the trip and of its times count, both ends in', async () => {
      const own = await world().tenant();
      await own.api.call('recurringTrip.create', {
        ref: 'B',
        startDay: 20_260_120 as never,
        endDay: 20_260_123 as never,
        times: [
          { time: '08:00', weekdays: 'MON-SUN' as never },
          { time: '09:00', weekdays: 'MON-SUN' as never, endDay: 20_260_121 as never },
        ],
      });
      const counts: number[] = [];
      for (let day = 20_260_119; day <= 20_260_124; day += 1)
        counts.push((await own.api.call('release.preview', { day: day as never })).summary.released);
      expect(counts).toEqual([0, 2, 2, 1, 1, 0]);
    });

    test('on the days of the clock changes', async () => {
      const own = await world().tenant();
      await own.api.call('recurringTrip.create', {
        ref: 'N',
        times: [{ time: '01:30', weekdays: 'SUN' as never }],
      });
      const skipped = await own.api.call('release.commit', { day: 20_260_329 as never });
      expect(skipped.occurrences).toMatchObject([
        { time: '01:30', clockChange: 'SKIPPED', pickupAt: Date.UTC(2026, 2, 29, 1, 0) / 1000 },
      ]);
      const repeated = await own.api.call('release.commit', { day: 20_261_025 as never });
      expect(repeated.occurrences).toMatchObject([
        { time: '01:30', clockChange: 'REPEATED', pickupAt: Date.UTC(2026, 9, 25, 0, 30) / 1000 },
      ]);
      expect((await own.api.call('trip.list', {})).items.map((one) => [one.day, one.pickupAt])).toEqual([
        [20_260_329, Date.UTC(2026, 2, 29, 1, 0) / 1000],
        [20_261_025, Date.UTC(2026, 9, 25, 0, 30) / 1000],
      ]);
    });

    test.each([0, -1, 20_260_230, 20_261_301, 18_991_231, 1.5, Number.NaN, '20260119', null, [20_260_119]])(
      'the day %j is refused',
      async (day) => {
        for (const operation of ['release.preview', 'release.commit'])
          expect(await failure(tenant.api.any(operation, { day }))).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'day' }],
          });
      },
    );
  });
}
