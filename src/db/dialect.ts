import type { ColumnType } from './columns.ts';
import { numbersFromSequence } from './postgres-numbers.ts';
import { guardsOfClients, securityOf, securityPreamble } from './row-security.ts';
import type { Table } from './table.ts';

/** The engines, and everything in which their SQL differs. */
export type Dialect = 'sqlite' | 'postgres';

export const columnTypes: Record<Dialect, Record<ColumnType, string>> = {
  sqlite: { id: 'integer', integer: 'integer', text: 'text' },
  // Text is compared byte by byte, as SQLite does it.
  postgres: { id: 'bigint', integer: 'bigint', text: 'text collate "C"' },
};

/** What stands behind the closing bracket of a table. */
export const tableOptions: Record<Dialect, (table: Table) => string> = {
  sqlite: (table) => (table.clustered ? ' strict, without rowid' : ' strict'),
  postgres: () => '',
};

/**
 * Whether foreign keys are added to tables that stand, which lets tables refer to each other in a circle. SQLite
 * takes them in `create table` only, and there of tables that are not made yet.
 */
export const foreignKeysApart: Record<Dialect, boolean> = { sqlite: false, postgres: true };

/** What comes before the first table, and what follows a table that is made. */
export const preamble: Record<Dialect, readonly string[]> = { sqlite: [], postgres: securityPreamble };
export const afterTable: Record<Dialect, (table: Table) => readonly string[]> = {
  sqlite: () => [],
  postgres: securityOf,
};

/** What an engine has in a version that is no table, column, key or index; after those of the version. */
export const ownSteps: Record<Dialect, Readonly<Record<number, readonly string[]>>> = {
  // Names of clients are unique in the whole file, where every other index is of one client.
  sqlite: {
    3: ['create unique index "client_name" on "client" ("name_folded") where deleted_at is null'],
  },
  postgres: { 3: [...numbersFromSequence, ...guardsOfClients] },
};
