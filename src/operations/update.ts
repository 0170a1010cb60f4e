import type { Stored } from '../db/codec.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import { type Field, type Fields, isCollection, type ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { changeRecord } from './change.ts';
import { canonical } from './difference.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { heldBy, internalKey, judge } from './judge.ts';
import { resolveReference } from './references.ts';
import type { AnyChanged } from './report.ts';
import { storedRecord } from './scoped.ts';
import type { Work } from './work.ts';

/**
 * Changes the fields that are given, beside `ref` or in `set`; `add` and `remove` edit collections beside them. A
 * field that is itself called `ref` can be given in `set` only.
 */
export async function updateByInput(
  work: Work,
  type: ObjectType,
  ref: string,
  input: Values,
): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const id = await resolveReference(work, type, ref, 'ref');
  const held = heldBy(definition, await storedRecord(work, definition, id));
  const { add, remove, set: inSet, ...beside } = input;
  const given = bothWays(beside, objectInput(inSet, 'set'));
  const { internalKey: _key, ...fields } = given;
  const key = internalKey(given);
  const set = await judge(work, definition, fields, 'update', held);
  const added = await judge(work, definition, collectionsOnly(definition, add, 'add'), 'update', held);
  const removed = await judge(
    work,
    definition,
    collectionsOnly(definition, remove, 'remove'),
    'update',
    held,
  );
  const hidden = await hiddenDepartments(work);
  return changeRecord(
    work,
    definition,
    id,
    (before) => {
      const after = edited(definition.fields, { ...before, ...set.values }, added.values, removed.values);
      return hidden.size === 0 ? after : withHidden(definition.fields, before, after, hidden);
    },
    {
      given: [set, added, removed].flatMap(({ values }) => Object.keys(values)),
      key,
      warnings: [...set.warnings, ...added.warnings],
    },
  );
}

/** Whoever may not see a department cannot mean to take it off a list by giving the list without it. */
export function withHidden(fields: Fields, before: Stored, after: Stored, hidden: ReadonlySet<Id>): Stored {
  const kept: Record<string, unknown> = { ...after };
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind !== 'references' || field.target !== 'AccountDepartment') continue;
    const unseen = (before[name] as readonly Id[]).filter((id) => hidden.has(id));
    kept[name] = [...new Set([...(after[name] as readonly Id[]), ...unseen])];
  }
  return kept;
}

/** What is given beside `set` and in it; a field that is in both could mean either. */
function bothWays(beside: Values, set: Values): Values {
  const doubled = Object.keys(set).find((name) => Object.hasOwn(beside, name));
  if (doubled !== undefined)
    throw refuseEdit(doubled, `${doubled} is given twice: in \`set\` and beside it`, 'give it once');
  return { ...beside, ...set };
}

function objectInput(value: unknown, field: string): Values {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values;
  throw refuseEdit(field, `${field} ${quote(value)} is not an object`, 'give an object of fields');
}

function collectionsOnly(definition: RecordDefinition, given: unknown, verb: 'add' | 'remove'): Values {
  const edits = objectInput(given, verb);
  for (const name of Object.keys(edits)) {
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (name === 'internalKey' || (field !== undefined && !isCollection(field)))
      throw refuseEdit(
        `${verb}.${name}`,
        `${name} is no collection`,
        `set it outright: ${name} takes one value`,
      );
  }
  return edits;
}

const refuseEdit = (field: string, message: string, hint: string) =>
  invalid(message, hint, [{ field, message, hint }]);

function edited(fields: Fields, values: Stored, added: Values, removed: Values): Stored {
  const result: Record<string, unknown> = { ...values };
  for (const name of new Set([...Object.keys(added), ...Object.keys(removed)])) {
    const identity = identityOf(fields[name] as Field);
    const gone = new Set(((removed[name] ?? []) as readonly unknown[]).map(identity));
    const kept = ((values[name] ?? []) as readonly unknown[]).filter((entry) => !gone.has(identity(entry)));
    const here = new Set(kept.map(identity));
    const fresh = ((added[name] ?? []) as readonly unknown[]).filter((entry) => !here.has(identity(entry)));
    result[name] = [...kept, ...fresh];
  }
  return result;
}

/** When two entries of a collection are the same one. A generated id does not count: input may leave it out. */
function identityOf(field: Field): (entry: unknown) => string {
  if (field.kind === 'tags') return (entry) => fold(entry as string);
  if (field.kind !== 'items') return (entry) => String(entry);
  const generated = Object.entries(field.fields).flatMap(([name, inner]) =>
    inner.kind === 'id' && inner.generated ? [name] : [],
  );
  return (entry) =>
    canonical(
      Object.fromEntries(Object.entries(entry as object).filter(([name]) => !generated.includes(name))),
    );
}
