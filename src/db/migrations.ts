import { definitionOf, objectTypes } from '../records/registry.ts';
import { columnTypes, type Dialect, tableOptions } from './dialect.ts';
import { type Column, type ForeignKey, type Index, supportTables, type Table, tablesOf } from './tables.ts';

/** One numbered step from a schema version to the next, as statements. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

/** Every table, each after those that it refers to where that is possible. */
export const allTables: readonly Table[] = [
  ...objectTypes.flatMap((type) => tablesOf(definitionOf(type))),
  ...supportTables,
];

/** The version that this program writes. */
export const SCHEMA_VERSION = Math.max(
  ...allTables.flatMap((table) => [table.since, ...table.columns.map((one) => one.since)]),
);

/**
 * The migrations of a dialect, derived from what each table, column and index says of the version that brought
 * it. What a published version derives to is held fast by a test, so that old steps never change.
 */
export function migrations(dialect: Dialect, tables: readonly Table[] = allTables): readonly Migration[] {
  const latest = Math.max(
    ...tables.flatMap((table) => [table.since, ...table.columns.map((one) => one.since)]),
  );
  return Array.from({ length: latest }, (_, index) => migration(index + 1, dialect, tables));
}

function migration(version: number, dialect: Dialect, tables: readonly Table[]): Migration {
  const created = tables.filter((table) => table.since === version);
  const grown = tables.filter((table) => table.since < version);
  return {
    version,
    statements: [
      ...created.map((table) => createTable(table, version, dialect)),
      ...grown.flatMap((table) =>
        table.columns
          .filter((one) => one.since === version)
          .map((one) => `alter table ${name(table.name)} add column ${columnSql(one, dialect)}`),
      ),
      ...tables.flatMap((table) =>
        table.indexes
          .filter((index) => Math.max(index.since, table.since) === version)
          .map((index) => createIndex(table, index)),
      ),
    ],
  };
}

const name = (text: string): string => `"${text}"`;
const names = (list: readonly string[]): string => list.map(name).join(', ');
const literal = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;

function columnSql(column: Column, dialect: Dialect): string {
  return [
    name(column.name),
    columnTypes[dialect][column.type],
    ...(column.notNull ? ['not null'] : []),
    ...(column.default === undefined ? [] : [`default ${literal(column.default)}`]),
    ...(column.oneOf === undefined
      ? []
      : [`check (${name(column.name)} in (${column.oneOf.map(literal).join(', ')}))`]),
  ].join(' ');
}

function foreignKeySql(key: ForeignKey): string {
  // A deferred check lets records that refer to each other (an employee and a department) be written in any order.
  return `foreign key (${names(key.columns)}) references ${name(key.table)} (${names(key.references)})${
    key.cascade ? ' on delete cascade' : ''
  } deferrable initially deferred`;
}

function createTable(table: Table, version: number, dialect: Dialect): string {
  const parts = [
    ...table.columns.filter((one) => one.since <= version).map((one) => columnSql(one, dialect)),
    `primary key (${names(table.primaryKey)})`,
    ...table.foreignKeys.map(foreignKeySql),
  ];
  return `create table ${name(table.name)} (\n  ${parts.join(',\n  ')}\n)${tableOptions[dialect](table)}`;
}

function createIndex(table: Table, index: Index): string {
  return `create ${index.unique ? 'unique ' : ''}index ${name(index.name)} on ${name(table.name)} (${names(index.columns)})${
    index.where === undefined ? '' : ` where ${index.where}`
  }`;
}
