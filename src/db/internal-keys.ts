import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { change, firstRow, insert } from './statement.ts';

export interface KeyHolder {
  readonly objectId: Id;
  readonly requestHash: string;
}
/** Whether a key is looked for among live records, or among deleted ones, which keep theirs for a restore. */
export type KeyState = 'live' | 'deleted';

/** The rows of one record. */
const OF_ONE = 'where client_id = ? and object_type = ? and object_id = ?';
const one = (clientId: Id, type: ObjectType, objectId: Id) => [encodeId(clientId), type, encodeId(objectId)];

/**
 * The record that holds a key, with the hash of the request that made it (spec section 3, internalKey); of deleted
 * ones the newest. `clientId` undefined looks through all clients.
 */
export async function findKey(
  queries: Queries,
  clientId: Id | undefined,
  type: ObjectType,
  key: string,
  state: KeyState,
): Promise<KeyHolder | undefined> {
  const ofClient = clientId === undefined ? '' : ' and client_id = ?';
  const row = await firstRow(
    queries,
    `select object_id, request_hash from internal_key where object_type = ? and "key" = ? and live = ?${ofClient}
     order by object_id desc limit 1`,
    [type, key, state === 'live' ? 1 : 0, ...(clientId === undefined ? [] : [encodeId(clientId)])],
  );
  return row === undefined
    ? undefined
    : { objectId: decodeId(row['object_id']), requestHash: row['request_hash'] as string };
}

/** The key of a record, live or not. */
export async function keyOf(
  queries: Queries,
  clientId: Id,
  type: ObjectType,
  objectId: Id,
): Promise<string | undefined> {
  const row = await firstRow(
    queries,
    `select "key" from internal_key ${OF_ONE}`,
    one(clientId, type, objectId),
  );
  return row?.['key'] as string | undefined;
}

/** Gives a record a key, or takes it away (`null`). */
export async function putKey(
  queries: Queries,
  clientId: Id,
  type: ObjectType,
  objectId: Id,
  key: string | null,
  requestHash: string,
): Promise<void> {
  await change(queries, `delete from internal_key ${OF_ONE}`, one(clientId, type, objectId));
  if (key === null) return;
  await insert(queries, 'internal_key', [
    {
      client_id: encodeId(clientId),
      object_type: type,
      key,
      object_id: encodeId(objectId),
      request_hash: requestHash,
      live: 1,
    },
  ]);
}

/** A deleted record's key is free for others; a restored one takes its key back. */
export async function setKeyLive(
  queries: Queries,
  clientId: Id,
  type: ObjectType,
  objectId: Id,
  live: boolean,
): Promise<void> {
  await change(queries, `update internal_key set live = ? ${OF_ONE}`, [
    live ? 1 : 0,
    ...one(clientId, type, objectId),
  ]);
}
