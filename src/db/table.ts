import type { ColumnType } from './columns.ts';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  /** The value that rows from before the column have; a literal. */
  readonly default?: string | number;
  /** Only these values. */
  readonly oneOf?: readonly (string | number)[];
  readonly since: number;
}
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
  readonly cascade: boolean;
  readonly since: number;
}
export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /**
   * What follows the columns and is computed from others, where the index has such a part: an expression on SQLite; on
   * PostgreSQL a column that the engine fills, since row-level security keeps it from searching by what a function makes.
   */
  readonly computed?: Computed & { readonly column: string };
  readonly unique: boolean;
  /** Plain SQL that both dialects read. */
  readonly where?: string | Computed;
  readonly since: number;
  /** The schema version that takes it away. */
  readonly until?: number;
}
/** An expression in the words of each engine. */
export interface Computed {
  readonly sqlite: string;
  readonly postgres: string;
}
/** A table in the words of no dialect. `since` is everywhere the schema version that brought the thing. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  /** Rows live inside the primary key (SQLite: WITHOUT ROWID): for narrow tables that are read by it. */
  readonly clustered: boolean;
  readonly since: number;
}

/**
 * A table whose parts are no older than itself. Throws a plain `Error`, meant for whoever writes a definition, where
 * a column came after the table and rows from before could hold nothing in it.
 */
export function defineTable(table: Table): Table {
  const raise = <T extends { readonly since: number }>(part: T): T => ({
    ...part,
    since: Math.max(part.since, table.since),
  });
  const columns = table.columns.map(raise);
  for (const { name, notNull, default: value, since } of columns)
    if (since > table.since && notNull && value === undefined)
      throw new Error(
        `\`${table.name}.${name}\` is required since schema version ${since}, but rows from before have no value: give the field a default, or do not require it`,
      );
  return { ...table, columns, foreignKeys: table.foreignKeys.map(raise), indexes: table.indexes.map(raise) };
}

export const column = (name: string, type: ColumnType, notNull: boolean, since = 1): Column => ({
  name,
  type,
  notNull,
  since,
});
export const id = (name: string): Column => column(name, 'id', true);

/** A reference to a record of the same client. */
export const recordKey = (columnOfId: string, table: string, since = 1): ForeignKey => ({
  columns: ['client_id', columnOfId],
  table,
  references: ['client_id', 'id'],
  cascade: false,
  since,
});
export const clientKey = recordKey('client_id', 'client');
/** What belongs to a record goes with it. */
export const ownerKey = (table: string): ForeignKey => ({ ...recordKey('owner_id', table), cascade: true });

/**
 * The schema version since which the index of what links point at has all their columns: without one of them SQLite would
 * rather go through all links of the client than through the index, to see whether a record may be deleted.
 */
const LINKS_SINCE = 3;

/** The table of a collection of references; `extraKey` stands beside the owner's id where the owner is an item. */
export function linkTable(
  name: string,
  extraKey: readonly string[],
  owner: ForeignKey,
  target: string,
  since: number,
): Table {
  return defineTable({
    name,
    columns: [
      id('client_id'),
      id('owner_id'),
      ...extraKey.map((key) => column(key, 'integer', true)),
      id('target_id'),
      column('ordinal', 'integer', true),
    ],
    primaryKey: ['client_id', 'owner_id', ...extraKey, 'target_id'],
    foreignKeys: [owner, recordKey('target_id', target)],
    indexes: [
      ...(since < LINKS_SINCE
        ? [
            {
              name: `${name}_by_target`,
              columns: ['client_id', 'target_id', 'owner_id'],
              unique: false,
              since,
              until: LINKS_SINCE,
            },
          ]
        : []),
      {
        name: `${name}_of_target`,
        columns: ['client_id', 'target_id', 'owner_id', ...extraKey, 'ordinal'],
        unique: false,
        since: Math.max(since, LINKS_SINCE),
      },
    ],
    clustered: true,
    since,
  });
}
