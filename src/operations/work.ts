import type { ActiveClient } from '../contract/api.ts';
import type { Role } from '../contract/token.ts';
import type { Connection } from '../db/bulk-insert.ts';
import { nextIds, type Queries } from '../db/database.ts';
import type { Settings } from '../records/settings.ts';
import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';

/** What an operation works with: one transaction, for one client, on behalf of one actor, at one clock. */
export interface Work {
  readonly queries: Queries;
  /** The connection of the transaction, for what is written in bulk; undefined where the engine has another way. */
  readonly connection?: Connection | undefined;
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
  /** Whether reverts that are due are stored on a read (spec section 4.2); else they are only computed. */
  readonly storesReverts: boolean;
  /** The ACL groups of whoever asks; null sees every department (spec section 4.4). */
  readonly viewerGroups: readonly Id[] | null;
  /** What whoever asks may do; null where the database itself is at hand: everything. */
  readonly viewerRole: Role | null;
}

export const newIds = (work: Work, count: number): Promise<Id[]> => nextIds(work.queries, count, work.nowMs);

export async function newId(work: Work): Promise<Id> {
  const [id] = await newIds(work, 1);
  if (id === undefined) throw new Error('no id was given out');
  return id;
}
