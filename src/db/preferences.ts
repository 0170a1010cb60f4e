import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { firstRow, rows } from './statement.ts';

const LIVE_HARD =
  "a.client_id = ? and a.mode = 'HARD' and a.deleted_at is null and (a.expires_at is null or a.expires_at > ?)";

/** The HARD approvals of a special-category passenger that are live at `at`. */
export async function liveHardRows(
  queries: Queries,
  clientId: Id,
  scpId: Id,
  at: Instant,
): Promise<readonly Id[]> {
  const live = await rows(queries, `select a.id from driver_scp a where ${LIVE_HARD} and a.scp_id = ?`, [
    encodeId(clientId),
    at,
    encodeId(scpId),
  ]);
  return live.map((row) => decodeId(row['id']));
}

/**
 * The special-category passengers for whom a driver holds a live HARD approval while no other driver who is active
 * does: without this one nobody may carry them.
 */
export async function onlyApprovedFor(
  queries: Queries,
  clientId: Id,
  driver: Id,
  at: Instant,
): Promise<readonly Id[]> {
  const own = await rows(
    queries,
    `select a.scp_id from driver_scp a where ${LIVE_HARD} and a.driver_id = ?`,
    [encodeId(clientId), at, encodeId(driver)],
  );
  const stranded: Id[] = [];
  for (const row of own) {
    const other = await firstRow(
      queries,
      `select d.id from driver_scp a join driver d on d.client_id = a.client_id and d.id = a.driver_id
       where ${LIVE_HARD} and a.scp_id = ? and a.driver_id != ? and d.status = 'ACTIVE' and d.deleted_at is null
       limit 1`,
      [encodeId(clientId), at, row['scp_id'], encodeId(driver)],
    );
    if (other === undefined) stranded.push(decodeId(row['scp_id']));
  }
  return stranded;
}
