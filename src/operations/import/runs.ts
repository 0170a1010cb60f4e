import type { CsvKind, ImportCounts, ImportRun, ImportStart } from '../../contract/bulk.ts';
import { abandonStagesBefore, readRun, type StoredRun } from '../../db/bulk-runs.ts';
import { invalid, quote, TphError } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { Instant } from '../../values/instant.ts';
import { canonical } from '../difference.ts';
import type { Work } from '../work.ts';
import { NO_COUNTS } from './counts.ts';

/** A run that begins now. */
export const newRun = (id: Id, start: ImportStart, work: Work): StoredRun => ({
  id,
  kind: start.kind,
  mode: start.mode,
  onConflict: start.onConflict,
  options: optionsOf(start),
  file: start.file,
  sha256: start.sha256,
  actor: work.actor,
  startedAt: work.now,
  finishedAt: null,
  state: 'INTERRUPTED',
  ...NO_COUNTS,
});

/** What of how a run was asked for its rows depend on, as it is kept. */
export const optionsOf = ({ fields, key, keepLastApprovals }: ImportStart): string =>
  JSON.stringify({ fields, key: key ?? null, ...(keepLastApprovals === true ? { keepLastApprovals } : {}) });

interface StoredOptions {
  readonly fields: readonly string[];
  readonly key: readonly string[] | null;
  readonly keepLastApprovals?: true;
}

/** What must be the same where a run is gone on with: who goes on may confirm what was not confirmed before. */
function fixedOptions(options: string): string {
  const { fields, key } = JSON.parse(options) as StoredOptions;
  return canonical({ fields, key });
}

/** How the run was asked for, of what is needed to go on with it. */
export function startOf(run: StoredRun): ImportStart {
  const { fields, key, ...more } = JSON.parse(run.options) as StoredOptions;
  const { mode, onConflict, file, sha256 } = run;
  const kind = run.kind as CsvKind;
  const keys = key === null ? {} : { key };
  return { kind, mode, onConflict, fields, ...keys, dryRun: false, file, sha256, ...more };
}

export function importRun(run: StoredRun): ImportRun {
  const { id, kind, mode, onConflict, file, actor, startedAt, finishedAt, state } = run;
  const { total, created, updated, unchanged, failed, warnings } = run;
  return {
    run: id,
    kind: kind as CsvKind,
    mode,
    onConflict,
    file,
    actor,
    startedAt,
    finishedAt,
    state,
    total,
    created,
    updated,
    unchanged,
    failed,
    warnings,
  };
}

/** NOT_FOUND where the client has no run with this id. */
export async function storedRun(work: Work, id: Id): Promise<StoredRun> {
  const run = await readRun(work.queries, work.client.id, id);
  if (run !== undefined) return run;
  throw new TphError('NOT_FOUND', `there is no import ${quote(id)}`, {
    hint: 'list them with `tph import runs`',
  });
}

/** The run to be gone on with; refuses one that is over, and one that was of another file. */
export async function resumedRun(work: Work, id: Id, start: ImportStart): Promise<StoredRun> {
  const run = await storedRun(work, id);
  const isOpen = run.state === 'INTERRUPTED' || run.state === 'ABANDONED';
  if (!isOpen)
    throw new TphError('CONFLICT', `the import ${run.id} is over: ${run.state}`, {
      hint: 'import the file again: rows that are there already stay unchanged',
    });
  if (run.mode === 'atomic')
    throw invalid(
      `the import ${run.id} is atomic: of an interrupted one nothing was written`,
      'import the file again',
    );
  const differs =
    run.kind !== start.kind ||
    run.onConflict !== start.onConflict ||
    run.mode !== start.mode ||
    fixedOptions(run.options) !== fixedOptions(optionsOf(start)) ||
    (run.sha256 !== null && start.sha256 !== null && run.sha256 !== start.sha256);
  if (!differs) return run;
  throw new TphError('CONFLICT', `the import ${run.id} was of another file, or asked for in another way`, {
    hint: `give ${quote(run.file)} as it was then, or begin a new import`,
  });
}

/** The counts of a run whose file had rows that were refused before they were given. */
export const withRejected = (counts: ImportCounts, rejected: number): ImportCounts => ({
  ...counts,
  total: counts.total + rejected,
  failed: counts.failed + rejected,
});

/** The audit trail's reason for changes of an import that nobody gave a reason for. */
export const reasonOf = (work: Pick<Work, 'reason'>, run: Id, file: string): string =>
  work.reason ?? `import ${run} of ${file}`.slice(0, 1000);

/** How long what was sent of an atomic run is kept, in seconds, for whoever sent it to finish it. */
const STAGE_LASTS = 86_400;

/** Gives up runs whose sender has gone, so that what they sent does not stay for ever. */
export const giveUpOldStages = ({ queries, client, now }: Work): Promise<void> =>
  abandonStagesBefore(queries, client.id, (now - STAGE_LASTS) as Instant, now);
