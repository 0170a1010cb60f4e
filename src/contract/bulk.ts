import type { ObjectType } from '../records/field.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { FieldChange } from './change.ts';

/** The kinds of CSV file (spec section 7), each with the records that it holds. */
export const csvKinds = {
  customers: 'Customer',
  drivers: 'Driver',
  scps: 'SpecialCategoryPassenger',
  favourites: 'DriverCustomer',
  approvals: 'DriverScp',
  accounts: 'Account',
  departments: 'AccountDepartment',
  employees: 'AccountEmployee',
  exclusions: 'ScheduleExclusionGroup',
  recurring: 'RecurringTrip',
} as const satisfies Readonly<Record<string, ObjectType>>;
export type CsvKind = keyof typeof csvKinds;

export const importModes = ['atomic', 'partial'] as const;
export type ImportMode = (typeof importModes)[number];
/** What happens to a row whose record is there already with other values; one with the same values is `unchanged` always. */
export const conflictPolicies = ['error', 'skip', 'update'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** How an import is to be carried out. */
export interface ImportStart {
  readonly kind: CsvKind;
  readonly mode: ImportMode;
  readonly onConflict: ConflictPolicy;
  /**
   * The fields by which a row finds its record: those of a uniqueness rule, `internalKey`, or one field that is a
   * natural handle (`email`). A row that gives an `id` is matched by that. Left out: the kind's first uniqueness rule.
   */
  readonly key?: readonly string[];
  /** The fields that rows give, in the order of a row's values; `id` and `internalKey` may be among them. */
  readonly fields: readonly string[];
  /** Plan all and write nothing. */
  readonly dryRun: boolean;
  /** What the file is called, for the run's history and the audit trail. */
  readonly file: string;
  /** What the file holds, so that a resumed run can refuse another: SHA-256 in hex; null where it is not known. */
  readonly sha256: string | null;
  /** A run that was interrupted, to be gone on with. */
  readonly resume?: Id;
  /** Nobody has confirmed that a passenger may lose the last live HARD approval: such rows fail, whatever the reason. */
  readonly keepLastApprovals?: boolean;
}

/** A row whose values were checked against the record's definition and are in their stored form; references are as given. */
export interface ImportRow {
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  /** By the order of `ImportStart.fields`. Undefined: not given, so left as it is; null: cleared. */
  readonly values: readonly unknown[];
}

export interface RowOutcome {
  readonly line: number;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';
  /** The record; null for a row that failed, or that a dry run would create. */
  readonly id: Id | null;
  /** Why it failed; a `field` names the column. `code` is an error code of spec section 5, such as NOT_FOUND or CONFLICT. */
  readonly problems?: readonly ErrorDetail[];
  readonly warnings?: readonly ErrorDetail[];
  /** What an update changes, field by field; of the first rows of a dry run also what a new record would hold. */
  readonly changes?: readonly FieldChange[];
}

export interface ImportCounts {
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  /** Rows that are as the record is, and those that the policy `skip` passed over. */
  readonly unchanged: number;
  readonly failed: number;
  readonly warnings: number;
}

/** A run as its history keeps it. */
export interface ImportRun extends ImportCounts {
  /** Null for a dry run, of which no history is kept. */
  readonly run: Id | null;
  readonly kind: CsvKind;
  readonly mode: ImportMode;
  readonly onConflict: ConflictPolicy;
  readonly file: string;
  readonly actor: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  /** REJECTED: an atomic run with a bad row, so nothing was written. INTERRUPTED: neither finished nor abandoned (yet). */
  readonly state: 'INTERRUPTED' | 'DONE' | 'REJECTED' | 'ABANDONED' | 'UNDONE' | 'PARTLY_UNDONE';
}

/** After how many failures of a batch nothing more of it is to be judged. */
export interface RowLimit {
  /** From 1. */
  readonly failures: number;
  /** The lines of rows that were refused before they were given: each is a failure. */
  readonly refused: readonly number[];
}

/** The line of the last failure that a limit allows, `failed` being lines of rows; undefined where it is not reached. */
export const limitLine = ({ failures, refused }: RowLimit, failed: readonly number[]): number | undefined =>
  [...refused, ...failed].sort((a, b) => a - b)[failures - 1];

/** An import under way. Batches are given one after the other, in the order of the file. */
export interface Importer {
  /** Null for a dry run. */
  readonly run: Id | null;
  /** The number of the first batch that has not been applied; 1 unless a run is resumed. */
  readonly nextBatch: number;
  /**
   * Applies a batch, or in an atomic run takes note of it. `number` counts from 1; a batch that was applied before is
   * answered again, not applied again. An atomic run answers `failed` for bad rows and goes on judging; a row may be
   * answered again in a later batch as `failed`, where a later row has the same key. Of rows behind the failure that
   * reaches `limit` nothing is written, and they are not answered.
   */
  rows(number: number, rows: readonly ImportRow[], limit?: RowLimit): Promise<readonly RowOutcome[]>;
  /**
   * Ends the run: an atomic one is written as a whole, or not at all where a row failed (or `rejected` says that rows
   * were refused before they were given). The outcomes that only now are known, if any, come first.
   */
  finish(rejected: number): Promise<{ readonly outcomes: readonly RowOutcome[]; readonly run: ImportRun }>;
  /** Gives up: of an atomic run nothing is written; of a partial one what was written stays. */
  abandon(): Promise<void>;
}

/** What an undo did (spec section 7). */
export interface ImportUndone {
  readonly run: Id;
  readonly undone: number;
  /** Records that were touched since, each with who did what: they stay as they are. */
  readonly kept: readonly {
    readonly id: Id;
    readonly name: string;
    readonly reason: string;
  }[];
  /** How many were kept; `kept` lists the first 1,000. */
  readonly keptCount: number;
  /** Set where an earlier undo had taken everything back already. */
  readonly already?: true;
  readonly dryRun?: true;
}

/** Many records at once, where the data itself is at hand. Over HTTP the same is done with operations. */
export interface Bulk {
  import(start: ImportStart): Promise<Importer>;
  /**
   * All live records of a kind by id, in pages, with the given fields only, in one consistent view of the data.
   * A reference is text: the handle by which an import finds it again, else its id.
   */
  export(type: ObjectType, fields: readonly string[]): AsyncIterable<readonly (readonly unknown[])[]>;
}
