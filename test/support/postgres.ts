import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import './postgres-setup.ts';

/** The server of this run; null where none could be had, and tests of PostgreSQL are left out. */
export const server = inject('postgres');

/** A database for one test, and the role that the program connects as: it owns the database, and is nothing more. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs SQL as the superuser, or as another role of this server. */
  sql<R = Record<string, unknown>>(text: string, role?: string): Promise<readonly R[]>;
  dispose(): Promise<void>;
}

export const ROLE = 'tph_app';

/** Runs one statement, or several, in a connection of their own. */
export async function runSql<R = Record<string, unknown>>(
  database: string,
  text: string,
  role?: string,
): Promise<readonly R[]> {
  if (server === null) throw new Error('there is no server');
  const { default: pg } = await import('pg');
  const { host, port, superuser } = server;
  const client = new pg.Client({ host, port, user: role ?? superuser, database, ssl: false });
  await client.connect();
  try {
    const result = (await client.query(text)) as unknown as { rows: R[] } | { rows: R[] }[];
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
  } finally {
    await client.end();
  }
}

/** Makes an empty database that the application's role owns. */
export async function makeDatabase(template = 'template0'): Promise<TestDatabase> {
  if (server === null) throw new Error('there is no server');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await runSql(
    'postgres',
    `do $$ begin create role ${ROLE} login; exception when duplicate_object or unique_violation then null; end $$`,
  );
  await runSql('postgres', `create database ${name} owner ${ROLE} template ${template}`);
  return {
    name,
    url: `postgres://${ROLE}@${server.host}:${server.port}/${name}`,
    sql: (text, role) => runSql(name, text, role),
    dispose: async () => {
      await runSql('postgres', `drop database ${name} with (force)`);
    },
  };
}
