import { fullName } from '../records/display.ts';
import type { CandidateDriver, DriverStatus } from '../resolver/eligibility.ts';
import type { PreferenceMode, PreferenceRow } from '../resolver/trip-list.ts';
import { type Id, idFromBigInt } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { each, once } from './memory.ts';
import { chunks } from './record-store.ts';

/** Every live driver of the client, with the codes of what each can do. */
export const candidateDrivers = (queries: Queries, clientId: Id): Promise<readonly CandidateDriver[]> =>
  once(queries, `candidates ${clientId}`, () => readCandidates(queries, clientId));

async function readCandidates(queries: Queries, clientId: Id): Promise<readonly CandidateDriver[]> {
  const drivers = await queries
    .selectFrom('driver')
    .select(['id', 'callsign', 'first_name', 'last_name', 'status'])
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', 'is', null)
    .execute();
  const links = await queries
    .selectFrom('driver_client_capability')
    .innerJoin('client_capability', (join) =>
      join
        .onRef('client_capability.client_id', '=', 'driver_client_capability.client_id')
        .onRef('client_capability.id', '=', 'driver_client_capability.target_id'),
    )
    .select(['driver_client_capability.owner_id as owner', 'client_capability.code as code'])
    .where('driver_client_capability.client_id', '=', encodeId(clientId))
    .execute();
  const codes = new Map<bigint, string[]>();
  for (const link of links) {
    const owner = BigInt(link['owner'] as bigint);
    const own = codes.get(owner);
    if (own === undefined) codes.set(owner, [link['code'] as string]);
    else own.push(link['code'] as string);
  }
  return drivers.map((row) => {
    const id = BigInt(row['id'] as bigint);
    return {
      id: idFromBigInt(id),
      callsign: row['callsign'] as string,
      name: fullName({ firstName: row['first_name'], lastName: row['last_name'] }),
      status: row['status'] as DriverStatus,
      capabilities: codes.get(id) ?? [],
    };
  });
}

/** All preference rows of customers or special-category passengers, deleted ones left out, by whose list they are on. */
export async function preferenceRows(
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  owners: readonly Id[],
): Promise<ReadonlyMap<Id, readonly PreferenceRow[]>> {
  const lists = await each(queries, `preferences ${kind} ${clientId}`, owners, (unknown) =>
    readPreferences(queries, clientId, kind, unknown),
  );
  return new Map(lists.map(({ id, rows }) => [id, rows]));
}

async function readPreferences(
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  owners: readonly Id[],
): Promise<readonly { readonly id: Id; readonly rows: readonly PreferenceRow[] }[]> {
  const [table, column] = kind === 'CUSTOMER' ? ['driver_customer', 'customer_id'] : ['driver_scp', 'scp_id'];
  const found = new Map<Id, PreferenceRow[]>(owners.map((id) => [id, []]));
  for (const part of chunks(owners)) {
    const rows = await queries
      .selectFrom(table as string)
      .select(['id', 'driver_id', `${column} as owner`, 'mode', 'priority', 'expires_at'])
      .where('client_id', '=', encodeId(clientId))
      .where(column as string, 'in', part.map(encodeId))
      .where('deleted_at', 'is', null)
      .execute();
    for (const row of rows)
      found.get(decodeId(row['owner']))?.push({
        id: decodeId(row['id']),
        driver: decodeId(row['driver_id']),
        mode: row['mode'] as PreferenceMode,
        priority: Number(row['priority']),
        expiresAt: row['expires_at'] === null ? null : (Number(row['expires_at']) as Instant),
        deleted: false,
      });
  }
  return [...found].map(([id, rows]) => ({ id, rows }));
}

/** The codes of capabilities. */
export const capabilityCodes = (
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly string[]> =>
  once(queries, `codes ${clientId} ${ids.join()}`, () => readCodes(queries, clientId, ids));

async function readCodes(queries: Queries, clientId: Id, ids: readonly Id[]): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const part of chunks(ids)) {
    const rows = await queries
      .selectFrom('client_capability')
      .select('code')
      .where('client_id', '=', encodeId(clientId))
      .where('id', 'in', part.map(encodeId))
      .execute();
    codes.push(...rows.map((row) => row['code'] as string));
  }
  return codes;
}
