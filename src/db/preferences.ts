import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

/** The HARD approvals of a special-category passenger that are live at `at`. */
export async function liveHardRows(
  queries: Queries,
  clientId: Id,
  scpId: Id,
  at: Instant,
): Promise<readonly Id[]> {
  const rows = await queries
    .selectFrom('driver_scp')
    .select('id')
    .where('client_id', '=', encodeId(clientId))
    .where('scp_id', '=', encodeId(scpId))
    .where('mode', '=', 'HARD')
    .where('deleted_at', 'is', null)
    .where((build) => build.or([build('expires_at', 'is', null), build('expires_at', '>', at)]))
    .execute();
  return rows.map((row) => decodeId(row['id']));
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
  const live = () =>
    queries
      .selectFrom('driver_scp')
      .where('driver_scp.client_id', '=', encodeId(clientId))
      .where('driver_scp.mode', '=', 'HARD')
      .where('driver_scp.deleted_at', 'is', null)
      .where((build) =>
        build.or([build('driver_scp.expires_at', 'is', null), build('driver_scp.expires_at', '>', at)]),
      );
  const own = await live().select('scp_id').where('driver_id', '=', encodeId(driver)).execute();
  const stranded: Id[] = [];
  for (const row of own) {
    const other = await live()
      .innerJoin('driver', (join) =>
        join
          .onRef('driver.client_id', '=', 'driver_scp.client_id')
          .onRef('driver.id', '=', 'driver_scp.driver_id'),
      )
      .select('driver.id')
      .where('driver_scp.scp_id', '=', encodeId(decodeId(row['scp_id'])))
      .where('driver_scp.driver_id', '!=', encodeId(driver))
      .where('driver.status', '=', 'ACTIVE')
      .where('driver.deleted_at', 'is', null)
      .executeTakeFirst();
    if (other === undefined) stranded.push(decodeId(row['scp_id']));
  }
  return stranded;
}
