import type { ImportCounts, RowOutcome } from '../../contract/bulk.ts';

export const NO_COUNTS: ImportCounts = {
  total: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  warnings: 0,
};

/** Counts with those of more rows; a skipped row counts under unchanged, a warning once for each row that has any. */
export function counted(counts: ImportCounts, outcomes: readonly RowOutcome[]): ImportCounts {
  const sum = { ...counts };
  for (const { outcome, warnings } of outcomes) {
    sum.total += 1;
    sum[outcome === 'skipped' ? 'unchanged' : outcome] += 1;
    if (warnings !== undefined && warnings.length > 0) sum.warnings += 1;
  }
  return sum;
}

/** Counts once rows that had counted otherwise have failed after all. */
export function uncounted(
  counts: ImportCounts,
  late: readonly { readonly was: 'created' | 'updated' | 'unchanged' }[],
): ImportCounts {
  const sum = { ...counts };
  for (const { was } of late) {
    sum[was] -= 1;
    sum.failed += 1;
  }
  return sum;
}
