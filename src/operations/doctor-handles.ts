import { loadRecords } from '../db/record-store.ts';
import type { ObjectType } from '../records/field.ts';
import { namingHandle } from '../records/naming-handle.ts';
import { definitionOf } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import { shellWord } from '../values/shell-word.ts';
import type { Work } from './work.ts';

/**
 * How records of a kind are named in a command to copy: by the handle that is theirs alone, as a shell takes it, else
 * by their ids.
 */
export async function commandHandles(
  work: Work,
  type: ObjectType,
  ids: readonly Id[],
): Promise<(id: Id) => string> {
  const definition = definitionOf(type);
  const naming = namingHandle(definition);
  const [field, another] = naming?.handle.fields ?? [];
  // Where some may share it, or where it says only half, the id alone is sure.
  if (naming === undefined || field === undefined || another !== undefined) return (id) => id;
  if (naming.handle.within !== undefined || type === 'Customer') return (id) => id;
  const records = await loadRecords(work.queries, work.client.id, definition, ids);
  const handles = new Map(
    records.flatMap(({ id, values }) => {
      const text = values[field];
      return typeof text === 'string' && text !== '' ? [[id, shellWord(text)] as const] : [];
    }),
  );
  return (id) => handles.get(id) ?? id;
}
