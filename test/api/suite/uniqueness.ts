import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, Samples } from '../samples.ts';
import { NOON, type World } from '../world.ts';

/** What no two live records may have in common. */
export function uniqueness(world: () => World): void {
  describe('uniqueness', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      api = await (await world().tenant()).open({ reason: 'test' });
      await api.call('driver.create', { callsign: 'U1' });
      await api.call('customer.create', { firstName: 'Uma', lastName: 'Ryan' });
      await api.call('specialCategoryPassenger.create', { ref: 'SU-1' });
      await api.call('account.create', { ref: 'UACC' });
    });

    const cases = [
      ['Brand', { code: 'U' }, { code: 'u' }, ['code']],
      ['ClientCapability', { code: 'U' }, { code: 'u' }, ['code']],
      ['Group', { code: 'U' }, { code: 'u' }, ['code']],
      ['Driver', { callsign: 'U2' }, { callsign: ' u2 ' }, ['callsign']],
      ['SpecialCategoryPassenger', { ref: 'SU-2' }, { ref: 'su-2' }, ['ref']],
      [
        'DriverCustomer',
        { driver: 'U1', customer: 'Uma Ryan' },
        { driver: 'U1', customer: 'uma ryan', mode: 'BLOCK' },
        ['driver', 'customer'],
      ],
      [
        'DriverScp',
        { driver: 'U1', scp: 'SU-1' },
        { driver: 'u1', scp: 'su-1', mode: 'HARD' },
        ['driver', 'scp'],
      ],
      ['ScheduleExclusionGroup', { name: 'Straße' }, { name: 'STRASSE' }, ['name']],
      ['Account', { ref: 'U2' }, { ref: 'u2' }, ['ref']],
      [
        'AccountDepartment',
        { account: 'UACC', departmentName: 'Ops' },
        { account: 'uacc', departmentName: 'OPS' },
        ['account', 'departmentName'],
      ],
      [
        'AccountEmployee',
        { account: 'UACC', customer: 'Uma Ryan' },
        { account: 'UACC', customer: 'Uma Ryan', active: false },
        ['customer', 'account'],
      ],
      ['RecurringTrip', { ref: 'RU' }, { ref: 'ru' }, ['ref']],
      ['Trip', { ref: 'TU', pickupAt: NOON }, { ref: 'tu', pickupAt: NOON + 60 }, ['ref']],
    ] as const;

    test.each(cases)('%s: %j and %j cannot both live', async (type, input, twin, fields) => {
      const call = (verb: string, given: object) => api.any(operationOf(type, verb), given);
      const first = await call('create', input);
      const refused = await failure(call('create', twin));
      expect(refused.code).toBe('CONFLICT');
      expect(refused.details.map((detail) => detail.field)).toEqual(fields);
      expect(refused.details[0]).toMatchObject({ id: first.id, objectType: type });

      await call('delete', { ref: first.id });
      const second = await call('create', twin);
      const clash = await failure(call('restore', { ref: first.id }));
      expect(clash.code).toBe('CONFLICT');
      expect(clash.details[0]).toMatchObject({ field: fields[0], id: second.id });
      expect((await call('get', { ref: first.id })).deletedAt).not.toBeNull();
      await call('delete', { ref: second.id });
      expect(await call('restore', { ref: first.id })).toMatchObject({ changed: true, deletedAt: null });
    });

    test('an update cannot make a twin either, but may respell its own', async () => {
      await api.call('driver.create', { callsign: 'U10' });
      const { id } = await api.call('driver.create', { callsign: 'U11' });
      expect((await failure(api.call('driver.update', { ref: id, callsign: 'u10' }))).code).toBe('CONFLICT');
      expect(await api.call('driver.update', { ref: id, callsign: 'u11' })).toMatchObject({
        callsign: 'u11',
        changed: true,
      });
    });

    test('a department of another account may have the same name', async () => {
      await api.call('account.create', { ref: 'UACC2' });
      await api.call('accountDepartment.create', { account: 'UACC', departmentName: 'Twin' });
      await api.call('accountDepartment.create', { account: 'UACC2', departmentName: 'Twin' });
      const { items } = await api.call('accountDepartment.list', { search: 'twin' });
      expect(items).toHaveLength(2);
    });

    test('at most one brand is the default', async () => {
      const first = await api.call('brand.create', { code: 'DEF1', isDefault: true });
      expect(await failure(api.call('brand.create', { code: 'DEF2', isDefault: true }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'isDefault', id: first.id }],
      });
      await api.call('brand.create', { code: 'DEF2' });
      expect((await failure(api.call('brand.update', { ref: 'DEF2', isDefault: true }))).code).toBe(
        'CONFLICT',
      );
      await api.call('brand.delete', { ref: 'DEF1' });
      await api.call('brand.update', { ref: 'DEF2', isDefault: true });
      expect((await failure(api.call('brand.restore', { ref: 'DEF1' }))).code).toBe('CONFLICT');
    });

    test('several customers have one phone only where all but one share it on purpose', async () => {
      const phone = '+353850999999';
      const first = await api.call('customer.create', { firstName: 'A', phone });
      await api.call('customer.create', { firstName: 'B', phone, sharedPhone: true });
      await api.call('customer.create', { firstName: 'C', phone, sharedPhone: true });
      expect(await failure(api.call('customer.update', { ref: 'B', sharedPhone: false }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'phone', id: first.id }],
      });
      expect(
        await failure(api.call('customer.update', { ref: 'Uma Ryan', phone: '085 099 9999' })),
      ).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'phone' }],
      });
    });

    test('deleted, twinned and restored with all its collections', async () => {
      const made = await new Samples(api).create('RecurringTrip');
      const before = await api.any('recurringTrip.get', { ref: made.id });
      await api.call('recurringTrip.delete', { ref: made.id });
      await api.call('recurringTrip.restore', { ref: made.id });
      const after = await api.any('recurringTrip.get', { ref: made.id });
      expect({ ...after, updatedDate: 0, passiveUpdatedDate: 0, listingUpdatedDate: 0 }).toEqual({
        ...before,
        updatedDate: 0,
        passiveUpdatedDate: 0,
        listingUpdatedDate: 0,
      });
    });
  });
}
