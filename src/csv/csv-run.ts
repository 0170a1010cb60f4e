import type { Importer, ImportRun, RowOutcome } from '../contract/bulk.ts';
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
      const { outcomes, run } = await importer.finish(this.#outcomes.rejected);
      settled = true;
      for (const outcome of outcomes) this.#io.onRow?.(outcome);
      this.#outcomes.settle(NO_LINES, outcomes);
      const isRejected = this.#request.mode === 'atomic' && this.#outcomes.counts.failed > 0;
      return await this.#summary(importer, isRejected ? 'REJECTED' : 'DONE', run, end === 'STOPPED');
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
      this.#outcomes.addBatch(batch);
      if (this.#io.onRow !== undefined)
        for (const outcome of refused(batch.problems)) this.#io.onRow(outcome);
      const rows = unpackRows(batch);
      const outcomes = rows.length === 0 ? [] : await importer.rows(++number, rows);
      if (this.#io.onRow !== undefined) for (const outcome of outcomes) this.#io.onRow(outcome);
      await this.#reading.settle(this.#outcomes.settle(batch.lines, outcomes));
      this.#tell('rows', false);
      if (this.#outcomes.counts.failed >= this.#maxErrors) return 'STOPPED';
    }
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
