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
