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

import { dueGroups, revertDue } from './exclusion.ts';
import { checkSession } from './session.ts';
import { sqliteAdmin } from './sqlite-admin.ts';
import type { Work } from './work.ts';

const RESUME = 'scheduleExclusionGroup.resume';

/** The program's own changes are audited as its own (spec section 4.2). */
const asSystem = (work: Work): Work => ({
  ...work,
  operation: RESUME,
  actor: 'system',
  reason: 'the resume day has come',
});

/** Data in a SQLite file. Opening one brings it to the program's schema version (spec section 8). */
export function openStore(location: string): Store {
  return {
    open: async (session) => {
      checkSession(session);
      const database = openSqlite({ file: location, lockWaitMs: session.lockWaitMs });
      try {
        await migrateSqlite(database, Math.floor(session.nowMs / 1000) as Instant, PROGRAM);
        const client = await database.read((queries) => activeClient(queries, session.client));
        return new SqliteApi(database, session, client);
      } catch (error) {
        await database.close();
        throw database.explain(error);
      }
    },
    admin: (session) => sqliteAdmin(location, session),
  };
}

/** The operations on a SQLite file, for one session. */
class SqliteApi implements Api {
  readonly client: ActiveClient;
  readonly #database: SqliteDatabase;
  readonly #session: Session;

  constructor(database: SqliteDatabase, session: Session, client: ActiveClient) {
    this.#database = database;
    this.#session = session;
    this.client = { id: client.id, name: client.name, timeZone: client.timeZone, country: client.country };
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    { dryRun = false }: CallOptions = {},
  ): Promise<OutputOf<N>> {
    const writes = operations[name]?.writes === true;
    const reverts = readsExclusionGroups(name);
    if (!writes && reverts && !this.#database.readOnly) await this.#storeReverts();
    const run = async (queries: Queries) => {
      const work = await this.#work(queries, name, dryRun);
      // In the same transaction, so that a dry run leaves these too as they were.
      if (writes && reverts) await revertDue(asSystem(work));
      return carryOut(work, name, input);
    };
    return writes ? this.#database.write(run, { dryRun }) : this.#database.read(run);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #storeReverts(): Promise<void> {
    const due = await this.#database.read(async (queries) =>
      dueGroups(await this.#work(queries, RESUME, false)),
    );
    if (due.length === 0) return;
    await this.#database.write(async (queries) =>
      revertDue(asSystem(await this.#work(queries, RESUME, false))),
    );
  }

  /** The client's row is read in the same transaction, so that settings and zone are those in force. */
  async #work(queries: Queries, operation: string, dryRun: boolean): Promise<Work> {
    const row = (await clientRows(queries)).find((one) => one.id === this.client.id);
    if (row === undefined)
      throw new TphError('NOT_FOUND', `the client \`${this.client.name}\` is gone`, {
        hint: 'list the clients with `tph client list`',
      });
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
      readOnly: this.#database.readOnly,
      viewerGroups: null satisfies readonly Id[] | null,
    };
  }
}
