import type { ActiveClient } from '../contract/api.ts';
import type { ListInput, Page } from '../contract/change.ts';
import { type ClientRow, clientRows } from '../db/clients.ts';
import type { Queries } from '../db/database.ts';
import { client } from '../records/client.ts';
import type { AnyRecord } from '../records/definition.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { compareIds, type Id, parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { flagInput, textInput } from './input.ts';
import { holderOfKey } from './keys.ts';
import { type Cursor, pageInput, pageOf, refuseOtherFilters } from './page.ts';
import { readRecords } from './scoped.ts';
import type { Work } from './work.ts';

/** The client that a reference names; without one, the only client of the database (spec section 2, Client). */
export async function activeClient(queries: Queries, ref: string | undefined): Promise<ActiveClient> {
  const clients = await clientRows(queries);
  const names = clients.map((one) => `${one.name} (${one.id})`).join(', ');
  if (clients.length === 0)
    throw new TphError('NOT_FOUND', 'the database has no client yet', {
      hint: 'make the first one with `tph init`',
    });
  if (ref === undefined) {
    const [only, another] = clients;
    if (only !== undefined && another === undefined) return only;
    throw invalid(
      'several clients share this database: which one?',
      `give --client or TPH_CLIENT: ${names}`,
      [
        {
          field: 'client',
          message: 'the client is missing',
          candidates: clients.map(({ id, name }) => ({ id, name })),
        },
      ],
    );
  }
  const id = parseId(ref);
  const found = clients.find((one) => (id === undefined ? fold(one.name) === fold(ref) : one.id === id));
  if (found !== undefined) return found;
  const near = nearest(
    ref,
    clients.map((one) => one.name),
    1,
  )[0];
  const message = `there is no client ${quote(ref)}`;
  const hint = near === undefined ? `the clients are ${names}` : `did you mean ${quote(near)}?`;
  throw new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: 'client', value: ref, message, hint }],
  });
}

/** The same work, on another client's own row; deleted ones too, so that they can be shown and restored. */
export async function workFor(work: Work, ref: string): Promise<Work> {
  if (ref === work.client.id) return work;
  const id = await idOf(work, ref);
  const names = (one: ClientRow) => (id === undefined ? fold(one.name) === fold(ref) : one.id === id);
  const live = (await clientRows(work.queries)).find(names);
  const found = live ?? (await clientRows(work.queries, true)).find(names);
  return { ...work, client: found ?? (await activeClient(work.queries, ref)) };
}

async function idOf(work: Work, ref: string): Promise<Id | undefined> {
  if (typeof ref !== 'string') throw invalid(`ref ${quote(ref)} is not a reference`, 'give an id or a name');
  if (!/^key:/i.test(ref)) return parseId(ref);
  const key = ref.slice(4).trim();
  const holder =
    (await holderOfKey(work, 'Client', key)) ?? (await holderOfKey(work, 'Client', key, 'deleted'));
  return holder?.objectId;
}

/** Every client of the database: what an administrator of the database sees. */
export async function listClients(work: Work, input: ListInput): Promise<Page<AnyRecord>> {
  const { limit, after, since } = pageInput('Client', input);
  refuseOtherFilters(input);
  const search = fold(input.search === undefined ? '' : textInput(input.search, 'search'));
  const rows = await clientRows(work.queries, flagInput(input.deleted, 'deleted'));
  const records = (
    await readRecords(
      work,
      client,
      rows.map((row) => row.id),
    )
  )
    .filter((one) => fold(one['name'] as string).startsWith(search))
    .filter((one) => since === undefined || one.updatedDate >= since)
    .sort((a, b) => (since === undefined ? 0 : a.updatedDate - b.updatedDate) || compareIds(a.id, b.id))
    .filter((one) => after === undefined || isBeyond(one, after));
  return pageOf('Client', input, records, limit);
}

function isBeyond(one: AnyRecord, { id, updatedDate }: Cursor): boolean {
  if (updatedDate === null || one.updatedDate === updatedDate) return compareIds(one.id, id) > 0;
  return one.updatedDate > updatedDate;
}
