import { setImmediate as otherEvents } from 'node:timers/promises';
import type { RowOutcome } from '../../contract/bulk.ts';
import type { NamedRow } from '../../contract/import.ts';
import { bulkOn } from '../../db/bulk-connection.ts';
import { emptiness } from '../../db/bulk-indexes.ts';
import {
  clearStage,
  insertBatch,
  lastBatch,
  type StoredRun,
  stagedBatch,
  updateRun,
} from '../../db/bulk-runs.ts';
import { encodeId } from '../../db/codec.ts';
import type { Work } from '../work.ts';
import { Applier } from './apply.ts';
import { counted, uncounted } from './counts.ts';
import { judgeAndApply } from './judge-and-apply.ts';
import { lateOutcomes } from './late.ts';
import { inOrder, understandRows } from './named-rows.ts';
import { planImport } from './plan.ts';
import { runContext } from './run-context.ts';
import { reasonOf, startOf, withRejected } from './runs.ts';

/** The most rows of a rejected run whose problems are kept. */
const MOST_FAILED = 10_000;

/**
 * Applies the batches that were kept for an atomic run, all of them or none, in the transaction of `work`; between
 * two of them the program looks after others, who read what was before.
 */
export async function finishAtomic(work: Work, run: StoredRun, rejected: number): Promise<StoredRun> {
  const { queries, client } = work;
  const connection = bulkOn(work);
  const plan = planImport(startOf(run));
  const { forClient: startsEmpty } = await emptiness(connection, plan.definition, encodeId(client.id));
  const context = runContext(plan, { startsEmpty, holdsAll: true });
  const reason = reasonOf(work, run.id, run.file);
  const applier = new Applier(connection, work, plan, reason);
  const last = await lastBatch(queries, client.id, run.id, 'import_stage');
  const failed = new Map<number, RowOutcome[]>();
  const batchOfLine: number[] = [];
  let counts = counted(run, []);
  let failures = 0;
  await connection.run('savepoint import_finish');
  for (let number = 1; number <= last; number += 1) {
    const rows = JSON.parse(
      (await stagedBatch(queries, client.id, run.id, number)) ?? '[]',
    ) as readonly NamedRow[];
    const understood = await understandRows(work, plan, rows);
    const { outcomes, events } = await judgeAndApply(context, work, applier, reason, understood.rows);
    const answer = inOrder(outcomes, understood);
    counts = counted(counts, answer);
    batchOfLine.push(rows.at(-1)?.line ?? 0);
    const late = lateOutcomes(context);
    counts = uncounted(counts, late);
    for (const outcome of [...answer, ...late.map((one) => one.outcome)]) {
      if (outcome.outcome !== 'failed') continue;
      failures += 1;
      const at = batchOfLine.findIndex((line) => outcome.line <= line) + 1 || number;
      if (failures <= MOST_FAILED) failed.set(at, [...(failed.get(at) ?? []), outcome]);
    }
    await insertBatch(queries, client.id, run.id, { number, events, answer: JSON.stringify(answer) });
    await otherEvents();
  }
  const total = withRejected(counts, rejected);
  const isGood = total.failed === 0;
  if (!isGood) await connection.run('rollback to savepoint import_finish');
  await connection.run('release savepoint import_finish');
  if (!isGood)
    for (let number = 1; number <= last; number += 1)
      await insertBatch(queries, client.id, run.id, {
        number,
        events: null,
        answer: JSON.stringify(failed.get(number) ?? []),
      });
  await clearStage(queries, client.id, run.id);
  const over: StoredRun = {
    ...run,
    ...total,
    ...(isGood ? {} : { created: 0, updated: 0 }),
    state: isGood ? 'DONE' : 'REJECTED',
    finishedAt: work.now,
  };
  await updateRun(queries, client.id, over);
  return over;
}
