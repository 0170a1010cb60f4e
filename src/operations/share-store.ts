import type { ActiveClient, Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Bearer, Session, SharedStore, Viewer } from '../contract/database.ts';
import type { Database } from '../db/database.ts';
import { HotReads, type UsableToken } from '../db/hot-reads.ts';
import { otherEvents } from '../db/pause.ts';
import { migrateSqlite, PROGRAM } from '../db/schema.ts';
import { openSqlite, type SqliteDatabase } from '../db/sqlite.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { readsExclusionGroups } from './carry-out.ts';
import { refersTo } from './own-rows.ts';
import { checkSession } from './session.ts';
import { type Connections, SqliteApi } from './sqlite-api.ts';
import { hashToken } from './token.ts';

/**
 * Holds a SQLite file open for a server: a connection that writes, one that reads, so that no reader waits for a
 * writer's turn, and one for the statements that nearly every request needs.
 */
export async function shareSqlite(
  location: string,
  { nowMs, lockWaitMs }: Pick<Session, 'nowMs' | 'lockWaitMs'>,
): Promise<SharedStore> {
  const open = (remembers = false) => openSqlite({ file: location, lockWaitMs, remembers, takesTurns: true });
  const writer = open();
  try {
    await migrateSqlite(writer, Math.floor(nowMs / 1000) as Instant, PROGRAM);
  } catch (error) {
    await writer.close();
    throw writer.explain(error);
  }
  const reader = inTurns(open(true));
  const quick = open();
  const hot = new HotReads(quick.connection);
  const connections: Connections = {
    reader,
    writer: {
      ...writer,
      write: (work, how) => writer.write(work, how).finally(() => hot.lookAgain()),
    },
  };
  return {
    bearer: (token, now) => bearerOf(hot, token, now),
    hasTokens: (now) => hot.hasTokens(now),
    session: (session, client) => {
      checkSession(session);
      return new SharedApi(hot, connections, session, client);
    },
    ping: () => {
      hot.hasTokens(1 as Instant);
    },
    close: async () => {
      for (const database of [writer, reader, quick]) await database.close();
    },
  };
}

/**
 * Reading never leaves the process, so that many readers in a row would let nothing else happen until the last is
 * done: between two of them the program looks after other events.
 */
function inTurns(database: SqliteDatabase): SqliteDatabase {
  let last: Promise<unknown> = Promise.resolve();
  const read: Database['read'] = (work) => {
    const turn = last.then(() => otherEvents()).then(() => database.read(work));
    last = turn.catch(() => {});
    return turn;
  };
  return { ...database, read };
}

/** The bearers of tokens that are in memory. */
const bearers = new WeakMap<UsableToken, Bearer>();

function bearerOf(hot: HotReads, secret: string, now: Instant): Bearer | undefined {
  const found = hot.token(hashToken(secret), now);
  if (found === undefined) return undefined;
  const bearer = bearers.get(found) ?? toBearer(found);
  bearers.set(found, bearer);
  return bearer;
}

function toBearer({ token, client }: UsableToken): Bearer {
  const viewer: Viewer = {
    role: token.role,
    groups: token.role === 'OPERATOR' ? token.groups : null,
    subject: token.driver ?? token.customer,
  };
  return { tokenId: token.id, name: token.name, client, viewer };
}

/** Kinds whose `get` is one look at the record: nothing is stored on it, nothing about it is hidden from anybody. */
const quickKinds: ReadonlyMap<string, RecordDefinition> = new Map(
  objectTypes
    .filter((type) => type !== 'Client')
    .map((type) => [`${type.charAt(0).toLowerCase()}${type.slice(1)}.get`, definitionOf(type)] as const)
    .filter(([name]) => !readsExclusionGroups(name as OperationName)),
);

/** Kinds that tell of departments, which an operator of some groups may not see. */
const tellsOfDepartments = (type: ObjectType): boolean =>
  type === 'AccountDepartment' ||
  Object.values(definitionOf(type).fields).some(
    (field) =>
      (field.kind === 'reference' || field.kind === 'references') && field.target === 'AccountDepartment',
  );

/** As `SqliteApi`, with the shortest way for what is asked most. */
class SharedApi implements Api {
  readonly client: ActiveClient;
  readonly #hot: HotReads;
  readonly #connections: Connections;
  readonly #session: Session;

  constructor(hot: HotReads, connections: Connections, session: Session, client: ActiveClient) {
    this.#hot = hot;
    this.#connections = connections;
    this.#session = session;
    this.client = client;
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options: CallOptions = {},
  ): Promise<OutputOf<N>> {
    const record = this.#quick(name, input as object, options);
    if (record !== undefined) return record as OutputOf<N>;
    const full = new SqliteApi(this.#connections, this.#session, this.client, async () => {});
    return full.call(name, input, options);
  }

  async close(): Promise<void> {}

  /** The record, where this is the `get` of one that is there; all else, errors too, is left to the full way. */
  #quick(name: string, input: object, { scope, ifMatch }: CallOptions): AnyRecord | undefined {
    const definition = quickKinds.get(name);
    if (definition === undefined || ifMatch !== undefined || !this.#seesAll(definition)) return undefined;
    const id = parseId(String((input as { readonly ref?: unknown }).ref));
    if (id === undefined) return undefined;
    const record = this.#hot.record(this.client.id, definition, id);
    if (record === undefined || scope === undefined) return record;
    return Object.entries(scope).every(([field, parent]) => refersTo(record, field, parent))
      ? record
      : undefined;
  }

  #seesAll({ objectType }: RecordDefinition): boolean {
    const { viewer } = this.#session;
    if (viewer === undefined || viewer.role === 'ADMIN') return true;
    return viewer.role === 'OPERATOR' && !tellsOfDepartments(objectType);
  }
}
