import { beforeAll, describe, expect, test } from 'vitest';
import { linkOperationTable } from '../../../src/contract/links.ts';
import { operations } from '../../../src/contract/operations.ts';
import type { ObjectType } from '../../../src/records/field.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import { TphError } from '../../../src/values/error.ts';
import type { CheckedApi } from '../checked-api.ts';
import { operationOf, ownTypes, Samples, verbs } from '../samples.ts';
import { startedImport } from '../started-import.ts';
import { TODAY, type World } from '../world.ts';

const wrongs: readonly unknown[] = [
  null,
  undefined,
  ' ',
  0,
  -1.5,
  Number.NaN,
  true,
  [],
  [null],
  { id: 5 },
  'x'.repeat(10_000),
  'a\u0000\ud800b',
  "'; drop table driver;--",
  'G9223372036854775808',
  'key:',
  'a/b/c',
  Array(5000).fill('G1'),
];

/** The verbs of all kinds are carried out by the same code; these kinds have rules of their own. */
const kinds: readonly ObjectType[] = ['Driver', 'DriverScp', 'AccountDepartment', 'RecurringTrip'];

/** Whatever an operation is given, it answers or fails with a `TphError`: never with an error of the engine or the language. */
export function hostileOperations(world: () => World): void {
  describe('hostile input of operations', () => {
    let api: CheckedApi;
    const ids: Record<string, string> = {};
    let imported = '';
    beforeAll(async () => {
      ({ api } = await world().tenant());
      const samples = new Samples(api);
      for (const type of ownTypes) ids[type] = (await samples.create(type)).id;
      imported = await startedImport(api);
    });

    /** A good input of every operation; each of its fields is then made wrong. */
    const inputs: { readonly [name: string]: () => Record<string, unknown> } = {
      ...Object.fromEntries(
        kinds.flatMap((type) => [
          [operationOf(type, 'create'), () => ({ internalKey: 'x' })],
          [operationOf(type, 'get'), () => ({ ref: ids[type] })],
          [
            operationOf(type, 'update'),
            () => ({ ref: ids[type], internalKey: null, set: {}, add: {}, remove: {} }),
          ],
          [operationOf(type, 'delete'), () => ({ ref: 'G1' })],
          [operationOf(type, 'restore'), () => ({ ref: 'G1' })],
          [
            operationOf(type, 'list'),
            () => ({
              limit: 1,
              cursor: undefined,
              updatedSince: 1,
              deleted: false,
              search: 'x',
              ...('expiresAt' in definitionOf(type).fields
                ? { live: undefined, expired: undefined, expiringWithin: undefined }
                : {}),
            }),
          ],
        ]),
      ),
      ...Object.fromEntries(
        Object.keys(linkOperationTable).map((name) => [name, () => ({ ref: 'G1', target: 'G2' })]),
      ),
      'customer.addresses': () => ({ ref: ids['Customer'] }),
      'customer.tags': () => ({ ref: ids['Customer'] }),
      'customer.addTag': () => ({ ref: ids['Customer'], tag: 'VIP' }),
      'customer.removeTag': () => ({ ref: ids['Customer'], tag: 'VIP' }),
      'reference.resolve': () => ({ objectType: 'Driver', ref: ids['Driver'], among: undefined }),
      'token.create': () => ({
        name: 'app',
        role: 'OPERATOR',
        groups: undefined,
        driver: undefined,
        customer: undefined,
        expiresAt: null,
      }),
      'token.list': () => ({ all: undefined }),
      'token.revoke': () => ({ ref: 'app' }),
      'client.get': () => ({ ref: api.client.id }),
      'client.list': () => ({ limit: 1, cursor: undefined, updatedSince: 1, deleted: false, search: 'x' }),
      'client.create': () => ({
        name: undefined,
        timeZone: 'Europe/Dublin',
        country: 'IE',
        settings: {},
        internalKey: null,
      }),
      'client.update': () => ({
        ref: api.client.id,
        timeZone: 'Europe/Dublin',
        settings: {},
        add: {},
        remove: {},
      }),
      'client.delete': () => ({ ref: 'G1' }),
      'client.restore': () => ({ ref: 'G1' }),
      'settings.list': () => ({}),
      'settings.set': () => ({ settings: {} }),
      'customer.findByPhone': () => ({ phone: '0850000000' }),
      'scheduleExclusionGroup.set': () => ({
        ref: ids['ScheduleExclusionGroup'],
        mode: 'RUN_ON',
        impactDays: 1,
        scheduleResumeDay: null,
        startDay: null,
        endDay: null,
      }),
      'scheduleExclusionGroup.link': () => ({
        ref: ids['ScheduleExclusionGroup'],
        recurring: ids['RecurringTrip'],
        time: undefined,
      }),
      'scheduleExclusionGroup.unlink': () => ({
        ref: ids['ScheduleExclusionGroup'],
        recurring: ids['RecurringTrip'],
        time: undefined,
      }),
      'scheduleExclusionGroup.status': () => ({ ref: ids['ScheduleExclusionGroup'], day: TODAY }),
      'scheduleExclusionGroup.calendar': () => ({
        from: TODAY,
        to: TODAY,
        group: undefined,
        recurring: undefined,
      }),
      'recurringTrip.skip': () => ({
        ref: ids['RecurringTrip'],
        day: TODAY,
        time: undefined,
        reason: undefined,
      }),
      'recurringTrip.unskip': () => ({ ref: ids['RecurringTrip'], day: TODAY, time: undefined }),
      'accountDepartment.effective': () => ({ ref: ids['AccountDepartment'], employee: undefined }),
      'accountDepartment.canBook': () => ({
        department: ids['AccountDepartment'],
        customer: ids['Customer'],
        employee: undefined,
      }),
      'accountDepartment.addEmployee': () => ({ ref: ids['AccountDepartment'], customer: ids['Customer'] }),
      'trip.eligible': () => ({ ref: ids['Trip'], driver: undefined, explain: true, limit: 1 }),
      'eligible.adHoc': () => ({
        customers: [],
        scps: [],
        capabilities: [],
        department: undefined,
        pickupAt: undefined,
        driver: undefined,
        limit: 1,
      }),
      'eligible.day': () => ({ day: TODAY, limit: 1 }),
      'release.preview': () => ({ day: TODAY }),
      'release.commit': () => ({ day: TODAY }),
      'release.plan': () => ({ from: TODAY, to: TODAY }),
      'forecast.expiring': () => ({ within: undefined }),
      'doctor.check': () => ({}),
      'import.start': () => ({
        kind: 'drivers',
        mode: 'partial',
        onConflict: 'error',
        key: undefined,
        fields: ['callsign'],
        file: 'rows.csv',
        sha256: null,
        resume: undefined,
      }),
      'import.plan': () => ({
        kind: 'drivers',
        onConflict: 'error',
        key: ['callsign'],
        fields: ['callsign'],
        rows: [{ line: 2, values: { callsign: 'H1' } }],
      }),
      'import.rows': () => ({ ref: imported, number: 1, rows: [{ line: 2, values: { callsign: 'H1' } }] }),
      'import.outcomes': () => ({ ref: imported, number: 1 }),
      'import.finish': () => ({ ref: 'G1', rejected: 0 }),
      'import.abandon': () => ({ ref: 'G1' }),
      'import.list': () => ({ limit: 1, cursor: undefined }),
      'import.get': () => ({ ref: imported }),
      'import.undo': () => ({ ref: 'G1' }),
      'log.list': () => ({
        limit: 1,
        cursor: undefined,
        since: 1,
        until: 1,
        objectType: 'Driver',
        ref: undefined,
        actor: 'x',
        action: 'CREATE',
        operation: 'driver',
        after: 'G1',
      }),
      'log.undo': () => ({ event: 'G1' }),
    };

    test('every operation is covered here', () => {
      const alike = ownTypes
        .filter((type) => !kinds.includes(type))
        .flatMap((type) => verbs.map((verb) => operationOf(type, verb)));
      const covered = new Set([...Object.keys(inputs), ...alike]);
      expect([...covered].sort()).toEqual(Object.keys(operations).sort());
    });

    test.each(Object.entries(inputs))('%s', async (name, good) => {
      for (const field of Object.keys(good()))
        for (const value of wrongs)
          await answersOrRefuses(
            api,
            name,
            { ...good(), [field]: value },
            `${field} ${JSON.stringify(value)}`,
          );
      for (const input of [null, undefined, 5, 'x', []])
        await answersOrRefuses(api, name, input, JSON.stringify(input));
    });
  });
}

async function answersOrRefuses(api: CheckedApi, name: string, input: unknown, shown: string): Promise<void> {
  try {
    await api.any(name, input, { dryRun: true });
  } catch (error) {
    if (!(error instanceof TphError))
      throw new Error(`${name} with ${shown.slice(0, 100)}: ${error}`, { cause: error });
    expect(['INVALID', 'NOT_FOUND', 'CONFLICT'], `${name} with ${shown}: ${error.message}`).toContain(
      error.code,
    );
  }
}
