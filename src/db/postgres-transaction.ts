import type { PoolClient, QueryResult } from 'pg';
import { type Id, idToBigInt } from '../values/id.ts';
import type { Queries, TransactionOptions } from './database.ts';
import { cutOff, isDisconnection, isOutdated } from './postgres-errors.ts';
import { lossOf } from './postgres-pool.ts';
import { queriesOn } from './postgres-queries.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { rows } from './statement.ts';

/** Who a transaction is for. */
export interface Scope {
  readonly client?: Id;
  readonly tokenHash?: string;
}

/** After so long without a word in the middle of a transaction the server ends it, so that no sleeping machine holds a lock. */
const IDLE_LIMIT_MS = 120_000;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The numbers by which locks of this program are told from others': the first is the program's. */
const LOCKS = 7_631_976;
const schemaLock = `${LOCKS}, hashtext(current_schema())`;
const clientLock = (client: Id): string => `${LOCKS}, hashtext(current_schema() || ' ${idToBigInt(client)}')`;

const restoreLock = `${LOCKS + 2}, hashtext(current_schema())`;

/**
 * Whether a read may go on: nobody puts a backup in the place of the tables, and nobody has since the transaction's view
 * of the data. Rows that were put back later are not in that view, and tables that were emptied are empty in any view.
 */
export const SAME_TABLES = `pg_relation_filenode(to_regclass('schema_version'))
  is not distinct from (select c.relfilenode from pg_class c where c.oid = to_regclass('schema_version'))`;
export const SETTLED = `pg_try_advisory_xact_lock_shared(${restoreLock}) and ${SAME_TABLES}`;

/** A read met a restore; it is tried again. */
export class BeingRestored extends Error {}

/** Waits until nobody reads, and lets nobody begin to before the end of the transaction, which is a write for all clients. */
export async function holdReaders(queries: Queries): Promise<void> {
  await rows(queries, `select pg_advisory_xact_lock(${restoreLock})`);
}

/** Carries out something that is done elsewhere, while a transaction holds its locks: a silent one would be ended. */
export async function holding<T>(queries: Queries, work: () => Promise<T>): Promise<T> {
  let lost: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    rows(queries, 'select 1').catch((error: unknown) => {
      lost = { error };
    });
  }, IDLE_LIMIT_MS / 4);
  try {
    const result = await work();
    if (lost !== undefined) throw lost.error;
    return result;
  } finally {
    clearInterval(timer);
  }
}

/**
 * What begins a transaction, in one message to the server. All settings end with it, so that connections may be shared.
 * Whatever waits for a lock waits as long as `lockWaitMs` says, at least a millisecond.
 */
export function beginning(
  { schema, statementTimeoutMs }: PostgresTarget,
  { client, tokenHash }: Scope,
  { allClients = client === undefined && tokenHash === undefined }: TransactionOptions,
  { lockWaitMs, writes = false }: { readonly lockWaitMs: number; readonly writes?: boolean },
): string {
  const settings = [
    ['statement_timeout', String(statementTimeoutMs)],
    ['lock_timeout', String(Math.max(1, Math.min(lockWaitMs, 2 ** 31 - 1)))],
    ['tph.client', client === undefined ? '' : String(idToBigInt(client))],
    ['tph.directory', allClients ? 'on' : ''],
    ['tph.token', tokenHash ?? ''],
    ...(schema === undefined ? [] : [['search_path', `"${schema}"`]]),
  ].map(([name = '', value = '']) => `set_config('${name}', ${literal(value)}, true)`);
  const isolation = writes ? 'read committed' : 'repeatable read read only';
  const begin = `begin isolation level ${isolation}; select ${settings.join(', ')}`;
  if (!writes) return begin;
  // Not `read write`, which would overrule a database or a user that is set to be read-only. Read committed, so that what is read after the lock was had is what the one before left behind.
  const locks =
    allClients || client === undefined
      ? `pg_advisory_xact_lock(${schemaLock})`
      : `pg_advisory_xact_lock_shared(${schemaLock}), pg_advisory_xact_lock(${clientLock(client)})`;
  const waits = `set local idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`;
  return `${begin}; ${waits}; select ${locks}`;
}

/** `view`: that of the data, where the beginning asked for it. */
export type Work<T> = (queries: Queries, view: string) => Promise<T>;

/** What the last statement of a beginning answers. */
interface Begun {
  readonly settled?: bigint;
  readonly view?: string;
}

/**
 * Carries out `work` between a beginning and an end. Throws what the server says, `BeingRestored`, or UNAVAILABLE where the
 * connection broke.
 */
export async function transact<T>(
  connect: () => Promise<PoolClient>,
  shown: string,
  begin: string,
  end: 'commit' | 'rollback',
  work: Work<T>,
): Promise<T> {
  const client = await connect();
  let isEnding = false;
  let mustGo = false;
  let broken: unknown;
  try {
    const begun = (await client.query(begin)) as unknown as readonly QueryResult<Begun>[];
    const { settled, view = '' } = begun.at(-1)?.rows[0] ?? {};
    if (settled === 0n) throw new BeingRestored();
    const result = await work(queriesOn(client), view);
    isEnding = end === 'commit';
    const { command } = await client.query(end);
    isEnding = false;
    if (end === 'commit' && command !== 'COMMIT')
      throw new Error('an error within the transaction was passed over');
    return result;
  } catch (error) {
    broken = lossOf(client) ?? (isDisconnection(error) ? error : undefined);
    if (broken !== undefined) throw cutOff(shown, isEnding, broken);
    // An id may have been asked for and not had: its lock is the session's.
    await client.query('rollback; select pg_advisory_unlock_all()').catch((failure: unknown) => {
      broken = failure;
    });
    mustGo = isOutdated(error);
    throw error;
  } finally {
    client.release(broken !== undefined || mustGo);
  }
}

/** Makes the rest of a transaction be about another client: for what is counted or looked for in all of them. */
export async function asClient(queries: Queries, client: Id): Promise<void> {
  await rows(queries, "select set_config('tph.client', ?, true)", [String(idToBigInt(client))]);
}
