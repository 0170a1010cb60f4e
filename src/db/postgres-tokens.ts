import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { built } from './builder.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { asClient } from './postgres-transaction.ts';
import { decodeToken, type TokenRow } from './tokens.ts';

/**
 * The token with this hash and its client, unless it is expired or revoked, or whom it stands for is gone. From then on
 * the transaction is about that client.
 */
export async function tokenByHash(
  queries: Queries,
  hash: string,
  now: Instant,
): Promise<{ readonly token: TokenRow; readonly client: Id } | undefined> {
  const row = await usable(queries, now).selectAll().where('hash', '=', hash).executeTakeFirst();
  if (row === undefined) return undefined;
  const client = decodeId(row['client_id']);
  await asClient(queries, client);
  for (const [table, column] of [
    ['driver', 'driver_id'],
    ['customer', 'customer_id'],
  ] as const)
    if (row[column] !== null && !(await isLive(queries, client, table, row[column]))) return undefined;
  const groups = row['role'] === 'OPERATOR' ? await groupsOf(queries, row) : [];
  return { token: decodeToken(row, groups), client };
}

/** Whether any token of the transaction's client can be used. */
export async function anyToken(queries: Queries, now: Instant): Promise<boolean> {
  return (await usable(queries, now).select('id').limit(1).executeTakeFirst()) !== undefined;
}

const usable = (queries: Queries, now: Instant) =>
  built(queries)
    .selectFrom('api_token')
    .where('revoked_at', 'is', null)
    .where((build) => build.or([build('expires_at', 'is', null), build('expires_at', '>', now)]));

async function isLive(queries: Queries, client: Id, table: string, id: unknown): Promise<boolean> {
  const row = await built(queries)
    .selectFrom(table)
    .select('id')
    .where('client_id', '=', encodeId(client))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

async function groupsOf(queries: Queries, token: Row): Promise<readonly Id[]> {
  const rows = await built(queries)
    .selectFrom('api_token_group')
    .select('target_id')
    .where('client_id', '=', token['client_id'])
    .where('owner_id', '=', token['id'])
    .orderBy('ordinal')
    .execute();
  return rows.map((row) => decodeId(row['target_id']));
}
