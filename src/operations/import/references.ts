import { bulkOn } from '../../db/bulk-connection.ts';
import { findByHandles } from '../../db/bulk-find.ts';
import type { RecordDefinition } from '../../records/definition.ts';
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
 * found many at once; all others go the way of single operations, which explains what is wrong.
 */
export class ReferenceCache {
  readonly #known = new Map<ObjectType, Map<string, Outcome>>();
  /** Texts that no plain handle has. */
  readonly #inVain = new Map<ObjectType, Set<string>>();
  #missing = 0;

  /** Forgets what was found, as another writer may have had its turn. */
  forget(): void {
    this.#known.clear();
  }

  /** Looks for what is going to be asked for. */
  async prepare(work: Work, texts: ReadonlyMap<ObjectType, ReadonlySet<string>>): Promise<void> {
    this.#inVain.clear();
    for (const [type, wanted] of texts) {
      const known = this.#knownOf(type);
      if (known.size >= MOST_KNOWN) known.clear();
      // Departments are hidden from some.
      if (type === 'AccountDepartment') continue;
      const open = [...wanted].filter(
        (text) => !known.has(text) && !looksLikeId(text) && !/^key:/i.test(text),
      );
      this.#inVain.set(type, await this.#findPlain(work, definitionOf(type), known, open));
    }
  }

  /** Finds the only record that the first handle names under which there is any; what no handle has is answered. */
  async #findPlain(
    work: Work,
    definition: RecordDefinition,
    known: Map<string, Outcome>,
    texts: readonly string[],
  ): Promise<Set<string>> {
    const open = new Set(texts);
    for (const handle of definition.handles) {
      const forms: { text: string; value: string }[] = [];
      for (const text of open) {
        const value = await lookupForm(work, definition, handle, text);
        if (value !== undefined) forms.push({ text, value });
      }
      if (forms.length === 0) continue;
      const values = forms.map(({ value }) => value);
      const found = await findByHandles(bulkOn(work), work.client.id, definition, handle, values);
      for (const [at, { text }] of forms.entries()) {
        const [id, another] = found[at] ?? [];
        if (id === undefined) continue;
        open.delete(text);
        if (another === undefined) known.set(text, { id });
      }
    }
    return open;
  }

  /** What a text names that was prepared for. */
  async find(work: Work, type: ObjectType, text: string, field: string): Promise<Outcome> {
    const known = this.#knownOf(type);
    const found = known.get(text);
    if (found !== undefined) return found;
    const isHopeless = this.#missing >= MOST_SUGGESTIONS && this.#inVain.get(type)?.has(text) === true;
    const outcome = isHopeless
      ? { problems: detailsOf(notFound(definitionOf(type), text, field, undefined)) }
      : await explained(work, type, text, field);
    if ('problems' in outcome) this.#missing += 1;
    known.set(text, outcome);
    return outcome;
  }

  #knownOf(type: ObjectType): Map<string, Outcome> {
    const known = this.#known.get(type) ?? new Map<string, Outcome>();
    this.#known.set(type, known);
    return known;
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

/** The texts by which a value refers to records. */
export function* textsIn(field: Field, value: unknown): Generator<readonly [ObjectType, string]> {
  if (value === null || value === undefined) return;
  if (field.kind === 'reference') yield [field.target, textOf(value)];
  if (field.kind === 'references')
    for (const entry of value as readonly unknown[]) yield [field.target, textOf(entry)];
  if (field.kind === 'items')
    for (const item of value as readonly Readonly<Record<string, unknown>>[])
      for (const [name, inner] of Object.entries(field.fields as Fields)) yield* textsIn(inner, item[name]);
}

const textOf = (given: unknown): string =>
  typeof given === 'string' ? given : (given as { readonly id: Id }).id;

/** Replaces every reference in a value by the id it names; what names nothing, or too much, is collected. */
export async function resolveValue(
  find: (type: ObjectType, text: string, at: string) => Promise<Outcome>,
  field: Field,
  value: unknown,
  at: string,
  problems: ErrorDetail[],
): Promise<unknown> {
  const one = async (type: ObjectType, given: unknown): Promise<Id | null> => {
    const outcome = await find(type, textOf(given), at);
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
