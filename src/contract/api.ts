import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { Bulk } from './bulk.ts';
import type { Operation } from './operation.ts';
import type { Operations } from './operations.ts';

export type OperationName = keyof Operations;
export type InputOf<N extends OperationName> = Operations[N] extends Operation<infer I, infer _O> ? I : never;
export type OutputOf<N extends OperationName> =
  Operations[N] extends Operation<infer _I, infer O> ? O : never;

/** The client that every call of an `Api` is about. */
export interface ActiveClient {
  readonly id: Id;
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
}

export interface CallOptions {
  /** Do everything, say what would be, and write nothing. */
  readonly dryRun?: boolean;
  /** Parents that the record must have, as ids by field; NOT_FOUND where it has others (spec section 6). */
  readonly scope?: Readonly<Record<string, Id>>;
  /** Entity tags of which the record must have one (`entityTag`); else CONFLICT, `detail.field` being `If-Match`. */
  readonly ifMatch?: readonly string[];
  /**
   * A change under the same key by the same actor is carried out once and answered twice; with another fingerprint
   * CONFLICT. `arrived` is when the request came, by the clock that goes; the session's where it is left out.
   */
  readonly idempotency?: {
    readonly key: string;
    readonly fingerprint: string;
    readonly arrived?: Instant | undefined;
  };
}

/**
 * What commands call: the operations, on behalf of one actor, for one client, at one clock. Whether they are
 * carried out on a database or over HTTP cannot be told from it. Every failure is a `TphError`.
 */
export interface Api {
  readonly client: ActiveClient;
  call<N extends OperationName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>;
  /** Many records at once, where the data itself is at hand (spec section 7). */
  readonly bulk?: Bulk | undefined;
  /** Frees connections; call it once, last. */
  close(): Promise<void>;
}
