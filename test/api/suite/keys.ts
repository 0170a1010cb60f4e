import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { NOON, type World } from '../world.ts';

/** Internal keys (spec section 3). */
export function keys(world: () => World): void {
  describe('internal keys', () => {
    let api: CheckedApi;
    let samples: Samples;
    beforeAll(async () => {
      ({ api } = await world().tenant());
      samples = new Samples(api);
    });

    test.each(ownTypes)(
      'creating a %s again with the same key and content answers the first',
      async (type) => {
        const input = { ...(await samples.input(type)), internalKey: 'crm-1' };
        const first = await api.any(operationOf(type, 'create'), input);
        expect(first).toMatchObject({ created: true, internalKey: 'crm-1' });
        const events = (await api.call('log.list', { limit: 500 })).items.length;
        const again = await api.any(operationOf(type, 'create'), input);
        expect(again).toMatchObject({
          id: first.id,
          replayed: true,
          changed: false,
          changes: [],
          updatedDate: NOON,
        });
        expect(again.created).toBeUndefined();
        expect((await api.call('log.list', { limit: 500 })).items).toHaveLength(events);
      },
    );

    test('the content counts as it is understood, not as it is written', async () => {
      const { id } = await api.call('clientCapability.create', { code: 'KEYWAV' });
      const first = await api.call('driver.create', {
        callsign: 'K1',
        phone: '085 012 3456',
        clientCapabilities: [{ id }],
        internalKey: 'k1',
      });
      const again = await api.call('driver.create', {
        callsign: ' K1 ',
        phone: '+353850123456',
        clientCapabilities: ['keywav'],
        status: 'ACTIVE',
        internalKey: 'k1',
      });
      expect(again).toMatchObject({ id: first.id, replayed: true });
    });

    test('other content is a conflict that names the record', async () => {
      const { id } = await api.call('driver.create', { callsign: 'K2', internalKey: 'k2' });
      expect(await failure(api.call('driver.create', { callsign: 'K3', internalKey: 'k2' }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'internalKey', value: 'k2', id }],
      });
      expect((await failure(api.call('driver.get', { ref: 'K3' }))).code).toBe('NOT_FOUND');
    });

    test('the same key on another kind is another key', async () => {
      await api.call('driver.create', { callsign: 'K4', internalKey: 'k4' });
      expect(await api.call('brand.create', { code: 'K4', internalKey: 'k4' })).toMatchObject({
        created: true,
      });
    });

    test('a replay answers the record as it is now', async () => {
      const input = { callsign: 'K5', internalKey: 'k5' };
      await api.call('driver.create', input);
      await api.call('driver.update', { ref: 'K5', firstName: 'Eve' });
      expect(await api.call('driver.create', input)).toMatchObject({ replayed: true, firstName: 'Eve' });
    });

    test('a deleted record frees its key; restoring it then clashes', async () => {
      const first = await api.call('driver.create', { callsign: 'K6', internalKey: 'k6' });
      await api.call('driver.delete', { ref: 'K6' });
      const second = await api.call('driver.create', { callsign: 'K7', internalKey: 'k6' });
      expect(second).toMatchObject({ created: true });
      expect(second.id).not.toBe(first.id);
      expect(await failure(api.call('driver.restore', { ref: first.id }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'internalKey', id: second.id }],
      });
      await api.call('driver.update', { ref: second.id, internalKey: null });
      expect(await api.call('driver.restore', { ref: first.id })).toMatchObject({
        changed: true,
        internalKey: 'k6',
      });
    });

    test('a key is given, changed and taken away by an update, which moves updatedDate', async () => {
      const made = await api.call('driver.create', { callsign: 'K8' });
      const given = await api.call('driver.update', { ref: 'K8', internalKey: 'k8' });
      expect(given).toMatchObject({
        internalKey: 'k8',
        changes: [{ field: 'internalKey', before: null, after: 'k8' }],
        updatedDate: made.updatedDate + 1,
      });
      expect(await api.call('driver.update', { ref: 'K8', internalKey: 'k8' })).toMatchObject({
        changed: false,
      });
      expect(await api.call('driver.update', { ref: 'key:k8', internalKey: null })).toMatchObject({
        internalKey: null,
      });
      expect((await failure(api.call('driver.get', { ref: 'key:k8' }))).code).toBe('NOT_FOUND');
    });

    test('a key that another record holds is refused', async () => {
      await api.call('driver.create', { callsign: 'K10', internalKey: 'k10' });
      await api.call('driver.create', { callsign: 'K11' });
      expect(await failure(api.call('driver.update', { ref: 'K11', internalKey: 'k10' }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'internalKey' }],
      });
      expect(await api.call('driver.get', { ref: 'K11' })).toMatchObject({ internalKey: null });
    });
  });
}
