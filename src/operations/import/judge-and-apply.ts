import type { ImportRow } from '../../contract/bulk.ts';
import type { Work } from '../work.ts';
import type { Applied, Applier } from './apply.ts';
import { judgeRows } from './judge.ts';
import type { RunContext } from './run-context.ts';

/**
 * Judges rows and writes them. Where a rule of the kind looks at what is stored before it lets a change pass (the last
 * approval of a passenger), each row is written before the next is judged.
 */
export async function judgeAndApply(
  context: RunContext,
  work: Work,
  applier: Applier,
  reason: string,
  rows: readonly ImportRow[],
): Promise<Applied> {
  const { rules, start } = context.plan;
  const looksBack = start.onConflict === 'update' && (rules.guard ?? rules.warnOfLoss) !== undefined;
  const parts = looksBack ? rows.map((row) => [row]) : [rows];
  const outcomes: Applied['outcomes'][number][] = [];
  let events: [bigint, bigint] | null = null;
  for (const part of parts) {
    const decisions = await judgeRows(context, work, part);
    const applied = await applier.apply(work, reason, decisions);
    outcomes.push(...applied.outcomes);
    if (applied.events !== null) events = [events?.[0] ?? applied.events[0], applied.events[1]];
  }
  return { outcomes, events };
}
