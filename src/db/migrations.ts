import { definitionOf, objectTypes } from '../records/registry.ts';
import {
  afterTable,
  columnTypes,
  type Dialect,
  foreignKeysApart,
  ownSteps,
  preamble,
  tableOptions,
} from './dialect.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { statistics } from './statistics.ts';
import { supportTables } from './support-tables.ts';
import type { Column, ForeignKey, Index, Table } from './table.ts';
import { tablesOf } from './tables.ts';

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

const newest = (tables: readonly Table[]): number =>
  Math.max(
    ...tables.flatMap((table) =>
      [table, ...table.columns, ...table.foreignKeys, ...table.indexes].map((one) => one.since),
    ),
  );

/**
 * The migrations of a dialect, derived from what each table, column, foreign key and index says of the version that
 * brought it. What a published version derives to is held fast by a test, so that old steps never change.
 */
export function migrations(dialect: Dialect, tables: readonly Table[] = allTables): readonly Migration[] {
  const versions = Math.max(newest(tables), SCHEMA_VERSION);
  return Array.from({ length: versions }, (_, index) => migration(index + 1, dialect, tables));
}

/** The schema version since which each step tells SQLite anew what to suppose of its tables. */
const STATISTICS_SINCE = 3;

/** The tables and indexes that a version has. */
const tablesAt = (version: number, tables: readonly Table[]): readonly Table[] =>
  tables
    .filter((table) => table.since <= version)
    .map((table) => ({
      ...table,
      indexes: table.indexes.filter(
        ({ since, until }) => since <= version && (until === undefined || until > version),
      ),
    }));

function migration(version: number, dialect: Dialect, tables: readonly Table[]): Migration {
  const isNew = (part: { readonly since: number }): boolean => part.since === version;
  return {
    version,
    statements: [
      ...(version === 1 ? preamble[dialect] : []),
      ...tables
        .filter(isNew)
        .flatMap((table) => [createTable(table, version, dialect), ...afterTable[dialect](table)]),
      ...tables.flatMap((table) => {
        if (table.since >= version) return [];
        if (table.foreignKeys.some(isNew) && !foreignKeysApart[dialect])
          return remakeTable(table, version, dialect, tables);
        return table.columns
          .filter(isNew)
          .map((one) => `alter table ${name(table.name)} add column ${columnSql(one, dialect)}`);
      }),
      ...(foreignKeysApart[dialect] ? tables : []).flatMap((table) =>
        table.foreignKeys
          .filter((key) => Math.max(key.since, table.since) === version)
          .map((key) => `alter table ${name(table.name)} add ${foreignKeySql(key)}`),
      ),
      ...tables.flatMap((table) =>
        table.indexes
          .filter(({ until }) => until === version)
          .map((index) => `drop index ${name(index.name)}`),
      ),
      ...tables.flatMap((table) =>
        table.indexes.filter(isNew).flatMap((index) => createIndex(table, index, dialect)),
      ),
      ...(ownSteps[dialect][version] ?? []),
      ...(dialect === 'sqlite' && version >= STATISTICS_SINCE ? statistics(tablesAt(version, tables)) : []),
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

/** The table as it is at a version. */
function createTable(table: Table, version: number, dialect: Dialect): string {
  const isThere = (part: { readonly since: number }): boolean => part.since <= version;
  const parts = [
    ...table.columns.filter(isThere).map((one) => columnSql(one, dialect)),
    `primary key (${names(table.primaryKey)})`,
    ...(foreignKeysApart[dialect] ? [] : table.foreignKeys.filter(isThere).map(foreignKeySql)),
  ];
  return `create table ${name(table.name)} (\n  ${parts.join(',\n  ')}\n)${tableOptions[dialect](table)}`;
}

/**
 * Makes a table anew, for the foreign keys that it gets. They stay switched on, since a transaction cannot switch
 * them off; so dropping the table deletes its rows, and with them those that cascade: all are kept aside and put
 * back. Every foreign key is deferred: a row that refers to one of these misses it for a while, and the commit
 * checks that it is there again.
 */
function remakeTable(
  table: Table,
  version: number,
  dialect: Dialect,
  tables: readonly Table[],
): readonly string[] {
  const older = (part: { readonly since: number }): boolean => part.since < version;
  const cascading = cascadingFrom(table, tables.filter(older));
  const aside = (one: Table): string => name(`${one.name}__aside`);
  const columns = names(table.columns.filter(older).map((one) => one.name));
  return [
    ...[table, ...cascading].map((one) => `create table ${aside(one)} as select * from ${name(one.name)}`),
    `drop table ${name(table.name)}`,
    createTable(table, version, dialect),
    `insert into ${name(table.name)} (${columns}) select ${columns} from ${aside(table)}`,
    ...cascading.map((one) => `insert into ${name(one.name)} select * from ${aside(one)}`),
    ...[table, ...cascading].map((one) => `drop table ${aside(one)}`),
    ...table.indexes
      .filter((index) => older(index) && (index.until === undefined || index.until >= version))
      .flatMap((index) => createIndex(table, index, dialect)),
  ];
}

/** The tables whose rows go when a row of this one goes, and theirs in turn. */
function cascadingFrom(table: Table, tables: readonly Table[]): readonly Table[] {
  const next = tables.filter((one) => one.foreignKeys.some((key) => key.cascade && key.table === table.name));
  return next.flatMap((one) => [one, ...cascadingFrom(one, tables)]);
}

function createIndex(table: Table, index: Index, dialect: Dialect): readonly string[] {
  const { computed, where } = index;
  const filled = dialect === 'postgres' ? computed : undefined;
  const last = filled === undefined ? computed && `(${computed.sqlite})` : name(filled.column);
  const parts = [names(index.columns), ...(last === undefined ? [] : [last])];
  const condition = typeof where === 'object' ? where[dialect] : where;
  return [
    ...(filled === undefined
      ? []
      : [
          `alter table ${name(table.name)} add column if not exists ${name(filled.column)} ${columnTypes.postgres.text} generated always as (${filled.postgres}) stored`,
        ]),
    `create ${index.unique ? 'unique ' : ''}index ${name(index.name)} on ${name(table.name)} (${parts.join(', ')})${
      condition === undefined ? '' : ` where ${condition}`
    }`,
  ];
}
