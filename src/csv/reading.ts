import type { CsvKind, RowOutcome } from '../contract/bulk.ts';
import type { Instant } from '../values/instant.ts';
import type { Batch } from './batch.ts';
import type { RowProblem } from './findings.ts';
import type { FileFormat } from './rows.ts';
import type { DateOrder, Understood } from './understood.ts';

/** All that the reading of a file depends on. Plain data: it goes to another thread. */
export interface ReadingPlan {
  readonly kind: CsvKind;
  readonly format: FileFormat;
  readonly understood: Understood;
  readonly timeZone: string;
  readonly country: string;
  readonly now: Instant;
  readonly dateFormat: DateOrder | undefined;
  /** The fields of the key where doubled rows are to be found before anything is written; undefined: they are not. */
  readonly uniqueKey: readonly string[] | undefined;
  /** The key is the one that was asked for, or undefined: the kind's first uniqueness rule. */
  readonly key: readonly string[] | undefined;
  /** Where result files go; null: none are written. */
  readonly resultsDir: string | null;
  /** Not 0 any more: the reading is to end where it is. Memory that the threads share. */
  readonly stop: Int32Array;
}

/** What may become of a row. */
export const OUTCOMES: readonly RowOutcome['outcome'][] = [
  'created',
  'updated',
  'unchanged',
  'skipped',
  'failed',
];

/** What became of the rows of a batch: by the place of a row among its good rows. */
export interface Settled {
  /** Each by its place in `OUTCOMES`, from 1; 0 where none is known. */
  readonly outcomes: Uint8Array;
  /** Ids with blanks between them, empty where there is none. */
  readonly ids: string;
  /** Of rows that failed. */
  readonly problems: readonly RowProblem[];
  /** Rows behind this line were not judged, and stand in no result file; null: all were. */
  readonly until: number | null;
}

/** What became of rows that were settled before, or late. */
export type LateRow = Pick<RowOutcome, 'line' | 'outcome' | 'id'> & {
  readonly problems: readonly RowProblem[];
};

/** Which result files are to stay, under which names. */
export interface KeepFiles {
  readonly success: string | null;
  readonly failed: string | null;
  /** Rows whose outcome was not known, or another, when their batch was settled. */
  readonly late: readonly LateRow[];
}

/** A file that is read and checked, here or in another thread. One call at a time. */
export interface Reading {
  /**
   * Looks through the whole file where its dates or its keys want it; says how dates are written. INTERRUPTED, as
   * `next`, where it is told to stop.
   */
  survey(): Promise<Understood>;
  /** The fields of a row's values. */
  fields(): Promise<readonly string[]>;
  /** The next rows; null at the end. */
  next(): Promise<Batch | null>;
  /** Batches are settled in their order. */
  settle(settled: Settled): Promise<void>;
  /** SHA-256 of what was read, where all was. */
  sha256(): Promise<string>;
  keep(files: KeepFiles): Promise<{ readonly success: string | null; readonly failed: string | null }>;
  /** Removes what was not kept. */
  close(): Promise<void>;
  /** How much of the file was read so far. */
  readonly bytesRead: number;
}
