import type { Stored } from '../../db/codec.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';

interface OfRow {
  readonly line: number;
  readonly warnings: readonly ErrorDetail[];
}

export interface Create extends OfRow {
  readonly kind: 'create';
  readonly values: Stored;
  /** The values before the kind's own rules completed them: what a request under an internal key is compared by. */
  readonly judged: Stored;
  readonly internalKey: string | null;
}

export interface Update extends OfRow {
  readonly kind: 'update';
  readonly before: StoredRecord;
  readonly values: Stored;
  /** The fields that change. */
  readonly names: readonly string[];
  /** The fields that the row gives. */
  readonly given: readonly string[];
  readonly oldKey: string | null;
  readonly newKey: string | null;
}

export interface Left extends OfRow {
  readonly kind: 'unchanged' | 'skipped';
  readonly id: Id;
}

export interface Failed extends OfRow {
  readonly kind: 'failed';
  readonly problems: readonly ErrorDetail[];
}

/** What is to become of a row. */
export type Decision = Create | Update | Left | Failed;
