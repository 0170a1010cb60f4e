import type BetterSqlite3 from 'better-sqlite3';
import type { Alteration, BulkConnection, Cells, Insertion } from './bulk-connection.ts';
import type { ColumnType } from './columns.ts';

type Connection = BetterSqlite3.Database;
type Statement = BetterSqlite3.Statement<unknown[]>;

/** How many sets of values one statement takes. */
const SETS = 128;
/** How many rows go into a statement: as many as there are of the larger sizes first. */
const SIZES = [64, 8, 1] as const;

const known = new WeakMap<Connection, SqliteBulk>();

/** The same for each connection, so that statements are prepared once. */
export function sqliteBulk(connection: Connection): BulkConnection {
  const made = known.get(connection) ?? new SqliteBulk(connection);
  known.set(connection, made);
  return made;
}

/** Nothing here waits for anything: the statements of a batch run one after the other, whoever asks waits once. */
class SqliteBulk implements BulkConnection {
  readonly dialect = 'sqlite';
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  /** Without the table of values, which is long; of one text it has always as many. */
  readonly #joins = new Map<string, Statement>();
  readonly #inserts = new WeakMap<Insertion, Inserter>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async rows(sql: string, parameters: readonly unknown[] = [], integers?: 'numbers') {
    const own = integers === undefined ? sql : `${sql} -- ${integers}`;
    return this.#held(own, (one) => one.raw(true).safeIntegers(integers === undefined)).all(
      parameters,
    ) as Cells[];
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<void> {
    if (parameters.length === 0) this.#connection.exec(sql);
    else this.#held(sql).run(parameters);
  }

  async join(
    types: readonly ColumnType[],
    sql: string,
    sets: readonly Cells[],
    parameters: readonly unknown[],
  ) {
    const width = types.length;
    const statement =
      this.#joins.get(sql) ?? this.#connection.prepare<unknown[]>(`${valuesTable(width)} ${sql}`);
    this.#joins.set(sql, statement.raw(true));
    const found: [number, ...unknown[]][] = [];
    for (let from = 0; from < sets.length; from += SETS) {
      const bound: unknown[] = [];
      for (let at = from; at < from + SETS; at += 1) {
        const set = sets[at] ?? [];
        for (let column = 0; column < width; column += 1) bound.push(set[column] ?? null);
      }
      for (const parameter of parameters) bound.push(parameter);
      for (const row of statement.all(bound) as [number | bigint, ...unknown[]][]) {
        row[0] = from + Number(row[0]);
        found.push(row as [number, ...unknown[]]);
      }
    }
    return found;
  }

  async insert(into: Insertion, values: readonly unknown[], count: number, first = 0n): Promise<void> {
    const inserter = this.#inserts.get(into) ?? new Inserter(this.#connection, into);
    this.#inserts.set(into, inserter);
    inserter.insert(values, count, first);
  }

  async update(
    { table, client, columns }: Alteration,
    records: readonly { readonly id: bigint; readonly values: Cells }[],
  ): Promise<void> {
    const set = columns.map(({ name }) => `"${name}" = ?`).join(', ');
    const statement = this.#held(`update "${table}" set ${set} where client_id = ? and id = ?`);
    for (const { id, values } of records) statement.run([...values, client, id]);
  }

  async runFor(
    column: string,
    ids: readonly bigint[],
    sql: string,
    parameters: readonly unknown[],
  ): Promise<void> {
    const statement = this.#held(`${sql} and "${column}" in (${Array(SETS).fill('?').join()})`);
    for (let from = 0; from < ids.length; from += SETS) {
      const part: unknown[] = ids.slice(from, from + SETS);
      while (part.length < SETS) part.push(null);
      statement.run([...parameters, ...part]);
    }
  }

  /** A statement that is prepared once; `set` says how its rows are read. */
  #held(sql: string, set: (statement: Statement) => unknown = () => {}): Statement {
    const held = this.#statements.get(sql);
    if (held !== undefined) return held;
    const statement = this.#connection.prepare<unknown[]>(sql);
    set(statement);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function valuesTable(width: number): string {
  const names = Array.from({ length: width }, (_, at) => `, c${at}`).join('');
  const marks = ', ?'.repeat(width);
  return `with v (i${names}) as (values ${Array.from({ length: SETS }, (_, at) => `(${at}${marks})`).join()})`;
}

/** Writes rows to one table through held statements that take many at once. */
class Inserter {
  readonly #statements = new Map<number, Statement>();
  readonly #connection: Connection;
  readonly #into: Insertion;
  readonly #fixed: Record<string, unknown> = {};
  readonly #width: number;

  constructor(connection: Connection, into: Insertion) {
    this.#connection = connection;
    this.#into = into;
    for (const [index, { fixed }] of into.columns.entries())
      if (fixed !== undefined) this.#fixed[`f${index}`] = fixed;
    this.#width = into.columns.filter(({ counts, fixed }) => counts !== true && fixed === undefined).length;
  }

  insert(values: readonly unknown[], count: number, first: bigint): void {
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

  #statement(size: number): Statement {
    const held = this.#statements.get(size);
    if (held !== undefined) return held;
    const { table, columns } = this.#into;
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const row = (index: number) =>
      `(${columns
        .map((column, at) => {
          if (column.counts === true) return `@first + ${index}`;
          return column.fixed === undefined ? '?' : `@f${at}`;
        })
        .join(', ')})`;
    const rows = Array.from({ length: size }, (_, index) => row(index)).join(', ');
    const statement = this.#connection.prepare<unknown[]>(`insert into "${table}" (${names}) values ${rows}`);
    this.#statements.set(size, statement);
    return statement;
  }
}
