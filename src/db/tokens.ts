import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { built } from './builder.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';

/** A token as it is kept: its secret only as a hash. */
export interface TokenRow {
  readonly id: Id;
  readonly name: string;
  readonly role: 'ADMIN' | 'OPERATOR' | 'DRIVER_APP' | 'CUSTOMER_APP';
  readonly driver: Id | null;
  readonly customer: Id | null;
  readonly groups: readonly Id[];
  readonly createdDate: Instant;
  readonly createdBy: string;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

const idOrNull = (value: unknown): Id | null => (value === null ? null : decodeId(value));
const instantOrNull = (value: unknown): Instant | null =>
  value === null ? null : (Number(value) as Instant);

export const decodeToken = (row: Row, groups: readonly Id[]): TokenRow => ({
  id: decodeId(row['id']),
  name: row['name'] as string,
  role: row['role'] as TokenRow['role'],
  driver: idOrNull(row['driver_id']),
  customer: idOrNull(row['customer_id']),
  groups,
  createdDate: Number(row['created_date']) as Instant,
  createdBy: row['created_by'] as string,
  expiresAt: instantOrNull(row['expires_at']),
  revokedAt: instantOrNull(row['revoked_at']),
});

export async function insertToken(
  queries: Queries,
  clientId: Id,
  token: TokenRow,
  hash: string,
): Promise<void> {
  await built(queries)
    .insertInto('api_token')
    .values({
      client_id: encodeId(clientId),
      id: encodeId(token.id),
      name: token.name,
      role: token.role,
      hash,
      driver_id: token.driver === null ? null : encodeId(token.driver),
      customer_id: token.customer === null ? null : encodeId(token.customer),
      created_date: token.createdDate,
      created_by: token.createdBy,
      expires_at: token.expiresAt,
      revoked_at: token.revokedAt,
    })
    .execute();
  for (const [ordinal, group] of token.groups.entries())
    await built(queries)
      .insertInto('api_token_group')
      .values({
        client_id: encodeId(clientId),
        owner_id: encodeId(token.id),
        target_id: encodeId(group),
        ordinal,
      })
      .execute();
}

/** The client's tokens, oldest first. */
export async function tokenRows(queries: Queries, clientId: Id): Promise<readonly TokenRow[]> {
  const links = await built(queries)
    .selectFrom('api_token_group')
    .select(['owner_id', 'target_id'])
    .where('client_id', '=', encodeId(clientId))
    .orderBy('ordinal')
    .execute();
  const rows = await built(queries)
    .selectFrom('api_token')
    .selectAll()
    .where('client_id', '=', encodeId(clientId))
    .orderBy('id')
    .execute();
  return rows.map((row) =>
    decodeToken(
      row,
      links.filter((link) => link['owner_id'] === row['id']).map((link) => decodeId(link['target_id'])),
    ),
  );
}

export async function markRevoked(queries: Queries, clientId: Id, id: Id, at: Instant): Promise<void> {
  await built(queries)
    .updateTable('api_token')
    .set({ revoked_at: at })
    .where('client_id', '=', encodeId(clientId))
    .where('id', '=', encodeId(id))
    .execute();
}
