import type BetterSqlite3 from 'better-sqlite3';
import type { Table } from '../../src/db/table.ts';

/** Every table, column, foreign key and index that SQLite knows of, in an order that says nothing. */
export function schemaOf(connection: BetterSqlite3.Database): unknown {
  const rows = (sql: string): readonly unknown[] => connection.prepare(sql).all();
  return {
    tables: rows(
      "select name, ncol, wr, strict from pragma_table_list where schema = 'main' and type = 'table' order by name",
    ),
    columns: rows(
      `select m.name as "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
       from sqlite_schema m join pragma_table_xinfo(m.name) c where m.type = 'table' order by 1, 2`,
    ),
    checks: rows("select name, sql from sqlite_schema where type = 'table'")
      .flatMap((row) => {
        const { name, sql } = row as { name: string; sql: string };
        return (sql.match(/check \(.*\)\)/g) ?? []).map((check) => `${name} ${check}`);
      })
      .sort(),
    foreignKeys: rows(
      `select m.name as child, f."table", f.on_delete, group_concat(f."from" || ' ' || f."to") as columns
       from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table'
       group by m.name, f.id order by 1, 2, 4`,
    ),
    indexes: rows(
      `select m.name as "table", i.name, i."unique", i.origin, i.partial,
         (select sql from sqlite_schema s where s.name = i.name) as sql
       from sqlite_schema m join pragma_index_list(m.name) i where m.type = 'table' order by 1, 2`,
    ),
  };
}

/** What the tables hold in the columns that they had before. */
export const contentOf = (connection: BetterSqlite3.Database, tables: readonly Table[]): unknown =>
  tables
    .filter((table) => table.name !== 'schema_version')
    .map((table) => [
      table.name,
      connection
        .prepare(
          `select ${table.columns.map((one) => `"${one.name}"`).join(', ')} from "${table.name}" order by ${table.primaryKey.join(', ')}`,
        )
        .all(),
    ]);

/** The same tables as if all of them had always been so. */
export const asOneVersion = (tables: readonly Table[]): readonly Table[] => {
  const first = <T>(part: T): T => ({ ...part, since: 1 });
  return tables.map((table) => ({
    ...first(table),
    columns: table.columns.map(first),
    foreignKeys: table.foreignKeys.map(first),
    indexes: table.indexes.filter(({ until }) => until === undefined).map(first),
  }));
};
