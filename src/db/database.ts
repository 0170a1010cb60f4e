import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import { type Id, idFromBigInt } from '../values/id.ts';
import type { Dialect } from './dialect.ts';

export type Row = Record<string, unknown>;
/** Tables are derived from definitions, so the query builder knows them by name only. */
export type Tables = Record<string, Row>;
export type Queries = Kysely<Tables>;
/** Builds a query inside another. */
export type Subquery = ExpressionBuilder<Tables, string>;

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

class DryRun extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super('dry run');
    this.result = result;
  }
}

/** The transaction part of `Database.write`, the same for every engine. */
export async function inTransaction<T>(
  begin: (work: (transaction: Transaction<Tables>) => Promise<T>) => Promise<T>,
  work: (queries: Queries) => Promise<T>,
  dryRun: boolean,
): Promise<T> {
  try {
    return await begin(async (transaction) => {
      const result = await work(transaction);
      if (dryRun) throw new DryRun(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result as T;
    throw error;
  }
}

/** Ids hold a 41-bit millisecond stamp since this instant above 22 bits of sequence (spec section 2). */
const ID_EPOCH_MS = 1_577_836_800_000;
/** Of a clock set beyond 2054 (`--at`) no id takes its stamp, so that a few far instants cannot use up all ids. */
const LAST_STAMP = 1n << 62n;

/** Gives out ids that rise and never collide: the writer's turn orders all processes on one database. */
export async function nextIds(queries: Queries, count: number, nowMs: number): Promise<Id[]> {
  const first = await nextNumbers(queries, count, nowMs);
  return Array.from({ length: count }, (_, index) => idFromBigInt(first + BigInt(index)));
}

/** As `nextIds`: the first of `count` ids that follow each other, as a number. */
export async function nextNumbers(queries: Queries, count: number, nowMs: number): Promise<bigint> {
  const wanted = BigInt(Math.max(1, Math.floor(nowMs - ID_EPOCH_MS))) << 22n;
  const stamp = wanted < LAST_STAMP ? wanted : 1n;
  // In one statement, so that two writers cannot be given the same.
  const row = await queries
    .updateTable('id_sequence')
    .set({
      last: sql`case when "last" + 1 > ${stamp} then "last" + 1 else ${stamp} end + ${BigInt(count) - 1n}`,
    })
    .where('one', '=', 1)
    .returning('last')
    .executeTakeFirst();
  if (row !== undefined) return BigInt(row['last'] as bigint) - BigInt(count) + 1n;
  await queries
    .insertInto('id_sequence')
    .values({ one: 1, last: stamp + BigInt(count) - 1n })
    .execute();
  return stamp;
}
