import type { Dialect } from './dialect.ts';

export type Row = Record<string, unknown>;

/** What a statement answers. */
export interface Answered {
  readonly rows: readonly Row[];
  /** How many rows it changed; 0 where it only read. */
  readonly changed: number;
}

/**
 * What a transaction takes: SQL as text (`rows`, `change` in statement.ts). The query builder is put on it where it is
 * asked for (`built` in builder.ts), since loading that takes longer than most commands.
 */
export interface Queries {
  readonly dialect: Dialect;
  /** Carries out one statement, with a `?` for each parameter or in the engine's own way. Integers come as bigint. */
  answer(text: string, parameters: readonly unknown[]): Promise<Answered>;
}

export interface TransactionOptions {
  /** The work looks at the list of clients, or changes another client's own row; else it is about one client. */
  readonly allClients?: boolean;
}

/** A database that is open: the queries it takes, and its transactions. */
export interface Database {
  readonly dialect: Dialect;
  readonly location: string;
  readonly readOnly: boolean;
  /** Runs `work` on one consistent view of the data; nothing may be written. */
  read<T>(work: (queries: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Runs `work` as the only writer; all of it is committed, or none. A dry run does everything and commits
   * nothing. Waits for its turn as long as the lock wait says, then fails with UNAVAILABLE.
   */
  write<T>(
    work: (queries: Queries) => Promise<T>,
    options?: TransactionOptions & { readonly dryRun?: boolean },
  ): Promise<T>;
  /** Turns what the engine throws into a `TphError`; anything else comes back as it is. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}
