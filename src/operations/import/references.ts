import { handleFinder } from '../../db/bulk-find.ts';
import type { Connection } from '../../db/bulk-insert.ts';
import { decodeId } from '../../db/codec.ts';
import type { NaturalHandle, RecordDefinition } from '../../records/definition.ts';
import type { Field, Fields, ObjectType } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import { type ErrorDetail, TphError } from '../../values/error.ts';
import { type Id, looksLikeId } from '../../values/id.ts';
import { lookupForm, notFound, resolveReference } from '../references.ts';
import type { Work } from '../work.ts';
import { detailsOf } from './problems.ts';

/** The most texts that are remembered of a kind; beyond it all are looked up anew. */
const MOST_KNOWN = 50_000;
/** How many references that name nothing get near spellings; with more, the file is wrong rather than misspelt. */
const MOST_SUGGESTIONS = 50;

type Outcome = { readonly id: Id } | { readonly problems: readonly ErrorDetail[] };

/**
 * Finds the records that rows refer to, each text once. Texts that name exactly one record by a plain handle are
 * found by one held statement; all others go the way of single operations, which explains what is wrong.
 */
export class ReferenceCache {
  readonly #known = new Map<ObjectType, Map<string, Outcome>>();
  readonly #finders = new Map<string, (value: string) => readonly bigint[]>();
  #missing = 0;

  /** Forgets what was found, as another writer may have had its turn. */
  forget(): void {
    this.#known.clear();
  }

  async find(
    work: Work,
    connection: Connection,
    type: ObjectType,
    text: string,
    field: string,
  ): Promise<Outcome> {
    const known = this.#known.get(type) ?? new Map<string, Outcome>();
    this.#known.set(type, known);
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST_KNOWN) known.clear();
    const outcome =
      (await this.#plain(work, connection, type, text, field)) ?? (await explained(work, type, text, field));
    if ('problems' in outcome) this.#missing += 1;
    known.set(text, outcome);
    return outcome;
  }

  /** The only record that the first handle names under which there is any. Departments are hidden from some. */
  async #plain(
    work: Work,
    connection: Connection,
    type: ObjectType,
    text: string,
    field: string,
  ): Promise<Outcome | undefined> {
    if (type === 'AccountDepartment' || looksLikeId(text) || /^key:/i.test(text)) return undefined;
    const definition = definitionOf(type);
    for (const handle of definition.handles) {
      const value = await lookupForm(work, definition, handle, text);
      if (value === undefined) continue;
      const ids = this.#finder(work, connection, definition, handle)(value);
      if (ids.length === 1) return { id: decodeId(ids[0]) };
      if (ids.length > 1) return undefined;
    }
    if (this.#missing < MOST_SUGGESTIONS) return undefined;
    return { problems: detailsOf(notFound(definition, text, field, undefined)) };
  }

  #finder(work: Work, connection: Connection, definition: RecordDefinition, handle: NaturalHandle) {
    const name = `${definition.objectType} ${handle.name}`;
    const held = this.#finders.get(name) ?? handleFinder(connection, work.client.id, definition, handle);
    this.#finders.set(name, held);
    return held;
  }
}

async function explained(work: Work, type: ObjectType, text: string, field: string): Promise<Outcome> {
  try {
    return { id: await resolveReference(work, type, text, field) };
  } catch (error) {
    if (!(error instanceof TphError)) throw error;
    return { problems: detailsOf(error) };
  }
}

/** Whether a field's value can hold references. */
export function holdsReferences(field: Field): boolean {
  if (field.kind === 'reference' || field.kind === 'references') return true;
  return field.kind === 'items' && Object.values(field.fields).some(holdsReferences);
}

/** Replaces every reference in a value by the id it names; what names nothing, or too much, is collected. */
export async function resolveValue(
  find: (type: ObjectType, text: string, at: string) => Promise<Outcome>,
  field: Field,
  value: unknown,
  at: string,
  problems: ErrorDetail[],
): Promise<unknown> {
  const one = async (type: ObjectType, given: unknown): Promise<Id | null> => {
    const text = typeof given === 'string' ? given : (given as { readonly id: Id }).id;
    const outcome = await find(type, text, at);
    if ('id' in outcome) return outcome.id;
    problems.push(...outcome.problems.map((problem) => ({ ...problem, field: at })));
    return null;
  };
  if (value === null || value === undefined) return value;
  if (field.kind === 'reference') return one(field.target, value);
  if (field.kind === 'references') {
    const ids: (Id | null)[] = [];
    for (const entry of value as readonly unknown[]) ids.push(await one(field.target, entry));
    return [...new Set(ids.filter((id) => id !== null))];
  }
  if (field.kind !== 'items') return value;
  const list: unknown[] = [];
  for (const [index, item] of (value as readonly Readonly<Record<string, unknown>>[]).entries()) {
    const resolved: Record<string, unknown> = { ...item };
    for (const [name, inner] of Object.entries(field.fields as Fields))
      if (holdsReferences(inner))
        resolved[name] = await resolveValue(find, inner, item[name], `${at}[${index}].${name}`, problems);
    list.push(resolved);
  }
  return list;
}
