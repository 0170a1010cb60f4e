import { tmpdir } from 'node:os';
import type { TestProject } from 'vitest/node';
import { NoServer, startServer } from './postgres-server.ts';

/** One server for a whole run of the tests, or a line that says why there is none. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    const server = await startServer(tmpdir());
    const { host, port, superuser } = server;
    project.provide('postgres', { host, port, superuser });
    return () => server.stop();
  } catch (error) {
    if (!(error instanceof NoServer)) throw error;
    process.stdout.write(`PostgreSQL: its tests are left out, since ${error.message}\n`);
    project.provide('postgres', null);
    return async () => {};
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the server of this run is; null where none could be had. */
    readonly postgres: { readonly host: string; readonly port: number; readonly superuser: string } | null;
  }
}
