import type { Session } from '../contract/database.ts';
import { openPostgres, type PostgresDatabase } from '../db/postgres.ts';

/** Opens a PostgreSQL database for a piece of work, and closes it; what goes wrong is told in words for people. */
export async function usingPostgres<T>(
  url: string,
  session: Session,
  work: (database: PostgresDatabase) => Promise<T>,
): Promise<T> {
  const database = await openPostgres({ url, lockWaitMs: session.lockWaitMs });
  try {
    return await work(database);
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}
