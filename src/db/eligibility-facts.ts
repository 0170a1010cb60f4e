import { passengerName } from '../records/display.ts';
import { driver } from '../records/driver.ts';
import { snake } from '../records/names.ts';
import type { CandidateDriver, DriverStatus } from '../resolver/eligibility.ts';
import type { PreferenceMode, PreferenceRow } from '../resolver/trip-list.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { each, once } from './memory.ts';
import { packed, packedPages } from './packed.ts';
import { chunks } from './record-store.ts';
import { marks, rows } from './statement.ts';

/** A capability that a trip requires. */
export interface Capability {
  readonly id: Id;
  readonly code: string;
}

/** For how many sets of capabilities all drivers are kept in memory at once. */
const MOST_SETS = 8;

/** Every live driver of the client by id; of their capabilities only those of `required`, all when it is left out. */
export async function candidateDrivers(
  queries: Queries,
  clientId: Id,
  asked?: readonly Capability[],
): Promise<readonly CandidateDriver[]> {
  const required = asked ?? (await allCapabilities(queries, clientId));
  const sets = await once(
    queries,
    `candidates ${clientId}`,
    async () => new Map<string, readonly CandidateDriver[]>(),
  );
  const key = keyOf(required);
  const known = sets.get(key);
  if (known !== undefined) return known;
  const found = await readCandidates(queries, clientId, required);
  if (sets.size >= MOST_SETS) sets.clear();
  sets.set(key, found);
  return found;
}

/** The same for the same capabilities, in whatever order. */
export const keyOf = (required: readonly Capability[]): string =>
  required
    .map((one) => one.id)
    .sort()
    .join();

async function readCandidates(
  queries: Queries,
  clientId: Id,
  required: readonly Capability[],
): Promise<readonly CandidateDriver[]> {
  const holders: { readonly code: string; readonly has: (id: Id) => boolean }[] = [];
  for (const { id, code } of required)
    holders.push({ code, has: inTurn(await holdersOf(queries, clientId, id)) });
  const found: CandidateDriver[] = [];
  const pages = packedPages(queries, {
    cells: DRIVER_CELLS,
    from: 'from driver where client_id = ? and deleted_at is null',
    key: 'id',
    parameters: [encodeId(clientId)],
  });
  for await (const cells of pages)
    for (let at = 0; at < cells.length; at += DRIVER_CELLS.length) {
      const id = cells[at] as Id;
      const capabilities =
        holders.length === 0 ? NONE : holders.flatMap(({ code, has }) => (has(id) ? [code] : []));
      found.push(driverOf(cells, at, capabilities));
    }
  return found;
}

const NONE: readonly string[] = [];
/** The name is put together here as `fullName` does it, and of the status comes a letter: each text that is handed over costs. */
const DRIVER_CELLS = [
  "'G' || id",
  'callsign',
  `coalesce(first_name, '') || case when coalesce(first_name, '') = '' or coalesce(last_name, '') = '' then ''
    else ' ' end || coalesce(last_name, '')`,
  'substr(status, 1, 1)',
];
const STATUS_OF = new Map<string, DriverStatus>(
  driver.fields.status.values.map((status) => [status.charAt(0), status]),
);

function driverOf(cells: readonly string[], at: number, capabilities: readonly string[]): CandidateDriver {
  return {
    id: cells[at] as Id,
    callsign: cells[at + 1] as string,
    name: cells[at + 2] as string,
    status: STATUS_OF.get(cells[at + 3] as string) as DriverStatus,
    capabilities,
  };
}

/** The drivers who have a capability, by id. */
async function holdersOf(queries: Queries, clientId: Id, capability: Id): Promise<readonly Id[]> {
  const found: Id[] = [];
  const pages = packedPages(queries, {
    cells: ["'G' || owner_id"],
    from: 'from driver_client_capability where client_id = ? and target_id = ?',
    key: 'owner_id',
    parameters: [encodeId(clientId), encodeId(capability)],
  });
  for await (const cells of pages) for (const id of cells) found.push(id as Id);
  return found;
}

/** Whether ids are in a list; both the list and what is asked for rise. */
function inTurn(ids: readonly Id[]): (id: Id) => boolean {
  let at = 0;
  return (id) => {
    while (at < ids.length && compareIds(ids[at] as Id, id) < 0) at += 1;
    return ids[at] === id;
  };
}

/** Live drivers by id, with the codes of all that each can do; those who are gone are left out. */
export const driversById = (
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly CandidateDriver[]> =>
  each(queries, `drivers ${clientId}`, ids, (unknown) => readDrivers(queries, clientId, unknown));

async function readDrivers(
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly CandidateDriver[]> {
  const found: CandidateDriver[] = [];
  for (const part of chunks(ids)) {
    const keys = [encodeId(clientId), ...part.map(encodeId)];
    const codes = new Map<string, string[]>();
    const links = await packed(
      queries,
      ["'G' || k.owner_id", 'c.code'],
      `from driver_client_capability k join client_capability c on c.client_id = k.client_id and c.id = k.target_id
       where k.client_id = ? and k.owner_id in (${marks(part.length)})`,
      keys,
    );
    for (let at = 0; at < links.length; at += 2) {
      const own = codes.get(links[at] as string);
      if (own === undefined) codes.set(links[at] as string, [links[at + 1] as string]);
      else own.push(links[at + 1] as string);
    }
    const cells = await packed(
      queries,
      DRIVER_CELLS,
      `from driver where client_id = ? and id in (${marks(part.length)}) and deleted_at is null`,
      keys,
    );
    for (let at = 0; at < cells.length; at += DRIVER_CELLS.length)
      found.push(driverOf(cells, at, codes.get(cells[at] as string) ?? NONE));
  }
  return found;
}

/** Where the rows of a list are, and the column of whose list it is. */
export const preferenceTables = {
  CUSTOMER: ['driver_customer', 'customer_id'],
  SCP: ['driver_scp', 'scp_id'],
} as const;

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
  return new Map(lists.map(({ id, rows: own }) => [id, own]));
}

async function readPreferences(
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  owners: readonly Id[],
): Promise<readonly { readonly id: Id; readonly rows: readonly PreferenceRow[] }[]> {
  const [table, column] = preferenceTables[kind];
  const found = new Map<Id, PreferenceRow[]>(owners.map((id) => [id, []]));
  const cells = ["'G' || id", "'G' || driver_id", `'G' || ${column}`, 'mode', 'priority', 'expires_at'];
  for (const part of chunks(owners)) {
    const page = await packed(
      queries,
      cells,
      `from ${table} where client_id = ? and ${column} in (${marks(part.length)}) and deleted_at is null`,
      [encodeId(clientId), ...part.map(encodeId)],
    );
    for (let at = 0; at < page.length; at += cells.length) {
      const expiresAt = page[at + 5] as string;
      found.get(page[at + 2] as Id)?.push({
        id: page[at] as Id,
        driver: page[at + 1] as Id,
        mode: page[at + 3] as PreferenceMode,
        priority: Number(page[at + 4]),
        expiresAt: expiresAt === '' ? null : (Number(expiresAt) as Instant),
        deleted: false,
      });
    }
  }
  return [...found].map(([id, own]) => ({ id, rows: own }));
}

/** How customers or special-category passengers are called, deleted ones too, in the order of the ids. */
export const listOwners = (
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  ids: readonly Id[],
): Promise<readonly ListOwner[]> =>
  each(queries, `owners ${kind} ${clientId}`, ids, (unknown) => readOwners(queries, clientId, kind, unknown));

interface ListOwner {
  readonly id: Id;
  readonly name: string;
}

const OWNERS = {
  CUSTOMER: ['customer', ['firstName', 'lastName', 'phone', 'email']],
  SCP: ['scp', ['displayName', 'ref']],
} as const;

async function readOwners(
  queries: Queries,
  clientId: Id,
  kind: 'CUSTOMER' | 'SCP',
  ids: readonly Id[],
): Promise<readonly ListOwner[]> {
  const [table, fields] = OWNERS[kind];
  const cells = ["'G' || id", ...fields.map(snake)];
  const found = new Map<Id, ListOwner>();
  for (const part of chunks(ids)) {
    const page = await packed(
      queries,
      cells,
      `from ${table} where client_id = ? and id in (${marks(part.length)})`,
      [encodeId(clientId), ...part.map(encodeId)],
    );
    for (let at = 0; at < page.length; at += cells.length) {
      const id = page[at] as Id;
      const values = fields.map((field, index) => [field, page[at + 1 + index]] as const);
      found.set(id, { id, name: passengerName(kind, { ...Object.fromEntries(values), id }) });
    }
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Capabilities with their codes, also of those that were deleted since. */
export const capabilitiesOf = (
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly Capability[]> =>
  once(queries, `capabilities ${clientId} ${ids.join()}`, () => readCapabilities(queries, clientId, ids));

async function readCapabilities(
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly Capability[]> {
  const found: Capability[] = [];
  for (const part of chunks(ids)) {
    const page = await rows(
      queries,
      `select id, code from client_capability where client_id = ? and id in (${marks(part.length)})`,
      [encodeId(clientId), ...part.map(encodeId)],
    );
    found.push(...page.map((row) => ({ id: decodeId(row['id']), code: row['code'] as string })));
  }
  return found;
}

/** The codes of capabilities. */
export const capabilityCodes = async (
  queries: Queries,
  clientId: Id,
  ids: readonly Id[],
): Promise<readonly string[]> => (await capabilitiesOf(queries, clientId, ids)).map(({ code }) => code);

async function allCapabilities(queries: Queries, clientId: Id): Promise<readonly Capability[]> {
  const page = await rows(queries, 'select id, code from client_capability where client_id = ?', [
    encodeId(clientId),
  ]);
  return page.map((row) => ({ id: decodeId(row['id']), code: row['code'] as string }));
}
