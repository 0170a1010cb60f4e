import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, type World } from '../world.ts';

/** Customers are matched by phone (spec section 5; seed: customers). */
export function customers(world: () => World): void {
  describe('customers', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      ({ api } = await world().tenant());
    });

    test('a known phone, in any form, gives the customer who has it and changes nothing', async () => {
      const first = await api.call('customer.create', { firstName: 'Ann', phone: '085 111 1111' });
      expect(first.phone).toBe('+353851111111');
      for (const phone of ['+353851111111', '00353 85 111 1111', '(085) 1111111', '851111111']) {
        const again = await api.call('customer.create', { firstName: 'Other', lastName: 'Name', phone });
        expect(again).toMatchObject({
          id: first.id,
          firstName: 'Ann',
          lastName: null,
          matched: true,
          changed: false,
          updatedDate: NOON,
        });
        expect(again.created).toBeUndefined();
      }
      expect((await api.call('log.list', { ref: first.id })).items).toHaveLength(1);
      expect(await api.call('customer.create', { phone: '0851111111' }, { dryRun: true })).toMatchObject({
        matched: true,
        dryRun: true,
      });
    });

    test('what is wrong with the rest is said all the same', async () => {
      await api.call('customer.create', { firstName: 'Bo', phone: '085 222 2222' });
      expect(
        await failure(api.call('customer.create', { phone: '085 222 2222', email: 'no' })),
      ).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'email' }],
      });
      expect((await failure(api.any('customer.create', { phone: '085 222 2222', frstName: 'x' }))).code).toBe(
        'INVALID',
      );
    });

    test('a phone shared on purpose makes another customer, and then matches nobody alone', async () => {
      const first = await api.call('customer.create', { firstName: 'Mum', phone: '085 333 3333' });
      const second = await api.call('customer.create', {
        firstName: 'Child',
        phone: '085 333 3333',
        sharedPhone: true,
      });
      expect(second).toMatchObject({ created: true });
      const refused = await failure(api.call('customer.create', { firstName: 'Who', phone: '085 333 3333' }));
      expect(refused.code).toBe('CONFLICT');
      expect(refused.details[0]).toMatchObject({
        field: 'phone',
        candidates: [{ id: first.id }, { id: second.id }],
      });
      expect(await api.call('customer.findByPhone', { phone: '0853333333' })).toMatchObject({
        items: [{ id: first.id }, { id: second.id }],
        nextCursor: null,
      });
    });

    test('a deleted customer is not matched', async () => {
      const { id } = await api.call('customer.create', { firstName: 'Gone', phone: '085 444 4444' });
      await api.call('customer.delete', { ref: id });
      expect((await api.call('customer.create', { firstName: 'New', phone: '085 444 4444' })).id).not.toBe(
        id,
      );
    });

    test('found by phone, or not', async () => {
      expect(await failure(api.call('customer.findByPhone', { phone: '085 999 0000' }))).toMatchObject({
        code: 'NOT_FOUND',
        details: [{ field: 'phone' }],
      });
      for (const phone of ['abc', '1', '4.47E+11', '12345 ext. 6'])
        expect(await failure(api.call('customer.findByPhone', { phone })), phone).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'phone' }],
        });
    });

    test('a possible number that nobody is known to have is taken with a warning', async () => {
      const made = await api.call('customer.create', { firstName: 'Test', phone: '+447700900123' });
      expect(made.phone).toBe('+447700900123');
      expect(made.warnings).toMatchObject([{ field: 'phone' }]);
    });

    test('a customer without any name, phone or e-mail is refused', async () => {
      expect(await failure(api.call('customer.create', { tags: ['VIP'] }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'phone' }],
      });
      const { id } = await api.call('customer.create', { firstName: 'Only' });
      expect((await failure(api.call('customer.update', { ref: id, firstName: null }))).code).toBe('INVALID');
    });
  });
}
