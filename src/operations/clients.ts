import type { ActiveClient } from '../contract/api.ts';
import type { ListInput, Page } from '../contract/change.ts';
import { clientRows } from '../db/clients.ts';
import type { AnyRecord } from '../records/definition.ts';
import { client } from '../records/client.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { readRecords } from './write.ts';
import type { Work } from './work.ts';
import type { Queries } from '../db/database.ts';

/** The client that a reference names; without one, the only client of the database (spec section 2, Client). */
export async function activeClient(queries: Queries, ref: string | undefined): Promise<ActiveClient> {
  const clients = await clientRows(queries);
  const names = clients.map((one) => `${one.name} (${one.id})`).join(', ');
  if (clients.length === 0)
    throw new TphError('NOT_FOUND', 'the database has no client yet', { hint: 'make the first one with `tph init`' });
  if (ref === undefined) {
    const [only, another] = clients;
    if (only !== undefined && another === undefined) return only;
    throw invalid('several clients share this database: which one?', `give --client or TPH_CLIENT: ${names}`, [
      { field: 'client', message: 'the client is missing', candidates: clients.map(({ id, name }) => ({ id, name })) },
    ]);
  }
  const id = parseId(ref);
  const found = clients.find((one) => (id === undefined ? fold(one.name) === fold(ref) : one.id === id));
  if (found !== undefined) return found;
  const near = nearest(ref, clients.map((one) => one.name), 1)[0];
  const message = `there is no client ${quote(ref)}`;
  const hint = near === undefined ? `the clients are ${names}` : `did you mean ${quote(near)}?`;
  throw new TphError('NOT_FOUND', message, { hint, details: [{ field: 'client', value: ref, message, hint }] });
}

/** The same work, on another client's own row; deleted ones too, so that they can be shown and restored. */
export async function workFor(work: Work, ref: string): Promise<Work> {
  if (ref === work.client.id) return work;
  const id = parseId(ref);
  const gone = (await clientRows(work.queries, true)).find((one) => (id === undefined ? fold(one.name) === fold(ref) : one.id === id));
  const live = (await clientRows(work.queries)).some((one) => (id === undefined ? fold(one.name) === fold(ref) : one.id === id));
  return { ...work, client: gone !== undefined && !live ? gone : await activeClient(work.queries, ref) };
}

/** Names are unique among live clients; no index of one client can see the others. */
export async function refuseSameName(work: Work, name: unknown, except?: Id): Promise<void> {
  if (typeof name !== 'string') return;
  const twin = (await clientRows(work.queries)).find((one) => fold(one.name) === fold(name) && one.id !== except);
  if (twin === undefined) return;
  const message = `the client ${quote(twin.name)} has the same name already`;
  throw new TphError('CONFLICT', message, {
    hint: 'choose another name',
    details: [{ field: 'name', value: name, message, id: twin.id }],
  });
}

/** Every client of the database: what an administrator of the database sees. */
export async function listClients(work: Work, input: ListInput): Promise<Page<AnyRecord>> {
  const search = fold(input.search ?? '');
  const rows = (await clientRows(work.queries, input.deleted === true)).filter((row) => fold(row.name).startsWith(search));
  const records: AnyRecord[] = [];
  for (const row of rows) records.push(...(await readRecords({ ...work, client: row }, client, [row.id])));
  return { items: records.slice(0, input.limit ?? 100), nextCursor: null };
}
