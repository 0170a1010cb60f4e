import type { SharedStore } from '../contract/database.ts';

/** What a server is told by whoever starts it. */
export interface ServerOptions {
  readonly store: SharedStore;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** How long a change waits for its turn, in milliseconds. */
  readonly lockWaitMs: number;
  /** Requests a second for each token, on average; 0: no limit. */
  readonly requestsPerSecond: number;
  /** More connections at once are refused as they come. */
  readonly maxConnections: number;
  /** How long a client may take to send a request, in milliseconds; `REQUEST_TIMEOUT` when left out. */
  readonly requestTimeoutMs?: number;
  /** Takes one line of the log, without its line end. */
  readonly log: (line: string) => void;
}

/** The largest body, in bytes: 1 MiB (spec section 6). */
export const BODY_LIMIT = 1_048_576;
/** How long a client may take to send a request, in milliseconds; half of it for the headers. */
export const REQUEST_TIMEOUT = 30_000;
/** How long an idle connection is kept, in milliseconds. */
export const KEEP_ALIVE = 30_000;
/** How long requests may take to finish once the server is told to stop, in milliseconds. */
export const GRACE = 10_000;
