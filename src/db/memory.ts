import type { Id } from '../values/id.ts';
import type { Queries } from './database.ts';

/** What has been read on one view of the data, by name. */
export type Memory = Map<string, unknown>;

/** How many things are kept in memory at most. */
const MOST_KEPT = 10_000;
const memories = new WeakMap<Queries, Memory>();

/** From now on `once` and `each` keep in `memory` what these queries read, and find there what earlier ones read. */
export function remember(queries: Queries, memory: Memory): void {
  memories.set(queries, memory);
}

/**
 * What `read` reads, from memory where it has been read on this view of the data. The name must tell the client and
 * all that `read` depends on but the data. What comes back is shared: nobody may change it.
 */
export async function once<T>(queries: Queries, name: string, read: () => Promise<T>): Promise<T> {
  const memory = memories.get(queries);
  if (memory === undefined) return read();
  const known = memory.get(name) as T | undefined;
  if (known !== undefined) return known;
  const found = await read();
  keep(memory, name, found);
  return found;
}

/**
 * As `once`, for things that have ids: only those that are not known yet are read. In the order of `ids`; those that
 * `read` does not find are left out.
 */
export async function each<T extends { readonly id: Id }>(
  queries: Queries,
  name: string,
  ids: readonly Id[],
  read: (ids: readonly Id[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const memory = memories.get(queries);
  if (memory === undefined) return read(ids);
  const kept = (memory.get(name) ?? new Map()) as Map<Id, T>;
  // Taken out first: reading may fill the memory, which then begins anew.
  const all = ids.map((id) => kept.get(id));
  if (all.every((one) => one !== undefined)) return all;
  const found = await read(ids.filter((_id, index) => all[index] === undefined));
  for (const one of found) keep(kept, one.id, one);
  keep(memory, name, kept);
  const fresh = new Map(found.map((one) => [one.id, one]));
  return ids.map((id, index) => all[index] ?? fresh.get(id)).filter((one) => one !== undefined);
}

/** Puts something into memory; once that is full, it begins anew. */
export function keep<K, T>(memory: Map<K, T>, name: K, value: T): void {
  if (memory.size >= MOST_KEPT && !memory.has(name)) memory.clear();
  memory.set(name, value);
}
