import type { Session, Store, Viewer } from '../../src/contract/database.ts';
import type { Instant } from '../../src/values/instant.ts';
import { dayAt } from '../../src/values/zone.ts';
import { CheckedApi } from './checked-api.ts';

/** Monday 12 January 2026, 12:00 in Dublin. */
export const NOON = 1_768_219_200 as Instant;
export const TODAY = dayAt(NOON, 'Europe/Dublin');

export interface Opening {
  readonly client?: string;
  /** Unix seconds. */
  readonly now?: number;
  readonly actor?: string;
  readonly reason?: string | null;
  readonly lockWaitMs?: number;
  readonly viewer?: Viewer;
}

/** One database for a whole suite; each part of the suite works for clients of its own. */
export class World {
  readonly store: Store;
  readonly #open: CheckedApi[] = [];
  #clients = 0;

  constructor(store: Store) {
    this.store = store;
  }

  session({
    client,
    now = NOON,
    actor = 'ann',
    reason = null,
    lockWaitMs = 10_000,
    viewer,
  }: Opening = {}): Session {
    return {
      client,
      actor,
      reason,
      nowMs: now * 1000,
      lockWaitMs,
      ...(viewer === undefined ? {} : { viewer }),
    };
  }

  /** The database and its first client, named First. */
  async create(): Promise<void> {
    const session = this.session();
    await this.store.admin(session).create({ name: 'First', timeZone: 'Europe/Dublin', country: 'IE' });
  }

  async open(opening: Opening = {}): Promise<CheckedApi> {
    const api = new CheckedApi(await this.store.open(this.session({ client: 'First', ...opening })));
    this.#open.push(api);
    return api;
  }

  /** A client that nobody else uses, and a way to open sessions for it. */
  async tenant(timeZone = 'Europe/Dublin'): Promise<Tenant> {
    const first = await this.open();
    this.#clients += 1;
    const { id } = await first.call('client.create', {
      name: `Client ${this.#clients}`,
      timeZone,
      country: 'IE',
    });
    const open = (opening: Opening = {}) => this.open({ client: id, ...opening });
    return { id, api: await open(), open };
  }

  async close(): Promise<void> {
    for (const api of this.#open) await api.close();
  }
}

export interface Tenant {
  readonly id: string;
  readonly api: CheckedApi;
  readonly open: (opening?: Opening) => Promise<CheckedApi>;
}
