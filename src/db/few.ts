import type { Queries } from './database.ts';
import { rows } from './statement.ts';

/** A part of a query, `?` for each parameter. */
export interface Part {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

export const part = (text: string, ...parameters: readonly unknown[]): Part => ({ text, parameters });

/** So many rows are read at once; of more it is likely that the first in another order are soon found. */
const FEW = 5000;

/** Whether the rows in some places, each `from … where …` with an index of its own, are so few that all can be read. */
export async function areFew(queries: Queries, places: readonly Part[]): Promise<boolean> {
  const each = places.map(({ text }) => `select * from (select 1 as one ${text} limit ${FEW + 1}) as found`);
  const [row] = await rows(
    queries,
    `select count(*) as count from (${each.join(' union all ')}) as places`,
    places.flatMap(({ parameters }) => parameters),
  );
  return Number(row?.['count'] ?? 0) <= FEW;
}

/** That an id is in one of the places. */
export const inAny = (id: string, places: readonly Part[]): Part =>
  part(
    `${id} in (${places.map(({ text }) => `select id ${text}`).join(' union all ')})`,
    ...places.flatMap(({ parameters }) => parameters),
  );
