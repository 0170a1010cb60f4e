import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import type { TestProject } from 'vitest/node';
import { openPostgres } from '../../src/db/postgres.ts';
import { migratePostgres } from '../../src/db/postgres-schema.ts';
import type { Instant } from '../../src/values/instant.ts';
import { NoServer, startServer, type TestServer } from './postgres-server.ts';
import { ROLE, runSql, TEMPLATE } from './postgres-sql.ts';

/**
 * A server for a whole run of the tests, started when the first test asks for it at the address that is provided. Where
 * none can be had a line says why, and the tests that want one are left out.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TestServer | null> | undefined;
  const desk = createServer((_request, response: ServerResponse) => {
    started ??= start();
    started.then(
      (server) => response.end(JSON.stringify(server)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const address = desk.address();
  project.provide('postgresDesk', typeof address === 'object' ? (address?.port ?? 0) : 0);
  return async () => {
    desk.close();
    desk.closeAllConnections();
    await (await started)?.stop();
  };
}

async function start(): Promise<TestServer | null> {
  try {
    const server = await startServer(tmpdir());
    await runSql(server, 'postgres', `create role ${ROLE} login`);
    await runSql(server, 'postgres', `create database ${TEMPLATE} owner ${ROLE} template template0`);
    const url = `postgres://${ROLE}@${server.host}:${server.port}/${TEMPLATE}`;
    const database = await openPostgres({ url, lockWaitMs: 10_000 });
    await migratePostgres(database, 1 as Instant, 'tph');
    await database.close();
    return server;
  } catch (error) {
    if (!(error instanceof NoServer)) throw error;
    process.stdout.write(`PostgreSQL: its tests are left out, since ${error.message}\n`);
    return null;
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The port at which the tests of this run ask for their server of PostgreSQL. */
    readonly postgresDesk: number;
  }
}
