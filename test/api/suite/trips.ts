import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, type World } from '../world.ts';

/** What a trip is given when it is created (spec sections 3 and 4.1). */
export function trips(world: () => World): void {
  describe('trips', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      ({ api } = await world().tenant());
      for (const code of ['WAV', 'SEAT', 'QUIET', 'LIFT', 'OWN'])
        await api.call('clientCapability.create', { code });
      await api.call('customer.create', { firstName: 'Ann', clientCapabilities: ['WAV'] });
      await api.call('specialCategoryPassenger.create', { ref: 'S-1', clientCapabilities: ['SEAT', 'WAV'] });
      await api.call('account.create', { ref: 'ACME', clientCapabilities: ['QUIET'] });
      await api.call('account.create', { ref: 'OTHER' });
      await api.call('accountDepartment.create', {
        account: 'ACME',
        departmentName: 'Own',
        clientCapabilities: ['LIFT'],
      });
      await api.call('accountDepartment.create', { account: 'ACME', departmentName: 'None' });
    });
    let count = 0;
    const create = (input: object) => {
      count += 1;
      return api.any('trip.create', { ref: `T-${count}`, pickupAt: NOON, ...input });
    };
    const codes = (trip: { clientCapabilities: readonly { code: string }[] }) =>
      trip.clientCapabilities.map((one) => one.code);
    const riders = { tripSegments: [{ customer: 'Ann', scps: ['S-1'] }] };

    test('its capabilities are its own, then those of riders and department, each once', async () => {
      expect(
        codes(await create({ clientCapabilities: ['OWN'], ...riders, accountDepartment: 'ACME/Own' })),
      ).toEqual(['OWN', 'WAV', 'SEAT', 'LIFT']);
      expect(codes(await create({ accountDepartment: 'ACME/None' }))).toEqual(['QUIET']);
      expect(codes(await create({ account: 'ACME' }))).toEqual([]);
      expect(codes(await create({ tripSegments: [{ scps: ['S-1'] }, { customer: 'Ann' }] }))).toEqual([
        'WAV',
        'SEAT',
      ]);
    });

    test('afterwards they are the trip’s own: neither an update nor a rider changes them', async () => {
      const { id } = await create(riders);
      expect(codes(await api.any('trip.update', { ref: id, clientCapabilities: [] }))).toEqual([]);
      expect(
        codes(await api.any('trip.update', { ref: id, add: { tripSegments: [{ customer: 'Ann' }] } })),
      ).toEqual([]);
    });

    test('the department brings its account; one of another account is refused', async () => {
      expect(await create({ accountDepartment: 'ACME/Own' })).toMatchObject({ account: { ref: 'ACME' } });
      expect(await failure(create({ account: 'OTHER', accountDepartment: 'ACME/Own' }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'accountDepartment' }],
      });
      expect(
        await failure(
          api.any('recurringTrip.create', { ref: 'R', account: 'OTHER', accountDepartment: 'ACME/Own' }),
        ),
      ).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'accountDepartment' }],
      });
    });

    test('its day is the local one of its pickup, and moves with it', async () => {
      const evening = NOON + 11 * 3600 + 1800;
      const made = await create({ pickupAt: evening });
      expect(made.day).toBe(20_260_112);
      expect(await api.any('trip.update', { ref: made.id, pickupAt: evening + 3600 })).toMatchObject({
        day: 20_260_113,
      });
      expect(await api.any('trip.update', { ref: made.id, pickupAt: NOON, day: 20_260_101 })).toMatchObject({
        day: 20_260_101,
      });
      expect(await create({ day: 20_251_231 })).toMatchObject({ day: 20_251_231 });
      const auckland = await world().tenant('Pacific/Auckland');
      expect(await auckland.api.any('trip.create', { ref: 'T', pickupAt: NOON })).toMatchObject({
        day: 20_260_113,
      });
    });

    test('a time that is none of its recurring trip is refused', async () => {
      const run = await api.any('recurringTrip.create', {
        ref: 'RT',
        times: [{ time: '08:15', weekdays: 'MON' }],
      });
      const timeId = run.times[0].id;
      expect(await create({ recurringTrip: 'RT', recurringTimeId: timeId, day: 20_260_119 })).toMatchObject({
        recurringTimeId: timeId,
      });
      for (const wrong of [{ recurringTrip: 'RT', recurringTimeId: 'G5' }, { recurringTimeId: timeId }])
        expect(await failure(create(wrong))).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'recurringTimeId' }],
        });
      expect(
        (await failure(create({ recurringTrip: 'RT', recurringTimeId: timeId, day: 20_260_119 }))).code,
      ).toBe('CONFLICT');
    });
  });
}
