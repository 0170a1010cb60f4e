import type * as Zod from 'zod';
import type { ObjectType } from '../records/field.ts';
import type { ErrorCode } from '../values/error.ts';

/** The schema library, handed in by whoever validates, so that naming an operation loads nothing. */
export type Z = typeof Zod;
export type Schema<T> = (z: Z) => Zod.ZodType<T>;

/** What a parameter of a path stands for. */
export type PathUse =
  /** A field of the input: the id of a record, or with `text` any words. */
  | { readonly to: 'input'; readonly field: string; readonly type: ObjectType }
  | { readonly to: 'text'; readonly field: string }
  /** An entry of a collection of the input, which takes others besides. */
  | { readonly to: 'entry'; readonly field: string; readonly type: ObjectType }
  /** A parent: the record that the operation is about refers to it through this field, or there is no such record. */
  | { readonly to: 'scope'; readonly field: string; readonly type: ObjectType };

export interface Http {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Paths with `{name}` for each input that stands in the path; the first is the primary one. */
  readonly paths: readonly string[];
  /** What the parameters stand for, beside `clientId`; one that is not here is the input's `ref`. */
  readonly params?: { readonly [name: string]: PathUse };
}

/** Something the program can do (spec section 6): one entry drives commands, server, client and API reference. */
export interface Operation<I = unknown, O = unknown> {
  readonly summary: string;
  /** Whether it may change anything; only such operations take `dryRun`. */
  readonly writes: boolean;
  readonly http: Http;
  readonly input: Schema<I>;
  readonly output: Schema<O>;
  readonly errors: readonly ErrorCode[];
}

export const operation = <I, O>(definition: Operation<I, O>): Operation<I, O> => definition;
