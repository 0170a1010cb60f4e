import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { once } from './memory.ts';

export interface ClientRow {
  readonly id: Id;
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const COLUMNS = ['id', 'name', 'time_zone', 'country', 'settings'] as const;

/** The clients of a database, by id. */
export async function clientRows(queries: Queries, deleted = false): Promise<readonly ClientRow[]> {
  const rows = await queries
    .selectFrom('client')
    .select(COLUMNS)
    .where('deleted_at', deleted ? 'is not' : 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(decodeClient);
}

/** One live client. */
export const clientRow = (queries: Queries, id: Id): Promise<ClientRow | undefined> =>
  once(queries, `client ${id}`, () => readClient(queries, id));

async function readClient(queries: Queries, id: Id): Promise<ClientRow | undefined> {
  const row = await queries
    .selectFrom('client')
    .select(COLUMNS)
    .where('client_id', '=', encodeId(id))
    .where('id', '=', encodeId(id))
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : decodeClient(row);
}

const decodeClient = (row: Row): ClientRow => ({
  id: decodeId(row['id']),
  name: row['name'] as string,
  timeZone: row['time_zone'] as string,
  country: row['country'] as string,
  settings: JSON.parse(row['settings'] as string),
});
