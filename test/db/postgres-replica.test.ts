import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { server } from '../support/postgres.ts';
import { canFollow, startReplica, startServer, type TestServer } from '../support/postgres-server.ts';
import { ROLE, runSql } from '../support/postgres-sql.ts';

const NOON = '2026-01-12T12:00:00Z';

if (server !== null && !canFollow())
  process.stdout.write('PostgreSQL: what a replica does is left out, since there is no pg_basebackup\n');

describe.skipIf(server === null || !canFollow())('a replica that follows its primary', () => {
  let primary: TestServer;
  let replica: TestServer;

  const on = async ({ port }: TestServer, now: string, ...words: readonly string[]) => {
    const env = { TPH_DB: `postgres://${ROLE}@127.0.0.1:${port}/fleet`, TPH_NOW: now };
    const host = testHost({ env });
    const code = await run(['node', 'tph', ...words], host);
    return { code, out: host.out(), err: host.err() };
  };
  const json = async (at: TestServer, now: string, ...words: readonly string[]) => {
    const { code, out, err } = await on(at, now, ...words, '-o', 'json');
    expect(code, err).toBe(0);
    return JSON.parse(out);
  };
  /** Waits until the replica has all that the primary has. */
  const caughtUp = async () => {
    const [mark] = await runSql<{ at: string }>(
      primary,
      'postgres',
      'select pg_current_wal_insert_lsn() as at',
    );
    for (let tries = 0; tries < 500; tries += 1) {
      const [seen] = await runSql<{ is: boolean }>(
        replica,
        'postgres',
        `select pg_last_wal_replay_lsn() >= '${mark?.at}'::pg_lsn as is`,
      );
      if (seen?.is === true) return;
      await sleep(20);
    }
    throw new Error('the replica does not follow');
  };

  beforeAll(async () => {
    primary = await startServer(tmpdir());
    await runSql(primary, 'postgres', `create role ${ROLE} login`);
    await runSql(primary, 'postgres', `create database fleet owner ${ROLE}`);
    await json(primary, NOON, 'init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE');
    await json(primary, NOON, 'exclusion', 'create', 'Snow');
    await json(primary, NOON, 'exclusion', 'set', 'Snow', 'RUN_OFF', '--resume', '20260114');
    await json(primary, NOON, 'recurring', 'create', 'SR-1', '--time', '08:15 MON-FRI');
    replica = await startReplica(tmpdir(), primary);
  });
  afterAll(async () => {
    await replica?.stop();
    await primary?.stop();
  });

  test('answers what the primary answers, and goes on following', async () => {
    await json(primary, NOON, 'driver', 'create', 'D7', '--first-name', 'Ann');
    await caughtUp();
    for (const words of [
      ['driver', 'list'],
      ['exclusion', 'show', 'Snow'],
      ['release', '--day', '20260113'],
      ['log'],
      ['client', 'list'],
      ['db', 'check'],
      ['doctor'],
    ])
      expect(await json(replica, NOON, ...words), words[0]).toEqual(await json(primary, NOON, ...words));
    expect(await json(replica, NOON, 'db', 'status')).toMatchObject({ readOnly: true, engine: 'postgres' });
  });

  test('computes a revert that is due, and leaves it to the primary to store', async () => {
    const later = '2026-01-15T12:00:00Z';
    expect(await json(replica, later, 'exclusion', 'show', 'Snow')).toMatchObject({
      mode: 'RUN_SCHEDULE',
      scheduleResumeDay: null,
    });
    const reverts = ['log', '--operation', 'scheduleExclusionGroup.resume'];
    expect(await json(replica, later, ...reverts)).toEqual([]);
    await json(primary, later, 'exclusion', 'show', 'Snow');
    await caughtUp();
    expect(await json(replica, later, ...reverts)).toHaveLength(1);
  });

  test.each([
    ['driver', 'create', 'D8'],
    ['driver', 'create', 'D8', '--dry-run'],
    ['exclusion', 'set', 'Snow', 'RUN_ON'],
    ['release', '--day', '20260113', '--commit'],
    ['client', 'create', 'Two', '--time-zone', 'Europe/London', '--country', 'GB'],
    ['token', 'create', 'app', '--role', 'ADMIN'],
  ])('refuses a change: %s %s %s', async (...words) => {
    const { code, out, err } = await on(replica, NOON, ...words);
    expect({ code, out }, err).toEqual({ code: 7, out: '' });
    expect(err).toMatch(/^error: .*`postgres:.*` is read-only: nothing was changed\nhint: .*primary/);
  });

  test('that has lost its primary still answers', async () => {
    await primary.stop();
    expect(await json(replica, NOON, 'driver', 'list')).toHaveLength(1);
  });
});
