import { PostgresBulk } from './bulk-postgres.ts';
import { sqliteBulk } from './bulk-sqlite.ts';
import type { ColumnType } from './columns.ts';
import type { Database, Queries } from './database.ts';
import type { Dialect } from './dialect.ts';
import type { SqliteDatabase } from './sqlite.ts';

/** A row as a list, its values in the order of the columns that were asked for. */
export type Cells = readonly unknown[];

export interface BulkColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A column of rows to be written: the same value in every row, or one that each row brings. */
export interface InsertColumn extends BulkColumn {
  /** Given: the value of all rows. An id that counts up from row to row says so with `counts`. */
  readonly fixed?: unknown;
  readonly counts?: boolean;
}

/** Where rows go. What is prepared for it is kept with this very object. */
export interface Insertion {
  readonly table: string;
  readonly columns: readonly InsertColumn[];
}

/** Records to be changed, each with the values of all columns but `client_id` and `id`. */
export interface Alteration {
  readonly table: string;
  readonly client: bigint;
  readonly columns: readonly BulkColumn[];
}

/** What is looked up for each set of values; `where` tells it by `v.c0`, `v.c1`, … */
export interface LookUp {
  readonly types: readonly ColumnType[];
  readonly select: string;
  readonly from: string;
  readonly where: string;
}

/**
 * How many rows are read and written in one transaction, faster than the query builder does it: the only place where
 * the engines differ in that. SQL has `?` for each parameter; the columns of what is read have different names.
 */
export interface BulkConnection {
  readonly dialect: Dialect;
  /** Integers come as bigint, or as numbers where that is asked for. */
  rows(sql: string, parameters?: readonly unknown[], integers?: 'numbers'): Promise<readonly Cells[]>;
  run(sql: string, parameters?: readonly unknown[]): Promise<void>;
  /**
   * Runs SQL once for many sets of values: they are the table `v`, with the place of a set (from 0) as `i` and its
   * values as `c0`, `c1`, …, of the given types. A query asks for `v.i` first, which comes as a number; its rows come
   * in no order.
   */
  join(
    types: readonly ColumnType[],
    sql: string,
    sets: readonly Cells[],
    parameters: readonly unknown[],
  ): Promise<readonly (readonly [place: number, ...unknown[]])[]>;
  /**
   * Writes `count` rows: `values` are those that rows bring, one row after the other; `first` is the number from which
   * a column that counts goes up.
   */
  insert(into: Insertion, values: readonly unknown[], count: number, first?: bigint): Promise<void>;
  /** Changes records one after the other, as a value that is unique may pass from one to the next. */
  update(
    what: Alteration,
    records: readonly { readonly id: bigint; readonly values: Cells }[],
  ): Promise<void>;
  /** Runs a change, SQL that ends with its conditions, on those rows of which `column` holds one of `ids`. */
  runFor(column: string, ids: readonly bigint[], sql: string, parameters: readonly unknown[]): Promise<void>;
}

/** A transaction, and the database that it is of. */
export interface BulkScope {
  readonly database: Database;
  readonly queries: Queries;
}

const openers: Record<Dialect, (scope: BulkScope) => BulkConnection> = {
  sqlite: ({ database }) => sqliteBulk((database as SqliteDatabase).connection),
  postgres: ({ queries }) => new PostgresBulk(queries),
};

/** The connection of a transaction, for what is done with many rows at once. */
export const bulkOn = (scope: BulkScope): BulkConnection => openers[scope.database.dialect](scope);

// Each engine is led to look up one set after the other in an index: of a new table PostgreSQL thinks that it has hardly
// a row, and of a list SQLite that reading all of the client's rows takes less.
const lookUps: Record<Dialect, (what: LookUp) => string> = {
  sqlite: ({ select, from, where }) => `select v.i, ${select} from v cross join ${from} where ${where}`,
  postgres: ({ select, from, where }) =>
    `select v.i, found.* from v cross join lateral (select ${select} from ${from} where ${where} offset 0) found`,
};

/** What there is for each set of values: the place of the set (from 0), and what is selected. */
export const lookUp = (
  connection: BulkConnection,
  what: LookUp,
  sets: readonly Cells[],
  parameters: readonly unknown[],
): ReturnType<BulkConnection['join']> =>
  connection.join(what.types, lookUps[connection.dialect](what), sets, parameters);
