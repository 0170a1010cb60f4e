import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

export interface KeyHolder {
  readonly objectId: Id;
  readonly requestHash: string;
}
/** Whether a key is looked for among live records, or among deleted ones, which keep theirs for a restore. */
export type KeyState = 'live' | 'deleted';

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
  let select = queries
    .selectFrom('internal_key')
    .select(['object_id', 'request_hash'])
    .where('object_type', '=', type)
    .where('key', '=', key)
    .where('live', '=', state === 'live' ? 1 : 0);
  if (clientId !== undefined) select = select.where('client_id', '=', encodeId(clientId));
  const row = await select.orderBy('object_id', 'desc').limit(1).executeTakeFirst();
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
  const row = await queries
    .selectFrom('internal_key')
    .select('key')
    .where('client_id', '=', encodeId(clientId))
    .where('object_type', '=', type)
    .where('object_id', '=', encodeId(objectId))
    .executeTakeFirst();
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
  await queries
    .deleteFrom('internal_key')
    .where('client_id', '=', encodeId(clientId))
    .where('object_type', '=', type)
    .where('object_id', '=', encodeId(objectId))
    .execute();
  if (key === null) return;
  await queries
    .insertInto('internal_key')
    .values({
      client_id: encodeId(clientId),
      object_type: type,
      key,
      object_id: encodeId(objectId),
      request_hash: requestHash,
      live: 1,
    })
    .execute();
}

/** A deleted record's key is free for others; a restored one takes its key back. */
export async function setKeyLive(
  queries: Queries,
  clientId: Id,
  type: ObjectType,
  objectId: Id,
  live: boolean,
): Promise<void> {
  await queries
    .updateTable('internal_key')
    .set({ live: live ? 1 : 0 })
    .where('client_id', '=', encodeId(clientId))
    .where('object_type', '=', type)
    .where('object_id', '=', encodeId(objectId))
    .execute();
}
