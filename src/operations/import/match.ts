import { bulkOn } from '../../db/bulk-connection.ts';
import { findRecords, keyHolders, liveIds } from '../../db/bulk-find.ts';
import { decodeId } from '../../db/codec.ts';
import { loadRecords, type StoredRecord } from '../../db/record-store.ts';
import { displayName } from '../../records/display.ts';
import type { Field } from '../../records/field.ts';
import { type ErrorDetail, quote } from '../../values/error.ts';
import { type Id, parseIdOrDecimal } from '../../values/id.ts';
import { fold } from '../../values/text.ts';
import { readRecords } from '../scoped.ts';
import type { Work } from '../work.ts';
import { fallbackText, isShared, keyText, keyValues } from './doubles.ts';
import type { OpenRow } from './open-rows.ts';
import { keyName, noKey } from './plan.ts';
import type { RunContext } from './run-context.ts';

/** Finds the record that each row is about. Rows that fit none are new; those that fit several are rejected. */
export async function matchRows(
  context: RunContext,
  work: Work,
  rows: readonly OpenRow[],
  ids: readonly (unknown | undefined)[],
): Promise<void> {
  const { plan } = context;
  const byKey: { row: OpenRow; set: readonly unknown[] }[] = [];
  const byFallback = new Map<string, { row: OpenRow; set: readonly unknown[] }[]>();
  const named: { row: OpenRow; id: Id }[] = [];
  for (const [index, row] of rows.entries()) {
    const given = ids[index];
    const set = plan.key.length === 0 ? keyOfRow(row) : keyValues(plan, plan.key, row.values);
    if (set !== null) row.keyText = keyText(set, isShared(plan, row.values) ? nameOf(row) : '');
    if (given !== undefined && given !== null) {
      const id = typeof given === 'string' ? parseIdOrDecimal(given) : undefined;
      if (id !== undefined) named.push({ row, id });
      else row.problems.push(noId(context, String(given)));
    } else if (set !== null) byKey.push({ row, set });
    else fallBack(context, row, byFallback);
  }
  await namedById(context, work, named);
  if (plan.key.length === 0) await byInternalKey(context, work, byKey);
  else await byFields(context, work, plan.key, byKey);
  for (const [field, list] of byFallback) await byFields(context, work, [field], list);
}

const keyOfRow = ({ internalKey }: OpenRow): readonly unknown[] | null =>
  typeof internalKey === 'string' ? [internalKey] : null;

const nameOf = ({ values }: OpenRow): string =>
  fold(`${values['firstName'] ?? ''} ${values['lastName'] ?? ''}`);

function noId({ plan }: RunContext, given: string): ErrorDetail {
  const message = `there is no ${plan.definition.title} ${quote(given)}`;
  const hint = 'leave the id of a new record empty';
  return { code: 'NOT_FOUND', field: 'id', value: given.slice(0, 200), message, hint };
}

function fallBack(
  { plan }: RunContext,
  row: OpenRow,
  byFallback: Map<string, { row: OpenRow; set: readonly unknown[] }[]>,
): void {
  for (const name of plan.fallbacks) {
    const set = keyValues(plan, [name], row.values);
    if (set === null) continue;
    row.fallbackText = fallbackText(name, set[0]);
    const list = byFallback.get(name) ?? [];
    list.push({ row, set });
    byFallback.set(name, list);
    return;
  }
  // A key that names nothing has been refused as such.
  if (row.problems.length === 0) row.problems.push(noKey(plan));
}

async function namedById(
  context: RunContext,
  work: Work,
  named: readonly { row: OpenRow; id: Id }[],
): Promise<void> {
  if (named.length === 0) return;
  const ids = named.map(({ id }) => id);
  const live = await liveIds(bulkOn(work), work.client.id, context.plan.definition, ids);
  for (const { row, id } of named)
    if (live.has(id)) {
      row.target = id;
      row.byId = true;
    } else row.problems.push(noId(context, id));
}

async function byInternalKey(
  context: RunContext,
  work: Work,
  list: readonly { row: OpenRow; set: readonly unknown[] }[],
): Promise<void> {
  const keys = list.map(({ set }) => set[0] as string);
  const type = context.plan.definition.objectType;
  const holders = await keyHolders(bulkOn(work), work.client.id, type, keys);
  for (const { row, set } of list) {
    const id = holders.get(set[0] as string);
    if (id !== undefined) row.target = id;
  }
}

async function byFields(
  context: RunContext,
  work: Work,
  fields: readonly string[],
  list: readonly { row: OpenRow; set: readonly unknown[] }[],
): Promise<void> {
  if (list.length === 0 || context.startsEmpty) return;
  const { definition } = context.plan;
  const sets = list.map(({ set }) => set);
  const found = await findRecords(bulkOn(work), work.client.id, definition, { fields }, sets);
  for (const [index, { row }] of list.entries()) {
    const ids = (found[index] ?? []).map(decodeId);
    const [only] = ids;
    if (only === undefined) continue;
    if (isShared(context.plan, row.values)) await amongShared(context, work, row, ids);
    else if (ids.length === 1) row.target = only;
    else row.problems.push(await fitsSeveral(context, work, fields, row, ids));
  }
}

/** Of those who share the key on purpose the one of the same name; another name is another record. */
async function amongShared(context: RunContext, work: Work, row: OpenRow, ids: readonly Id[]): Promise<void> {
  const records = await loadRecords(work.queries, work.client.id, context.plan.definition, ids);
  const same = records.filter(
    (record: StoredRecord) => nameOf({ ...row, values: record.values }) === nameOf(row),
  );
  const [only] = same;
  if (only !== undefined && same.length === 1) row.target = only.id;
  if (same.length > 1) row.problems.push(await fitsSeveral(context, work, context.plan.key, row, ids));
}

async function fitsSeveral(
  { plan }: RunContext,
  work: Work,
  fields: readonly string[],
  row: OpenRow,
  ids: readonly Id[],
): Promise<ErrorDetail> {
  const { definition } = plan;
  const records = await readRecords(work, definition, ids.slice(0, 5));
  const names = records.map((record) => `${record.id} ${displayName(definition.objectType, record)}`);
  const field = fields[0] ?? keyName(plan);
  const { kind } = definition.fields[field] as Field;
  return {
    code: 'CONFLICT',
    field,
    ...(kind === 'text' ? { value: String(row.values[field]) } : {}),
    message: `the row fits ${ids.length} ${definition.plural}: ${names.join(', ')}`,
    hint: 'say which in an id column, or name another column with --key',
  };
}
