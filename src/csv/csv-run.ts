import {
  type Importer,
  type ImportRun,
  limitLine,
  type RowLimit,
  type RowOutcome,
} from '../contract/bulk.ts';
import { type ErrorDetail, TphError } from '../values/error.ts';
import { type Batch, unpackRows } from './batch.ts';
import type { RowProblem } from './findings.ts';
import type { ImportIo, ImportRequest, ImportSummary, Progress } from './import-csv.ts';
import { Outcomes } from './outcomes.ts';
import type { Reading } from './reading.ts';
import { changed, changeOf, isChanged, type SourceFile } from './source.ts';
import type { Understood } from './understood.ts';

/** Bad rows after which an atomic run judges no more, where nothing else is said: it writes nothing anyway. */
const MOST_ERRORS = 1000;
const BETWEEN_PROGRESS_MS = 250;

type State = ImportSummary['state'];

/** One run: rows from a reading to an importer, what became of them to the result files and the summary. */
export class CsvRun {
  readonly #source: SourceFile;
  readonly #understood: Understood;
  readonly #request: ImportRequest;
  readonly #io: ImportIo;
  readonly #reading: Reading;
  readonly #sha256: string;
  readonly #outcomes: Outcomes;
  readonly #maxErrors: number;
  #toldMs = 0;
  #stoppedLine: number | null = null;

  constructor(
    source: SourceFile,
    understood: Understood,
    request: ImportRequest,
    io: ImportIo,
    reading: Reading,
    sha256: string,
  ) {
    this.#source = source;
    this.#understood = understood;
    this.#request = request;
    this.#io = io;
    this.#reading = reading;
    this.#sha256 = sha256;
    this.#outcomes = new Outcomes(understood);
    this.#maxErrors =
      request.maxErrors ?? (request.mode === 'atomic' ? MOST_ERRORS : Number.POSITIVE_INFINITY);
  }

  /** Throws what the importer and the reading throw; of an atomic run nothing is written then. */
  async carryOut(importer: Importer): Promise<ImportSummary> {
    let settled = false;
    try {
      const end = await this.#feed(importer);
      settled = true;
      if (end === 'INTERRUPTED') {
        await importer.abandon();
        return await this.#summary(importer, 'INTERRUPTED', null, false);
      }
      if (end === 'END') await this.#refuseChanged();
      settled = false;
      this.#tell('finishing', true);
      const { outcomes: all, run } = await importer.finish(this.#outcomes.rejected);
      settled = true;
      const outcomes = this.#firstFailed(all);
      for (const outcome of outcomes) this.#io.onRow?.(outcome);
      this.#outcomes.settle(NO_LINES, outcomes);
      const isRejected = this.#request.mode === 'atomic' && this.#outcomes.counts.failed > 0;
      return await this.#summary(importer, isRejected ? 'REJECTED' : 'DONE', run, this.#stoppedLine !== null);
    } catch (error) {
      if (!settled || isChanged(error)) await abandonQuietly(importer);
      // What a partial run has written stays, and so does the word of it.
      if (this.#request.mode !== 'partial' || this.#request.dryRun) throw error;
      const files = await this.#keep(importer, false).catch(() => NO_FILES);
      throw this.#withWritten(error, files);
    }
  }

  async #feed(importer: Importer): Promise<'END' | 'STOPPED' | 'INTERRUPTED'> {
    let number = 0;
    for (;;) {
      // A turn for signals: nothing else here waits for anything but itself.
      await new Promise<void>((turn) => setImmediate(turn));
      if (this.#io.signal?.aborted === true) return 'INTERRUPTED';
      const batch = await this.#next();
      if (batch === 'INTERRUPTED') return batch;
      if (batch === null) return 'END';
      const limit = this.#limitOf(batch);
      const rows = rowsUntil(unpackRows(batch), limit === undefined ? undefined : limitLine(limit, []));
      const all = rows.length === 0 ? [] : await importer.rows(++number, rows, limit);
      const last = limit === undefined ? undefined : limitLine(limit, failedLines(all));
      if (last === undefined && this.#request.mode === 'partial' && all.length < rows.length) throw leftOut();
      const outcomes = rowsUntil(all, last);
      const judged = last === undefined ? batch : batchUntil(batch, last);
      this.#outcomes.addBatch(judged);
      if (this.#io.onRow !== undefined)
        for (const outcome of [...refused(judged.problems), ...outcomes]) this.#io.onRow(outcome);
      await this.#reading.settle(this.#outcomes.settle(batch.lines, outcomes, last));
      this.#tell('rows', false);
      if (last !== undefined) return this.#stopBehind(batch, last);
    }
  }

  /** How many more failures there may be; undefined where any number. */
  #limitOf({ problems }: Batch): RowLimit | undefined {
    if (this.#maxErrors === Number.POSITIVE_INFINITY) return undefined;
    const refusedLines = [...new Set(problems.map(({ line }) => line))];
    return { failures: this.#maxErrors - this.#outcomes.counts.failed, refused: refusedLines };
  }

  /** Whether there is anything behind the last failure that is allowed. */
  async #stopBehind(batch: Batch, last: number): Promise<'END' | 'STOPPED' | 'INTERRUPTED'> {
    let line = firstLine(batch, last);
    if (line === null) {
      const next = await this.#next();
      if (next === 'INTERRUPTED') return next;
      line = next === null ? null : firstLine(next, last);
    }
    this.#stoppedLine = line;
    return line === null ? 'END' : 'STOPPED';
  }

  /** Of an atomic run that is judged only at its end no more failures are told than were asked for. */
  #firstFailed(outcomes: readonly RowOutcome[]): readonly RowOutcome[] {
    const most = this.#maxErrors - this.#outcomes.counts.failed;
    const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
    if (failed.length <= most) return outcomes;
    const kept = failed.toSorted((a, b) => a.line - b.line);
    this.#stoppedLine ??= kept[most]?.line ?? null;
    return kept.slice(0, most);
  }

  async #next(): Promise<Batch | null | 'INTERRUPTED'> {
    try {
      return await this.#reading.next();
    } catch (error) {
      if (error instanceof TphError && error.code === 'INTERRUPTED') return error.code;
      throw error;
    }
  }

  /** That somebody touched it is no harm: what was read is what was announced, or it is not. */
  async #refuseChanged(): Promise<void> {
    if ((await this.#reading.sha256()) === this.#sha256) return;
    throw changed(this.#source, this.#request, changeOf(this.#source));
  }

  #tell(phase: Progress['phase'], always: boolean): void {
    const { onProgress, nowMs } = this.#io;
    if (onProgress === undefined) return;
    const now = nowMs();
    if (!always && now - this.#toldMs < BETWEEN_PROGRESS_MS) return;
    this.#toldMs = now;
    const { failed } = this.#outcomes.counts;
    onProgress({
      phase,
      bytesRead: this.#reading.bytesRead,
      bytesTotal: this.#source.size,
      rows: this.#total(),
      failed,
    });
  }

  #total(): number {
    return Object.values(this.#outcomes.counts).reduce((sum, count) => sum + count, 0);
  }

  async #summary(
    importer: Importer,
    state: State,
    run: ImportRun | null,
    stopped: boolean,
  ): Promise<ImportSummary> {
    const outcomes = this.#outcomes;
    const { created, updated, unchanged, skipped, failed } = outcomes.counts;
    // Nothing was written of a run that is not: its rows are planned, not created.
    const isNothing = !this.#request.dryRun && this.#request.mode === 'atomic' && state !== 'DONE';
    const { filesProblem, ...files } = await this.#kept(importer, isNothing);
    return {
      run: importer.run,
      // Rows of a run that was rejected far away may be known by their number alone.
      total: Math.max(run?.total ?? 0, this.#total()),
      created: isNothing ? 0 : created,
      updated: isNothing ? 0 : updated,
      unchanged: isNothing ? 0 : unchanged + skipped,
      failed,
      warnings: outcomes.warnings.total,
      files,
      filesProblem,
      history: run,
      understood: this.#understood,
      state,
      stopped,
      stoppedLine: this.#stoppedLine,
      problems: outcomes.problems(),
      countedWarnings: outcomes.warnings.list(),
      missing: outcomes.missing(),
      planned: outcomes.planned(),
    };
  }

  /** What is written is written: that its list cannot be is told, and changes nothing of it. */
  async #kept(importer: Importer, isNothing: boolean) {
    try {
      return { ...(await this.#keep(importer, isNothing)), filesProblem: null };
    } catch (error) {
      if (!(error instanceof TphError)) throw error;
      return { ...NO_FILES, filesProblem: error.message };
    }
  }

  /** Of a partial run that failed: how much of it is in the database. */
  #withWritten(error: unknown, { success }: ImportSummary['files']): unknown {
    const { created, updated } = this.#outcomes.counts;
    if (!(error instanceof TphError) || created + updated === 0) return error;
    const listed = success === null ? '' : `, listed in ${success}`;
    const written = `${created + updated} rows were written before that${listed}`;
    return new TphError(error.code, `${error.message.replace(NOTHING_CHANGED, '')}; ${written}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: [...error.details, { message: written, created, updated }],
      cause: error,
    });
  }

  async #keep(importer: Importer, isNothing: boolean): Promise<ImportSummary['files']> {
    const base = this.#source.name.replace(/\.(csv|tsv|txt)$/i, '');
    const name = (sort: string) => `${base}.${importer.run ?? 'dry-run'}.${sort}.csv`;
    const { late } = this.#outcomes;
    return this.#reading.keep({
      success: isNothing ? null : name('success'),
      failed: name('failed'),
      late: isNothing ? late.filter(({ outcome }) => outcome === 'failed') : late,
    });
  }
}

/** The rows that were refused before the importer saw them, as outcomes. */
function refused(problems: readonly RowProblem[]): Iterable<RowOutcome> {
  const rows = new Map<number, { line: number; outcome: 'failed'; id: null; problems: ErrorDetail[] }>();
  for (const { line, hint, ...problem } of problems) {
    const row = rows.get(line) ?? { line, outcome: 'failed', id: null, problems: [] };
    rows.set(line, row);
    row.problems.push({ ...problem, ...(hint === null ? {} : { hint }) } as ErrorDetail);
  }
  return rows.values();
}

const failedLines = (outcomes: readonly RowOutcome[]): readonly number[] =>
  outcomes.flatMap(({ outcome, line }) => (outcome === 'failed' ? [line] : []));

const rowsUntil = <R extends { readonly line: number }>(
  rows: readonly R[],
  last: number | undefined,
): readonly R[] => (last === undefined ? rows : rows.filter(({ line }) => line <= last));

/** The batch without its rows behind a line, but for their values. */
function batchUntil(batch: Batch, last: number): Batch {
  const problems = rowsUntil(batch.problems, last);
  const rejected = new Set(problems.map(({ line }) => line)).size;
  return { ...batch, lines: batch.lines.filter((line) => line <= last), problems, rejected };
}

/** The first line of a batch behind another; null where there is none. */
function firstLine({ lines, problems }: Batch, behind: number): number | null {
  let first: number | null = null;
  for (const line of [...lines, ...problems.map((problem) => problem.line)])
    if (line > behind && (first === null || line < first)) first = line;
  return first;
}

const leftOut = (): TphError =>
  new TphError(
    'CONFLICT',
    'when this import was begun, it was stopped by --max-errors in the middle of a batch',
    {
      hint: 'import the file again: rows that are there already stay as they are',
    },
  );

const NO_LINES = new Uint32Array(0);
const NO_FILES: ImportSummary['files'] = { success: null, failed: null };
/** A store says it of the batch that failed; of a run it may be untrue. */
const NOTHING_CHANGED = /; nothing was changed$/;

/** What went wrong first is what is told. */
async function abandonQuietly(importer: Importer): Promise<void> {
  try {
    await importer.abandon();
  } catch {
    // The importer is gone: an atomic run is undone by the store, a partial one by nobody.
  }
}
