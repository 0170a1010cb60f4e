import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import './postgres-setup.ts';
import { type Reached, ROLE, runSql, TEMPLATE } from './postgres-sql.ts';

/** The server of this run; null where none could be had, and the tests that want one are left out. */
export const server: Reached | null = await reached();

async function reached(): Promise<Reached | null> {
  const answer = await fetch(`http://127.0.0.1:${inject('postgresDesk')}/`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Reached | null;
}

/** A database for one test, and the URL by which the program reaches it. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs SQL as the superuser, or as another role of this server. */
  sql<R = Record<string, unknown>>(text: string, role?: string): Promise<readonly R[]>;
  dispose(): Promise<void>;
}

/** Makes a database that the program's role owns: with the tables of this version, all of them empty, or with none. */
export async function makeDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  if (server === null) throw new Error('there is no server');
  const there = server;
  const name = `t_${randomBytes(6).toString('hex')}`;
  const template = isEmpty ? 'template0' : TEMPLATE;
  await runSql(there, 'postgres', `create database ${name} owner ${ROLE} template ${template}`);
  return {
    name,
    url: `postgres://${ROLE}@${there.host}:${there.port}/${name}`,
    sql: (text, role) => runSql(there, name, text, role),
    dispose: async () => {
      await runSql(there, 'postgres', `drop database ${name} with (force)`);
    },
  };
}
