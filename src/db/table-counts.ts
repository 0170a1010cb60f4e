import { definitionOf, objectTypes } from '../records/registry.ts';
import { built } from './builder.ts';
import type { Queries } from './database.ts';

/** Live records by kind and audit rows, over all clients. */
export async function tableCounts(
  queries: Queries,
): Promise<{ readonly records: Readonly<Record<string, number>>; readonly auditEvents: number }> {
  const count = async (table: string, liveOnly: boolean) => {
    let select = built(queries)
      .selectFrom(table)
      .select((build) => build.fn.countAll().as('count'));
    if (liveOnly) select = select.where('deleted_at', 'is', null);
    return Number((await select.executeTakeFirst())?.['count'] ?? 0);
  };
  const records: Record<string, number> = {};
  for (const type of objectTypes) records[type] = await count(definitionOf(type).table, true);
  return { records, auditEvents: await count('audit_event', false) };
}
