import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

/** Departments, deleted ones too, whose primary group is none of `groups` (spec section 4.4). */
export async function departmentsOutside(
  queries: Queries,
  clientId: Id,
  groups: readonly Id[],
): Promise<readonly Id[]> {
  let select = queries
    .selectFrom('account_department')
    .select('id')
    .where('client_id', '=', encodeId(clientId))
    .where('primary_group_id', 'is not', null);
  if (groups.length > 0) select = select.where('primary_group_id', 'not in', groups.map(encodeId));
  return (await select.execute()).map((row) => decodeId(row['id']));
}
