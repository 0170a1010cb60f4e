import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

/** The last live HARD approval of a passenger is not weakened without a reason (spec section 5). */
export function approvals(world: () => World): void {
  describe('the last approval', () => {
    let tenant: Tenant;
    let count = 0;
    beforeAll(async () => {
      tenant = await world().tenant();
      for (const callsign of ['D1', 'D2']) await tenant.api.call('driver.create', { callsign });
    });
    /** A passenger of its own, with D1 approved; and the approval's id. */
    const approval = async (more: object = {}) => {
      count += 1;
      await tenant.api.call('specialCategoryPassenger.create', {
        ref: `S-${count}`,
        displayName: `Child ${count}`,
      });
      const made = await tenant.api.any('driverScp.create', {
        driver: 'D1',
        scp: `S-${count}`,
        mode: 'HARD',
        ...more,
      });
      return { ref: made.id as string, scp: `S-${count}` };
    };

    const weakenings = [
      ['delete', {}],
      ['update', { mode: 'SOFT' }],
      ['update', { mode: 'BLOCK' }],
      ['update', { mode: null }],
      ['update', { expiresAt: NOON + 100 }],
      ['update', { driver: 'D2' }],
    ] as const;

    test.each(weakenings)('%s %j wants a reason', async (verb, change) => {
      const { ref } = await approval();
      const refused = await failure(tenant.api.any(`driverScp.${verb}`, { ref, ...change }));
      expect(refused).toMatchObject({ code: 'INVALID', details: [{ code: 'LAST_HARD_APPROVAL' }] });
      expect(refused.message).toContain('D1');
      expect(refused.message).toContain(`Child ${count}`);
      expect(await tenant.api.call('driverScp.get', { ref })).toMatchObject({
        mode: 'HARD',
        expiresAt: null,
        deletedAt: null,
      });
      const by = await tenant.open({ reason: 'parent asked' });
      expect(await by.any(`driverScp.${verb}`, { ref, ...change })).toMatchObject({ changed: true });
      expect((await tenant.api.call('log.list', { ref, limit: 1 })).items).toMatchObject([
        { reason: 'parent asked' },
      ]);
    });

    test.each(weakenings)('%s %j wants none while another driver is approved', async (verb, change) => {
      const { ref, scp } = await approval();
      await tenant.api.any('driver.create', { callsign: `X${count}` });
      await tenant.api.any('driverScp.create', { driver: `X${count}`, scp, mode: 'HARD' });
      expect(await tenant.api.any(`driverScp.${verb}`, { ref, ...change })).toMatchObject({ changed: true });
    });

    test('a lapsed, SOFT or deleted approval of another driver does not count', async () => {
      const { ref, scp } = await approval();
      const other = await tenant.api.any('driverScp.create', {
        driver: 'D2',
        scp,
        mode: 'HARD',
        expiresAt: NOON,
      });
      const isRefused = async () => (await failure(tenant.api.call('driverScp.delete', { ref }))).code;
      expect(await isRefused()).toBe('INVALID');
      await tenant.api.any('driverScp.update', { ref: other.id, mode: 'SOFT', expiresAt: null });
      expect(await isRefused()).toBe('INVALID');
      await tenant.api.any('driverScp.update', { ref: other.id, mode: 'HARD' });
      await tenant.api.any('driverScp.delete', { ref: other.id });
      expect(await isRefused()).toBe('INVALID');
    });

    test('what takes nothing away wants no reason', async () => {
      const { ref } = await approval({ expiresAt: NOON + 100 });
      for (const change of [
        { expiresAt: NOON + 200 },
        { expiresAt: null },
        { priority: 5 },
        { notes: 'renewed' },
      ])
        expect(await tenant.api.any('driverScp.update', { ref, ...change })).toMatchObject({ changed: true });
    });

    test('nor does an approval that has lapsed or never was HARD', async () => {
      for (const more of [{ expiresAt: NOON }, { mode: 'SOFT' }, { mode: 'BLOCK' }]) {
        const { ref } = await approval(more);
        expect(await tenant.api.call('driverScp.delete', { ref })).toMatchObject({ changed: true });
      }
    });

    test('a favourite driver of a customer is not guarded', async () => {
      await tenant.api.call('customer.create', { firstName: 'Fay' });
      const { id } = await tenant.api.call('driverCustomer.create', {
        driver: 'D1',
        customer: 'Fay',
        mode: 'HARD',
      });
      expect(await tenant.api.call('driverCustomer.delete', { ref: id })).toMatchObject({ changed: true });
    });
  });
}
