import type * as Zod from 'zod';
import type { ErrorCode } from '../values/error.ts';

/** The schema library, handed in by whoever validates, so that naming an operation loads nothing. */
export type Z = typeof Zod;
export type Schema<T> = (z: Z) => Zod.ZodType<T>;

export interface Http {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Paths with `{name}` for each input that stands in the path; the first is the primary one. */
  readonly paths: readonly string[];
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
