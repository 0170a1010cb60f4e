import type { Session } from '../../contract/database.ts';
import type { Queries } from '../../db/database.ts';
import type { Ports } from '../sqlite-api.ts';
import type { Work } from '../work.ts';

/** Where imports are carried out: the connections, and the work of one session in a transaction of one of them. */
export interface Desk {
  readonly connections: Ports;
  readonly session: Session;
  readonly work: (queries: Queries, operation: string, dryRun: boolean) => Promise<Work>;
}
