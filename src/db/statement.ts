import type { Queries, Row } from './database.ts';

/** The rows of SQL that is the same on every engine, `?` for each parameter; integers come as bigint. */
export async function rows(
  queries: Queries,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return (await queries.answer(text, parameters)).rows;
}

/** As `rows`, of which only the first is looked at. */
export async function firstRow(
  queries: Queries,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row | undefined> {
  return (await queries.answer(text, parameters)).rows[0];
}

/** Runs SQL that changes rows, and says how many it changed. */
export async function change(
  queries: Queries,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<number> {
  return (await queries.answer(text, parameters)).changed;
}

/** `?, ?, ?`: for a list of so many parameters. */
export const marks = (count: number): string => Array(count).fill('?').join(', ');

/** Adds rows to a table in one statement; a column that only some of them have is null in the others. */
export async function insert(queries: Queries, table: string, added: readonly Row[]): Promise<void> {
  const columns = [...new Set(added.flatMap((row) => Object.keys(row)))];
  if (added.length === 0) return;
  const names = columns.map((column) => `"${column}"`).join(', ');
  const one = `(${marks(columns.length)})`;
  await queries.answer(
    `insert into "${table}" (${names}) values ${added.map(() => one).join(', ')}`,
    added.flatMap((row) => columns.map((column) => row[column] ?? null)),
  );
}

/** PostgreSQL counts its parameters. What is in quotes stays as it is. */
export function numbered(text: string): string {
  const known = numberedTexts.get(text);
  if (known !== undefined) return known;
  let count = 0;
  const made = text.replace(/'[^']*'|"[^"]*"|\?/g, (part) => {
    if (part !== '?') return part;
    count += 1;
    return `$${count}`;
  });
  if (numberedTexts.size >= MOST_TEXTS) numberedTexts.clear();
  numberedTexts.set(text, made);
  return made;
}
const MOST_TEXTS = 1000;
const numberedTexts = new Map<string, string>();
