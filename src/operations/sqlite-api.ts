import type { ActiveClient, Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Bulk, Importer } from '../contract/bulk.ts';
import type { Session } from '../contract/database.ts';
import { operations } from '../contract/operations.ts';
import type { Connection } from '../db/bulk-insert.ts';
import { clientRow } from '../db/clients.ts';
import type { Database, Queries } from '../db/database.ts';
import type { SqliteDatabase } from '../db/sqlite.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { settingsInForce } from '../records/settings.ts';
import { TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import { readsExclusionGroups } from './carry-out.ts';
import { dueGroups, revertDue } from './exclusion.ts';
import { carryOutGuarded } from './guarded.ts';
import type { Desk } from './import/desk.ts';
import { refuseNoObject } from './input.ts';
import type { Work } from './work.ts';

const RESUME = 'scheduleExclusionGroup.resume';

/** The program's own changes are audited as its own (spec section 4.2). */
const asSystem = (work: Work): Work => ({
  ...work,
  operation: RESUME,
  actor: 'system',
  reason: 'the resume day has come',
});

/** Where an `Api` reads and writes: one connection for both, or one each, so that reading waits for no writer. */
export interface Connections {
  readonly reader: SqliteDatabase;
  readonly writer: SqliteDatabase;
}
/** The same on any engine; what is done in bulk needs the connections of SQLite. */
export interface Ports {
  readonly reader: Database;
  readonly writer: Database;
}

const isSqlite = (ports: Ports): ports is Connections =>
  ports.reader.dialect === 'sqlite' && ports.writer.dialect === 'sqlite';
const connectionOf = (database: Database): Connection | undefined =>
  database.dialect === 'sqlite' ? (database as SqliteDatabase).connection : undefined;

/** Operations that look at the list of clients, or change another client's own row. */
const isAboutClients = (name: OperationName): boolean => /^(client|reference)\./.test(name);

/** The operations on a database, for one session. */
export class SqliteApi implements Api {
  readonly client: ActiveClient;
  readonly #connections: Ports;
  readonly #session: Session;
  readonly #close: () => Promise<void>;
  /** An import that holds a transaction, unless it is over. */
  #importer: Importer | undefined;

  constructor(connections: Ports, session: Session, client: ActiveClient, close: () => Promise<void>) {
    this.#connections = connections;
    this.#session = session;
    this.#close = close;
    this.client = { id: client.id, name: client.name, timeZone: client.timeZone, country: client.country };
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    { dryRun = false, ...guards }: CallOptions = {},
  ): Promise<OutputOf<N>> {
    refuseNoObject(name, input);
    const { reader, writer } = this.#connections;
    const writes = operations[name]?.writes === true;
    const reverts = readsExclusionGroups(name);
    if (!writes && reverts && this.#storesReverts) await this.#storeReverts();
    const run = async (queries: Queries) => {
      const connection = connectionOf(writes ? writer : reader);
      const work = { ...(await this.#work(queries, name, dryRun)), connection };
      // In the same transaction, so that a dry run leaves these too as they were.
      if (writes && reverts && this.#storesReverts) await revertDue(asSystem(work));
      return carryOutGuarded(work, name, input, guards, this.#session.viewer);
    };
    // A token belongs to one client; but a name must be free among all.
    const allClients = isAboutClients(name) && (writes || this.#session.viewer === undefined);
    return writes ? writer.write(run, { dryRun, allClients }) : reader.read(run, { allClients });
  }

  /** Many records at once (spec section 7). While an atomic import is under way, nothing else can be done here. */
  get bulk(): Bulk | undefined {
    const connections = this.#connections;
    if (!isSqlite(connections)) return undefined;
    return {
      import: async (start) => {
        await this.#importer?.abandon();
        const { startImport } = await import('./import/importer.ts');
        const importer = await startImport(this.#desk(connections), start);
        this.#importer = start.mode === 'atomic' ? importer : undefined;
        return importer;
      },
      export: (type, fields) => this.#export(connections, type, fields),
    };
  }

  async *#export({ reader }: Connections, type: ObjectType, fields: readonly string[]) {
    const { exportRecords } = await import('../db/bulk-export.ts');
    yield* exportRecords(reader, this.client.id, definitionOf(type), fields);
  }

  #desk(connections: Connections): Desk {
    const { reader, writer } = connections;
    const work: Desk['work'] = async (queries, operation, dryRun) => {
      const { connection } = dryRun ? reader : writer;
      return { ...(await this.#work(queries, operation, dryRun)), connection };
    };
    return { connections, session: this.#session, work };
  }

  async close(): Promise<void> {
    await this.#importer?.abandon();
    await this.#close();
  }

  /** Not where nothing can be written, nor for a moment that has not come: then they are only computed (spec section 4.2). */
  get #storesReverts(): boolean {
    const { nowMs, arrivedMs = nowMs } = this.#session;
    return !this.#connections.writer.readOnly && nowMs <= arrivedMs;
  }

  async #storeReverts(): Promise<void> {
    const { reader, writer } = this.#connections;
    const due = await reader.read(async (queries) => dueGroups(await this.#work(queries, RESUME, false)));
    if (due.length === 0) return;
    await writer.write(async (queries) => revertDue(asSystem(await this.#work(queries, RESUME, false))));
  }

  /** The client's row is read in the same transaction, so that settings and zone are those in force. */
  async #work(queries: Queries, operation: string, dryRun: boolean): Promise<Work> {
    const row = await clientRow(queries, this.client.id);
    if (row === undefined)
      throw new TphError('NOT_FOUND', `the client \`${this.client.name}\` is gone`, {
        hint: 'list the clients with `tph client list`',
      });
    const { nowMs, actor, reason, viewer } = this.#session;
    const now = Math.floor(nowMs / 1000) as Instant;
    return {
      queries,
      client: row,
      settings: settingsInForce(row.settings),
      operation,
      actor,
      reason,
      now,
      nowMs,
      today: dayAt(now, row.timeZone),
      dryRun,
      storesReverts: this.#storesReverts,
      viewerGroups: viewer?.groups ?? null,
      viewerRole: viewer?.role ?? null,
    };
  }
}
