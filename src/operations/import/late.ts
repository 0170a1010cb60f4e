import type { RowOutcome } from '../../contract/bulk.ts';
import type { RunContext } from './run-context.ts';

/** Rows of earlier batches that the last one rejected, each answered again once. */
export function lateOutcomes(
  context: RunContext,
): readonly { readonly outcome: RowOutcome; readonly was: 'created' | 'updated' | 'unchanged' }[] {
  const fresh = [...context.unanswered];
  context.unanswered.length = 0;
  return fresh.map(({ line, was, problem }) => ({
    outcome: { line, outcome: 'failed', id: null, problems: [problem] },
    was,
  }));
}
