import type { ImportRow } from '../../contract/bulk.ts';
import { existsById } from '../../db/lookup.ts';
import type { ObjectType } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import type { ErrorDetail } from '../../values/error.ts';
import { type Id, parseId } from '../../values/id.ts';
import type { Work } from '../work.ts';
import { withAccount } from './departments.ts';
import { holdsReferences, resolveValue, textsIn } from './references.ts';
import type { RunContext } from './run-context.ts';

/** A row on its way: what it gives, with references as ids. */
export interface OpenRow {
  readonly line: number;
  readonly values: Record<string, unknown>;
  /** The internal key that the row gives: undefined where it gives none, null where it clears it. */
  readonly internalKey: string | null | undefined;
  readonly problems: ErrorDetail[];
  /** References by id to deleted records, which only a record that has them already may keep. */
  readonly dead: { readonly field: string; readonly id: Id; readonly problems: readonly ErrorDetail[] }[];
  /** Names the record that the row is about; none for a new one. */
  target?: Id;
  /** The row says by an id which record that is, so its key may be a new one. */
  byId?: true;
  /** The texts by which the row is recognised (see doubles.ts). */
  keyText: string | null;
  /** Where the row has no key and was matched by another field. */
  fallbackText: string | null;
}

/** What rows give, with references as ids; what names nothing is a problem of its row. */
export async function openRows(
  context: RunContext,
  work: Work,
  rows: readonly ImportRow[],
): Promise<OpenRow[]> {
  const { plan, references } = context;
  const referring = plan.given.filter(({ field }) => holdsReferences(field));
  const given = rows.map(({ values: cells }) => {
    const values: Record<string, unknown> = {};
    for (const { name, index } of plan.given) {
      const cell = cells[index];
      if (cell !== undefined) values[name] = cell;
    }
    // Before the account is an id.
    for (const { name, field } of referring)
      if (Object.hasOwn(values, name)) values[name] = withAccount(field, values[name], values);
    return values;
  });
  const texts = new Map<ObjectType, Set<string>>();
  for (const { name, field } of referring)
    for (const values of given)
      for (const [type, text] of textsIn(field, values[name]))
        texts.set(type, (texts.get(type) ?? new Set()).add(text));
  await references.prepare(work, texts);
  const open: OpenRow[] = [];
  for (const [at, { line, values: cells }] of rows.entries()) {
    const values = given[at] as Record<string, unknown>;
    const problems: ErrorDetail[] = [];
    const dead: OpenRow['dead'][number][] = [];
    for (const { name, field } of referring) {
      const cell = values[name];
      if (cell === undefined || cell === null) continue;
      const find = async (type: ObjectType, text: string, place: string) => {
        const found = await references.find(work, type, text, place);
        const id = 'problems' in found ? parseId(text) : undefined;
        if (id === undefined || !(await isDeleted(work, type, id))) return found;
        dead.push({ field: name, id, problems: 'problems' in found ? found.problems : [] });
        return { id };
      };
      values[name] = await resolveValue(find, field, cell, name, problems);
    }
    const internalKey = (plan.keyIndex < 0 ? undefined : cells[plan.keyIndex]) as OpenRow['internalKey'];
    open.push({ line, values, internalKey, problems, dead, keyText: null, fallbackText: null });
  }
  return open;
}

const isDeleted = (work: Work, type: ObjectType, id: Id): Promise<boolean> =>
  existsById(work.queries, work.client.id, definitionOf(type), id, 'deleted');
