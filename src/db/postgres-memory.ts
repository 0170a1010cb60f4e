import type { Queries } from './database.ts';
import { type Memory, remember } from './memory.ts';

/**
 * What says which view of the data a transaction has: the transactions that it sees the end of, and on which server. Two
 * that are the same see the same rows, since whatever writes is a transaction that was not seen before.
 */
export const VIEW = "pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text";

/** Of how many clients something is kept at once. */
const MOST_CLIENTS = 200;

/** What reads have found, lent to later reads with the same view of the data; for a server, which reads much. */
export class SharedMemory {
  #view = '';
  readonly #memories = new Map<string, Memory>();

  /** `scope` says what the transaction may see. */
  lend(queries: Queries, scope: string, view: string): void {
    if (view !== this.#view || this.#memories.size > MOST_CLIENTS) this.#memories.clear();
    this.#view = view;
    const memory = this.#memories.get(scope) ?? new Map<string, unknown>();
    this.#memories.set(scope, memory);
    remember(queries, memory);
  }
}
