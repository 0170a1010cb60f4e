import { type ErrorCode, type ErrorDetail, TphError } from '../values/error.ts';
import type { Reading } from './reading.ts';

/** What the main thread asks of a reading in another one. */
export type ReadingCall = Exclude<keyof Reading, 'bytesRead'>;
export interface Asked {
  readonly call: ReadingCall;
  readonly argument: unknown;
}

/** The answer to the calls, in their order. */
export type Answered =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: SentError };

/** An error as it passes between threads; only its code says that it was thrown on purpose. */
export interface SentError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly ErrorDetail[];
  readonly stack: string | null;
}

export function sent(error: unknown): SentError {
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  if (error instanceof TphError)
    return {
      code: error.code,
      message: error.message,
      hint: error.hint ?? null,
      details: error.details,
      stack,
    };
  const message = error instanceof Error ? error.message : String(error);
  return { code: null, message, hint: null, details: [], stack };
}

export function received({ code, message, hint, details, stack }: SentError): Error {
  const error =
    code === null
      ? new Error(message)
      : new TphError(code, message, { details, ...(hint === null ? {} : { hint }) });
  if (stack !== null) error.stack = stack;
  return error;
}
