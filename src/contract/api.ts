import type { Id } from '../values/id.ts';
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
}

/**
 * What commands call: the operations, on behalf of one actor, for one client, at one clock. Whether they are
 * carried out on a database or over HTTP cannot be told from it. Every failure is a `TphError`.
 */
export interface Api {
  readonly client: ActiveClient;
  call<N extends OperationName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>;
  /** Frees connections; call it once, last. */
  close(): Promise<void>;
}
