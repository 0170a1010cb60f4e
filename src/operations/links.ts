import type { Page } from '../contract/change.ts';
import { type LinkInput, linkName, links } from '../contract/links.ts';
import type { ObjectType } from '../records/field.ts';
import { getRecord } from './read.ts';
import type { AnyChanged } from './report.ts';
import { updateByInput } from './update.ts';
import type { Work } from './work.ts';

type Linking = (work: Work, input: LinkInput) => Promise<AnyChanged>;

const edit =
  (owner: ObjectType, field: string, verb: 'add' | 'remove'): Linking =>
  (work, { ref, target }) =>
    updateByInput(work, owner, ref, { [verb]: { [field]: [target] } });

/** `customer.addAccount`, `customer.removeAccount` … , each an update of one collection. */
export const linkHandlers: Readonly<Record<string, Linking>> = Object.fromEntries(
  Object.entries(links).flatMap(([name, { owner, field }]) =>
    (['add', 'remove'] as const).map((verb) => [linkName(name, verb), edit(owner, field, verb)]),
  ),
);

const tag =
  (verb: 'add' | 'remove') =>
  (work: Work, input: { readonly ref: string; readonly tag: string }): Promise<AnyChanged> =>
    updateByInput(work, 'Customer', input.ref, { [verb]: { tags: [input.tag] } });
export const addTag = tag('add');
export const removeTag = tag('remove');

const collection =
  (field: 'addresses' | 'tags') =>
  async (work: Work, { ref }: { readonly ref: string }): Promise<Page<unknown>> => {
    const customer = await getRecord(work, 'Customer', ref);
    return { items: customer[field] as readonly unknown[], nextCursor: null };
  };
export const listAddresses = collection('addresses');
export const listTags = collection('tags');
