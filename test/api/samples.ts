import { operationPrefix } from '../../src/contract/names.ts';
import type { Field, Fields, ObjectType } from '../../src/records/field.ts';
import { definitionOf, objectTypes } from '../../src/records/registry.ts';
import type { CheckedApi } from './checked-api.ts';

/** The kinds that belong to a client; a client itself is another matter. */
export const ownTypes = objectTypes.filter((type) => type !== 'Client');

export const verbs = ['create', 'list', 'get', 'update', 'delete', 'restore'] as const;

export const operationOf = (type: ObjectType, verb: string): string => `${operationPrefix(type)}.${verb}`;

type Ids = Partial<Record<ObjectType, string>>;

/** Makes records of every kind for one client, each with every field set. */
export class Samples {
  readonly #api: CheckedApi;
  #count = 0;

  constructor(api: CheckedApi) {
    this.#api = api;
  }

  /** Input for a new record with every field set, after the records that it refers to. */
  async input(type: ObjectType): Promise<Record<string, unknown>> {
    this.#count += 1;
    return {
      ...valuesOf(definitionOf(type).fields, this.#count, await this.#references(type)),
      ...OVERRIDES[type],
    };
  }

  async create(type: ObjectType): Promise<{ readonly id: string; readonly [field: string]: unknown }> {
    return this.#api.any(operationOf(type, 'create'), await this.input(type));
  }

  /** New records of the kinds that `type` refers to, each of them with what it needs and no more. */
  async #references(type: ObjectType): Promise<Ids> {
    const n = this.#count;
    const ids: Ids = {};
    const make = async (target: ObjectType, input: object) => {
      ids[target] ??= (await this.#api.any(operationOf(target, 'create'), input)).id;
    };
    for (const target of targetsOf(definitionOf(type).fields)) {
      await make(target, (await PREREQUISITES[target]?.(ids, make, n)) ?? {});
    }
    return ids;
  }
}

type Make = (target: ObjectType, input: object) => Promise<void>;

/** The least that a record to be referred to needs. */
const PREREQUISITES: { readonly [T in ObjectType]?: (ids: Ids, make: Make, n: number) => Promise<object> } = {
  Brand: async (_ids, _make, n) => ({ code: `BRAND ${n}` }),
  ClientCapability: async (_ids, _make, n) => ({ code: `CAP ${n}` }),
  Group: async (_ids, _make, n) => ({ code: `GROUP ${n}` }),
  Driver: async (_ids, _make, n) => ({ callsign: `PRE ${n}` }),
  Customer: async (_ids, _make, n) => ({ firstName: 'Pre', lastName: `Customer ${n}` }),
  SpecialCategoryPassenger: async (_ids, _make, n) => ({ ref: `PRE ${n}` }),
  ScheduleExclusionGroup: async (_ids, _make, n) => ({ name: `Pre ${n}` }),
  Account: async (_ids, _make, n) => ({ ref: `PRE ${n}` }),
  RecurringTrip: async (_ids, _make, n) => ({ ref: `PRE ${n}` }),
  AccountDepartment: async (ids, make, n) => {
    await make('Account', { ref: `PRE ${n}` });
    return { account: ids.Account, departmentName: `Pre ${n}` };
  },
  AccountEmployee: async (ids, make, n) => {
    await make('Account', { ref: `PRE ${n}` });
    await make('Customer', { firstName: 'Pre', lastName: `Customer ${n}` });
    return { account: ids.Account, customer: ids.Customer };
  },
};

const OVERRIDES: { readonly [T in ObjectType]?: object } = {
  // Only one may be; its own test has it.
  Brand: { isDefault: false },
};

function targetsOf(fields: Fields): readonly ObjectType[] {
  return Object.values(fields).flatMap((field) => {
    if (field.kind === 'reference' || field.kind === 'references') return [field.target];
    return field.kind === 'items' ? targetsOf(field.fields) : [];
  });
}

function valuesOf(fields: Fields, n: number, ids: Ids): Record<string, unknown> {
  const values = Object.entries(fields).map(
    ([name, field]) => [name, sampleOf(name, field, n, ids)] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** A value that is not the default, in its stored form. */
function sampleOf(name: string, field: Field, n: number, ids: Ids): unknown {
  switch (field.kind) {
    case 'text':
      return textOf(name, field.format, n);
    case 'secret':
      // Hashing takes its time on purpose; passwords have tests of their own.
      return undefined;
    case 'choice':
      return field.values.find((value) => value !== field.default);
    case 'integer':
      return field.min + n;
    case 'boolean':
      return field.default !== true;
    case 'day':
      return /birth/i.test(name) ? 20_150_402 : /end/i.test(name) ? 20_260_331 : 20_260_115;
    case 'instant':
      return 1_790_000_000 + n;
    case 'id':
      return undefined;
    case 'weekdays':
      return ['MON', 'WED'];
    case 'reference':
      return { id: ids[field.target] };
    case 'references':
      return [{ id: ids[field.target] }];
    case 'tags':
      return ['VIP', `tag ${n}`];
    case 'items':
      return [valuesOf(field.fields, n, ids)];
    case 'settings':
      return { 'approvals.warnDays': 7 };
  }
}

function textOf(name: string, format: string, n: number): string {
  const formats: Record<string, string> = {
    email: `ann${n}@example.org`,
    phone: `+353850${100_000 + n}`,
    country: 'FR',
    timeZone: 'Europe/Paris',
    iban: 'IE29AIBK93115212345678',
    bic: 'AIBKIE2DXXX',
    timeOfDay: '08:15',
    multiline: `${name} ${n}\nand more`,
  };
  return formats[format] ?? `${name} ${n}`.slice(0, 20);
}
