import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import type { World } from '../world.ts';

/** The tenants themselves. */
export function clients(world: () => World): void {
  describe('clients', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      api = await world().open();
    });
    const dublin = { timeZone: 'Europe/Dublin', country: 'IE' };

    test('made, found by id, name and internal key, listed, changed, deleted, restored', async () => {
      const made = await api.call('client.create', {
        name: 'Shannon Cabs',
        timeZone: 'europe/paris',
        country: 'fr',
        internalKey: 'sc',
      });
      expect(made).toMatchObject({
        created: true,
        timeZone: 'Europe/Paris',
        country: 'FR',
        clientId: made.id,
        internalKey: 'sc',
      });
      for (const ref of [made.id, 'shannon cabs', 'key:sc'])
        expect(await api.call('client.get', { ref })).toMatchObject({ id: made.id, internalKey: 'sc' });
      expect((await api.call('client.list', { search: 'shan' })).items).toMatchObject([{ id: made.id }]);
      const own = await world().open({ client: 'Shannon Cabs' });
      expect(own.client).toEqual({
        id: made.id,
        name: 'Shannon Cabs',
        timeZone: 'Europe/Paris',
        country: 'FR',
      });

      expect(await api.call('client.update', { ref: made.id, name: 'Shannon' })).toMatchObject({
        name: 'Shannon',
        changed: true,
      });
      await api.call('client.delete', { ref: 'Shannon' });
      expect((await failure(own.call('driver.list', {}))).code).toBe('NOT_FOUND');
      expect((await failure(world().open({ client: made.id }))).code).toBe('NOT_FOUND');
      expect((await api.call('client.list', { deleted: true })).items.map((one) => one.id)).toContain(
        made.id,
      );
      await api.call('client.restore', { ref: 'key:sc' });
      expect((await own.call('driver.list', {})).items).toEqual([]);
    });

    test('replayed by its internal key', async () => {
      const input = { name: 'Replayed', ...dublin, internalKey: 'rp' };
      const first = await api.call('client.create', input);
      expect(await api.call('client.create', input)).toMatchObject({
        id: first.id,
        replayed: true,
        changed: false,
      });
      const elsewhere = await world().open({ client: first.id });
      expect(await elsewhere.call('client.create', input)).toMatchObject({ id: first.id, replayed: true });
      expect((await failure(api.call('client.create', { ...input, country: 'GB' }))).code).toBe('CONFLICT');
    });

    test('names are unique among live ones', async () => {
      const { id } = await api.call('client.create', { name: 'Unique', ...dublin });
      for (const call of [
        () => api.call('client.create', { name: 'UNIQUE', ...dublin }),
        () => api.call('client.update', { ref: api.client.id, name: 'unique' }),
      ])
        expect(await failure(call())).toMatchObject({ code: 'CONFLICT', details: [{ field: 'name', id }] });
      await api.call('client.delete', { ref: id });
      await api.call('client.create', { name: 'Unique', ...dublin });
      expect((await failure(api.call('client.restore', { ref: id }))).code).toBe('CONFLICT');
    });

    test.each([
      [{ timeZone: 'Europe/Dubln' }, 'timeZone'],
      [{ timeZone: 'GMT+1 or so' }, 'timeZone'],
      [{ country: 'IRL' }, 'country'],
      [{ country: 'XX' }, 'country'],
      [{ name: '' }, 'name'],
      [{ name: 'G1' }, 'name'],
    ])('%j is refused', async (wrong, field) => {
      expect(await failure(api.any('client.create', { name: 'Wrong', ...dublin, ...wrong }))).toMatchObject({
        code: 'INVALID',
        details: [{ field }],
      });
    });

    test('which one is meant must be said where there are several, and one that is not there is named', async () => {
      const { store } = world();
      expect(await failure(store.open({ ...world().session(), client: undefined }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'client' }],
      });
      expect(await failure(world().open({ client: 'Frist' }))).toMatchObject({
        code: 'NOT_FOUND',
        hint: 'did you mean `First`?',
      });
      expect((await failure(world().open({ client: 'G12345' }))).code).toBe('NOT_FOUND');
    });

    test('listed page by page', async () => {
      const all = (await api.call('client.list', { limit: 500 })).items.map((one) => one.id);
      const first = await api.call('client.list', { limit: 2 });
      const second = await api.call('client.list', { limit: 500, cursor: first.nextCursor ?? '' });
      expect([...first.items, ...second.items].map((one) => one.id)).toEqual(all);
      expect((await failure(api.call('client.list', { brand: 'x' } as never))).code).toBe('INVALID');
    });

    test('a second database in the place of the first is refused', async () => {
      const admin = world().store.admin(world().session());
      expect((await failure(admin.create({ name: 'Another', ...dublin }))).code).toBe('CONFLICT');
      expect((await api.call('client.list', { search: 'Another' })).items).toEqual([]);
    });
  });
}
