import type { Queries } from './database.ts';
import { otherEvents } from './pause.ts';
import { rows } from './statement.ts';

/** What no text of a record holds (`cleanText`). */
export const BETWEEN = '\u001f';
/** Rows of a page: a few milliseconds, and some hundred kilobytes of text. */
const PAGE_ROWS = 10_000;

export interface PackedQuery {
  /** SQL of each cell; null comes as empty text. The first is `'G' || ` the key. */
  readonly cells: readonly string[];
  /** SQL from `from` on, with a `where` that ends open: the page's own condition follows it with `and`. */
  readonly from: string;
  readonly parameters: readonly unknown[];
  /** A column that is unique and rises; pages go by it. */
  readonly key: string;
}

/**
 * Many rows as one list of texts a page: the cells of the first row, then those of the second. An engine hands over one long
 * text far sooner than as many rows and cells. Other events have their turn between pages.
 */
export async function* packedPages(queries: Queries, query: PackedQuery): AsyncGenerator<readonly string[]> {
  const width = query.cells.length;
  let after = 0n;
  while (true) {
    const cells = await packedPage(queries, query, after);
    if (cells.length > 0) yield cells;
    if (cells.length < PAGE_ROWS * width) return;
    after = BigInt((cells[cells.length - width] as string).slice(1));
    await otherEvents();
  }
}

async function packedPage(queries: Queries, query: PackedQuery, after: bigint): Promise<readonly string[]> {
  const { key, from, parameters } = query;
  const text = `${from} and ${key} > ? order by ${key} limit ${PAGE_ROWS}`;
  return packed(queries, query.cells, text, [...parameters, after]);
}

/** All rows of a query as one list of texts: the cells of the first row, then those of the second. */
export async function packed(
  queries: Queries,
  cells: readonly string[],
  text: string,
  parameters: readonly unknown[],
): Promise<readonly string[]> {
  const page = await packedText(queries, cells, text, parameters);
  return page === '' ? [] : page.split(BETWEEN);
}

/** The same as one text, with `BETWEEN` between cells; the first cell is never empty. */
export async function packedText(
  queries: Queries,
  cells: readonly string[],
  text: string,
  parameters: readonly unknown[],
): Promise<string> {
  const line = cells.map((cell) => `coalesce(cast(${cell} as text), '')`).join(` || '${BETWEEN}' || `);
  const [row] = await rows(
    queries,
    `select string_agg(line, '${BETWEEN}') as page from (select ${line} as line ${text}) as p`,
    parameters,
  );
  return (row?.['page'] as string | null | undefined) ?? '';
}
