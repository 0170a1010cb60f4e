/** What `tph serve` is told. */
export interface ServeFlags {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Requests a second for each token; 0: no limit. */
  readonly requestsPerSecond: number;
  readonly maxConnections: number;
}

/** A server that listens. */
export interface Served {
  readonly url: string;
  /** Tells it to stop, and does not wait. */
  readonly stop: () => void;
  /** Settles once it has stopped. */
  readonly stopped: Promise<void>;
}
