import { existsSync, statSync } from 'node:fs';
import type { CopyOptions, DatabaseCopy, Session } from '../contract/database.ts';
import { copyRows, emptyForCopy, planCopy } from '../db/copy.ts';
import { openCopySource, openCopyTarget } from '../db/copy-open.ts';
import type { Database, Queries } from '../db/database.ts';
import { withoutPassword } from '../values/database-url.ts';
import { invalid, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';

/**
 * Copies a database into another, of either engine: every client, deleted records, the audit trail, tokens, the last id.
 * INTERNAL where the two differ in the end; the copy then stays unfinished.
 */
export async function copyDatabase(
  from: string,
  to: string,
  session: Session,
  options: CopyOptions,
): Promise<DatabaseCopy> {
  refuseSame(from, to);
  return between(from, to, session, options.dryRun, async (source, target) => {
    const { tables, resumed } =
      target === undefined || options.dryRun
        ? await planCopy(source, target)
        : await copyRows(source, target, options);
    const shown = { from: source.location, to: target?.location ?? withoutPassword(to) };
    if (!options.dryRun) refuseDifferent(shown.to, tables);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return { ...shown, rows, resumed, verified: options.dryRun ? null : true, tables };
  });
}

/** Makes the tables of a database that has none, so that rows can be put into it. */
export async function makeTables(location: string, { lockWaitMs, nowMs }: Session): Promise<void> {
  const now = Math.floor(nowMs / 1000) as Instant;
  await (await openCopyTarget(location, { lockWaitMs, now, dryRun: false }))?.close();
}

/** Copies a database into the place of another, whatever that one holds, in a transaction that is under way. */
export async function restoreCopy(
  from: string,
  target: Database,
  queries: Queries,
  { lockWaitMs }: Session,
): Promise<void> {
  const source = await openCopySource(from, lockWaitMs);
  try {
    const within = inTransaction(target, queries);
    await emptyForCopy(source, within);
    const quietly = { onStep: () => {}, signal: new AbortController().signal };
    refuseDifferent(target.location, (await copyRows(source, within, quietly)).tables);
  } catch (error) {
    throw source.explain(error);
  } finally {
    await source.close();
  }
}

/** A database of which everything is read and written in a transaction that is under way. */
const inTransaction = (database: Database, queries: Queries): Database => ({
  ...database,
  read: (work) => work(queries),
  write: (work) => work(queries),
});

async function between<T>(
  from: string,
  to: string,
  { lockWaitMs, nowMs }: Session,
  dryRun: boolean,
  work: (source: Database, target: Database | undefined) => Promise<T>,
): Promise<T> {
  const source = await openCopySource(from, lockWaitMs);
  try {
    const now = Math.floor(nowMs / 1000) as Instant;
    const target = await openCopyTarget(to, { lockWaitMs, now, dryRun });
    try {
      return await work(source, target);
    } catch (error) {
      throw target?.explain(error) ?? error;
    } finally {
      await target?.close();
    }
  } catch (error) {
    throw source.explain(error);
  } finally {
    await source.close();
  }
}

function refuseSame(from: string, to: string): void {
  if (from !== to && !(existsSync(from) && existsSync(to) && isOneFile(from, to))) return;
  throw invalid('a database cannot be copied into itself', 'name another database with --to', [
    { field: '--to', value: withoutPassword(to), message: 'is the database that is copied' },
  ]);
}

function isOneFile(from: string, to: string): boolean {
  const [one, other] = [statSync(from, { bigint: true }), statSync(to, { bigint: true })];
  return one.dev === other.dev && one.ino === other.ino;
}

/** INTERNAL (exit code 1) where what was copied is not what was to be copied. */
function refuseDifferent(to: string, tables: DatabaseCopy['tables']): void {
  const differing = tables.filter(({ same }) => same === false);
  if (differing.length === 0) return;
  const names = differing.map(({ table }) => table);
  throw new TphError('INTERNAL', `the copy is not the same as its source: ${names.join(', ')}`, {
    hint: `do not use \`${to}\`; look into the source with \`tph db check\`, then copy into a new database`,
    details: names.map((table) => ({ field: table, message: 'has other rows than in the source' })),
  });
}
