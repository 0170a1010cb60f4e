import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { once } from './memory.ts';
import { firstRow, rows } from './statement.ts';

export interface ClientRow {
  readonly id: Id;
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const SELECT = 'select id, name, time_zone, country, settings from client';

/** The clients of a database, by id. */
export async function clientRows(queries: Queries, deleted = false): Promise<readonly ClientRow[]> {
  const state = deleted ? 'is not null' : 'is null';
  return (await rows(queries, `${SELECT} where deleted_at ${state} order by id`)).map(decodeClient);
}

/** One live client. */
export const clientRow = (queries: Queries, id: Id): Promise<ClientRow | undefined> =>
  once(queries, `client ${id}`, () => readClient(queries, id));

async function readClient(queries: Queries, id: Id): Promise<ClientRow | undefined> {
  const row = await firstRow(queries, `${SELECT} where client_id = ? and id = ? and deleted_at is null`, [
    encodeId(id),
    encodeId(id),
  ]);
  return row === undefined ? undefined : decodeClient(row);
}

const decodeClient = (row: Row): ClientRow => ({
  id: decodeId(row['id']),
  name: row['name'] as string,
  timeZone: row['time_zone'] as string,
  country: row['country'] as string,
  settings: JSON.parse(row['settings'] as string),
});
