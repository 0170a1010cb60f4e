import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import type { World } from '../world.ts';

/** Naming a record (spec section 2, Reference). */
export function references(world: () => World): void {
  describe('references', () => {
    let api: CheckedApi;
    let samples: Samples;
    let driver: string;
    let customer: string;
    let sales: string;
    beforeAll(async () => {
      ({ api } = await world().tenant());
      samples = new Samples(api);
      const call = async (name: string, input: object): Promise<string> => (await api.any(name, input)).id;
      driver = await call('driver.create', { callsign: 'D7', firstName: 'Ann', lastName: 'Byrne' });
      customer = await call('customer.create', {
        firstName: 'Seán',
        lastName: 'Ó Briain',
        phone: '+353850123456',
        email: 'sean@example.org',
      });
      await call('account.create', { ref: 'ACME', name: 'Acme Ltd' });
      sales = await call('accountDepartment.create', { account: 'ACME', departmentName: 'Sales' });
    });
    const idOf = async (name: string, ref: string): Promise<string> => (await api.any(name, { ref })).id;

    test.each(ownTypes)('%s by its id, in lower case too, and by its internal key', async (type) => {
      const made = await samples.create(type);
      await api.any(operationOf(type, 'update'), { ref: made.id, internalKey: `crm/${made.id}` });
      for (const ref of [made.id, made.id.toLowerCase(), `key:crm/${made.id}`, `KEY:crm/${made.id}`])
        expect(await idOf(operationOf(type, 'get'), ref)).toBe(made.id);
      expect((await failure(api.any(operationOf(type, 'get'), { ref: 'key:nobody' }))).code).toBe(
        'NOT_FOUND',
      );
    });

    test.each(['D7', 'd7', ' D7 ', 'Ann Byrne', 'ANN  BYRNE', 'ann byrne'])('a driver by %j', async (ref) => {
      expect(await idOf('driver.get', ref)).toBe(driver);
    });

    test.each([
      '+353850123456',
      '+353 85 012 3456',
      '00353 85 0123456',
      '085 012 3456',
      '(085) 012-3456',
      'sean@example.org',
      'Sean@Example.ORG',
      'Seán Ó Briain',
      'SEÁN Ó BRIAIN',
      'Sea\u0301n O\u0301 Briain',
    ])('a customer by %j', async (ref) => {
      expect(await idOf('customer.get', ref)).toBe(customer);
    });

    test.each(['ACME/Sales', 'acme/SALES', 'Acme Ltd/sales', 'ACME / Sales'])(
      'a department by %j',
      async (ref) => {
        expect(await idOf('accountDepartment.get', ref)).toBe(sales);
      },
    );

    test('a department whose name or account has a slash', async () => {
      await api.call('account.create', { ref: 'A/B' });
      const { id } = await api.call('accountDepartment.create', {
        account: 'A/B',
        departmentName: 'North/South',
      });
      expect(await idOf('accountDepartment.get', 'a/b/north/south')).toBe(id);
    });

    test.each([
      ['brand.create', 'brand.get', { code: 'LIFFEY', name: 'Liffey Cars' }, ['liffey', 'liffey cars']],
      [
        'clientCapability.create',
        'clientCapability.get',
        { code: 'WAV', name: 'Wheelchair' },
        ['wav', 'WHEELCHAIR'],
      ],
      ['group.create', 'group.get', { code: 'DESK', name: 'Schools desk' }, ['desk', 'schools DESK']],
      [
        'scheduleExclusionGroup.create',
        'scheduleExclusionGroup.get',
        { name: 'Bad Weather' },
        ['bad weather'],
      ],
      ['account.create', 'account.get', { ref: 'NEW', name: 'New Ltd' }, ['new', 'new ltd']],
      [
        'specialCategoryPassenger.create',
        'specialCategoryPassenger.get',
        { ref: 'S-1', displayName: 'Aoife K.' },
        ['s-1', 'aoife k.'],
      ],
      ['recurringTrip.create', 'recurringTrip.get', { ref: 'SR-1' }, ['sr-1']],
      ['trip.create', 'trip.get', { ref: 'T-1', pickupAt: 1_768_300_000 }, ['t-1']],
    ] as const)('by the natural handles of %s', async (create, get, input, refs) => {
      const { id } = await api.any(create, input);
      for (const ref of refs) expect(await idOf(get, ref)).toBe(id);
    });

    test('the first kind of handle that fits decides', async () => {
      const named = await api.call('driver.create', { callsign: 'X1', firstName: 'D', lastName: 'Nine' });
      const called = await api.call('driver.create', { callsign: 'D Nine' });
      expect(await idOf('driver.get', 'd nine')).toBe(called.id);
      expect(await idOf('driver.get', 'x1')).toBe(named.id);
    });

    test('several that fit are a conflict that lists them', async () => {
      const one = await api.call('driver.create', { callsign: 'J1', firstName: 'Jo', lastName: 'Kelly' });
      const two = await api.call('driver.create', { callsign: 'J2', firstName: 'Jo', lastName: 'KELLY' });
      const refused = await failure(api.call('driver.get', { ref: 'jo kelly' }));
      expect(refused.code).toBe('CONFLICT');
      expect(refused.details[0]?.['candidates']).toMatchObject([
        { id: one.id, callsign: 'J1' },
        { id: two.id, callsign: 'J2' },
      ]);
      expect(refused.hint).toContain(one.id);
    });

    test('the one that is spelt exactly so wins', async () => {
      const upper = await api.call('account.create', { ref: 'E1', name: 'EXACT' });
      const lower = await api.call('account.create', { ref: 'E2', name: 'Exact' });
      expect(await idOf('account.get', 'EXACT')).toBe(upper.id);
      expect(await idOf('account.get', 'Exact')).toBe(lower.id);
      expect((await failure(api.call('account.get', { ref: 'exact' }))).code).toBe('CONFLICT');
    });

    test('a deleted record is found by its id only', async () => {
      const { id } = await api.call('driver.create', { callsign: 'GONE' });
      await api.call('driver.update', { ref: id, internalKey: 'gone' });
      await api.call('driver.delete', { ref: 'GONE' });
      expect(await idOf('driver.get', id)).toBe(id);
      expect((await failure(api.call('driver.get', { ref: 'GONE' }))).code).toBe('NOT_FOUND');
      expect((await failure(api.call('driver.get', { ref: 'key:gone' }))).code).toBe('NOT_FOUND');
      expect((await failure(api.call('driverCustomer.create', { driver: id, customer }))).code).toBe(
        'NOT_FOUND',
      );
      expect((await api.call('driver.restore', { ref: 'key:gone' })).changed).toBe(true);
    });

    test('one that fits none is not found, with the nearest spellings', async () => {
      expect(await failure(api.call('driver.get', { ref: 'Anne Byrne' }))).toMatchObject({
        code: 'NOT_FOUND',
        hint: expect.stringContaining('`Ann Byrne`'),
      });
      expect((await failure(api.call('accountDepartment.get', { ref: 'ACME/Slaes' }))).hint).toContain(
        'ACME/Sales',
      );
      expect((await failure(api.call('accountDepartment.get', { ref: 'ACMEE/Sales' }))).hint).toContain(
        '`ACME`',
      );
      expect((await failure(api.call('accountDepartment.get', { ref: 'Sales' }))).hint).toContain(
        'ACME/Sales',
      );
    });

    test('every reference that names nothing is reported, each with its field', async () => {
      const refused = await failure(
        api.call('trip.create', {
          ref: 'T-9',
          pickupAt: 1_768_300_000 as never,
          account: 'NOPE',
          tripSegments: [{ customer: 'nobody@example.org', scps: ['S-99'] }],
        }),
      );
      expect(refused.code).toBe('NOT_FOUND');
      expect(refused.details.map((detail) => detail.field).sort()).toEqual([
        'account',
        'tripSegments[0].customer',
        'tripSegments[0].scps',
      ]);
    });

    test.each(['G1', 'g123', 'G0', 'G007', 'G9223372036854775808'])(
      'no handle may look like an id: %s',
      async (handle) => {
        expect(await failure(api.call('driver.create', { callsign: handle }))).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'callsign', value: handle }],
        });
      },
    );

    test('nor like an internal key', async () => {
      expect((await failure(api.call('driver.create', { callsign: 'key:1' }))).code).toBe('INVALID');
    });

    test.each(['G9223372036854775808', 'G0', 'G00001', 'G99999999999999999999'])(
      '%s is refused as an id',
      async (ref) => {
        for (const name of [
          'driver.get',
          'driver.update',
          'driver.delete',
          'driver.restore',
          'trip.eligible',
        ])
          expect(await failure(api.any(name, { ref }))).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'ref', value: ref }],
          });
        expect(
          await failure(api.any('driverCustomer.create', { driver: { id: ref }, customer })),
        ).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'driver' }],
        });
      },
    );
  });
}
