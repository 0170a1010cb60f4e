import type { ErrorDetail } from '../values/error.ts';

/** One field of a record before and after. A secret shows only that it changed. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What hangs on a record through one field of another kind. */
export interface Affected {
  readonly objectType: string;
  readonly field: string;
  readonly count: number;
  /** The first few, as people call them. */
  readonly names: readonly string[];
}

/** A record after a change, with what the change did. */
export type Changed<R> = R & {
  readonly changed: boolean;
  readonly changes: readonly FieldChange[];
  readonly warnings: readonly ErrorDetail[];
  /** Set when nothing was written because a dry run was asked for. */
  readonly dryRun?: true;
  /** Set when the record is new; else a create found it by its internal key (`replayed`) or phone (`matched`). */
  readonly created?: true;
  readonly replayed?: true;
  readonly matched?: true;
  /** On delete: the live records that refer to it. */
  readonly affects?: readonly Affected[];
};

export interface Page<R> {
  readonly items: readonly R[];
  /** Passed back as `cursor` for the next page; null on the last. */
  readonly nextCursor: string | null;
}

/** Which records a list is about. */
export interface ListInput {
  /** 1 to 500; 100 when not given. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Only records changed at or after this instant (the listing change cursor). */
  readonly updatedSince?: number | undefined;
  /** Deleted records instead of live ones. */
  readonly deleted?: boolean | undefined;
  /**
   * Only records one of whose handles begins with this, without regard to letter case; of a full name any word, of a
   * phone the digits in any form that the client's country allows.
   */
  readonly search?: string | undefined;
  /** Preferences only: neither deleted nor lapsed; lapsed; or live and lapsing within so many seconds. */
  readonly live?: boolean | undefined;
  readonly expired?: boolean | undefined;
  readonly expiringWithin?: number | undefined;
  /** The filters of the kind, see `filtersOf`: references in any form, values of enumerations, booleans, tags. */
  readonly [filter: string]: unknown;
}

/** A record named by any form of reference (spec section 2). */
export interface RefInput {
  readonly ref: string;
}
