import { type Id, idFromBigInt } from '../values/id.ts';
import type { Queries } from './database.ts';
import { change, rows } from './statement.ts';

/** Ids hold a 41-bit millisecond stamp since this instant above 22 bits of sequence (spec section 2). */
const ID_EPOCH_MS = 1_577_836_800_000;
/** Of a clock set beyond 2054 (`--at`) no id takes its stamp, so that a few far instants cannot use up all ids. */
const LAST_STAMP = 1n << 62n;

/** Gives out ids that rise and never collide, over all clients of one database. */
export async function nextIds(queries: Queries, count: number, nowMs: number): Promise<Id[]> {
  const first = await nextNumbers(queries, count, nowMs);
  return Array.from({ length: count }, (_, index) => idFromBigInt(first + BigInt(index)));
}

/** As `nextIds`: the first of `count` ids that follow each other, as a number. */
export async function nextNumbers(queries: Queries, count: number, nowMs: number): Promise<bigint> {
  const wanted = BigInt(Math.max(1, Math.floor(nowMs - ID_EPOCH_MS))) << 22n;
  const stamp = wanted < LAST_STAMP ? wanted : 1n;
  if (queries.dialect === 'postgres') {
    const [given] = await rows(queries, 'select tph_numbers(?, ?) as "first"', [BigInt(count), stamp]);
    return BigInt(given?.['first'] as bigint);
  }
  const last = BigInt(count) - 1n;
  // The writer has the file alone until it commits, so that two cannot be given the same.
  const [row] = await rows(
    queries,
    'update "id_sequence" set "last" = max("last" + 1, ?) + ? where "one" = 1 returning "last"',
    [stamp, last],
  );
  if (row !== undefined) return BigInt(row['last'] as bigint) - last;
  await change(queries, 'insert into "id_sequence" ("one", "last") values (1, ?)', [stamp + last]);
  return stamp;
}

/** The last id that was given out; undefined before the first. */
export async function lastNumber(queries: Queries): Promise<bigint | undefined> {
  const [row] = await rows(
    queries,
    queries.dialect === 'postgres'
      ? 'select given."last" from (select tph_last_number() as "last") given where given."last" is not null'
      : 'select "last" from "id_sequence" where "one" = 1',
  );
  return row === undefined ? undefined : BigInt(row['last'] as bigint);
}

/** Makes ids go on behind `last`; undefined: from the beginning. For a database that is copied into, and nobody uses. */
export async function setLastNumber(queries: Queries, last: bigint | undefined): Promise<void> {
  if (queries.dialect === 'postgres') {
    await rows(queries, `select setval('"id_sequence"', ?, ?)`, [last ?? 1n, last !== undefined]);
    return;
  }
  await change(queries, 'delete from "id_sequence"');
  if (last !== undefined)
    await change(queries, 'insert into "id_sequence" ("one", "last") values (1, ?)', [last]);
}
