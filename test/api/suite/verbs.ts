import { beforeAll, describe, expect, test } from 'vitest';
import { commonFields } from '../../../src/records/definition.ts';
import { isCollection } from '../../../src/records/field.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { NOON, type World } from '../world.ts';

/** The six verbs of every kind. */
export function verbs(world: () => World): void {
  describe('six verbs', () => {
    let api: CheckedApi;
    let samples: Samples;
    beforeAll(async () => {
      // The last approval of a passenger is not taken away without a reason.
      api = await (await world().tenant()).open({ reason: 'test' });
      samples = new Samples(api);
    });

    describe.each(ownTypes)('%s', (type) => {
      const call = (verb: string, input: object) => api.any(operationOf(type, verb), input);
      const fields = Object.entries(definitionOf(type).fields);

      test('create keeps every field as it was given', async () => {
        const input = await samples.input(type);
        const made = await call('create', input);
        expect(made).toMatchObject(input);
        expect(made).toMatchObject({
          id: expect.stringMatching(/^G\d+$/),
          clientId: api.client.id,
          __objectType: type,
          createdDate: NOON,
          updatedDate: NOON,
          passiveUpdatedDate: NOON,
          listingUpdatedDate: NOON,
          internalKey: null,
          deletedAt: null,
          deletedBy: null,
          created: true,
          changed: true,
        });
      });

      test('get answers what create did, with these fields and no others', async () => {
        const { changed: _c, changes: _cs, warnings: _w, created: _cr, ...made } = await samples.create(type);
        const got = await call('get', { ref: made.id });
        expect(got).toEqual(made);
        expect(Object.keys(got).sort()).toEqual([...commonFields, ...fields.map(([name]) => name)].sort());
      });

      test('list has it among the live ones', async () => {
        const made = await samples.create(type);
        const { items } = await call('list', { limit: 500 });
        expect(items).toContainEqual(await call('get', { ref: made.id }));
      });

      test('update with what is there already changes nothing', async () => {
        const made = await samples.create(type);
        const set = Object.fromEntries(
          fields.filter(([, field]) => field.kind !== 'secret').map(([name]) => [name, made[name]]),
        );
        const again = await call('update', { ref: made.id, set });
        expect(again).toMatchObject({ changed: false, changes: [], updatedDate: made['updatedDate'] });
      });

      test('update takes what can be empty away, and null goes back to a default', async () => {
        const made = await samples.create(type);
        const clearable = fields.filter(([, field]) => field.required !== true && field.kind !== 'settings');
        // A customer is left with a name, and a trip needs no more than it is required to have.
        const names = clearable
          .map(([name]) => name)
          .filter((name) => type !== 'Customer' || name !== 'firstName');
        const cleared = await call('update', {
          ref: made.id,
          set: Object.fromEntries(names.map((name) => [name, null])),
        });
        for (const [name, field] of clearable.filter(([one]) => names.includes(one))) {
          // The day of a trip is that of its pickup again.
          const isEmptied = type !== 'Trip' || name !== 'day';
          if (isEmptied)
            expect(cleared[name], name).toEqual(isCollection(field) ? [] : (field.default ?? null));
        }
        expect(await call('get', { ref: made.id })).toMatchObject(
          Object.fromEntries(names.map((name) => [name, cleared[name]])),
        );
      });

      test('delete hides it, get by id still shows it, restore brings it back as it was', async () => {
        const made = await samples.create(type);
        const before = await call('get', { ref: made.id });
        const gone = await call('delete', { ref: made.id });
        expect(gone).toMatchObject({
          changed: true,
          deletedAt: NOON,
          deletedBy: 'ann',
          affects: expect.any(Array),
        });
        expect(await call('get', { ref: made.id })).toMatchObject({ deletedAt: NOON, deletedBy: 'ann' });
        expect((await call('list', { limit: 500 })).items.map((one: { id: string }) => one.id)).not.toContain(
          made.id,
        );
        expect(
          (await call('list', { limit: 500, deleted: true })).items.map((one: { id: string }) => one.id),
        ).toContain(made.id);
        expect(await call('delete', { ref: made.id })).toMatchObject({ changed: false, deletedAt: NOON });
        expect((await failure(call('update', { ref: made.id, internalKey: 'x' }))).code).toBe('NOT_FOUND');

        const back = await call('restore', { ref: made.id });
        expect(back.changed).toBe(true);
        const { updatedDate, passiveUpdatedDate, listingUpdatedDate, ...same } = before;
        expect(await call('get', { ref: made.id })).toMatchObject(same);
        expect(back.updatedDate).toBeGreaterThan(updatedDate);
        expect([passiveUpdatedDate, listingUpdatedDate]).toEqual([updatedDate, updatedDate]);
        expect(await call('restore', { ref: made.id })).toMatchObject({ changed: false });
      });

      test('create without what is required names every missing field', async () => {
        const required = fields.filter(([, field]) => field.required === true).map(([name]) => name);
        if (required.length === 0) return;
        const refused = await failure(call('create', {}));
        expect(refused.code).toBe('INVALID');
        expect(
          refused.details.filter((detail) => detail['missing'] === true).map((detail) => detail.field),
        ).toEqual(required);
        const cleared = await failure(
          call('update', { ref: (await samples.create(type)).id, set: { [required[0] ?? '']: null } }),
        );
        expect(cleared).toMatchObject({ code: 'INVALID', details: [{ field: required[0] }] });
      });

      test.each(['get', 'update', 'delete', 'restore'])(
        '%s of an id that is not there is NOT_FOUND',
        async (verb) => {
          expect(await failure(call(verb, { ref: 'G9223372036854775807' }))).toMatchObject({
            code: 'NOT_FOUND',
            details: [{ field: 'ref', value: 'G9223372036854775807' }],
          });
        },
      );
    });
  });
}
