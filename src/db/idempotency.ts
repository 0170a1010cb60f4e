import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { change, firstRow, insert } from './statement.ts';

/** How long an answer is kept, in seconds: a day. */
const KEPT = 86_400;

export interface KeptAnswer {
  readonly fingerprint: string;
  /** JSON text. */
  readonly answer: string;
}

/** What was answered under a key within the last day. */
export async function keptAnswer(
  queries: Queries,
  clientId: Id,
  key: string,
  now: Instant,
): Promise<KeptAnswer | undefined> {
  const row = await firstRow(
    queries,
    'select fingerprint, answer from idempotent_answer where client_id = ? and "key" = ? and answered_at > ?',
    [encodeId(clientId), key, now - KEPT],
  );
  return row === undefined
    ? undefined
    : { fingerprint: row['fingerprint'] as string, answer: row['answer'] as string };
}

/** Keeps an answer, and forgets those that are older than a day. */
export async function keepAnswer(
  queries: Queries,
  clientId: Id,
  key: string,
  kept: KeptAnswer,
  now: Instant,
): Promise<void> {
  await change(queries, 'delete from idempotent_answer where client_id = ? and answered_at <= ?', [
    encodeId(clientId),
    now - KEPT,
  ]);
  await insert(queries, 'idempotent_answer', [
    {
      client_id: encodeId(clientId),
      key,
      fingerprint: kept.fingerprint,
      answered_at: now,
      answer: kept.answer,
    },
  ]);
}
