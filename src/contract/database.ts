import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { ActiveClient, Api } from './api.ts';
import type { Diagnosis } from './doctor.ts';
import type { Role } from './token.ts';

/** For whom answers are made (spec section 6). */
export interface Viewer {
  readonly role: Role;
  /** Departments of these ACL groups are seen, besides those that belong to none; null: all departments. */
  readonly groups: readonly Id[] | null;
  /** The driver of a DRIVER_APP, the customer of a CUSTOMER_APP; null for the others. */
  readonly subject: Id | null;
}

/** On whose behalf, at which clock, and for how long to wait. */
export interface Session {
  /** Any reference to the client; undefined: the only one in the database (spec section 2). */
  readonly client: string | undefined;
  readonly actor: string;
  /** Why, for the audit trail. */
  readonly reason: string | null;
  /** The clock of the whole session, in milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * The newest moment that has really come, in milliseconds since 1970; `nowMs` where it is left out. A question about
   * a later moment (`--at`) stores nothing by being asked.
   */
  readonly arrivedMs?: number;
  /** How long a writer waits for its turn, in milliseconds. */
  readonly lockWaitMs: number;
  /** Left out: whoever has the database at hand, who may do and see everything. */
  readonly viewer?: Viewer;
}

/** Who bears a token that may be used now. */
export interface Bearer {
  readonly tokenId: Id;
  /** The token's name, which is the actor of what it does. */
  readonly name: string;
  readonly client: ActiveClient;
  readonly viewer: Viewer;
}

/** A database held open for many sessions at once, as a server needs it. What is at hand is answered at once. */
export interface SharedStore {
  /** Who bears the token; undefined for one that is unknown, expired or revoked, or whose client is gone. */
  bearer(token: string, now: Instant): Bearer | undefined | Promise<Bearer | undefined>;
  /** Whether any token can be used now. */
  hasTokens(now: Instant): boolean | Promise<boolean>;
  /** The operations for one session; closing it does nothing. The client is the bearer's. */
  session(session: Session, client: ActiveClient): Api;
  /** Fails where the database cannot be read. */
  ping(): void | Promise<void>;
  close(): Promise<void>;
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

/** How far a copy is, in rows of all tables together. */
export interface CopyStep {
  readonly phase: 'copying' | 'comparing';
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  /** Counts, and looks whether the target would do; changes nothing. */
  readonly dryRun: boolean;
  readonly onStep: (step: CopyStep) => void;
  /** Aborted: the copy ends in good order, and can be gone on with. */
  readonly signal: AbortSignal;
}

/** What a copy of a database came to. */
export interface DatabaseCopy {
  readonly from: string;
  readonly to: string;
  /** Rows of all clients, deleted records and the audit trail among them. */
  readonly rows: number;
  /** Whether it went on with a copy that was interrupted. */
  readonly resumed: boolean;
  /** Whether both hold the same; null for a dry run. */
  readonly verified: boolean | null;
  /** By table: how many rows, the SHA-256 of all of them in order, and whether the copy's is the same. */
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly checksum: string | null;
    readonly same: boolean | null;
  }[];
}

export interface Backup {
  readonly file: string;
  readonly sizeBytes: number;
  /** Why it is of another kind than its engine's own tools make. */
  readonly note?: string;
}

/** What can be done to a database as a whole; only where the database itself is at hand, not over HTTP. */
export interface DatabaseAdmin {
  /** A new database with its first client. CONFLICT where the database has a client already. */
  create(client: NewClient): Promise<{ readonly location: string; readonly client: ActiveClient }>;
  status(): Promise<DatabaseStatus>;
  /** Integrity, references, versions; changes nothing. */
  check(): Promise<DatabaseCheck>;
  /** The same with the disk and the clock, as findings; `usable`: whether the data can be looked at unchanged. */
  doctor(): Promise<Diagnosis & { readonly usable: boolean }>;
  /** A consistent copy while others write; refuses a file that exists. */
  backup(file: string): Promise<Backup>;
  /** Replaces the database by a backup, keeping the replaced one beside it. */
  restore(file: string): Promise<{ readonly location: string; readonly kept: string | null }>;
  migrate(): Promise<{ readonly from: number; readonly to: number; readonly backup: string | null }>;
  /** Copies everything into another database, of either engine, that holds nothing yet. */
  copyTo(location: string, options: CopyOptions): Promise<DatabaseCopy>;
}

/** Where data is kept: opens the operations for a session, or the database as a whole. */
export interface Store {
  open(session: Session): Promise<Api>;
  readonly admin: (session: Session) => DatabaseAdmin;
  /** Holds the data open for a server; only where the database itself is at hand. */
  readonly share?: (options: Pick<Session, 'nowMs' | 'lockWaitMs'>) => Promise<SharedStore>;
}
