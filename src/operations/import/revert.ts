import { type CsvKind, csvKinds } from '../../contract/bulk.ts';
import type { BulkConnection } from '../../db/bulk-connection.ts';
import { keysOf } from '../../db/bulk-find.ts';
import type { ImportEvent } from '../../db/bulk-undo.ts';
import { loadRecords, type StoredRecord } from '../../db/record-store.ts';
import type { Field, ObjectType } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import { type Id, idFromBigInt } from '../../values/id.ts';
import { changedFields } from '../difference.ts';
import type { Work } from '../work.ts';
import { Applier } from './apply.ts';
import type { Decision, Update } from './decision.ts';
import { guardAll, refuseKeys } from './guards.ts';
import { type ImportPlan, planImport } from './plan.ts';
import { runContext } from './run-context.ts';
import { refuseTwins } from './twins.ts';

export interface Reverted {
  readonly done: number;
  readonly kept: readonly { readonly id: Id; readonly name: string; readonly reason: string }[];
  /** The first audit event that was written; null where none was. */
  readonly first: bigint | null;
}

/** Gives records the values that they had before these changes, as far as no rule stands in the way. */
export async function revertUpdates(
  work: Work,
  connection: BulkConnection,
  type: ObjectType,
  events: readonly ImportEvent[],
  reason: string,
): Promise<Reverted> {
  const plan = undoPlan(type, work.operation);
  // Of several changes to one record the oldest says how it was; they come newest first.
  const oldest = new Map(events.map((event) => [idFromBigInt(event.object), event]));
  const ids = [...oldest.keys()];
  const records = await loadRecords(work.queries, work.client.id, plan.definition, ids);
  const keys = await keysOf(connection, work.client.id, type, ids);
  const kept: { id: Id; name: string; reason: string }[] = [];
  const decisions: Decision[] = [];
  const places: ImportEvent[] = [];
  for (const record of records) {
    const event = oldest.get(record.id) as ImportEvent;
    if (hasLostSecret(plan, event))
      kept.push({ id: record.id, name: event.objectName, reason: 'its former password is not known' });
    else {
      places.push(event);
      decisions.push(formerly(plan, record, event, keys.get(record.id) ?? null, places.length));
    }
  }
  const context = runContext(plan, { startsEmpty: false, holdsAll: true });
  await refuseKeys(context, work, decisions);
  await refuseTwins(context, work, decisions);
  await guardAll(context, work, decisions);
  for (const [index, decision] of decisions.entries()) {
    const event = places[index] as ImportEvent;
    if (decision.kind === 'failed')
      kept.push({
        id: idFromBigInt(event.object),
        name: event.objectName,
        reason: decision.problems.map(({ message }) => message).join('; '),
      });
  }
  const applied = await new Applier(connection, work, plan, reason).apply(work, reason, decisions);
  const done = decisions.length - decisions.filter(({ kind }) => kind === 'failed').length;
  return { done, kept, first: applied.events?.[0] ?? null };
}

function undoPlan(type: ObjectType, operation: string): ImportPlan {
  const kind = (Object.keys(csvKinds) as CsvKind[]).find((one) => csvKinds[one] === type);
  if (kind === undefined) throw new Error(`${type} is not imported`);
  const fields = [...Object.keys(definitionOf(type).fields), 'id', 'internalKey'];
  const plan = planImport({
    kind,
    mode: 'atomic',
    onConflict: 'update',
    fields,
    dryRun: false,
    file: 'undo',
    sha256: null,
  });
  return { ...plan, operations: { create: operation, update: operation }, inverses: [] };
}

const hasLostSecret = ({ definition }: ImportPlan, { before }: ImportEvent): boolean =>
  Object.keys(before ?? {}).some((name) => definition.fields[name]?.kind === 'secret');

function formerly(
  { definition }: ImportPlan,
  before: StoredRecord,
  event: ImportEvent,
  oldKey: string | null,
  line: number,
): Decision {
  const values: Record<string, unknown> = { ...before.values };
  for (const [name, value] of Object.entries(event.before ?? {})) {
    const field = definition.fields[name];
    // Another kind's links are its own changes, and taken back as such.
    if (field === undefined || (field.kind === 'references' && field.inverse !== undefined)) continue;
    values[name] = storedForm(field, value);
  }
  const names = changedFields(definition.fields, before.values, values);
  const newKey = Object.hasOwn(event.before ?? {}, 'internalKey')
    ? ((event.before?.['internalKey'] ?? null) as string | null)
    : oldKey;
  if (names.length === 0 && newKey === oldKey)
    return { kind: 'unchanged', line, id: before.id, warnings: [] };
  return {
    kind: 'update',
    line,
    before,
    values,
    names,
    given: [],
    oldKey,
    newKey,
    warnings: [],
  } satisfies Update;
}

/** A value as the audit trail keeps it, as it is stored: references are ids. */
function storedForm(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return value ?? null;
  if (field.kind === 'reference') return (value as { readonly id: Id }).id;
  if (field.kind === 'references') return (value as readonly { readonly id: Id }[]).map(({ id }) => id);
  if (field.kind !== 'items') return value;
  return (value as readonly Readonly<Record<string, unknown>>[]).map((item) =>
    Object.fromEntries(
      Object.entries(item).map(([name, inner]) => [name, storedForm(field.fields[name] as Field, inner)]),
    ),
  );
}
