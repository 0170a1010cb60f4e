import type { Id } from '../values/id.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { marks, rows } from './statement.ts';

/** Departments, deleted ones too, whose primary group is none of `groups` (spec section 4.4). */
export async function departmentsOutside(
  queries: Queries,
  clientId: Id,
  groups: readonly Id[],
): Promise<readonly Id[]> {
  const { text, parameters } = departmentsOutsideOf(clientId, groups);
  return (await rows(queries, text, parameters)).map((row) => decodeId(row['id']));
}

/** The query for the ids of `departmentsOutside`, as they are stored. */
export function departmentsOutsideOf(clientId: Id, groups: readonly Id[]) {
  const others = groups.length === 0 ? '' : ` and primary_group_id not in (${marks(groups.length)})`;
  return {
    text: `select id from account_department where client_id = ? and primary_group_id is not null${others}`,
    parameters: [clientId, ...groups].map(encodeId),
  };
}
