import type { Values } from '../records/definition.ts';
import type { Fields, ObjectType } from '../records/field.ts';
import { MOST_DETAILS, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { resolveReference } from './references.ts';
import type { Work } from './work.ts';

/** To how many references that name nothing near spellings are looked for. */
const MOST_SUGGESTED = 5;

/**
 * Replaces every reference in checked input by the id it names. All that name nothing, or too much, are collected.
 * An id in `held` is taken as it is, live or not.
 */
export async function resolveReferences(
  work: Work,
  fields: Fields,
  values: Values,
  held: ReadonlySet<Id>,
  path = '',
): Promise<{ readonly values: Values; readonly problems: readonly TphError[] }> {
  const resolved: Record<string, unknown> = { ...values };
  const problems: TphError[] = [];
  const one = async (target: ObjectType, value: unknown, at: string): Promise<Id | null> => {
    const text = typeof value === 'string' ? value : (value as { id: Id }).id;
    const id = parseId(text);
    // So many say that the input is wrong; the others need no look.
    if (problems.length >= MOST_DETAILS) return null;
    if (id !== undefined && held.has(id)) return id;
    try {
      return await resolveReference(work, target, text, at, 'live', problems.length < MOST_SUGGESTED);
    } catch (error) {
      if (!(error instanceof TphError)) throw error;
      problems.push(error);
      return null;
    }
  };
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name];
    if (value === null || value === undefined) continue;
    const at = path + name;
    if (field.kind === 'reference') resolved[name] = await one(field.target, value, at);
    if (field.kind === 'references') {
      const ids: (Id | null)[] = [];
      for (const entry of value as readonly unknown[]) ids.push(await one(field.target, entry, at));
      resolved[name] = [...new Set(ids.filter((id) => id !== null))];
    }
    if (field.kind === 'items') {
      const list: Values[] = [];
      for (const [index, item] of (value as readonly Values[]).entries()) {
        const inner = await resolveReferences(work, field.fields, item, held, `${at}[${index}].`);
        problems.push(...inner.problems);
        list.push(inner.values);
      }
      resolved[name] = list;
    }
  }
  return { values: resolved, problems };
}
