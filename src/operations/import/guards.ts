import { bulkOn } from '../../db/bulk-connection.ts';
import { keyHolders } from '../../db/bulk-find.ts';
import { heldKeyProblem } from '../keys.ts';
import type { Work } from '../work.ts';
import { failed } from './decide.ts';
import type { Decision, Update } from './decision.ts';
import { detailsOf, refusalsOf } from './problems.ts';
import type { RunContext } from './run-context.ts';

/** Refuses internal keys that other records hold. */
export async function refuseKeys(context: RunContext, work: Work, decisions: Decision[]): Promise<void> {
  if (context.plan.keyIndex < 0) return;
  const { definition } = context.plan;
  const wanted = decisions.map((decision) =>
    decision.kind === 'create'
      ? decision.internalKey
      : decision.kind === 'update' && decision.newKey !== decision.oldKey
        ? decision.newKey
        : null,
  );
  const keys = wanted.filter((key) => key !== null);
  const holders = await keyHolders(bulkOn(work), work.client.id, definition.objectType, keys);
  for (const [index, key] of wanted.entries()) {
    const decision = decisions[index] as Decision;
    const holder = key === null ? undefined : holders.get(key);
    if (key === null || holder === undefined) continue;
    if (decision.kind === 'update' && decision.before.id === holder) continue;
    decisions[index] = failed(decision.line, detailsOf(heldKeyProblem(definition, key, holder)));
  }
}

/** What others lose by a change, and whether it needs more than it came with. */
export async function guardAll(
  { plan: { rules, start } }: RunContext,
  work: Work,
  decisions: Decision[],
): Promise<void> {
  const { guard, warnOfLoss } = rules;
  // A reason lets such a change pass, but only one that somebody confirmed.
  const asked = start.keepLastApprovals === true ? { ...work, reason: null } : work;
  if (guard === undefined && warnOfLoss === undefined) return;
  for (const [index, decision] of decisions.entries()) {
    if (decision.kind !== 'update') continue;
    const { before, values } = decision;
    const problems = await refusalsOf(async () => guard?.(asked, before, values));
    if (problems.length > 0) decisions[index] = failed(decision.line, problems);
    else {
      const warnings = [...decision.warnings, ...((await warnOfLoss?.(work, before, values)) ?? [])];
      decisions[index] = { ...decision, warnings } satisfies Update;
    }
  }
}
