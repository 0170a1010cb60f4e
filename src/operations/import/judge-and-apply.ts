import { type ImportRow, limitLine, type RowLimit } from '../../contract/bulk.ts';
import type { Work } from '../work.ts';
import type { Applied, Applier } from './apply.ts';
import { judgeRows } from './judge.ts';
import type { RunContext } from './run-context.ts';

/**
 * Judges rows and writes them. Where a rule of the kind looks at what is stored before it lets a change pass (the last
 * approval of a passenger), each row is written before the next is judged. Rows behind the failure that reaches `limit`
 * are left out.
 */
export async function judgeAndApply(
  context: RunContext,
  work: Work,
  applier: Applier,
  reason: string,
  rows: readonly ImportRow[],
  limit?: RowLimit,
): Promise<Applied> {
  const { rules, start } = context.plan;
  const looksBack = start.onConflict === 'update' && (rules.guard ?? rules.warnOfLoss) !== undefined;
  const parts = looksBack ? rows.map((row) => [row]) : [rows];
  const outcomes: Applied['outcomes'][number][] = [];
  const failed: number[] = [];
  let events: [bigint, bigint] | null = null;
  for (const part of parts) {
    const decisions = await judgeRows(context, work, part);
    for (const { kind, line } of decisions) if (kind === 'failed') failed.push(line);
    const last = limit === undefined ? undefined : limitLine(limit, failed);
    const wanted = last === undefined ? decisions : decisions.filter(({ line }) => line <= last);
    const applied = await applier.apply(work, reason, wanted);
    outcomes.push(...applied.outcomes);
    if (applied.events !== null) events = [events?.[0] ?? applied.events[0], applied.events[1]];
    if (last !== undefined && (part.at(-1)?.line ?? 0) >= last) break;
  }
  return { outcomes, events };
}
