import type { ActiveClient } from '../contract/api.ts';
import type { Role } from '../contract/token.ts';
import type { Database, Queries } from '../db/database.ts';
import { nextIds } from '../db/id-sequence.ts';
import type { Settings } from '../records/settings.ts';
import type { Day } from '../values/day.ts';
import { type Id, idFromBigInt } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';

/** What an operation works with: one transaction, for one client, on behalf of one actor, at one clock. */
export interface Work {
  readonly queries: Queries;
  /** Where the transaction is, for what is done with many rows at once. */
  readonly database: Database;
  readonly client: ActiveClient;
  readonly settings: Settings;
  readonly operation: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly now: Instant;
  readonly nowMs: number;
  /** The client's today (spec section 2, Day). */
  readonly today: Day;
  readonly dryRun: boolean;
  /** Set where nothing can be written, so that the ids it gives out are nobody's. */
  readonly isPlan?: true;
  /** Whether reverts that are due are stored on a read (spec section 4.2); else they are only computed. */
  readonly storesReverts: boolean;
  /** The ACL groups of whoever asks; null sees every department (spec section 4.4). */
  readonly viewerGroups: readonly Id[] | null;
  /** What whoever asks may do; null where the database itself is at hand: everything. */
  readonly viewerRole: Role | null;
}

/** Beyond every id that is given out. */
const NOBODYS = 1n << 62n;

export async function newIds(work: Work, count: number): Promise<Id[]> {
  if (work.isPlan === true)
    return Array.from({ length: count }, (_, at) => idFromBigInt(NOBODYS + BigInt(at)));
  return nextIds(work.queries, count, work.nowMs);
}

export async function newId(work: Work): Promise<Id> {
  const [id] = await newIds(work, 1);
  if (id === undefined) throw new Error('no id was given out');
  return id;
}
