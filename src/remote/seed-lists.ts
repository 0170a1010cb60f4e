import { displayName, fullName } from '../records/display.ts';
import type { CandidateDriver, DriverStatus } from '../resolver/eligibility.ts';
import type { PreferenceMode, PreferenceRow } from '../resolver/trip-list.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseIdOrDecimal } from '../values/id.ts';
import { type Instant, isInstant } from '../values/instant.ts';
import { clean } from './clean.ts';
import type { InstanceClient } from './client.ts';
import { NotOffered } from './problem.ts';

export type ListKind = 'CUSTOMER' | 'SCP';

/** Where the seeds keep each kind of list. */
export const LISTS = {
  CUSTOMER: { path: 'customer', rows: 'drivercustomer', owner: 'customer', type: 'Customer' },
  SCP: { path: 'scp', rows: 'driverscp', owner: 'scp', type: 'SpecialCategoryPassenger' },
} as const;

type Raw = Readonly<Record<string, unknown>>;

/** A driver as far as the rows of lists tell. */
export interface KnownDriver extends Omit<CandidateDriver, 'capabilities'> {
  /** Undefined where the rows do not say. */
  readonly capabilities: readonly string[] | undefined;
  readonly statusKnown: boolean;
}

/** One row of a list, and what it tells of both sides. */
export interface SeedRow {
  readonly row: PreferenceRow;
  readonly driver: KnownDriver;
  readonly owner: { readonly id: Id; readonly name: string; readonly labels: readonly string[] } | undefined;
}

/** What the seeds' endpoints of an instance answer, read leniently: only what a decision rests on must be right. */
export class SeedLists {
  readonly #http: InstanceClient;
  readonly #base: string;

  constructor(http: InstanceClient, client: Id) {
    this.#http = http;
    this.#base = `/client/${client}`;
  }

  /** The rows of one customer or passenger. */
  async rowsOf(kind: ListKind, owner: Id): Promise<readonly SeedRow[]> {
    const { path, rows } = LISTS[kind];
    const found = await this.#all(`/${path}/${owner}/${rows}`).catch((error) =>
      missing(error, `${path} ${owner}`),
    );
    return found.map((raw) => this.#row(kind, raw));
  }

  /** The rows of all customers or passengers. */
  async allRows(kind: ListKind): Promise<readonly SeedRow[]> {
    return (await this.#all(`/${LISTS[kind].rows}`)).map((raw) => this.#row(kind, raw));
  }

  /** A customer by id. */
  customer(id: Id): Promise<Raw> {
    return this.#one(`/customer/${id}`).catch((error) => missing(error, `customer ${id}`));
  }

  /** The customers with a phone number, in any form. */
  async customersByPhone(phone: string): Promise<readonly Raw[]> {
    const found = await this.#get(`/customer/phone?phone=${encodeURIComponent(phone)}`);
    return itemsOf(found) ?? (isRaw(found) ? [found] : []);
  }

  async #one(path: string): Promise<Raw> {
    const found = await this.#get(path);
    if (isRaw(found)) return found;
    throw unexpected(path, 'is no object');
  }

  async #all(path: string): Promise<readonly Raw[]> {
    const all: Raw[] = [];
    for (let query = '', pages = 0; ; pages += 1) {
      const page = await this.#get(path + query);
      const items = itemsOf(page);
      if (items === undefined) throw unexpected(path, 'is no list');
      all.push(...items);
      const next = isRaw(page) ? page['nextCursor'] : undefined;
      if (typeof next !== 'string' || next === '') return all;
      if (pages >= MOST_PAGES) throw unexpected(path, 'has no end');
      query = `?cursor=${encodeURIComponent(next)}`;
    }
  }

  #get(path: string): Promise<unknown> {
    return this.#http.json({ method: 'GET', path: this.#base + path, repeatable: true });
  }

  #row(kind: ListKind, raw: Raw): SeedRow {
    const { rows, owner, type } = LISTS[kind];
    const id = idOf(raw['id']);
    const driver = driverOf(raw['driver']);
    const { mode, priority, expiresAt } = raw;
    const wrong = (what: string) => unexpected(`/${rows}`, `has a row ${quote(raw['id'])} ${what}`);
    if (id === undefined || driver === undefined) throw wrong('without an id or a driver');
    if (mode !== 'HARD' && mode !== 'SOFT' && mode !== 'BLOCK') throw wrong(`with the mode ${quote(mode)}`);
    if (
      expiresAt !== null &&
      expiresAt !== undefined &&
      !(typeof expiresAt === 'number' && isInstant(expiresAt))
    )
      throw wrong(`that expires at ${quote(expiresAt)}`);
    if (priority !== null && priority !== undefined && !Number.isInteger(priority))
      throw wrong(`with the priority ${quote(priority)}`);
    const whose = raw[owner];
    const whoseId = isRaw(whose) ? idOf(whose['id']) : undefined;
    return {
      row: {
        id,
        driver: driver.id,
        mode: mode satisfies PreferenceMode,
        priority: (priority as number | null | undefined) ?? 0,
        expiresAt: (expiresAt ?? null) as Instant | null,
        deleted: raw['deletedAt'] !== null && raw['deletedAt'] !== undefined && raw['deletedAt'] !== 0,
      },
      driver,
      owner:
        whoseId === undefined || !isRaw(whose)
          ? undefined
          : {
              id: whoseId,
              name: textOf(whose, 'displayName') || clean(displayName(type, whose)),
              labels: labelsOf(whose),
            },
    };
  }
}

/** Where the seeds have an endpoint, 404 means that the record is not there. */
function missing(error: unknown, what: string): never {
  if (!(error instanceof NotOffered)) throw error;
  throw new TphError('NOT_FOUND', `the instance has no ${what}, or keeps no lists of drivers`, {
    hint: 'check the id and the client, and the profile’s address: `tph profile list`',
    cause: error,
  });
}

const MOST_PAGES = 1000;

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list stands alone, or as `items`. */
function itemsOf(page: unknown): readonly Raw[] | undefined {
  const items = isRaw(page) ? page['items'] : page;
  return Array.isArray(items) && items.every(isRaw) ? items : undefined;
}

export const idOf = (value: unknown): Id | undefined =>
  typeof value === 'string' ? parseIdOrDecimal(value) : undefined;

const textOf = (raw: Raw, name: string): string => (typeof raw[name] === 'string' ? clean(raw[name]) : '');

function labelsOf(raw: Raw): readonly string[] {
  const names = ['ref', 'displayName', 'name', 'phone', 'email', 'callsign'].map((name) => textOf(raw, name));
  return [...names, fullName(raw)].filter((text) => text !== '');
}

const STATUSES: readonly string[] = ['ACTIVE', 'SUSPENDED', 'INACTIVE'] satisfies readonly DriverStatus[];

function driverOf(value: unknown): KnownDriver | undefined {
  const raw = isRaw(value) ? value : {};
  const id = idOf(raw['id']);
  if (id === undefined) return undefined;
  const statusKnown = STATUSES.includes(String(raw['status']));
  return {
    id,
    callsign: textOf(raw, 'callsign') || id,
    name: clean(fullName(raw)) || textOf(raw, 'name'),
    status: statusKnown ? (raw['status'] as DriverStatus) : 'ACTIVE',
    statusKnown,
    capabilities: Array.isArray(raw['clientCapabilities']) ? codesOf(raw['clientCapabilities']) : undefined,
  };
}

/** The codes of capabilities; an id stands for itself where the code is not told. */
export function codesOf(references: unknown): readonly string[] {
  if (!Array.isArray(references)) return [];
  return references.flatMap((one: unknown) => {
    const code = typeof one === 'string' ? one : isRaw(one) ? textOf(one, 'code') || textOf(one, 'id') : '';
    return code === '' ? [] : [code];
  });
}

const unexpected = (path: string, what: string): TphError =>
  new TphError('UNAVAILABLE', `the answer to ${quote(`GET …${path.split('?')[0]}`)} ${what}`, {
    hint: 'nothing is decided on a list that cannot be read as a whole',
  });
