import { mkdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ActiveClient } from '../contract/api.ts';
import {
  type ConflictPolicy,
  type CsvKind,
  csvKinds,
  type ImportCounts,
  type Importer,
  type ImportMode,
  type ImportRun,
  type ImportStart,
  type RowOutcome,
} from '../contract/bulk.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { Arriving } from './arriving.ts';
import { CsvRun } from './csv-run.ts';
import type { CountedWarning, RowProblem } from './findings.ts';
import { keyFields, requireKey } from './key.ts';
import { LocalReading } from './local-reading.ts';
import type { MissingReferences, PlannedRow } from './outcomes.ts';
import type { Reading, ReadingPlan } from './reading.ts';
import { changed, changeOf, openSource, type SourceFile, sha256Of, stoppedEarly } from './source.ts';
import { understandFile } from './understand.ts';
import type { DateOrder, Understood } from './understood.ts';

export type { CountedWarning, RowProblem } from './findings.ts';
export type { MissingReferences, PlannedRow } from './outcomes.ts';
export type { Understood } from './understood.ts';

/** An import as it is asked for. */
export interface ImportRequest {
  readonly kind: CsvKind;
  /** A path, or `-` for stdin. */
  readonly file: string;
  readonly mode: ImportMode;
  readonly onConflict: ConflictPolicy;
  readonly dryRun: boolean;
  /** As in `ImportStart`; names of fields or their flags. */
  readonly key?: readonly string[];
  /** `Mobile No=phone` each; `Junk=` ignores a column. */
  readonly map?: readonly string[];
  /** `,`, `;`, `|` or a tab, also written `tab` or `\t`; found out when not given. */
  readonly delimiter?: string;
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` or another name that iconv knows; found out when not given. */
  readonly encoding?: string;
  readonly dateFormat?: DateOrder;
  /** After so many bad rows nothing more is judged; 1,000 for atomic and no limit for partial when not given. */
  readonly maxErrors?: number;
  /** Where result files go; the folder of the file when not given, and then a dry run writes none. */
  readonly resultsDir?: string;
  /** A run that was interrupted, to be gone on with. */
  readonly resume?: Id;
  /** As in `ImportStart`. */
  readonly keepLastApprovals?: boolean;
}

/** How far a run is. */
export interface Progress {
  /** `reading` looks through the file before anything is judged; only some files need it. */
  readonly phase: 'reading' | 'rows' | 'finishing';
  readonly bytesRead: number;
  /** Null where it is not known. */
  readonly bytesTotal: number | null;
  /** Judged so far. */
  readonly rows: number;
  readonly failed: number;
}

/** What an import works with. */
export interface ImportIo {
  readonly client: ActiveClient;
  /** The clock: two-digit years and words such as `today` are read by it. */
  readonly now: Instant;
  /** Milliseconds since 1970, for how often progress is told. */
  readonly nowMs: () => number;
  readonly stdin: NodeJS.ReadableStream;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly openImporter: (start: ImportStart) => Promise<Importer>;
  /** Before anything is written; `bytes`: the size of the file. */
  readonly onUnderstood?: (understood: Understood, bytes: number) => void;
  /**
   * Whether a dry run judges each batch by itself, as over HTTP: rows that have the same key are then looked for in the
   * file before the first is judged, as for a partial run.
   */
  readonly plansInParts?: boolean;
  /** A few times a second at most. */
  readonly onProgress?: (progress: Progress) => void;
  /** Every row, as it is decided, in any order; an atomic run may decide a row twice, the later one holding. */
  readonly onRow?: (outcome: RowOutcome) => void;
  /** Ends the run where it is: an atomic one writes nothing. */
  readonly signal?: AbortSignal;
}

export interface ImportSummary extends ImportCounts {
  /** Null for a dry run. */
  readonly run: Id | null;
  /** The files that were written. */
  readonly files: { readonly success: string | null; readonly failed: string | null };
  /** Why result files are missing though the run itself came to its end; null where none are. */
  readonly filesProblem: string | null;
  /** As its history keeps the run; null for one that was interrupted. */
  readonly history: ImportRun | null;
  readonly understood: Understood;
  /** REJECTED: nothing was written, for an atomic run had a bad row. */
  readonly state: 'DONE' | 'REJECTED' | 'INTERRUPTED';
  /** True where `maxErrors` ended the judging before the end of the file. */
  readonly stopped: boolean;
  /** The first line that was not judged then; null where all were. */
  readonly stoppedLine: number | null;
  /** The first 1,000 in the order of the file. */
  readonly problems: readonly RowProblem[];
  readonly countedWarnings: readonly CountedWarning[];
  readonly missing: readonly MissingReferences[];
  /** The first 50 of each outcome: created, updated, unchanged, skipped. */
  readonly planned: readonly PlannedRow[];
}

/**
 * Imports a CSV file (spec section 7): understands it, checks every row, gives the good ones to the importer and writes
 * the result files. Throws INVALID for a file that cannot be understood and a folder that cannot be written, before
 * anything is written; CONFLICT for a file that changed while it was read.
 */
export async function importCsv(request: ImportRequest, io: ImportIo): Promise<ImportSummary> {
  const { signal } = io;
  const arriving = new Arriving(request.file === '-' ? 'stdin' : basename(request.file), request);
  let source: SourceFile;
  try {
    source = await openSource(request.file, io.cwd, io.stdin, {
      look: (path, size) => {
        arriving.look(path, size);
        io.onProgress?.({ phase: 'reading', bytesRead: size, bytesTotal: null, rows: 0, failed: 0 });
      },
      signal,
    });
  } finally {
    arriving.close();
  }
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const onAbort = (): void => {
    stop[0] = 1;
  };
  signal?.addEventListener('abort', onAbort);
  try {
    if (signal?.aborted === true) throw stoppedEarly();
    return await importFile(source, request, io, stop);
  } catch (error) {
    // A file that is cut off while somebody writes it is not wrong, but not there yet.
    const how = error instanceof TphError && error.code === 'INVALID' ? changeOf(source) : undefined;
    throw how === undefined ? error : changed(source, request, how);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    source.close();
  }
}

async function importFile(
  source: SourceFile,
  request: ImportRequest,
  io: ImportIo,
  stop: Int32Array,
): Promise<ImportSummary> {
  const { understood, format } = understandFile(source.path, source.name, request);
  const definition = definitionOf(csvKinds[request.kind]);
  const key = keyFields(definition, request.key);
  requireKey(definition, understood, key);
  const findsDoubles = request.mode === 'partial' || (request.dryRun && io.plansInParts === true);
  const reading = await openReading(
    {
      kind: request.kind,
      format,
      understood,
      timeZone: io.client.timeZone,
      country: io.client.country,
      now: io.now,
      dateFormat: request.dateFormat,
      uniqueKey: findsDoubles ? (key ?? definition.unique[0]?.fields) : undefined,
      key,
      resultsDir: resultsFolder(source, request, io.cwd),
      stop,
    },
    source.size,
  );
  try {
    io.onProgress?.({ phase: 'reading', bytesRead: 0, bytesTotal: source.size, rows: 0, failed: 0 });
    const surveyed = await reading.survey();
    io.onUnderstood?.(surveyed, source.size);
    const start: ImportStart = {
      kind: request.kind,
      mode: request.mode,
      onConflict: request.onConflict,
      fields: await reading.fields(),
      dryRun: request.dryRun,
      file: source.name,
      sha256: await sha256Of(source, io.signal),
      ...(key === undefined ? {} : { key }),
      ...(request.resume === undefined ? {} : { resume: request.resume }),
      ...(request.keepLastApprovals === true ? { keepLastApprovals: true } : {}),
    };
    // From here on its content alone counts: what is read must have this hash.
    const how = changeOf(source);
    if (how !== undefined) throw changed(source, request, how);
    const run = new CsvRun(source, surveyed, request, io, reading, start.sha256 ?? '');
    return await run.carryOut(await io.openImporter(start));
  } finally {
    await reading.close();
  }
}

/** A thread of its own pays from here on: it takes some 50 ms to start. */
const WORTH_A_THREAD = 1_000_000;

async function openReading(plan: ReadingPlan, size: number): Promise<Reading> {
  if (__TPH_CSV_WORKER__ === '' || size < WORTH_A_THREAD) return LocalReading.open(plan);
  const { WorkerReading } = await import('./worker-reading.ts');
  return new WorkerReading(new URL(__TPH_CSV_WORKER__, import.meta.url), plan);
}

/** Null where none are written: a dry run writes them only where it is told to. */
function resultsFolder(
  { folder }: SourceFile,
  { dryRun, resultsDir }: ImportRequest,
  cwd: string,
): string | null {
  if (resultsDir === undefined) return dryRun ? null : folder;
  const path = resolve(cwd, resultsDir);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw invalid(
      `--results-dir ${quote(resultsDir)} cannot be made (${code})`,
      'name a folder that you may write',
    );
  }
  return path;
}
