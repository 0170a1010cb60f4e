import type { Alteration, BulkColumn, BulkConnection, Cells, Insertion } from './bulk-connection.ts';
import type { ColumnType } from './columns.ts';
import type { Queries } from './database.ts';
import { change, rows } from './statement.ts';

const arrays: Record<ColumnType, string> = { id: 'bigint', integer: 'bigint', text: 'text' };

/**
 * Values go to the server as one list for each column, so that a statement has the same text for any number of rows
 * and is understood once.
 */
export class PostgresBulk implements BulkConnection {
  readonly dialect = 'postgres';
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async rows(sql: string, parameters: readonly unknown[] = [], integers?: 'numbers') {
    const found = await rows(this.#queries, sql, parameters);
    if (integers === undefined) return found.map((row): Cells => Object.values(row));
    return found.map(
      (row): Cells => Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value)),
    );
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<void> {
    await change(this.#queries, sql, parameters);
  }

  async join(
    types: readonly ColumnType[],
    sql: string,
    sets: readonly Cells[],
    parameters: readonly unknown[],
  ) {
    if (sets.length === 0) return [];
    const names = types.map((_type, at) => `, c${at}`).join('');
    const lists = types.map((type) => `?::${arrays[type]}[]`).join(', ');
    const found = await rows(
      this.#queries,
      `with v (i${names}) as (select n - 1${names} from unnest(${lists}) with ordinality as u (${names.slice(2)}, n)) ${sql}`,
      [...types.map((type, at) => arrayOf(type, sets, (set) => set[at])), ...parameters],
    );
    return found.map((row): [number, ...unknown[]] => {
      const [place, ...values] = Object.values(row);
      return [Number(place), ...values];
    });
  }

  async insert(into: Insertion, values: readonly unknown[], count: number, first = 0n): Promise<void> {
    await this.#write(into, values, count, first);
  }

  async #write(
    { table, columns }: Insertion,
    values: readonly unknown[],
    count: number,
    first: bigint,
    orElse = '',
  ): Promise<void> {
    if (count === 0) return;
    const own = columns.filter(({ counts, fixed }) => counts !== true && fixed === undefined);
    const fixed: unknown[] = [];
    const shown = columns.map((column) => {
      const at = own.indexOf(column);
      if (at >= 0) return `c${at}`;
      fixed.push(column.counts === true ? first - 1n : column.fixed);
      return `?::${arrays[column.type]}${column.counts === true ? ' + n' : ''}`;
    });
    const starts = Array.from({ length: count }, (_, index) => index * own.length);
    const lists = own.map(({ type }, at) => arrayOf(type, starts, (start) => values[start + at]));
    await change(
      this.#queries,
      `insert into "${table}" (${columns.map(({ name }) => `"${name}"`).join(', ')}) select ${shown.join(', ')}
       from unnest(${own.map(({ type }) => `?::${arrays[type]}[]`).join(', ')})
       with ordinality as u (${own.map((_column, at) => `c${at}, `).join('')}n) order by n ${orElse}`,
      [...fixed, ...lists],
    );
  }

  /** Told by the primary key that they are there: of a new table the server thinks that reading all of it takes less. */
  async update(
    { table, client, columns }: Alteration,
    records: readonly { readonly id: bigint; readonly values: Cells }[],
  ): Promise<void> {
    const into = {
      table,
      columns: [{ name: 'client_id', type: 'id', fixed: client }, idColumn, ...columns],
    } as const;
    const set = columns.map(({ name }) => `"${name}" = excluded."${name}"`).join(', ');
    const values = records.flatMap((record) => [record.id, ...record.values]);
    await this.#write(
      into,
      values,
      records.length,
      0n,
      `on conflict ("client_id", "id") do update set ${set}`,
    );
  }

  async runFor(
    column: string,
    ids: readonly bigint[],
    sql: string,
    parameters: readonly unknown[],
  ): Promise<void> {
    if (ids.length === 0) return;
    await change(this.#queries, `${sql} and "${column}" = any(?::bigint[])`, [
      ...parameters,
      arrayOf('id', ids, (one) => one),
    ]);
  }
}

const idColumn: BulkColumn = { name: 'id', type: 'id' };

/** A list as the server reads it. Text stands in quotes, so that nothing in it means anything. */
function arrayOf<T>(type: ColumnType, list: readonly T[], read: (one: T) => unknown): string {
  let text = '{';
  for (let index = 0; index < list.length; index += 1) {
    const value = read(list[index] as T);
    if (index > 0) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else if (type !== 'text') text += `${value}`;
    else text += `"${escaped(`${value}`)}"`;
  }
  return `${text}}`;
}

const escaped = (text: string): string =>
  text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, '\\$&') : text;
