import { beforeAll, describe, expect, test } from 'vitest';
import { linkName, links } from '../../../src/contract/links.ts';
import { operations } from '../../../src/contract/operations.ts';
import type { Field, ObjectType } from '../../../src/records/field.ts';
import { filtersOf } from '../../../src/records/filters.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import { failure } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { startedImport } from '../started-import.ts';
import { NOON, type Tenant, TODAY, type World } from '../world.ts';

/** Nothing crosses clients, ever (spec sections 2 and 8). */
export function tenants(world: () => World): void {
  describe('another client', () => {
    let mine: Tenant;
    let theirs: Tenant;
    let theirToken: string;
    let theirEvent: string;
    let theirImport: string;
    const foreign: Partial<Record<ObjectType, string>> = {};
    const own: Partial<Record<ObjectType, string>> = {};
    beforeAll(async () => {
      mine = await world().tenant();
      theirs = await world().tenant();
      theirToken = (await theirs.api.call('token.create', { name: 'app', role: 'ADMIN' })).id;
      const samples = new Samples(theirs.api);
      const mySamples = new Samples(mine.api);
      theirEvent = (await theirs.api.call('log.list', { limit: 1 })).items[0]?.id ?? '';
      theirImport = await startedImport(theirs.api);
      for (const type of ownTypes) {
        foreign[type] = (await samples.create(type)).id;
        own[type] = (await mySamples.create(type)).id;
        await theirs.api.any(operationOf(type, 'update'), {
          ref: foreign[type],
          internalKey: `their ${type}`,
        });
      }
    });

    test.each(ownTypes)('has no %s that this one could see, change or take back', async (type) => {
      const ref = foreign[type] ?? '';
      const before = await theirs.api.any(operationOf(type, 'get'), { ref });
      for (const [verb, input] of [
        ['get', {}],
        ['update', { internalKey: 'mine now' }],
        ['delete', {}],
        ['restore', {}],
      ] as const)
        for (const named of [ref, `key:their ${type}`])
          expect(
            (await failure(mine.api.any(operationOf(type, verb), { ref: named, ...input }))).code,
            verb,
          ).toBe('NOT_FOUND');
      for (const filter of [{}, { search: 'a' }, { updatedSince: 1 }]) {
        const { items } = await mine.api.any(operationOf(type, 'list'), { limit: 500, ...filter });
        expect(items.every((one: { clientId: string }) => one.clientId === mine.id)).toBe(true);
      }
      expect(await theirs.api.any(operationOf(type, 'get'), { ref })).toEqual(before);
    });

    const references = ownTypes.flatMap((type) =>
      fieldsWithReferences(type).map((path) => [type, ...path] as const),
    );

    test.each(references)('%s cannot refer there by %s', async (type, name, target, wrap) => {
      const input = { [name]: wrap(foreign[target] ?? '') };
      const refused = await failure(mine.api.any(operationOf(type, 'update'), { ref: own[type], ...input }));
      expect(refused.code).toBe('NOT_FOUND');
      expect(refused.details[0]?.field?.startsWith(name)).toBe(true);
      expect(
        (await failure(mine.api.any(operationOf(type, 'create'), input))).details.map((one) => one.field),
      ).toContain(refused.details[0]?.field);
    });

    const filters = ownTypes.flatMap((type) =>
      filtersOf(definitionOf(type)).flatMap((one) =>
        one.target === undefined ? [] : [[type, one.name, one.target] as const],
      ),
    );

    test.each(filters)('%s cannot be filtered by a record of it: %s', async (type, name, target) => {
      expect(
        await failure(mine.api.any(operationOf(type, 'list'), { [name]: foreign[target] })),
      ).toMatchObject({
        code: 'NOT_FOUND',
        details: [{ field: name }],
      });
    });

    /** Every operation that is not a verb of a kind, with a foreign id in each place that takes one. */
    const special: { readonly [name: string]: readonly (() => object)[] } = {
      ...Object.fromEntries(
        Object.entries(links).flatMap(([name, { owner, target }]) =>
          (['add', 'remove'] as const).map((verb) => [
            linkName(name, verb),
            [
              () => ({ ref: foreign[owner], target: own[target] }),
              () => ({ ref: own[owner], target: foreign[target] }),
            ],
          ]),
        ),
      ),
      'customer.addresses': [() => ({ ref: foreign.Customer })],
      'customer.tags': [() => ({ ref: foreign.Customer })],
      'customer.addTag': [() => ({ ref: foreign.Customer, tag: 'x' })],
      'customer.removeTag': [() => ({ ref: foreign.Customer, tag: 'x' })],
      'reference.resolve': [() => ({ objectType: 'Driver', ref: foreign.Driver })],
      'token.create': [
        () => ({ name: 'd', role: 'DRIVER_APP', driver: { id: foreign.Driver } }),
        () => ({ name: 'c', role: 'CUSTOMER_APP', customer: { id: foreign.Customer } }),
        () => ({ name: 'g', role: 'OPERATOR', groups: [{ id: foreign.Group }] }),
      ],
      'token.list': [],
      'token.revoke': [() => ({ ref: theirToken })],
      'settings.list': [],
      'settings.set': [],
      'customer.findByPhone': [],
      'scheduleExclusionGroup.set': [() => ({ ref: foreign.ScheduleExclusionGroup, mode: 'RUN_OFF' })],
      'scheduleExclusionGroup.link': [
        () => ({ ref: foreign.ScheduleExclusionGroup, recurring: own.RecurringTrip }),
        () => ({ ref: own.ScheduleExclusionGroup, recurring: foreign.RecurringTrip }),
      ],
      'scheduleExclusionGroup.unlink': [
        () => ({ ref: foreign.ScheduleExclusionGroup, recurring: own.RecurringTrip }),
        () => ({ ref: own.ScheduleExclusionGroup, recurring: foreign.RecurringTrip }),
      ],
      'scheduleExclusionGroup.status': [() => ({ ref: foreign.ScheduleExclusionGroup, day: TODAY })],
      'scheduleExclusionGroup.calendar': [
        () => ({ from: TODAY, to: TODAY, group: foreign.ScheduleExclusionGroup }),
        () => ({ from: TODAY, to: TODAY, recurring: foreign.RecurringTrip }),
      ],
      'recurringTrip.skip': [() => ({ ref: foreign.RecurringTrip, day: TODAY })],
      'recurringTrip.unskip': [() => ({ ref: foreign.RecurringTrip, day: TODAY })],
      'accountDepartment.effective': [
        () => ({ ref: foreign.AccountDepartment }),
        () => ({ ref: own.AccountDepartment, employee: foreign.AccountEmployee }),
      ],
      'accountDepartment.canBook': [
        () => ({ department: foreign.AccountDepartment, customer: own.Customer }),
        () => ({ department: own.AccountDepartment, customer: foreign.Customer }),
        () => ({ department: own.AccountDepartment, employee: foreign.AccountEmployee }),
      ],
      'accountDepartment.addEmployee': [
        () => ({ ref: foreign.AccountDepartment, customer: own.Customer }),
        () => ({ ref: own.AccountDepartment, customer: foreign.Customer }),
      ],
      'trip.eligible': [() => ({ ref: foreign.Trip }), () => ({ ref: own.Trip, driver: foreign.Driver })],
      'eligible.adHoc': [
        () => ({ customers: [foreign.Customer] }),
        () => ({ scps: [foreign.SpecialCategoryPassenger] }),
        () => ({ capabilities: [foreign.ClientCapability] }),
        () => ({ department: foreign.AccountDepartment }),
        () => ({ driver: foreign.Driver }),
      ],
      'eligible.day': [],
      'release.preview': [],
      'release.commit': [],
      'release.plan': [],
      'forecast.expiring': [],
      'doctor.check': [],
      'import.start': [
        () => ({ kind: 'drivers', mode: 'partial', fields: ['callsign'], file: 'x', resume: theirImport }),
      ],
      'import.plan': [],
      'import.rows': [() => ({ ref: theirImport, number: 1, rows: [] })],
      'import.outcomes': [() => ({ ref: theirImport, number: 1 })],
      'import.finish': [() => ({ ref: theirImport })],
      'import.abandon': [() => ({ ref: theirImport })],
      'import.list': [],
      'import.get': [() => ({ ref: theirImport })],
      'import.undo': [() => ({ ref: theirImport })],
      'log.list': [() => ({ ref: foreign.Driver }), () => ({ objectType: 'Driver', ref: foreign.Driver })],
      'log.undo': [() => ({ event: theirEvent })],
    };

    test('every operation is covered here', () => {
      const verbs = /\.(create|list|get|update|delete|restore)$/;
      const others = Object.keys(operations).filter(
        (name) => !verbs.test(name) || /^(settings|log|token|import)\./.test(name),
      );
      expect(Object.keys(special).sort()).toEqual(others.sort());
    });

    test.each(Object.entries(special).filter(([, inputs]) => inputs.length > 0))(
      '%s does not reach there',
      async (name, inputs) => {
        for (const input of inputs) {
          const refused = await failure(mine.api.any(name, input()));
          expect(refused.code, JSON.stringify(input())).toBe('NOT_FOUND');
        }
      },
    );

    test('has a log, runs, phones, handles and settings of its own', async () => {
      const { items } = await mine.api.call('log.list', { limit: 500 });
      const ids = new Set(items.map((one) => one.object.id as string));
      expect(Object.values(foreign).some((id) => ids.has(id))).toBe(false);
      await theirs.api.call('settings.set', { settings: { 'approvals.warnDays': 3 } });
      expect((await mine.api.call('settings.list', {})).every((row) => row.isDefault)).toBe(true);

      const day = TODAY;
      await theirs.api.call('recurringTrip.create', {
        ref: 'THEIRS',
        times: [{ time: '08:15', weekdays: 'MON-SUN' as never }],
      });
      const refs = (await mine.api.call('release.commit', { day })).occurrences.map(
        (one) => one.recurringTrip.ref,
      );
      expect(refs).not.toContain('THEIRS');
      expect((await theirs.api.call('release.preview', { day })).summary.existing).toBe(0);

      for (const { api } of [mine, theirs]) {
        await api.call('driver.create', { callsign: 'SAME', internalKey: 'same' });
        await api.call('customer.create', { firstName: 'Same', phone: '085 777 7777' });
        await api.call('trip.create', { ref: 'SAME', pickupAt: NOON });
      }
      const [a, b] = await Promise.all(
        [mine, theirs].map(({ api }) => api.call('driver.get', { ref: 'key:same' })),
      );
      expect(a?.id).not.toBe(b?.id);
      expect((await mine.api.call('customer.findByPhone', { phone: '0857777777' })).items).toHaveLength(1);
      const offered = await mine.api.call('eligible.adHoc', {});
      expect(offered.drivers.map((one) => one.id as string)).not.toContain(foreign.Driver);
      const today = await mine.api.call('eligible.day', { day: TODAY });
      expect(today.trips.filter((one) => one.trip.ref === 'SAME')).toHaveLength(1);
      expect(today.trips.some((one) => one.summary.considered !== offered.summary.considered)).toBe(false);
    });

    test('a near spelling is never one of theirs', async () => {
      await theirs.api.call('driver.create', { callsign: 'SECRETLY' });
      const refused = await failure(mine.api.call('driver.get', { ref: 'SECRETLZ' }));
      expect(JSON.stringify([refused.message, refused.hint, refused.details])).not.toContain('SECRETLY');
    });
  });
}

type Wrap = (id: string) => unknown;

/** The fields of a kind that refer to records, also inside lists of objects, each with the value that names one by id. */
function fieldsWithReferences(type: ObjectType): readonly (readonly [string, ObjectType, Wrap])[] {
  return Object.entries(definitionOf(type).fields).flatMap(
    ([name, field]): (readonly [string, ObjectType, Wrap])[] => {
      if (field.kind !== 'items') return wrapsOf(field).map(([target, wrap]) => [name, target, wrap]);
      return Object.entries(field.fields).flatMap(([inner, innerField]) =>
        wrapsOf(innerField).map(([target, wrap]): readonly [string, ObjectType, Wrap] => [
          name,
          target,
          (id) => [{ [inner]: wrap(id) }],
        ]),
      );
    },
  );
}

function wrapsOf(field: Field): readonly (readonly [ObjectType, Wrap])[] {
  if (field.kind === 'reference') return [[field.target, (id) => ({ id })]];
  return field.kind === 'references' ? [[field.target, (id) => [id]]] : [];
}
