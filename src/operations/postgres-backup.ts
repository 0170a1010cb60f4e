import { closeSync, existsSync, openSync, readSync, statSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Backup, Session } from '../contract/database.ts';
import { targetState } from '../db/copy-target.ts';
import type { PostgresDatabase } from '../db/postgres.ts';
import { type DumpFacts, dumpFacts, standingOf } from '../db/postgres-dump.ts';
import { isInDoubt } from '../db/postgres-errors.ts';
import { postgresVersion } from '../db/postgres-schema.ts';
import { holding, holdReaders } from '../db/postgres-transaction.ts';
import { freeName } from '../db/schema.ts';
import { makeFile } from '../db/sqlite-file.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { copyDatabase, makeTables, restoreCopy } from './copy-database.ts';
import { hasTool, missing, runTool, withTools } from './postgres-tools.ts';
import { usingPostgres } from './using-postgres.ts';

/**
 * Writes everything to a new file, consistent while others write: what `pg_dump` makes, where it is installed and the user
 * may see all clients at once; else a SQLite file, as `tph db copy` makes it. CONFLICT where the file exists.
 */
export async function backupPostgres(url: string, session: Session, given: string): Promise<Backup> {
  const file = resolve(given);
  if (existsSync(file))
    throw new TphError('CONFLICT', `${quote(file)} exists already`, { hint: 'name a new file' });
  const note = await usingPostgres(url, session, async (database) => write(database, url, session, file));
  return { file, sizeBytes: statSync(file).size, ...(note === undefined ? {} : { note }) };
}

/** Answers why it is no dump, where it is none. */
async function write(
  database: PostgresDatabase,
  url: string,
  session: Session,
  file: string,
): Promise<string | undefined> {
  const facts = await dumpFacts(database);
  const why = facts.seesAll
    ? (await hasTool('pg_dump'))
      ? undefined
      : 'pg_dump cannot be found'
    : 'pg_dump would see no row, since row-level security holds for this user';
  makeFile(file);
  try {
    if (why === undefined) await dump(database, url, facts, file);
    else await copyDatabase(url, file, session, quietly());
  } catch (error) {
    unlinkSync(file);
    throw error;
  }
  return why === undefined ? undefined : `${why}: the backup is a SQLite file, as \`tph db copy\` makes it`;
}

const quietly = () => ({ dryRun: false, onStep: () => {}, signal: new AbortController().signal });

const dump = (database: PostgresDatabase, url: string, { schema }: DumpFacts, file: string): Promise<void> =>
  withTools(url, database.target, async ({ connection }) => {
    const words = ['--format=custom', '--no-password', `--schema="${schema}"`, `--file=${file}`];
    await runTool('pg_dump', [...words, `--dbname=${connection}`]);
  });

/**
 * Puts a backup in the place of what the database holds, which is written beside the backup first. Nobody writes from
 * before that until the end, so that what others have written is in the one or in the other; nobody reads while tables
 * are replaced. A dump is restored by `pg_restore`, the rows of a SQLite file are copied in; either way all or nothing.
 */
export async function restorePostgres(
  url: string,
  session: Session,
  given: string,
): Promise<{ readonly location: string; readonly kept: string | null }> {
  const file = resolve(given);
  const kind = kindOf(file);
  if (kind === undefined)
    throw invalid(`${quote(given)} is no backup`, 'name a file that `tph db backup` or `pg_dump -Fc` made');
  if (kind === 'dump' && !(await hasTool('pg_restore'))) throw missing('pg_restore');
  return usingPostgres(url, session, async (database) => {
    const dumped = kind === 'dump' ? await planDump(database, file) : undefined;
    if (kind === 'sqlite') await makeTables(url, session);
    let kept: string | null = null;
    try {
      await database.write(async (queries) => {
        // Looked at in transactions of their own: what this one has touched, `pg_restore` would wait for.
        kept = await holding(queries, async () =>
          (await holdsData(database)) ? keepBeside(database, url, session, file) : null,
        );
        await holdReaders(queries);
        if (dumped === undefined) await restoreCopy(file, database, queries, session);
        else await holding(queries, () => restoreDump(database, url, file, dumped));
      });
    } catch (error) {
      // At the very end nobody knows whether it was replaced.
      if (kept !== null && !isInDoubt(error)) unlinkSync(kept);
      throw error;
    }
    return { location: database.location, kept };
  });
}

function kindOf(file: string): 'dump' | 'sqlite' | undefined {
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1', 0, 5) === 'PGDMP') return 'dump';
  return head.toString('latin1') === 'SQLite format 3\0' ? 'sqlite' : undefined;
}

/** An unfinished copy is nothing to keep, nor is a database without tables or without any client. */
async function holdsData(database: PostgresDatabase): Promise<boolean> {
  try {
    return await database.read(
      async (queries) =>
        (await postgresVersion(queries, database.location)) > 0 &&
        (await targetState(database, queries)).state === 'filled',
    );
  } catch (error) {
    if (error instanceof TphError && error.code === 'INVALID') return false;
    throw error;
  }
}

async function keepBeside(
  database: PostgresDatabase,
  url: string,
  session: Session,
  file: string,
): Promise<string> {
  const kept = freeName(`${file}.before-restore`);
  await write(database, url, session, kept);
  return kept;
}

/** Entries of a dump's list that are about the schema itself, which stays as it is. */
const ABOUT_SCHEMA = /^\d+; \d+ \d+ (SCHEMA|(COMMENT|ACL) - SCHEMA) /;

/** What `pg_restore` is to do. */
interface Dumped {
  /** The entries of the dump, one a line. */
  readonly list: readonly string[];
  /** As whom: whom the tables belong to, so that they go on belonging to him. Undefined: as this user. */
  readonly role: string | undefined;
}

/** INVALID where the dump is of another schema, NOT_ALLOWED where the tables are somebody else's. */
async function planDump(database: PostgresDatabase, file: string): Promise<Dumped> {
  const { schema, owner } = await dumpFacts(database);
  const list = (await runTool('pg_restore', ['--list', file])).split('\n');
  const history = list.find((line) => line.includes(` TABLE ${schema} schema_version `));
  if (history === undefined)
    throw invalid(
      `${quote(file)} has no tph database in the schema ${quote(schema)}`,
      'name another backup, or the schema that it was made of with ?schema=…',
    );
  const wanted = owner ?? history.split(' ').at(-1) ?? '';
  const standing = await standingOf(database, wanted);
  if (standing === 'other' && owner !== undefined)
    throw new TphError('NOT_ALLOWED', `the tables in \`${database.location}\` belong to ${quote(owner)}`, {
      hint: 'restore as that user or as a superuser; they go on belonging to that user',
    });
  return { list, role: standing === 'may be' ? wanted : undefined };
}

async function restoreDump(
  database: PostgresDatabase,
  url: string,
  file: string,
  { list, role }: Dumped,
): Promise<void> {
  await withTools(url, database.target, async ({ connection, note }) => {
    const wanted = note('list', list.filter((line) => !ABOUT_SCHEMA.test(line)).join('\n'));
    const how = ['--clean', '--if-exists', '--single-transaction', '--exit-on-error', '--no-owner'];
    await runTool('pg_restore', [
      ...how,
      ...(role === undefined ? [] : [`--role=${role}`]),
      '--no-password',
      `--use-list=${wanted}`,
      `--dbname=${connection}`,
      file,
    ]);
  });
}
