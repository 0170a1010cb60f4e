import type { ImportRow } from '../../contract/bulk.ts';
import { bulkOn } from '../../db/bulk-connection.ts';
import { keysOf } from '../../db/bulk-find.ts';
import { haveAlready, isComparable } from '../../db/bulk-same.ts';
import { loadRecords } from '../../db/record-store.ts';
import type { Id } from '../../values/id.ts';
import { hiddenDepartments } from '../hidden-departments.ts';
import type { Work } from '../work.ts';
import { decide, type Targets } from './decide.ts';
import type { Decision } from './decision.ts';
import { guardAll, refuseKeys } from './guards.ts';
import { matchRows } from './match.ts';
import { noteRows } from './note.ts';
import { type OpenRow, openRows } from './open-rows.ts';
import type { RunContext } from './run-context.ts';
import { refuseTwins } from './twins.ts';

/** What is to be done with each row of a batch, in order; nothing is written. */
export async function judgeRows(
  context: RunContext,
  work: Work,
  rows: readonly ImportRow[],
): Promise<Decision[]> {
  const { plan } = context;
  const open = await openRows(context, work, rows);
  const ids = rows.map(({ values }) => (plan.idIndex < 0 ? undefined : values[plan.idIndex]));
  await matchRows(context, work, open, ids);
  const known = await loadTargets(context, work, open);
  const decisions: Decision[] = [];
  for (const row of open) decisions.push(await decide(context, work, known, row));
  await refuseKeys(context, work, decisions);
  await refuseTwins(context, work, decisions);
  await guardAll(context, work, decisions);
  noteRows(context, open, decisions);
  return decisions;
}

async function loadTargets(context: RunContext, work: Work, open: readonly OpenRow[]): Promise<Targets> {
  const { definition } = context.plan;
  const hidden = await hiddenDepartments(work);
  const targets = open.flatMap(({ target }) => (target === undefined ? [] : [target]));
  const keys =
    context.plan.keyIndex < 0
      ? new Map<Id, string>()
      : await keysOf(bulkOn(work), work.client.id, definition.objectType, targets);
  const same = hidden.size > 0 ? new Set<OpenRow>() : await unchangedRows(context, work, open, keys);
  const ids = open.flatMap((row) => (row.target === undefined || same.has(row) ? [] : [row.target]));
  const records = await loadRecords(work.queries, work.client.id, definition, [...new Set(ids)]);
  return { records: new Map(records.map((record) => [record.id, record])), keys, hidden, same };
}

/** Rows whose record is just so already, found without loading it. Rules that look at whole records want it loaded. */
async function unchangedRows(
  { plan }: RunContext,
  work: Work,
  open: readonly OpenRow[],
  keys: ReadonlyMap<Id, string>,
): Promise<ReadonlySet<OpenRow>> {
  if (plan.rules.complete !== undefined || plan.rules.warn !== undefined) return new Set();
  const plain = plan.given.filter(({ field }) => isComparable(field)).map(({ name }) => name);
  const rows = open.filter(
    ({ target, problems, values, internalKey }) =>
      target !== undefined &&
      problems.length === 0 &&
      (internalKey === undefined || internalKey === (keys.get(target) ?? null)) &&
      plan.given.every(({ name, field }) => isComparable(field) || values[name] === undefined),
  );
  const list = rows.map(({ target, values }) => ({ id: target as Id, values }));
  const same = await haveAlready(bulkOn(work), work.client.id, plan.definition, plain, list);
  return new Set(rows.filter((_row, index) => same[index] === true));
}
