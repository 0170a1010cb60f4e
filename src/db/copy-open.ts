import { existsSync, statSync } from 'node:fs';
import { sql } from 'kysely';
import { isPostgresUrl } from '../values/database-url.ts';
import { invalid, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { built } from './builder.ts';
import { targetState } from './copy-target.ts';
import type { Database } from './database.ts';
import { openPostgres, type PostgresDatabase } from './postgres.ts';
import { migratePostgres, postgresVersion } from './postgres-schema.ts';
import { migrateSqlite, PROGRAM, refuseNewer, schemaVersion } from './schema.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { openSqlite } from './sqlite.ts';

/** Opens what is to be copied. INVALID where it is of another version, or shows its user one client alone. */
export async function openCopySource(location: string, lockWaitMs: number): Promise<Database> {
  if (!isPostgresUrl(location)) {
    const database = openSqlite({ file: location, lockWaitMs });
    return closingOnError(database, async () => wantVersion(location, await database.read(schemaVersion)));
  }
  const database = await openPostgres({ url: location, lockWaitMs });
  return closingOnError(database, async () => {
    const { location: shown } = database;
    wantVersion(shown, await database.read((queries) => postgresVersion(queries, shown)));
    await wantAllClients(database);
  });
}

/**
 * Opens what is to be copied into, making the file and the tables where there are none. Undefined
 * for a dry run where there is no file.
 */
export async function openCopyTarget(
  location: string,
  {
    lockWaitMs,
    now,
    dryRun,
  }: { readonly lockWaitMs: number; readonly now: Instant; readonly dryRun: boolean },
): Promise<Database | undefined> {
  const makesTables = async (database: Database): Promise<boolean> =>
    (await database.read((queries) => targetState(database, queries))).state !== 'unfinished' && !dryRun;
  if (isPostgresUrl(location)) {
    const database = await openPostgres({ url: location, lockWaitMs });
    return closingOnError(database, async () => {
      if (await makesTables(database)) await migratePostgres(database, now, PROGRAM);
    });
  }
  const isThere = existsSync(location) && statSync(location).size > 0;
  if (dryRun && !isThere) return undefined;
  const database = openSqlite({ file: location, lockWaitMs, create: true });
  // References are looked at when all rows are there.
  database.connection.pragma('foreign_keys = off');
  return closingOnError(database, async () => {
    if (await makesTables(database)) await migrateSqlite(database, now, PROGRAM);
  });
}

async function closingOnError<D extends Database>(database: D, work: () => Promise<void>): Promise<D> {
  try {
    await work();
    return database;
  } catch (error) {
    await database.close();
    throw database.explain(error);
  }
}

function wantVersion(shown: string, version: number): void {
  if (version === SCHEMA_VERSION) return;
  if (version === 0)
    throw new TphError('NOT_FOUND', `\`${shown}\` has no tph database`, { hint: 'name another with --from' });
  refuseNewer(shown, version, SCHEMA_VERSION);
  throw invalid(
    `\`${shown}\` has schema version ${version}; what is copied has the program's, ${SCHEMA_VERSION}`,
    `run \`tph db migrate --db ${shown}\` first`,
  );
}

/** A role that is bound to one client sees no list of them, and would copy that one as if it were all. */
async function wantAllClients(database: PostgresDatabase): Promise<void> {
  const { rows } = await database.read((queries) =>
    sql<{ all: bigint }>`select tph_directory() as "all"`.execute(built(queries)),
  );
  if (rows[0]?.all === 1n) return;
  throw new TphError('NOT_ALLOWED', `the user of \`${database.location}\` sees one client only`, {
    hint: 'connect as a user who serves all clients',
  });
}
