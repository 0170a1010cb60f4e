import type { ConflictPolicy, CsvKind, ImportMode } from '../contract/bulk.ts';

/** What is remembered of an import under way, so that it can be gone on with: never a cell of the file. */
export interface ImportState {
  readonly run: string;
  readonly client: string;
  readonly kind: CsvKind;
  /** Absolute path. */
  readonly file: string;
  readonly mode: ImportMode;
  readonly onConflict: ConflictPolicy;
  readonly key?: readonly string[];
  readonly map?: readonly string[];
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly dateFormat?: 'ymd' | 'dmy' | 'mdy';
  readonly maxErrors?: number;
  readonly resultsDir?: string;
}

/** The imports that this user has under way, kept until they are finished. */
export interface ImportStates {
  /** Undefined for a run that was begun elsewhere, or has been finished. */
  get(run: string): ImportState | undefined;
  keep(state: ImportState): void;
  forget(run: string): void;
}
