import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

/** Departments, deleted ones too, whose primary group is none of `groups` (spec section 4.4). */
export async function departmentsOutside(
  queries: Queries,
  clientId: Id,
  groups: readonly Id[],
): Promise<readonly Id[]> {
  const rows = await departmentsOutsideOf(queries, clientId, groups).execute();
  return rows.map((row) => decodeId(row['id']));
}

/** The query for the ids of `departmentsOutside`, as they are stored. */
export function departmentsOutsideOf(queries: Queries, clientId: Id, groups: readonly Id[]) {
  const select = queries
    .selectFrom('account_department')
    .select('id')
    .where('client_id', '=', encodeId(clientId))
    .where('primary_group_id', 'is not', null);
  return groups.length > 0 ? select.where('primary_group_id', 'not in', groups.map(encodeId)) : select;
}
