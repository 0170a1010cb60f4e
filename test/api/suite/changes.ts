import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { NOON, type Tenant, type World } from '../world.ts';

/** What a change does, and what it leaves alone (spec sections 3 and 8). */
export function changes(world: () => World): void {
  describe('changes', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
      await api.call('clientCapability.create', { code: 'WAV' });
      await api.call('clientCapability.create', { code: 'SEAT' });
    });
    const trail = async (id: string) => (await api.call('log.list', { ref: id })).items;

    test('createdDate never changes; updatedDate moves on every change, on no read and on none that changes nothing', async () => {
      const made = await api.call('driver.create', { callsign: 'C1' });
      const later = await tenant.open({ now: NOON + 100 });
      const first = await later.call('driver.update', { ref: 'C1', firstName: 'Ann' });
      const second = await later.call('driver.update', { ref: 'C1', firstName: 'Anne' });
      expect([first.updatedDate, second.updatedDate]).toEqual([NOON + 100, NOON + 101]);
      const earlier = await tenant.open({ now: NOON - 5000 });
      const third = await earlier.call('driver.update', { ref: 'C1', firstName: 'Anna' });
      expect(third).toMatchObject({ createdDate: made.createdDate, updatedDate: NOON + 102 });

      const far = await tenant.open({ now: NOON + 9999 });
      await far.call('driver.get', { ref: 'C1' });
      await far.call('driver.list', {});
      expect(await far.call('driver.update', { ref: 'C1', firstName: 'Anna' })).toMatchObject({
        changed: false,
        changes: [],
      });
      expect(await far.call('driver.get', { ref: 'C1' })).toMatchObject({
        createdDate: NOON,
        updatedDate: NOON + 102,
      });
      expect(await trail(made.id)).toHaveLength(4);
    });

    test('a change says what was before and what is after, and so does its audit row', async () => {
      const made = await api.call('driver.create', {
        callsign: 'C2',
        firstName: 'Bo',
        clientCapabilities: ['WAV'],
      });
      const by = await tenant.open({ actor: 'eve', reason: 'typo', now: NOON + 60 });
      const changed = await by.call('driver.update', {
        ref: 'C2',
        firstName: 'Bob',
        status: 'SUSPENDED',
        lastName: null,
      });
      expect(changed.changes).toEqual([
        { field: 'firstName', before: 'Bo', after: 'Bob' },
        { field: 'status', before: 'ACTIVE', after: 'SUSPENDED' },
      ]);
      await by.call('driver.delete', { ref: 'C2' });
      await by.call('driver.restore', { ref: 'C2' });
      const wav = made.clientCapabilities[0];
      expect(await trail(made.id)).toMatchObject([
        {
          action: 'RESTORE',
          operation: 'driver.restore',
          before: { deletedAt: NOON + 60 },
          after: { deletedAt: null },
        },
        {
          action: 'DELETE',
          operation: 'driver.delete',
          before: { deletedAt: null },
          after: { deletedAt: NOON + 60 },
        },
        {
          action: 'UPDATE',
          operation: 'driver.update',
          actor: 'eve',
          reason: 'typo',
          at: NOON + 60,
          object: { objectType: 'Driver', id: made.id, name: 'Bob (C2)' },
          before: { firstName: 'Bo', status: 'ACTIVE' },
          after: { firstName: 'Bob', status: 'SUSPENDED' },
        },
        {
          action: 'CREATE',
          operation: 'driver.create',
          actor: 'ann',
          reason: null,
          at: NOON,
          before: null,
          after: { callsign: 'C2', firstName: 'Bo', status: 'ACTIVE', clientCapabilities: [wav] },
        },
      ]);
    });

    test('the audit row of an update holds the fields that changed and no others', async () => {
      const made = await api.call('driver.create', { callsign: 'C3' });
      await api.call('driver.update', { ref: 'C3', firstName: 'Cy', clientCapabilities: ['WAV', 'SEAT'] });
      const [event] = await trail(made.id);
      expect(Object.keys(event?.before ?? {}).sort()).toEqual(['clientCapabilities', 'firstName']);
      expect(Object.keys(event?.after ?? {}).sort()).toEqual(['clientCapabilities', 'firstName']);
    });

    test('a collection of references is a set: another order is no change', async () => {
      await api.call('driver.create', { callsign: 'C4', clientCapabilities: ['WAV', 'SEAT', 'wav'] });
      const same = await api.call('driver.update', { ref: 'C4', clientCapabilities: ['SEAT', 'WAV'] });
      expect(same.changed).toBe(false);
      expect(same.clientCapabilities).toMatchObject([{ code: 'WAV' }, { code: 'SEAT' }]);
    });

    test('add and remove edit collections beside what is set', async () => {
      const codes = (record: {
        readonly clientCapabilities: readonly { readonly [label: string]: unknown }[];
      }) => record.clientCapabilities.map((one) => one['code']);
      await api.call('driver.create', { callsign: 'C5' });
      const added = await api.call('driver.update', {
        ref: 'C5',
        add: { clientCapabilities: ['WAV', 'SEAT'] },
      });
      expect(codes(added)).toEqual(['WAV', 'SEAT']);
      expect(
        await api.call('driver.update', { ref: 'C5', add: { clientCapabilities: ['WAV'] } }),
      ).toMatchObject({ changed: false });
      const swapped = await api.call('driver.update', {
        ref: 'C5',
        firstName: 'Di',
        add: { clientCapabilities: ['WAV'] },
        remove: { clientCapabilities: ['SEAT'] },
      });
      expect(codes(swapped)).toEqual(['WAV']);
      expect(swapped.firstName).toBe('Di');
      expect(await failure(api.call('driver.update', { ref: 'C5', add: { firstName: 'x' } }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'add.firstName' }],
      });
    });

    test('tags are a set without regard to letter case; addresses are added and removed whole', async () => {
      const { id } = await api.call('customer.create', { firstName: 'Tag', tags: ['VIP', 'vip', 'Slow'] });
      const tagged = await api.call('customer.update', {
        ref: id,
        add: { tags: ['SLOW', 'New'] },
        remove: { tags: ['Vip'] },
      });
      expect(tagged.tags).toEqual(['Slow', 'New']);
      const home = { label: 'Home', city: 'Cork' };
      await api.call('customer.update', { ref: id, add: { addresses: [home, { label: 'Work' }] } });
      const left = await api.call('customer.update', { ref: id, remove: { addresses: [home] } });
      expect(left.addresses).toMatchObject([{ label: 'Work', city: null }]);
    });

    test('what is referred to may be kept and taken away after it was deleted', async () => {
      const cap = await api.call('clientCapability.create', { code: 'OLD' });
      await api.call('driver.create', { callsign: 'C6', clientCapabilities: ['OLD', 'WAV'] });
      expect((await api.call('clientCapability.delete', { ref: 'OLD' })).affects).toEqual([
        { objectType: 'Driver', field: 'clientCapabilities', count: 1, names: ['C6'] },
      ]);
      const { clientCapabilities } = await api.call('driver.get', { ref: 'C6' });
      expect(await api.call('driver.update', { ref: 'C6', clientCapabilities })).toMatchObject({
        changed: false,
      });
      expect(await api.call('driver.update', { ref: 'C6', firstName: 'Cy' })).toMatchObject({
        changed: true,
      });
      const without = await api.call('driver.update', {
        ref: 'C6',
        remove: { clientCapabilities: [{ id: cap.id }] },
      });
      expect(without.clientCapabilities).toMatchObject([{ code: 'WAV' }]);
      expect(
        (
          await failure(
            api.call('driver.update', { ref: 'C6', add: { clientCapabilities: [{ id: cap.id }] } }),
          )
        ).code,
      ).toBe('NOT_FOUND');
    });

    test('delete says what refers to the record, by kind and field', async () => {
      const customer = await api.call('customer.create', { firstName: 'Much', lastName: 'Wanted' });
      await api.call('driver.create', { callsign: 'C7' });
      await api.call('driverCustomer.create', { driver: 'C7', customer: { id: customer.id } });
      await api.call('specialCategoryPassenger.create', { ref: 'SC-7', guardians: [{ id: customer.id }] });
      for (let n = 1; n <= 7; n += 1)
        await api.call('trip.create', {
          ref: `TC-${n}`,
          pickupAt: NOON,
          tripSegments: [{ customer: { id: customer.id } }],
        });
      await api.call('trip.delete', { ref: 'TC-7' });
      expect((await api.call('customer.delete', { ref: customer.id })).affects).toEqual([
        { objectType: 'SpecialCategoryPassenger', field: 'guardians', count: 1, names: ['SC-7'] },
        { objectType: 'DriverCustomer', field: 'customer', count: 1, names: ['C7 for Much Wanted'] },
        {
          objectType: 'Trip',
          field: 'tripSegments',
          count: 6,
          names: ['TC-1', 'TC-2', 'TC-3', 'TC-4', 'TC-5'],
        },
      ]);
    });

    test('a password is readable nowhere', async () => {
      const made = await api.call('customer.create', { firstName: 'Sec', password: 'correct horse' });
      const changed = await api.call('customer.update', { ref: made.id, password: 'battery staple' });
      const cleared = await api.call('customer.update', { ref: made.id, password: null });
      const events = await trail(made.id);
      const everything = JSON.stringify([
        made,
        changed,
        cleared,
        events,
        await api.call('customer.get', { ref: made.id }),
        await api.call('customer.list', {}),
        await failure(api.call('customer.update', { ref: made.id, password: 'pa55' })),
      ]);
      for (const secret of ['correct horse', 'battery staple', 'pa55', 'scrypt'])
        expect(everything).not.toContain(secret);
      expect(changed.changes).toEqual([{ field: 'password', before: '(hidden)', after: '(hidden)' }]);
      expect(events).toMatchObject([
        { after: { password: '(hidden)' } },
        { after: { password: '(hidden)' } },
        { action: 'CREATE', after: { password: '(hidden)' } },
      ]);
    });

    describe('a dry run', () => {
      test.each(ownTypes)('of a %s answers as the change would, and writes nothing', async (type) => {
        const own = await (await world().tenant()).open({ reason: 'test' });
        const input = { ...(await new Samples(own).input(type)), internalKey: 'dry' };
        const state = async () => [
          await own.call('log.list', { limit: 500 }),
          await own.any(operationOf(type, 'list'), {}),
        ];
        const before = await state();

        const would = await own.any(operationOf(type, 'create'), input, { dryRun: true });
        expect(would).toMatchObject({ dryRun: true, changed: true, created: true });
        expect((await failure(own.any(operationOf(type, 'get'), { ref: would.id }))).code).toBe('NOT_FOUND');
        expect((await failure(own.any(operationOf(type, 'get'), { ref: 'key:dry' }))).code).toBe('NOT_FOUND');
        expect(await state()).toEqual(before);

        const made = await own.any(operationOf(type, 'create'), input);
        const then = await state();
        for (const [verb, given] of [
          ['update', { internalKey: 'other' }],
          ['delete', {}],
        ] as const) {
          const answer = await own.any(operationOf(type, verb), { ref: made.id, ...given }, { dryRun: true });
          expect(answer).toMatchObject({ dryRun: true, changed: true });
        }
        expect(await own.any(operationOf(type, 'create'), input, { dryRun: true })).toMatchObject({
          dryRun: true,
          replayed: true,
        });
        expect(await state()).toEqual(then);
      });

      test('fails as the change would', async () => {
        await api.call('driver.create', { callsign: 'DRY' });
        expect((await failure(api.call('driver.create', { callsign: 'dry' }, { dryRun: true }))).code).toBe(
          'CONFLICT',
        );
      });
    });
  });
}
