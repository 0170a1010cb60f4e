import type { Index, Table } from './table.ts';

/**
 * What SQLite's planner is told of the tables (`sqlite_stat1`), instead of what it supposes: that ten rows belong to a
 * client, so that any index that begins with the client is as good as the right one. These are no counts, and hold for
 * small clients too: what is right for a large one costs a small one nothing. Made anew by each version that changes an
 * index; whoever runs `analyze` has the real ones.
 */
export function statistics(tables: readonly Table[]): readonly string[] {
  const lines = tables
    .filter(({ primaryKey }) => primaryKey[0] === 'client_id')
    .flatMap((table) => [
      line(table, table.clustered ? table.name : `sqlite_autoindex_${table.name}_1`, {
        columns: table.primaryKey,
        unique: true,
      }),
      ...table.indexes.map((index) => line(table, index.name, index)),
    ])
    // In an order that does not depend on that of the tables.
    .sort();
  return [
    // Makes the table, which cannot be created by hand.
    'analyze "client"',
    'delete from sqlite_stat1',
    `insert into sqlite_stat1 (tbl, idx, stat) values\n  ${lines.join(',\n  ')}`,
  ];
}

const ALL = 1_000_000;
const OF_A_CLIENT = 100_000;

type Described = Pick<Index, 'columns' | 'unique' | 'computed'>;

/** For the columns one after the other: how many rows have the same values in all up to this one. */
function line(table: Table, name: string, { columns, unique, computed }: Described): string {
  const isOfClients = table.name === 'client';
  let rows = isOfClients ? 1 : OF_A_CLIENT;
  const counts = columns.map((column, place) => {
    if (place > 0) rows = Math.min(rows, sameAs(table, column, rows));
    return unique && place === columns.length - 1 ? 1 : rows;
  });
  const all = [isOfClients ? 50 : ALL, ...counts, ...(computed === undefined ? [] : [2])];
  return `('${table.name}', '${name}', '${all.join(' ')}')`;
}

/** How many of so many rows have the same value in a column. */
function sameAs(table: Table, name: string, rows: number): number {
  const column = table.columns.find((one) => one.name === name);
  if (name === 'id') return 1;
  if (column?.oneOf !== undefined) return Math.ceil(rows / column.oneOf.length);
  return { id: 10, text: 2, integer: 50 }[column?.type ?? 'text'];
}
