import type { ListInput, Page } from '../contract/change.ts';
import { type ClientRow, clientRows } from '../db/clients.ts';
import { client } from '../records/client.ts';
import type { AnyRecord } from '../records/definition.ts';
import { invalid, quote } from '../values/error.ts';
import { compareIds, type Id, parseId } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { activeClient } from './active-client.ts';
import { flagInput, textInput } from './input.ts';
import { holderOfKey } from './keys.ts';
import { type Cursor, pageInput, pageOf, refuseOtherFilters } from './page.ts';
import { readRecords } from './scoped.ts';
import type { Work } from './work.ts';

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
