import type { ObjectType } from './field.ts';

/** A record by what a person writes to name it, and what it is called. */
export interface NamedRecord {
  readonly value: string;
  readonly description: string;
}

/** The entries of a collection of one record: of its tags, or the times of a recurring trip. */
export interface EntriesQuery {
  readonly type: ObjectType;
  readonly field: string;
  /** The record, by one of its handles or its id. */
  readonly ref: string;
}

/** Which records are looked for: those one of whose handles begins with `beginning`, whatever the case of its letters. */
export interface HandleQuery {
  readonly type: ObjectType;
  readonly beginning: string;
  /** Deleted ones instead of live ones. */
  readonly deleted?: boolean;
}
