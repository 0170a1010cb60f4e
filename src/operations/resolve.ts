import type { ResolveInput } from '../contract/reference.ts';
import { objectTypes } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import { activeClient } from './active-client.ts';
import { refuseInput } from './input.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

/** Which record a reference stands for; the errors are those of every operation that takes it. */
export async function resolveRef(work: Work, input: ResolveInput): Promise<{ readonly id: Id }> {
  const { objectType, ref, among = 'live' } = input;
  if (!objectTypes.includes(objectType))
    throw refuseInput('objectType', objectType, 'is no object type', `give one of ${objectTypes.join(', ')}`);
  if (among !== 'live' && among !== 'deleted')
    throw refuseInput('among', among, 'is neither live nor deleted', 'give live or deleted');
  if (objectType === 'Client') return { id: (await activeClient(work.queries, ref)).id };
  return { id: await resolveReference(work, objectType, ref, 'ref', among) };
}
