import { beforeAll, describe, expect, test } from 'vitest';
import type { Filter } from '../../../src/records/filters.ts';
import { filtersOf } from '../../../src/records/filters.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { NOON, type Tenant, type World } from '../world.ts';

const idsOf = ({ items }: { readonly items: readonly { readonly id: string }[] }): readonly string[] =>
  items.map((one) => one.id);

/** Listing: filters, order, pages, changes. */
export function lists(world: () => World): void {
  describe('lists', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
    });

    describe('every filter of every kind', () => {
      const cases = ownTypes.flatMap((type) =>
        filtersOf(definitionOf(type)).map((filter) => [type, filter.name, filter] as const),
      );
      let samples: Samples;
      const two = new Map<string, readonly [Record<string, unknown>, Record<string, unknown>]>();
      beforeAll(async () => {
        samples = new Samples((await world().tenant()).api);
        for (const type of ownTypes) two.set(type, [await samples.create(type), await samples.create(type)]);
      });

      test.each(cases)('%s by %s', async (type, name, filter) => {
        const [one, other] = two.get(type) ?? [];
        const own = await world().open({ client: one?.['clientId'] as string });
        const value = filterValue(filter, one ?? {});
        const found = idsOf(await own.any(operationOf(type, 'list'), { [name]: value, limit: 500 }));
        expect(found).toContain(one?.['id']);
        // The samples have the same days, choices and booleans; what they refer to differs.
        if (filter.kind === 'reference') expect(found).not.toContain(other?.['id']);
        const missed = idsOf(
          await own.any(operationOf(type, 'list'), { [name]: otherValue(filter, other ?? {}), limit: 500 }),
        );
        expect(missed).not.toContain(one?.['id']);
      });
    });

    test('filters are joined by and', async () => {
      for (const [callsign, firstName, status] of [
        ['L1', 'Al', 'ACTIVE'],
        ['L2', 'Al', 'SUSPENDED'],
        ['L3', 'Bo', 'SUSPENDED'],
      ] as const)
        await api.call('driver.create', { callsign, firstName, lastName: 'Filter', status });
      const { items } = await api.call('driver.list', { status: 'SUSPENDED', search: 'al filter' });
      expect(items).toMatchObject([{ callsign: 'L2' }]);
    });

    test('a choice is filtered by in every spelling that a record takes', async () => {
      const { id } = await api.call('account.create', {
        ref: 'SPELT',
        mergePreference: 'own-department' as never,
      });
      for (const mergePreference of ['own-department', 'OWN_DEPARTMENT', 'account department'])
        expect(idsOf(await api.call('account.list', { mergePreference })), mergePreference).toEqual([id]);
      expect((await failure(api.call('account.list', { mergePreference: 'department' }))).code).toBe(
        'INVALID',
      );
    });

    test('search looks at the beginning of every handle, without regard to letter case', async () => {
      const { id } = await api.call('driver.create', {
        callsign: 'Zed9',
        firstName: 'Quinn',
        lastName: 'Zappa',
      });
      for (const search of ['z', 'ZED', 'zed9', 'quinn', 'Quinn Z', 'QUINN zappa', 'zap'])
        expect(idsOf(await api.call('driver.list', { search })), search).toEqual([id]);
      for (const search of ['ed9', 'appa', 'zed99', 'zed9 quinn', '%', '_', "' or 1=1 --"])
        expect(idsOf(await api.call('driver.list', { search })), search).toEqual([]);
      await api.call('driver.delete', { ref: id });
      expect(idsOf(await api.call('driver.list', { search: 'zed' }))).toEqual([]);
      expect(idsOf(await api.call('driver.list', { search: 'zed', deleted: true }))).toEqual([id]);
    });

    test('pages follow each other without gaps or doubles, in the order of ids', async () => {
      const own = (await world().tenant()).api;
      const made: string[] = [];
      for (let n = 0; n < 7; n += 1)
        made.push((await own.call('driver.create', { callsign: `P${9 - n}` })).id);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: readonly { id: string }[]; nextCursor: string | null } = await own.call(
          'driver.list',
          {
            limit: 3,
            ...(cursor === null ? {} : { cursor }),
          },
        );
        expect(page.items.length).toBeLessThanOrEqual(3);
        seen.push(...idsOf(page));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(made);
      expect((await own.call('driver.list', { limit: 7 })).nextCursor).toBeNull();
      expect((await own.call('driver.list', { search: 'p', limit: 3 })).nextCursor).not.toBeNull();
    });

    test('updatedSince lists changes in their order, deletions too, and pages through equal dates', async () => {
      const own = await world().tenant();
      for (const callsign of ['S1', 'S2', 'S3', 'S4']) await own.api.call('driver.create', { callsign });
      const later = await own.open({ now: NOON + 50 });
      await later.call('driver.update', { ref: 'S1', firstName: 'Ann' });
      await later.call('driver.delete', { ref: 'S2' });
      const since = (updatedSince: number, more: object = {}) =>
        later.any('driver.list', { updatedSince, ...more });
      const names = ({ items }: { items: readonly { callsign: string }[] }) =>
        items.map((one) => one.callsign);
      expect(names(await since(NOON))).toEqual(['S3', 'S4', 'S1']);
      expect(names(await since(NOON + 50))).toEqual(['S1']);
      expect(names(await since(NOON + 51))).toEqual([]);
      expect(names(await since(NOON + 50, { deleted: true }))).toEqual(['S2']);
      const first = await since(NOON, { limit: 1 });
      const second = await since(NOON, { limit: 1, cursor: first.nextCursor });
      const third = await since(NOON, { limit: 1, cursor: second.nextCursor });
      expect([first, second, third].flatMap(names)).toEqual(['S3', 'S4', 'S1']);
      expect(third.nextCursor).toBeNull();
    });

    test('a cursor that this list did not give out is refused', async () => {
      await api.call('driver.create', { callsign: 'CUR1' });
      await api.call('driver.create', { callsign: 'CUR2' });
      const byId = (await api.call('driver.list', { limit: 1 })).nextCursor ?? '';
      const byChange =
        (await api.call('driver.list', { limit: 1, updatedSince: NOON as never })).nextCursor ?? '';
      const forged = Buffer.from('1e3:G1').toString('base64url');
      for (const cursor of [
        '',
        'x',
        `${byId}!`.slice(3),
        byChange,
        forged,
        Buffer.from(':G0').toString('base64url'),
      ])
        expect(await failure(api.call('driver.list', { cursor })), cursor).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'cursor' }],
        });
      expect(
        (await failure(api.call('driver.list', { cursor: byId, updatedSince: NOON as never }))).code,
      ).toBe('INVALID');
    });

    test('preferences by whether they are live, lapsed, or about to lapse', async () => {
      await api.call('specialCategoryPassenger.create', { ref: 'LIVE' });
      const expiries = { none: null, past: NOON - 1, now: NOON, soon: NOON + 3600, far: NOON + 999_999 };
      const ids: Record<string, string> = {};
      for (const [name, expiresAt] of Object.entries(expiries)) {
        await api.call('driver.create', { callsign: `E ${name}` });
        const made = await api.any('driverScp.create', { driver: `E ${name}`, scp: 'LIVE', expiresAt });
        ids[made.id] = name;
      }
      const list = async (filter: object) =>
        idsOf(await api.any('driverScp.list', { scp: 'LIVE', ...filter })).map((id) => ids[id]);
      expect(await list({})).toEqual(['none', 'past', 'now', 'soon', 'far']);
      expect(await list({ live: true })).toEqual(['none', 'soon', 'far']);
      expect(await list({ expired: false })).toEqual(['none', 'soon', 'far']);
      expect(await list({ expired: true })).toEqual(['past', 'now']);
      expect(await list({ live: false })).toEqual(['past', 'now']);
      expect(await list({ expiringWithin: 3600 })).toEqual(['soon']);
      expect(await list({ expiringWithin: 3599 })).toEqual([]);
      expect(await list({ live: true, expired: true })).toEqual([]);
    });
  });
}

function filterValue(filter: Filter, record: Record<string, unknown>): unknown {
  const value = record[filter.field];
  const inner = filter.inner === undefined ? value : (value as Record<string, unknown>[])[0]?.[filter.inner];
  const first = Array.isArray(inner) ? inner[0] : inner;
  return filter.kind === 'reference' ? { id: (first as { id: string }).id } : first;
}

/** A value that the first sample does not have. */
function otherValue(filter: Filter, other: Record<string, unknown>): unknown {
  switch (filter.kind) {
    case 'choice':
      return filter.values?.find((value) => value !== other[filter.field]);
    case 'boolean':
      return other[filter.field] !== true;
    case 'day':
      return 20_200_101;
    case 'tag':
      return 'nobody has it';
    case 'reference':
      return filterValue(filter, other);
  }
}
