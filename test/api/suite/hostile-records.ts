import { beforeAll, describe, expect, test } from 'vitest';
import type { ObjectType } from '../../../src/records/field.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { ofKind, shown } from '../places.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import type { World } from '../world.ts';

/** Records that are wrong as a whole. */
export function hostileRecords(world: () => World): void {
  describe('hostile records', () => {
    let api: CheckedApi;
    const made: Partial<Record<ObjectType, string>> = {};
    beforeAll(async () => {
      ({ api } = await world().tenant());
      const samples = new Samples(api);
      for (const type of ownTypes) made[type] = (await samples.create(type)).id;
    });

    test.each(shown(ofKind('items')))(
      '%s: unknown fields of an object',
      async (_name, [type, path, , wrap]) => {
        for (const key of ['__proto__', 'constructor', 'nope']) {
          const item = JSON.parse(`{${JSON.stringify(key)}: {"polluted": true}}`);
          const refused = await failure(
            api.any(operationOf(type, 'update'), { ref: made[type], ...wrap([item]) }),
          );
          expect(refused.code).toBe('INVALID');
          expect(refused.details.map((one) => one.field)).toContain(`${path}[0].${key}`);
        }
        expect(({} as { polluted?: true }).polluted).toBeUndefined();
      },
    );

    test.each(ownTypes)('%s: unknown fields and those that the program sets', async (type) => {
      const ref = made[type];
      const [field = ''] = Object.keys(definitionOf(type).fields);
      const misspelt = `${field}x`;
      expect(await failure(api.any(operationOf(type, 'update'), { ref, [misspelt]: 'a' }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: misspelt, hint: `did you mean ${field}?` }],
      });
      for (const name of ['id', 'clientId', 'createdDate', 'updatedDate', 'deletedAt', '__objectType'])
        expect(await failure(api.any(operationOf(type, 'create'), { [name]: 1 }))).toMatchObject({
          code: 'INVALID',
          details: expect.arrayContaining([expect.objectContaining({ field: name, hint: 'leave it out' })]),
        });
      for (const name of [
        '__proto__',
        'constructor',
        'hasOwnProperty',
        'toString',
        'client_id',
        'deleted_at',
      ])
        for (const verb of ['create', 'update']) {
          const input = JSON.parse(
            `{"ref": ${JSON.stringify(ref)}, ${JSON.stringify(name)}: {"polluted": true}}`,
          );
          const refused = await failure(api.any(operationOf(type, verb), input));
          expect(refused.code).toBe('INVALID');
          expect(refused.details.map((one) => one.field)).toContain(name);
        }
      expect(({} as { polluted?: true }).polluted).toBeUndefined();
    });

    test('an end before its start', async () => {
      for (const type of ['ScheduleExclusionGroup', 'RecurringTrip'] as const) {
        const days = { startDay: 20_260_202, endDay: 20_260_201 };
        expect(
          await failure(api.any(operationOf(type, 'update'), { ref: made[type], ...days })),
        ).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'endDay', value: '20260201' }],
        });
        await api.any(operationOf(type, 'update'), { ref: made[type], startDay: null, endDay: 20_260_201 });
        expect(
          (await failure(api.any(operationOf(type, 'update'), { ref: made[type], startDay: 20_260_202 })))
            .code,
        ).toBe('INVALID');
      }
    });

    test.each(['a\u0000b', 'x'.repeat(201), 5, {}, [], '\ud800', '  '])(
      'the internal key %j',
      async (internalKey) => {
        for (const call of [
          () => api.any('driver.create', { callsign: 'KEYED', internalKey }),
          () => api.any('driver.update', { ref: made.Driver, internalKey }),
        ])
          expect(await failure(call())).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'internalKey' }],
          });
      },
    );

    test('everything wrong is said at once', async () => {
      const refused = await failure(
        api.any('trip.create', { pickupAt: 0, status: 'LOST', day: 20_260_230, nope: 1, account: 'a\u0000' }),
      );
      expect(refused.details.map((one) => one.field)).toEqual([
        'nope',
        'ref',
        'pickupAt',
        'status',
        'account',
        'day',
      ]);
      expect(refused.message).toContain('and 5 more');
    });

    test('collections do not grow beyond their most by additions', async () => {
      const tags = (from: number) => Array.from({ length: 600 }, (_, n) => `t${from + n}`);
      const { id } = await api.call('customer.create', { firstName: 'Full', tags: tags(0) });
      expect(await failure(api.call('customer.update', { ref: id, add: { tags: tags(600) } }))).toMatchObject(
        {
          code: 'INVALID',
          details: [{ field: 'tags' }],
        },
      );
      const skips = Array.from({ length: 2000 }, (_, n) => ({
        day: 20_260_101 + (n % 28),
        time: `${String(n % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
      }));
      const run = await api.any('recurringTrip.create', { ref: 'FULL', skips });
      expect((await failure(api.any('recurringTrip.skip', { ref: run.id, day: 20_270_101 }))).code).toBe(
        'INVALID',
      );
    });

    test('ids keep all of their 63 bits', async () => {
      const far = await world().open({ client: api.client.id, now: 29_348_000_000 });
      const first = await far.call('driver.create', { callsign: 'FAR' });
      const next = await api.call('driver.create', { callsign: 'NEAR' });
      expect(BigInt(first.id.slice(1))).toBeGreaterThan(2n ** 53n);
      expect(BigInt(next.id.slice(1))).toBeGreaterThan(BigInt(first.id.slice(1)));
      for (const { id } of [first, next])
        expect(await api.call('driver.get', { ref: id })).toMatchObject({ id });
      const pref = await api.any('driverScp.create', {
        driver: { id: first.id },
        scp: made.SpecialCategoryPassenger,
      });
      expect(pref.driver.id).toBe(first.id);
    });
  });
}
