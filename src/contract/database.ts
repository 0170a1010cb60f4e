import type { ActiveClient, Api } from './api.ts';

/** On whose behalf, at which clock, and for how long to wait. */
export interface Session {
  /** Any reference to the client; undefined: the only one in the database (spec section 2). */
  readonly client: string | undefined;
  readonly actor: string;
  /** Why, for the audit trail. */
  readonly reason: string | null;
  /** The clock of the whole session, in milliseconds since 1970. */
  readonly nowMs: number;
  /** How long a writer waits for its turn, in milliseconds. */
  readonly lockWaitMs: number;
}

export interface NewClient {
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
}

export interface DatabaseStatus {
  readonly location: string;
  readonly engine: 'sqlite' | 'postgres';
  readonly schemaVersion: number;
  readonly programSchemaVersion: number;
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  /** The file's permission bits in octal, such as `600`; null where there is no file. */
  readonly mode: string | null;
  readonly clients: readonly ActiveClient[];
  /** Live records by object type, over all clients. */
  readonly records: Readonly<Record<string, number>>;
  readonly auditEvents: number;
}

export interface DatabaseCheck {
  readonly ok: boolean;
  readonly problems: readonly { readonly check: string; readonly message: string; readonly hint: string }[];
}

/** What can be done to a database as a whole; only where the database itself is at hand, not over HTTP. */
export interface DatabaseAdmin {
  /** A new database with its first client. CONFLICT where the database has a client already. */
  create(client: NewClient): Promise<{ readonly location: string; readonly client: ActiveClient }>;
  status(): Promise<DatabaseStatus>;
  /** Integrity, references, versions; changes nothing. */
  check(): Promise<DatabaseCheck>;
  /** A consistent copy while others write; refuses a file that exists. */
  backup(file: string): Promise<{ readonly file: string; readonly sizeBytes: number }>;
  /** Replaces the database by a backup, keeping the replaced one beside it. */
  restore(file: string): Promise<{ readonly location: string; readonly kept: string | null }>;
  migrate(): Promise<{ readonly from: number; readonly to: number; readonly backup: string | null }>;
}

/** Where data is kept: opens the operations for a session, or the database as a whole. */
export interface Store {
  open(session: Session): Promise<Api>;
  readonly admin: (session: Session) => DatabaseAdmin;
}
