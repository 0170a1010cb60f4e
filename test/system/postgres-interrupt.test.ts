import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';
import { finished, Program } from './program.ts';

/** Longer than anybody waits, and than a test may take. */
const SLOW = `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(100); return new; end';
  create trigger slow before insert on driver for each row execute function slow()`;
const AT_WORK = `select pid from pg_stat_activity where datname = current_database() and application_name = 'tph'
  and state = 'active'`;

let database: TestDatabase;
beforeAll(async () => {
  if (server !== null) database = await makeDatabase();
});
afterAll(() => database?.dispose());

const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await sleep(50);
};

test.skipIf(server === null)(
  'Ctrl-C ends a command that waits for PostgreSQL, and the server gives up its question',
  async () => {
    const program = new Program();
    const env = { TPH_DB: database.url };
    const made = await program.run(
      ['init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE'],
      {
        env,
      },
    );
    expect(made).toMatchObject({ code: 0 });
    await database.sql(SLOW);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const child = program.start(['driver', 'create', 'D1'], env);
      const ended = finished(child);
      await until(async () => (await database.sql(AT_WORK)).length > 0);
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
      await until(async () => (await database.sql(AT_WORK)).length === 0);
    }
    await database.sql('drop trigger slow on driver');
    expect((await program.run(['driver', 'list', '-o', 'csv'], { env })).stdout).not.toContain('D1');
  },
);
