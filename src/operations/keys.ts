import { findKey, type KeyHolder, type KeyState, putKey } from '../db/internal-keys.ts';
import type { RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { scopeOf } from './scoped.ts';
import type { Work } from './work.ts';

/** The record that holds an internal key. Clients are told apart by their keys too, whichever of them is acting. */
export const holderOfKey = (
  work: Work,
  type: ObjectType,
  key: string,
  state: KeyState = 'live',
): Promise<KeyHolder | undefined> =>
  findKey(work.queries, type === 'Client' ? undefined : work.client.id, type, key, state);

/** Refuses a key that another live record holds. */
export async function refuseHeldKey(
  work: Work,
  definition: RecordDefinition,
  id: Id,
  key: string,
): Promise<void> {
  const holder = await holderOfKey(work, definition.objectType, key);
  if (holder === undefined || holder.objectId === id) return;
  throw heldKeyProblem(definition, key, holder.objectId);
}

/** CONFLICT: the key belongs to another record. */
export function heldKeyProblem(definition: RecordDefinition, key: string, holder: Id): TphError {
  const message = `the internal key ${quote(key)} belongs to ${definition.title} ${holder}`;
  const hint = `use another key, or give that one another with \`tph ${definition.noun} update ${holder} --key …\``;
  return new TphError('CONFLICT', message, {
    hint,
    details: [{ field: 'internalKey', value: key, message, hint, id: holder }],
  });
}

/** Gives a record another key, or none. */
export async function changeKey(
  work: Work,
  definition: RecordDefinition,
  id: Id,
  key: string | null,
): Promise<void> {
  if (key !== null) await refuseHeldKey(work, definition, id, key);
  await putKey(work.queries, scopeOf(work, definition, id), definition.objectType, id, key, '');
}
