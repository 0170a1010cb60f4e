import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { ClientBase } from 'pg';
import type { Queries, Row, Tables } from './database.ts';
import { numbered, type Statement } from './statement.ts';

/** The queries of one transaction, which is begun and ended elsewhere, on one connection. */
export function queriesOn(client: ClientBase): Queries {
  const connection = new PinnedConnection(client);
  const done = async () => {};
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: done,
        acquireConnection: async () => connection,
        beginTransaction: () => Promise.reject(new Error('this is within a transaction already')),
        commitTransaction: done,
        rollbackTransaction: done,
        releaseConnection: done,
        destroy: done,
      }),
    },
  });
}

class PinnedConnection implements DatabaseConnection {
  readonly #client: ClientBase;
  constructor(client: ClientBase) {
    this.#client = client;
  }

  async executeQuery<R>(query: CompiledQuery | Statement): Promise<QueryResult<R>> {
    const { sql, parameters } = query;
    const { command, rowCount, rows } = await this.#client.query<Row>({
      ...named(this.#client, 'isWritten' in query ? numbered(sql) : sql),
      values: parameters.map(storable),
    });
    const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
    return {
      rows: rows as R[],
      ...(isChange ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}),
    };
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('queries are not streamed');
  }
}

/** How many statements a connection keeps ready; lists of ids make statements of every length. */
const MOST_STATEMENTS = 400;
const statements = new WeakMap<ClientBase, Map<string, string>>();

/** A statement under a name is understood once by the server, and carried out again and again. */
function named(client: ClientBase, text: string): { readonly text: string; readonly name?: string } {
  const known = statements.get(client) ?? new Map<string, string>();
  statements.set(client, known);
  const name = known.get(text) ?? (known.size < MOST_STATEMENTS ? `tph${known.size}` : undefined);
  if (name === undefined) return { text };
  known.set(text, name);
  return { text, name };
}

/** PostgreSQL takes no text with a NUL. None that is kept has a control character either, so the other one finds nothing. */
const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u0001') : value;

/** Object identifiers of the types whose values are read: bigint, smallint, integer, boolean. */
const INTEGERS = new Set([20, 21, 23]);
const BOOLEAN = 16;

/** Values as SQLite's driver gives them: integers as bigint, truth as 1 and 0, all else as text. */
export const valueTypes = {
  getTypeParser: (type: number) => (value: string) => {
    if (INTEGERS.has(type)) return BigInt(value);
    return type === BOOLEAN ? BigInt(value === 't') : value;
  },
};
