import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

/** The audit trail (spec sections 5 and 8). */
export function log(world: () => World): void {
  describe('the log', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    let driver: string;
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
      driver = (await api.call('driver.create', { callsign: 'D1' })).id;
      const bob = await tenant.open({ actor: 'bob', now: NOON + 100, reason: 'says so' });
      await bob.call('driver.update', { ref: 'D1', firstName: 'Ann' });
      await bob.call('brand.create', { code: 'B' });
      const eve = await tenant.open({ actor: 'eve', now: NOON + 200 });
      await eve.call('driver.delete', { ref: 'D1' });
    });
    const list = async (input: object) =>
      (await api.any('log.list', input)).items.map((one: { operation: string }) => one.operation);

    test('newest first, the client’s own creation last', async () => {
      expect(await list({})).toEqual([
        'driver.delete',
        'brand.create',
        'driver.update',
        'driver.create',
        'client.create',
      ]);
    });

    test('by actor, instant, kind and record', async () => {
      expect(await list({ actor: 'bob' })).toEqual(['brand.create', 'driver.update']);
      expect(await list({ since: NOON + 100 })).toEqual(['driver.delete', 'brand.create', 'driver.update']);
      expect(await list({ until: NOON + 100 })).toEqual(['driver.create', 'client.create']);
      expect(await list({ since: NOON + 100, until: NOON + 200 })).toEqual(['brand.create', 'driver.update']);
      expect(await list({ objectType: 'Brand' })).toEqual(['brand.create']);
      const ofDriver = ['driver.delete', 'driver.update', 'driver.create'];
      expect(await list({ ref: driver })).toEqual(ofDriver);
      // A deleted record is still called what it was called.
      expect(await list({ objectType: 'Driver', ref: 'd1' })).toEqual(ofDriver);
      expect(await list({ ref: driver, actor: 'bob' })).toEqual(['driver.update']);
      // Without the kind, as long as one record alone is called so.
      expect(await list({ ref: 'd1' })).toEqual(ofDriver);
      expect(await list({ ref: 'b' })).toEqual(['brand.create']);
    });

    test('page by page', async () => {
      const first = await api.call('log.list', { limit: 2 });
      const second = await api.call('log.list', { limit: 2, cursor: first.nextCursor ?? '' });
      const third = await api.call('log.list', { limit: 2, cursor: second.nextCursor ?? '' });
      expect([first, second, third].flatMap((page) => page.items.map((one) => one.id))).toEqual(
        (await api.call('log.list', {})).items.map((one) => one.id),
      );
      expect(third.nextCursor).toBeNull();
    });

    test.each([
      [{ cursor: 'x' }, 'INVALID', 'cursor'],
      [{ ref: 'nobody' }, 'NOT_FOUND', 'ref'],
      [{ ref: 'a\u0000b' }, 'INVALID', 'ref'],
      [{ objectType: 'Diver' }, 'INVALID', 'objectType'],
      [{ objectType: 'Driver', ref: 'D2' }, 'NOT_FOUND', 'ref'],
    ] as const)('%j is refused as %s', async (input, code, field) => {
      expect(await failure(api.any('log.list', input))).toMatchObject({ code, details: [{ field }] });
    });

    test('a name that records of several kinds have is a conflict', async () => {
      const own = (await world().tenant()).api;
      await own.call('driver.create', { callsign: 'SAME' });
      await own.call('brand.create', { code: 'SAME' });
      expect(await failure(own.call('log.list', { ref: 'same' }))).toMatchObject({
        code: 'CONFLICT',
        hint: expect.stringContaining('driver:same'),
      });
    });

    test('a record that never was has no trail', async () => {
      expect((await failure(api.call('log.list', { ref: 'G12345' }))).code).toBe('NOT_FOUND');
    });

    test('nothing is audited of a change that is refused', async () => {
      const before = (await api.call('log.list', {})).items.length;
      await failure(api.call('driver.create', { callsign: 'G1' }));
      await failure(api.call('brand.create', { code: 'b' }));
      expect((await api.call('log.list', {})).items).toHaveLength(before);
    });

    test.each(['actor', 'reason'])('a session whose %s is no plain text is refused', async (field) => {
      for (const text of ['a\u0000b', 'a\u001b[31m', 'x'.repeat(2000), 'a\ud800b'])
        expect(await failure(tenant.open({ [field]: text }))).toMatchObject({
          code: 'INVALID',
          details: [{ field }],
        });
    });
  });
}
