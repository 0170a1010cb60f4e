import { hash } from 'node:crypto';

/** What a change reports besides the record; the rest of its answer is the record as a `get` answers it. */
const reported = [
  'changed',
  'changes',
  'warnings',
  'dryRun',
  'created',
  'replayed',
  'matched',
  'affects',
] as const;

/** The strong entity tag of an answer, with its quotes: of a change that of the record after it. */
export function entityTag(answer: object): string {
  const record: Record<string, unknown> = { ...answer };
  if ('changed' in record) for (const name of reported) delete record[name];
  return tagOfJson(JSON.stringify(record));
}

/** As `entityTag`, for a record that is JSON text already. */
export const tagOfJson = (json: string): string => `"${hash('sha1', json, 'base64url').slice(0, 22)}"`;
