import type BetterSqlite3 from 'better-sqlite3';
import type { SqliteDatabase } from './sqlite.ts';

export type Connection = SqliteDatabase['connection'];

const held = new WeakMap<Connection, Map<string, BetterSqlite3.Statement<unknown[]>>>();

/**
 * A statement that is prepared once for each connection. `set` says how its rows are read; of one text it is always
 * the same.
 */
export function heldStatement(
  connection: Connection,
  sql: string,
  set: (statement: BetterSqlite3.Statement<unknown[]>) => unknown = () => {},
): BetterSqlite3.Statement<unknown[]> {
  const statements = held.get(connection) ?? new Map<string, BetterSqlite3.Statement<unknown[]>>();
  held.set(connection, statements);
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = connection.prepare<unknown[]>(sql);
  set(statement);
  statements.set(sql, statement);
  return statement;
}

/** How many rows go into a statement: as many as there are of the larger sizes first. */
const SIZES = [64, 8, 1] as const;

/** A column of rows to be written: the same value in every row, or one that each row brings. */
export interface InsertColumn {
  readonly name: string;
  /** Given: the value of all rows. An id that counts up from row to row says so with `counts`. */
  readonly fixed?: unknown;
  readonly counts?: boolean;
}

/** Writes rows to one table through held statements that take many at once. */
export class Inserter {
  readonly #statements = new Map<number, BetterSqlite3.Statement<unknown[]>>();
  readonly #connection: Connection;
  readonly #table: string;
  readonly #columns: readonly InsertColumn[];
  readonly #fixed: Record<string, unknown> = {};
  readonly #width: number;

  constructor(connection: Connection, table: string, columns: readonly InsertColumn[]) {
    this.#connection = connection;
    this.#table = table;
    this.#columns = columns;
    for (const [index, { fixed }] of columns.entries())
      if (fixed !== undefined) this.#fixed[`f${index}`] = fixed;
    this.#width = columns.filter((column) => !isBound(column)).length;
  }

  /**
   * Writes `count` rows: `values` are those that rows bring, one row after the other; `first` is the number from
   * which a column that counts goes up.
   */
  insert(values: readonly unknown[], count: number, first = 0n): void {
    let done = 0;
    for (const size of SIZES)
      while (count - done >= size) {
        const statement = this.#statement(size);
        const from = done * this.#width;
        const isAll = from === 0 && count === size;
        const part = isAll ? values : values.slice(from, from + size * this.#width);
        this.#fixed['first'] = first + BigInt(done);
        statement.run(part, this.#fixed);
        done += size;
      }
  }

  #statement(size: number): BetterSqlite3.Statement<unknown[]> {
    const held = this.#statements.get(size);
    if (held !== undefined) return held;
    const names = this.#columns.map(({ name }) => `"${name}"`).join(', ');
    const row = (index: number) =>
      `(${this.#columns
        .map((column, at) => {
          if (column.counts === true) return `@first + ${index}`;
          return column.fixed === undefined ? '?' : `@f${at}`;
        })
        .join(', ')})`;
    const rows = Array.from({ length: size }, (_, index) => row(index)).join(', ');
    const statement = this.#connection.prepare<unknown[]>(
      `insert into "${this.#table}" (${names}) values ${rows}`,
    );
    this.#statements.set(size, statement);
    return statement;
  }
}

const isBound = (column: InsertColumn): boolean => column.counts === true || column.fixed !== undefined;
