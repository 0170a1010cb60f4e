import type { RecordDefinition } from '../records/definition.ts';
import { trip } from '../records/trip.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { type BulkScope, bulkOn, lookUp } from './bulk-connection.ts';
import { decodeId, encodeId } from './codec.ts';
import { collectionTable, foldedColumn } from './columns.ts';
import type { Queries, Row } from './database.ts';
import { chunks } from './record-store.ts';
import { marks, rows } from './statement.ts';

/** Of each record the capabilities that it names, in order; records that name none are left out. */
export async function capabilitiesOf(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  owners: Iterable<Id>,
): Promise<ReadonlyMap<Id, readonly Id[]>> {
  const table = collectionTable(definition.table, 'clientCapabilities');
  const found = new Map<Id, Id[]>();
  for (const row of await inChunks(
    queries,
    (list) => `select owner_id, target_id from "${table}" where client_id = ? and owner_id in (${list})
      order by owner_id, ordinal`,
    clientId,
    [...new Set(owners)].map(encodeId),
  )) {
    const owner = decodeId(row['owner_id']);
    const list = found.get(owner);
    if (list === undefined) found.set(owner, [decodeId(row['target_id'])]);
    else list.push(decodeId(row['target_id']));
  }
  return found;
}

/** The account of each department, deleted ones too. */
export async function accountsOfDepartments(
  queries: Queries,
  clientId: Id,
  departments: Iterable<Id>,
): Promise<ReadonlyMap<Id, Id>> {
  const found = await inChunks(
    queries,
    (list) => `select id, account_id from account_department where client_id = ? and id in (${list})`,
    clientId,
    [...new Set(departments)].map(encodeId),
  );
  return new Map(found.map((row) => [decodeId(row['id']), decodeId(row['account_id'])]));
}

/** Those of the references that a live trip has, folded. */
export async function takenRefs(
  scope: BulkScope,
  clientId: Id,
  refs: readonly string[],
): Promise<ReadonlySet<string>> {
  const column = foldedColumn('ref');
  // One after the other: of a table that it knows nothing of PostgreSQL would read all for a list.
  const found = await lookUp(
    bulkOn(scope),
    {
      types: ['text'],
      select: `"${column}" as folded`,
      from: trip.table,
      where: `client_id = ? and deleted_at is null and "${column}" = v.c0`,
    },
    refs.map((ref) => [fold(ref)]),
    [encodeId(clientId)],
  );
  return new Set(found.map(([, folded]) => folded as string));
}

async function inChunks(
  queries: Queries,
  text: (list: string) => string,
  clientId: Id,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const part of chunks(values))
    found.push(...(await rows(queries, text(marks(part.length)), [encodeId(clientId), ...part])));
  return found;
}
