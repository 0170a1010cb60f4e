import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { ActiveClient, Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Session, Store } from '../contract/database.ts';
import { operations } from '../contract/operations.ts';
import { clientRows } from '../db/clients.ts';
import type { Queries } from '../db/database.ts';
import { migrateSqlite, PROGRAM } from '../db/schema.ts';
import { openSqlite, type SqliteDatabase } from '../db/sqlite.ts';
import { settingsInForce } from '../records/settings.ts';
import { TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import { carryOut, readsExclusionGroups } from './carry-out.ts';
import { activeClient } from './clients.ts';
import { sqliteAdmin } from './database-admin.ts';
import { dueGroups, revertDue } from './exclusion.ts';
import type { Work } from './work.ts';

/** The name that the program's own changes are audited under (spec section 4.2). */
const SYSTEM = 'system';

/** Data in a SQLite file. Opening one brings it to the program's schema version (spec section 8). */
export function openStore(location: string): Store {
  return {
    open: async (session) => {
      const database = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
      try {
        await migrateSqlite(database, Math.floor(session.nowMs / 1000) as Instant, PROGRAM);
        const client = await database.read((queries) => activeClient(queries, session.client));
        return new SqliteApi(database, session, client, !isWritable(location));
      } catch (error) {
        await database.close();
        throw database.explain(error);
      }
    },
    admin: (session) => sqliteAdmin(location, session),
  };
}


function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The operations on a SQLite file, for one session. */
class SqliteApi implements Api {
  readonly client: ActiveClient;
  readonly #database: SqliteDatabase;
  readonly #session: Session;
  readonly #readOnly: boolean;

  constructor(database: SqliteDatabase, session: Session, client: ActiveClient, readOnly: boolean) {
    this.#database = database;
    this.#session = session;
    this.#readOnly = readOnly;
    this.client = { id: client.id, name: client.name, timeZone: client.timeZone, country: client.country };
  }

  async call<N extends OperationName>(name: N, input: InputOf<N>, { dryRun = false }: CallOptions = {}): Promise<OutputOf<N>> {
    if (readsExclusionGroups(name)) await this.#storeReverts();
    const run = async (queries: Queries) => carryOut(await this.#work(queries, name, dryRun), name, input);
    return operations[name].writes ? this.#database.write(run, { dryRun }) : this.#database.read(run);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #storeReverts(): Promise<void> {
    if (this.#readOnly) return;
    const operation = 'scheduleExclusionGroup.resume';
    const due = await this.#database.read(async (queries) => dueGroups(await this.#work(queries, operation, false)));
    if (due.length === 0) return;
    await this.#database.write(async (queries) => {
      const work = await this.#work(queries, operation, false);
      await revertDue({ ...work, actor: SYSTEM, reason: 'the resume day has come' });
    });
  }

  /** The client's row is read in the same transaction, so that settings and zone are those in force. */
  async #work(queries: Queries, operation: string, dryRun: boolean): Promise<Work> {
    const row = (await clientRows(queries)).find((one) => one.id === this.client.id);
    if (row === undefined)
      throw new TphError('NOT_FOUND', `the client \`${this.client.name}\` is gone`, { hint: 'list the clients with `tph client list`' });
    const { nowMs, actor, reason } = this.#session;
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
      readOnly: this.#readOnly,
      viewerGroups: null satisfies readonly Id[] | null,
    };
  }
}
