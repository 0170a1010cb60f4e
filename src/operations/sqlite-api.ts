import type { ActiveClient, Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Bulk, Importer } from '../contract/bulk.ts';
import type { Session } from '../contract/database.ts';
import { writesAnything } from '../contract/names.ts';
import { clientRow } from '../db/clients.ts';
import type { Database, Queries } from '../db/database.ts';
import type { SqliteDatabase } from '../db/sqlite.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { settingsInForce } from '../records/settings.ts';
import { TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import { carryOut, readsExclusionGroups } from './carry-out.ts';
import type { Guards } from './guarded.ts';
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
/** The same on any engine. */
export interface Ports {
  readonly reader: Database;
  readonly writer: Database;
}

/** Operations that look at the list of clients, or change another client's own row. */
const isAboutClients = (name: OperationName): boolean => /^(client|reference)\./.test(name);

/** Whether a call is tied to nothing: then it is carried out as it stands. */
const isFree = ({ scope = {}, ifMatch, idempotency }: Guards): boolean =>
  ifMatch === undefined && idempotency === undefined && Object.keys(scope).length === 0;

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
    const { viewer } = this.#session;
    const writes = writesAnything(name);
    const reverts = readsExclusionGroups(name);
    if (!writes && reverts && this.#storesReverts) await this.#storeReverts();
    const run = async (queries: Queries) => {
      const work = await this.#work(writes ? writer : reader, queries, name, dryRun);
      // In the same transaction, so that a dry run leaves these too as they were.
      if (writes && reverts && this.#storesReverts)
        await (await import('./exclusion.ts')).revertDue(asSystem(work));
      if (viewer === undefined && isFree(guards)) return carryOut(work, name, input);
      return (await import('./guarded.ts')).carryOutGuarded(work, name, input, guards, viewer);
    };
    // A token belongs to one client; but a name must be free among all.
    const allClients = isAboutClients(name) && (writes || viewer === undefined);
    return writes ? writer.write(run, { dryRun, allClients }) : reader.read(run, { allClients });
  }

  /** Many records at once (spec section 7). While an atomic import is under way, nothing else can be done here. */
  get bulk(): Bulk {
    return {
      import: async (start) => {
        await this.#importer?.abandon();
        const { startImport } = await import('./import/importer.ts');
        const importer = await startImport(this.#desk, start);
        this.#importer = start.mode === 'atomic' ? importer : undefined;
        return importer;
      },
      export: (type, fields) => this.#export(type, fields),
    };
  }

  async *#export(type: ObjectType, fields: readonly string[]) {
    const { exportRecords } = await import('../db/bulk-export.ts');
    yield* exportRecords(this.#connections.reader, this.client.id, definitionOf(type), fields);
  }

  get #desk(): Desk {
    const connections = this.#connections;
    const { reader, writer } = connections;
    const work: Desk['work'] = (queries, operation, dryRun) =>
      this.#work(dryRun ? reader : writer, queries, operation, dryRun);
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
    const { dueGroups, revertDue } = await import('./exclusion.ts');
    const due = await reader.read(async (queries) =>
      dueGroups(await this.#work(reader, queries, RESUME, false)),
    );
    if (due.length === 0) return;
    await writer.write(async (queries) =>
      revertDue(asSystem(await this.#work(writer, queries, RESUME, false))),
    );
  }

  /** The client's row is read in the same transaction, so that settings and zone are those in force. */
  async #work(database: Database, queries: Queries, operation: string, dryRun: boolean): Promise<Work> {
    const row = await clientRow(queries, this.client.id);
    if (row === undefined)
      throw new TphError('NOT_FOUND', `the client \`${this.client.name}\` is gone`, {
        hint: 'list the clients with `tph client list`',
      });
    const { nowMs, actor, reason, viewer } = this.#session;
    const now = Math.floor(nowMs / 1000) as Instant;
    return {
      queries,
      database,
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
