import type { DatabaseAdmin, DatabaseCheck, DatabaseStatus, Session } from '../contract/database.ts';
import { clientRows } from '../db/clients.ts';
import type { Queries } from '../db/database.ts';
import { newestEvent } from '../db/doctor-facts.ts';
import type { PostgresDatabase } from '../db/postgres.ts';
import { noTables } from '../db/postgres-errors.ts';
import { postgresHealth, sizeInBytes } from '../db/postgres-health.ts';
import { migratePostgres, postgresVersion, upgradePostgres } from '../db/postgres-schema.ts';
import { asClient } from '../db/postgres-transaction.ts';
import { PROGRAM } from '../db/schema.ts';
import { SCHEMA_VERSION } from '../db/schema-version.ts';
import { rows } from '../db/statement.ts';
import { tableCounts } from '../db/table-counts.ts';
import type { Instant } from '../values/instant.ts';
import { checkNewClient, createFirstClient } from './create-database.ts';
import { diagnoseDatabase } from './doctor-database.ts';
import { usingPostgres } from './using-postgres.ts';

/** What can be done to a PostgreSQL database as a whole. */
export function postgresAdmin(url: string, session: Session): DatabaseAdmin {
  const using = <T>(work: (database: PostgresDatabase) => Promise<T>) => usingPostgres(url, session, work);
  const now = Math.floor(session.nowMs / 1000) as Instant;
  const check = () => using(checkOf);
  return {
    create: async (client) => {
      await checkNewClient(session, client);
      return using(async (database) => {
        await migratePostgres(database, now, PROGRAM);
        return createFirstClient(database, session, client);
      });
    },
    status: () => using(statusOf),
    check,
    doctor: () =>
      using((database) =>
        diagnoseDatabase(database.location, session, {
          check: () => checkOf(database),
          read: (work) => database.read(work),
          engine: {
            version: (queries) => postgresVersion(queries, database.location),
            newest: newestOfAll,
          },
        }),
      ),
    backup: async (file) => (await import('./postgres-backup.ts')).backupPostgres(url, session, file),
    restore: async (file) => (await import('./postgres-backup.ts')).restorePostgres(url, session, file),
    migrate: () => using((database) => upgradePostgres(database, now)),
    copyTo: async (to, options) =>
      (await import('./copy-database.ts')).copyDatabase(url, to, session, options),
  };
}

async function statusOf(database: PostgresDatabase): Promise<DatabaseStatus> {
  return database.read(async (queries) => {
    const version = await postgresVersion(queries, database.location);
    if (version === 0) throw noTables(database.location);
    const clients = await clientRows(queries);
    const counts = version === SCHEMA_VERSION ? await countsOfAll(queries) : { records: {}, auditEvents: 0 };
    return {
      location: database.location,
      engine: 'postgres' as const,
      schemaVersion: version,
      programSchemaVersion: SCHEMA_VERSION,
      sizeBytes: await sizeInBytes(queries),
      readOnly: database.readOnly,
      mode: null,
      clients: clients.map(({ id, name, timeZone, country }) => ({ id, name, timeZone, country })),
      ...counts,
    };
  });
}

/** Carries something out as each client in turn: no transaction sees two of them at once. */
async function asEach<T>(queries: Queries, work: () => Promise<T>): Promise<readonly T[]> {
  const clients = [...(await clientRows(queries)), ...(await clientRows(queries, true))];
  // The trail of the clients themselves would be counted with each.
  await rows(queries, "select set_config('tph.directory', '', true)");
  const results: T[] = [];
  for (const { id } of clients) {
    await asClient(queries, id);
    results.push(await work());
  }
  return results;
}

async function countsOfAll(queries: Queries): ReturnType<typeof tableCounts> {
  const { records } = await tableCounts(queries);
  const sums: Record<string, number> = { ...records };
  for (const type of Object.keys(sums)) if (type !== 'Client') sums[type] = 0;
  let auditEvents = 0;
  for (const own of await asEach(queries, () => tableCounts(queries))) {
    for (const [type, count] of Object.entries(own.records))
      if (type !== 'Client') sums[type] = (sums[type] ?? 0) + count;
    auditEvents += own.auditEvents;
  }
  return { records: sums, auditEvents };
}

async function newestOfAll(queries: Queries): Promise<Instant | null> {
  const times = (await asEach(queries, () => newestEvent(queries))).filter((time) => time !== null);
  return times.length === 0 ? null : (Math.max(...times) as Instant);
}

async function checkOf(database: PostgresDatabase): Promise<DatabaseCheck> {
  return database.read(async (queries) => {
    const version = await postgresVersion(queries, database.location);
    if (version === 0) throw noTables(database.location);
    const wrongVersion =
      version === SCHEMA_VERSION
        ? []
        : [
            {
              check: 'schema',
              message: `schema version ${version}, the program's is ${SCHEMA_VERSION}`,
              hint: version < SCHEMA_VERSION ? 'run `tph db migrate`' : 'update tph',
            },
          ];
    const problems = [...(await postgresHealth(queries)), ...wrongVersion];
    return { ok: problems.length === 0, problems };
  });
}
