import {
  type CompiledQuery,
  type DatabaseConnection,
  type ExpressionBuilder,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Queries, Row } from './database.ts';
import type { Dialect } from './dialect.ts';

/** Tables are derived from definitions, so the query builder knows them by name only. */
type Tables = Record<string, Row>;
export type Built = Kysely<Tables>;
/** Builds a query inside another. */
export type Subquery = ExpressionBuilder<Tables, string>;

const builders = new WeakMap<Queries, Built>();

/**
 * The query builder on the queries of a transaction. It is heavy: nothing that the usual commands load imports this
 * (test/system/modules); what they ask is written as SQL (statement.ts).
 */
export function built(queries: Queries): Built {
  const known = builders.get(queries);
  if (known !== undefined) return known;
  const builder = new Kysely<Tables>({ dialect: dialects[queries.dialect](driverOn(queries)) });
  builders.set(queries, builder);
  return builder;
}

type Config = ConstructorParameters<typeof Kysely>[0];
type Engine = NonNullable<Config['dialect']>;
type Driver = ReturnType<Engine['createDriver']>;

const dialects: Record<Dialect, (driver: Driver) => Engine> = {
  sqlite: (driver) => ({
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }),
  postgres: (driver) => ({
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }),
};

/** The transaction is begun and ended elsewhere. */
function driverOn(queries: Queries): Driver {
  const connection = new Answering(queries);
  const done = async () => {};
  return {
    init: done,
    acquireConnection: async () => connection,
    beginTransaction: () => Promise.reject(new Error('this is within a transaction already')),
    commitTransaction: done,
    rollbackTransaction: done,
    releaseConnection: done,
    destroy: done,
  };
}

class Answering implements DatabaseConnection {
  readonly #queries: Queries;
  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changed } = await this.#queries.answer(sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(changed) };
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('queries are not streamed');
  }
}
