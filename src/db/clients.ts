import type { Id } from '../values/id.ts';
import { decodeId } from './codec.ts';
import type { Queries } from './database.ts';

export interface ClientRow {
  readonly id: Id;
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The clients of a database, by id. */
export async function clientRows(queries: Queries, deleted = false): Promise<readonly ClientRow[]> {
  const rows = await queries
    .selectFrom('client')
    .select(['id', 'name', 'time_zone', 'country', 'settings'])
    .where('deleted_at', deleted ? 'is not' : 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: decodeId(row['id']),
    name: row['name'] as string,
    timeZone: row['time_zone'] as string,
    country: row['country'] as string,
    settings: JSON.parse(row['settings'] as string),
  }));
}
