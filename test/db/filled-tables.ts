import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'vitest';
import type { Column, ForeignKey, Table } from '../../src/db/table.ts';

/** One of two clients, and which of its rows in each table. */
type Place = readonly [client: 1 | 2, n: number];
const PLACES: readonly Place[] = [
  [1, 1],
  [1, 2],
  [2, 1],
];

/** Fills `tables` past the program: rows of two clients, each referring to rows of its own client in `all` tables. */
export function fillTables(
  connection: BetterSqlite3.Database,
  tables: readonly Table[],
  all: readonly Table[],
): void {
  connection.transaction(() => {
    for (const table of tables.filter(isOfClients))
      for (const place of PLACES)
        if (table.name !== 'client' || place[1] === 1)
          insert(
            connection,
            table,
            rowOf(all, table, place, () => place),
          );
  })();
}

const isOfClients = (table: Table): boolean => table.primaryKey[0] === 'client_id';

/** The references from one record to another, each with its table. */
export function referencesOf(tables: readonly Table[]): readonly (readonly [Table, ForeignKey])[] {
  return tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.table !== 'client')
      .map((key): readonly [Table, ForeignKey] => [table, key]),
  );
}

/** Expects that the filled database takes a row whose reference stays within its client, and refuses it otherwise. */
export function expectTenancy(
  connection: BetterSqlite3.Database,
  table: Table,
  key: ForeignKey,
  all: readonly Table[],
): void {
  const own = PLACES.length + table.foreignKeys.indexOf(key);
  const attempt = (target: Place): string => {
    connection.exec('begin');
    try {
      insert(
        connection,
        table,
        rowOf(all, table, [1, own], (one) => (one === key ? target : [1, 1])),
      );
      connection.exec('commit');
      return 'taken';
    } catch (error) {
      connection.exec('rollback');
      if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
      return error.code;
    }
  };
  const what = `${table.name} (${key.columns.join(', ')})`;
  expect(attempt([2, 1]), what).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
  // Nothing but the client of the record that is referred to made the difference.
  expect(attempt([1, 2]), what).toBe('taken');
}

type Row = Readonly<Record<string, unknown>>;

function insert(connection: BetterSqlite3.Database, table: Table, row: Row): void {
  const columns = Object.keys(row);
  connection
    .prepare(
      `insert into "${table.name}" (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    )
    .run(Object.values(row));
}

const rowOf = (all: readonly Table[], table: Table, place: Place, refer: (key: ForeignKey) => Place): Row =>
  Object.fromEntries(
    table.columns.map((column) => [`"${column.name}"`, contentOf(all, table, column, place, refer)]),
  );

function contentOf(
  all: readonly Table[],
  table: Table,
  column: Column,
  [client, n]: Place,
  refer: (key: ForeignKey) => Place,
): unknown {
  if (column.name === 'client_id') return client;
  if (column.name === 'id') return table.name === 'client' ? client : client * 1000 + n;
  const key = table.foreignKeys.find((one) => one.columns.includes(column.name));
  if (key !== undefined) {
    const target = all.find((one) => one.name === key.table) as Table;
    const name = key.references[key.columns.indexOf(column.name)];
    const place = refer(key);
    return contentOf(
      all,
      target,
      target.columns.find((one) => one.name === name) as Column,
      place,
      () => place,
    );
  }
  if (column.oneOf !== undefined) return column.oneOf[0];
  return column.type === 'text' ? `${column.name} ${client} ${n}` : n;
}
