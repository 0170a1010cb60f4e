import type { ErrorDetail } from '../../values/error.ts';
import { LineTable } from './line-table.ts';
import type { ImportPlan } from './plan.ts';
import { ReferenceCache } from './references.ts';

/** A row of an earlier batch that a later row rejected, and what had become of it. */
interface Late {
  readonly line: number;
  readonly was: 'created' | 'updated' | 'unchanged';
  readonly problem: ErrorDetail;
}

/** What an import remembers from batch to batch. */
export interface RunContext {
  readonly plan: ImportPlan;
  readonly lines: LineTable;
  readonly references: ReferenceCache;
  /** Lines of earlier batches that a later row rejected, and those of them that have not been answered again. */
  readonly late: Set<number>;
  readonly unanswered: Late[];
  /** Whether the client had no record of the kind when the run began, and only the run has made any since. */
  startsEmpty: boolean;
  /** Whether an earlier row can still be rejected: nothing is committed before the end. */
  readonly holdsAll: boolean;
}

export const runContext = (
  plan: ImportPlan,
  more: Pick<RunContext, 'startsEmpty' | 'holdsAll'>,
): RunContext => ({
  plan,
  lines: new LineTable(),
  references: new ReferenceCache(),
  late: new Set(),
  unanswered: [],
  ...more,
});
