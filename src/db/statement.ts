import type { CompiledQuery } from 'kysely';
import type { Queries, Row } from './database.ts';

/** A statement that was written as SQL, `?` for each parameter, and not by the query builder. */
export interface Statement extends CompiledQuery {
  readonly isWritten: true;
}

const NODE = { kind: 'RawNode', sqlFragments: [], parameters: [] } as unknown as CompiledQuery['query'];

/** The rows of SQL that is the same on every engine, `?` for each parameter; integers come as bigint. */
export async function rows(
  queries: Queries,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return (await queries.executeQuery<Row>(statement(text, parameters))).rows;
}

/** Runs SQL that changes rows, and says how many it changed. */
export async function change(
  queries: Queries,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<number> {
  const { numAffectedRows = 0n } = await queries.executeQuery(statement(text, parameters));
  return Number(numAffectedRows);
}

const statement = (sql: string, parameters: readonly unknown[]): Statement => ({
  sql,
  parameters,
  query: NODE,
  queryId: { queryId: 'written' },
  isWritten: true,
});

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
