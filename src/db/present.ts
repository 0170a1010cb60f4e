import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { Field, Fields, ObjectType, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import { decodeFields, decodeId, encodeId, type Stored } from './codec.ts';
import { columnName } from './columns.ts';
import type { Queries } from './database.ts';
import { each } from './memory.ts';
import { chunks, loadRecords, type StoredRecord } from './record-store.ts';
import { marks, rows } from './statement.ts';

/** References by kind and id, with their labels. */
export type Labels = (type: ObjectType, id: Id) => Reference;

/** Records as they are answered: references carry labels, secrets are null, the common fields of spec section 3 are there. */
export async function present(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  records: readonly StoredRecord[],
): Promise<readonly AnyRecord[]> {
  const labels = await loadLabels(
    queries,
    clientId,
    records.flatMap((record) => [...referencesIn(definition.fields, record.values)]),
  );
  const keys = await internalKeysOf(
    queries,
    clientId,
    definition.objectType,
    records.map((record) => record.id),
  );
  return records.map((record) => ({
    id: record.id,
    clientId,
    __objectType: definition.objectType,
    ...presentFields(definition.fields, record.values, labels),
    createdDate: record.createdDate,
    updatedDate: record.updatedDate,
    passiveUpdatedDate: record.updatedDate,
    listingUpdatedDate: record.updatedDate,
    internalKey: keys.get(record.id) ?? null,
    deletedAt: record.deletedAt,
    deletedBy: record.deletedBy,
  }));
}

/** The client's records with these ids as they are answered, deleted ones too, in the order of `ids`. */
export const answerRecords = (
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): Promise<readonly AnyRecord[]> =>
  each(queries, `answered ${definition.objectType} ${clientId}`, ids, async (unknown) =>
    present(queries, clientId, definition, await loadRecords(queries, clientId, definition, unknown)),
  );

/** A set of values as they are answered. */
export function presentFields(fields: Fields, values: Stored, labels: Labels): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name in fields)
    if (Object.hasOwn(values, name)) shown[name] = presentValue(fields[name] as Field, values[name], labels);
  return shown;
}

function presentValue(field: Field, value: unknown, labels: Labels): unknown {
  if (value === null || value === undefined) return null;
  switch (field.kind) {
    case 'secret':
      return null;
    case 'reference':
      return labels(field.target, value as Id);
    case 'references':
      return (value as readonly Id[]).map((id) => labels(field.target, id));
    case 'items':
      return (value as readonly Stored[]).map((item) => presentFields(field.fields, item, labels));
    default:
      return value;
  }
}

/** Every reference among the values, with its kind. */
export function* referencesIn(fields: Fields, values: Stored): Generator<readonly [ObjectType, Id]> {
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name];
    if (value === null || value === undefined) continue;
    if (field.kind === 'reference') yield [field.target, value as Id];
    if (field.kind === 'references') for (const id of value as readonly Id[]) yield [field.target, id];
    if (field.kind === 'items')
      for (const item of value as readonly Stored[]) yield* referencesIn(field.fields, item);
  }
}

/** Loads the labels of references, and of the references inside labels (a department's label names its account). */
export async function loadLabels(
  queries: Queries,
  clientId: Id,
  wanted: Iterable<readonly [ObjectType, Id]>,
): Promise<Labels> {
  const known = new Map<Id, Stored>();
  let pending = [...wanted];
  while (pending.length > 0) {
    const byType = new Map<ObjectType, Set<Id>>();
    for (const [type, id] of pending)
      if (!known.has(id)) byType.set(type, (byType.get(type) ?? new Set()).add(id));
    pending = [];
    for (const [type, ids] of byType) {
      const definition = definitionOf(type);
      const fields = labelFields(definition);
      const columns = Object.entries(fields).map(([name, field]) => columnName(name, field));
      for (const part of chunks([...ids])) {
        const found = await rows(
          queries,
          `select ${['id', ...columns].map((column) => `"${column}"`).join(', ')} from "${definition.table}"
           where client_id = ? and id in (${marks(part.length)})`,
          [clientId, ...part].map(encodeId),
        );
        for (const row of found) {
          const values = decodeFields(fields, row);
          known.set(decodeId(row['id']), values);
          pending.push(...referencesIn(fields, values));
        }
      }
    }
  }
  const made = new Map<Id, Reference>();
  const labels: Labels = (type, id) => {
    const before = made.get(id);
    if (before !== undefined) return before;
    const values = known.get(id);
    if (values === undefined) return { id };
    const label: Reference = { id, ...presentFields(labelFields(definitionOf(type)), values, labels) };
    made.set(id, label);
    return label;
  };
  return labels;
}

const labelsByKind = new WeakMap<RecordDefinition, Fields>();

/** The fields that stand beside the id in a reference. */
export function labelFields(definition: RecordDefinition): Fields {
  const known = labelsByKind.get(definition);
  if (known !== undefined) return known;
  const fields = Object.fromEntries(definition.label.map((name) => [name, definition.fields[name] as Field]));
  labelsByKind.set(definition, fields);
  return fields;
}

async function internalKeysOf(
  queries: Queries,
  clientId: Id,
  type: ObjectType,
  ids: readonly Id[],
): Promise<ReadonlyMap<Id, string>> {
  const keys = new Map<Id, string>();
  for (const part of chunks(ids)) {
    const found = await rows(
      queries,
      `select object_id, "key" from internal_key
       where client_id = ? and object_type = ? and object_id in (${marks(part.length)})`,
      [encodeId(clientId), type, ...part.map(encodeId)],
    );
    for (const row of found) keys.set(decodeId(row['object_id']), row['key'] as string);
  }
  return keys;
}
