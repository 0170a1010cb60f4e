import type { ActiveClient } from '../contract/api.ts';
import type { NewClient, Session } from '../contract/database.ts';
import { loadFormats } from '../contract/formats.ts';
import { clientRows } from '../db/clients.ts';
import type { Database } from '../db/database.ts';
import { migrateSqlite, PROGRAM } from '../db/schema.ts';
import { openSqlite } from '../db/sqlite.ts';
import { quotePath } from '../db/sqlite-errors.ts';
import { makeFolderOf } from '../db/sqlite-file.ts';
import { checkInput } from '../records/check.ts';
import { client } from '../records/client.ts';
import { settingsInForce } from '../records/settings.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { createRecord } from './create.ts';
import { refusal } from './refusal.ts';
import { checkSession } from './session.ts';
import type { Work } from './work.ts';

interface Created {
  readonly location: string;
  readonly client: ActiveClient;
}

/** A new database with its first client. What is wrong with the client is said before any file is made. */
export async function createDatabase(location: string, session: Session, input: NewClient): Promise<Created> {
  await checkNewClient(session, input);
  const now = Math.floor(session.nowMs / 1000) as Instant;
  makeFolderOf(location);
  // Where this fails half-way the file stays, to be taken up by the next: another process may be using it already.
  const database = openSqlite({ file: location, lockWaitMs: session.lockWaitMs, create: true });
  try {
    await migrateSqlite(database, now, PROGRAM);
    return await createFirstClient(database, session, input);
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}

/** Refuses a session or a client that could not be written, before anything is made for it. */
export async function checkNewClient(session: Session, input: NewClient): Promise<void> {
  checkSession(session);
  const formats = await loadFormats(input.country, client.fields, { ...input });
  const error = refusal(checkInput(client, { ...input }, 'create', formats).problems, []);
  if (error !== undefined) throw error;
}

/** The first client of a database whose tables are there; CONFLICT where it has one. */
export async function createFirstClient(
  database: Database,
  session: Session,
  input: NewClient,
): Promise<Created> {
  const { location } = database;
  const now = Math.floor(session.nowMs / 1000) as Instant;
  const record = await database.write(
    async (queries) => {
      const [first] = await clientRows(queries);
      if (first !== undefined)
        throw new TphError(
          'CONFLICT',
          `the database ${quotePath(location)} has the client ${quote(first.name)} already`,
          {
            hint: 'add another with `tph client create`, or name another database with --db',
          },
        );
      return createRecord(firstWork({ database, queries }, session, now, input), 'Client', { ...input });
    },
    { allClients: true },
  );
  const { name, timeZone, country } = record as unknown as ActiveClient;
  return { location, client: { id: record.id, name, timeZone, country } };
}

/** Before there is a client, nobody can be acted for; its row and its audit row belong to itself. */
const firstWork = (
  scope: Pick<Work, 'database' | 'queries'>,
  session: Session,
  now: Instant,
  input: NewClient,
): Work => ({
  ...scope,
  client: { id: 'G0' as Id, ...input },
  settings: settingsInForce({}),
  operation: 'client.create',
  actor: session.actor,
  reason: session.reason,
  now,
  nowMs: session.nowMs,
  today: 0 as Work['today'],
  dryRun: false,
  storesReverts: true,
  viewerGroups: null,
  viewerRole: null,
});
