import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { built } from './builder.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';

export type RunState = 'INTERRUPTED' | 'DONE' | 'REJECTED' | 'ABANDONED' | 'UNDONE' | 'PARTLY_UNDONE';

export interface RunCounts {
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly warnings: number;
}

/** An import as its history keeps it (spec section 7). */
export interface StoredRun extends RunCounts {
  readonly id: Id;
  readonly kind: string;
  readonly mode: 'atomic' | 'partial';
  readonly onConflict: 'error' | 'skip' | 'update';
  /** JSON of what else it was asked for. */
  readonly options: string;
  readonly file: string;
  readonly sha256: string | null;
  readonly actor: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly state: RunState;
}

export async function insertRun(queries: Queries, clientId: Id, run: StoredRun): Promise<void> {
  await built(queries)
    .insertInto('import_run')
    .values({
      client_id: encodeId(clientId),
      id: encodeId(run.id),
      kind: run.kind,
      mode: run.mode,
      on_conflict: run.onConflict,
      file: run.file,
      sha256: run.sha256,
      actor: run.actor,
      started_at: run.startedAt,
      ...changing(run),
    })
    .execute();
}

const changing = (run: StoredRun) => ({
  options: run.options,
  finished_at: run.finishedAt,
  state: run.state,
  total: run.total,
  created: run.created,
  updated: run.updated,
  unchanged: run.unchanged,
  failed: run.failed,
  warnings: run.warnings,
});

/** Keeps how far a run has come: its counts, its state and when it ended. */
export async function updateRun(queries: Queries, clientId: Id, run: StoredRun): Promise<void> {
  await built(queries)
    .updateTable('import_run')
    .set(changing(run))
    .where('client_id', '=', encodeId(clientId))
    .where('id', '=', encodeId(run.id))
    .execute();
}

export async function readRun(queries: Queries, clientId: Id, id: Id): Promise<StoredRun | undefined> {
  const row = await built(queries)
    .selectFrom('import_run')
    .selectAll()
    .where('client_id', '=', encodeId(clientId))
    .where('id', '=', encodeId(id))
    .executeTakeFirst();
  return row === undefined ? undefined : decodeRun(row);
}

/** Runs of the client, newest first. */
export async function readRuns(
  queries: Queries,
  clientId: Id,
  query: { readonly limit: number; readonly olderThan?: Id | undefined },
): Promise<readonly StoredRun[]> {
  let select = built(queries)
    .selectFrom('import_run')
    .selectAll()
    .where('client_id', '=', encodeId(clientId));
  if (query.olderThan !== undefined) select = select.where('id', '<', encodeId(query.olderThan));
  const rows = await select.orderBy('id', 'desc').limit(query.limit).execute();
  return rows.map(decodeRun);
}

function decodeRun(row: Row): StoredRun {
  return {
    id: decodeId(row['id']),
    kind: row['kind'] as string,
    mode: row['mode'] as StoredRun['mode'],
    onConflict: row['on_conflict'] as StoredRun['onConflict'],
    options: row['options'] as string,
    file: row['file'] as string,
    sha256: row['sha256'] as string | null,
    actor: row['actor'] as string,
    startedAt: Number(row['started_at']) as Instant,
    finishedAt: row['finished_at'] === null ? null : (Number(row['finished_at']) as Instant),
    state: row['state'] as RunState,
    total: Number(row['total']),
    created: Number(row['created']),
    updated: Number(row['updated']),
    unchanged: Number(row['unchanged']),
    failed: Number(row['failed']),
    warnings: Number(row['warnings']),
  };
}

/** A batch that was applied. Numbers below zero are undos of the run. */
export interface StoredBatch {
  readonly number: number;
  /** The audit events from the first to the last are the batch's own; null where it changed nothing. */
  readonly events: readonly [first: bigint, last: bigint] | null;
  readonly answer: string | null;
}

export async function insertBatch(
  queries: Queries,
  clientId: Id,
  run: Id,
  { number, events, answer }: StoredBatch,
): Promise<void> {
  await built(queries)
    .insertInto('import_batch')
    .values({
      client_id: encodeId(clientId),
      import_id: encodeId(run),
      number,
      first_event: events?.[0] ?? null,
      last_event: events?.[1] ?? null,
      answer,
    })
    .execute();
}

const batchesOf = (queries: Queries, clientId: Id, run: Id, table = 'import_batch') =>
  built(queries)
    .selectFrom(table)
    .where('client_id', '=', encodeId(clientId))
    .where('import_id', '=', encodeId(run));

/** What a batch answered when it was applied; undefined for one that was not. */
export async function batchAnswer(
  queries: Queries,
  clientId: Id,
  run: Id,
  number: number,
): Promise<string | undefined> {
  const row = await batchesOf(queries, clientId, run)
    .select('answer')
    .where('number', '=', number)
    .executeTakeFirst();
  return row === undefined ? undefined : ((row['answer'] as string | null) ?? '[]');
}

/** The highest number of a batch that was applied; 0 where none was. */
export async function lastBatch(
  queries: Queries,
  clientId: Id,
  run: Id,
  table = 'import_batch',
): Promise<number> {
  const row = await batchesOf(queries, clientId, run, table)
    .select((build) => build.fn.max('number').as('number'))
    .executeTakeFirst();
  return Math.max(0, Number(row?.['number'] ?? 0));
}

/** The lowest number of an undo of a run; 0 where it was never undone. */
export async function lastUndo(queries: Queries, clientId: Id, run: Id): Promise<number> {
  const row = await batchesOf(queries, clientId, run)
    .select((build) => build.fn.min('number').as('number'))
    .executeTakeFirst();
  return Math.min(0, Number(row?.['number'] ?? 0));
}

/** Keeps a batch of an atomic run until the run is finished; false where it is kept already. */
export async function stageBatch(
  queries: Queries,
  clientId: Id,
  run: Id,
  number: number,
  rows: string,
): Promise<boolean> {
  const known = await batchesOf(queries, clientId, run, 'import_stage')
    .select('number')
    .where('number', '=', number)
    .executeTakeFirst();
  if (known !== undefined) return false;
  await built(queries)
    .insertInto('import_stage')
    .values({ client_id: encodeId(clientId), import_id: encodeId(run), number, rows })
    .execute();
  return true;
}

export async function stagedBatch(
  queries: Queries,
  clientId: Id,
  run: Id,
  number: number,
): Promise<string | undefined> {
  const row = await batchesOf(queries, clientId, run, 'import_stage')
    .select('rows')
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.['rows'] as string | undefined;
}

export async function clearStage(queries: Queries, clientId: Id, run: Id): Promise<void> {
  await built(queries)
    .deleteFrom('import_stage')
    .where('client_id', '=', encodeId(clientId))
    .where('import_id', '=', encodeId(run))
    .execute();
}

/** Gives up atomic runs that began before a moment and were never finished, and removes what was kept of them. */
export async function abandonStagesBefore(
  queries: Queries,
  clientId: Id,
  before: Instant,
  now: Instant,
): Promise<void> {
  const dead = built(queries)
    .selectFrom('import_run')
    .where('client_id', '=', encodeId(clientId))
    .where('mode', '=', 'atomic')
    .where('state', '=', 'INTERRUPTED')
    .where('started_at', '<', before);
  for (const { id } of await dead.select('id').execute()) {
    await clearStage(queries, clientId, decodeId(id));
    await built(queries)
      .updateTable('import_run')
      .set({ state: 'ABANDONED', finished_at: now })
      .where('client_id', '=', encodeId(clientId))
      .where('id', '=', id)
      .execute();
  }
}
