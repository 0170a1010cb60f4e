import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Api } from '../../src/contract/api.ts';
import type { DatabaseCopy, Session, Store } from '../../src/contract/database.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { addDays, type Day } from '../../src/values/day.ts';
import type { Instant } from '../../src/values/instant.ts';
import { NoServer, startServer } from '../../test/support/postgres-server.ts';
import { runSql } from '../../test/support/postgres-sql.ts';
import { prepareLarge } from '../http/large.ts';

/** Rates of one engine, each a second. */
export interface Rates {
  readonly creates: number;
  readonly createsOfEight: number;
  readonly reads: number;
  readonly decisions: number;
  readonly decisionsOfEight: number;
  /** Runs of a day looked at, and trips made of them. */
  readonly previewed: number;
  readonly released: number;
}
export interface Size {
  readonly table: string;
  readonly rows: number;
  /** Of the table with its indexes. */
  readonly bytesARow: number;
}
export interface Measured {
  readonly drivers: number;
  readonly rows: number;
  readonly bytes: number;
  readonly rates: Rates;
  readonly sizes: readonly Size[];
  /** Rows a second that a copy takes, with comparing both sides. */
  readonly copied?: number;
}

const DRIVERS = Number(process.argv[2] ?? 500);
const parent = process.argv[3] ?? tmpdir();
const folder = mkdtempSync(join(parent, 'tph-scale-'));
const given = process.argv[4];

const session: Session = {
  client: undefined,
  actor: 'bench',
  reason: null,
  nowMs: Date.now(),
  lockWaitMs: 60_000,
};

/** How often something can be done in a second, tried for some two seconds. */
async function rate(work: (turn: number) => Promise<unknown>, lanes = 1, each = 1): Promise<number> {
  let turns = 0;
  for (; turns < 5; turns += 1) await work(turns);
  const begun = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() - begun < 2000) {
        turns += 1;
        await work(turns);
        done += each;
      }
    }),
  );
  return Math.round((done * 1000) / (performance.now() - begun));
}

async function ratesOf(store: Store, day: Day): Promise<Rates> {
  const apis: Api[] = await Promise.all(Array.from({ length: 8 }, () => store.open(session)));
  const api = apis[0] as Api;
  const stamp = process.hrtime.bigint();
  const create = (turn: number) =>
    (apis[turn % 8] as Api).call('customer.create', { firstName: `Scale ${stamp} ${turn}` });
  const decide = (turn: number) =>
    (apis[turn % 8] as Api).call('eligible.adHoc', {
      pickupAt: Math.floor(session.nowMs / 1000 + 3600) as Instant,
      scps: ['SCP-1'],
      capabilities: ['WAV'],
    });
  const measured = {
    creates: await rate((turn) => create(turn * 8)),
    createsOfEight: await rate(create, 8),
    reads: await rate((turn) => api.call('driver.get', { ref: `D${1 + (turn % (DRIVERS - 1))}` })),
    decisions: await rate((turn) => decide(turn * 8)),
    decisionsOfEight: await rate(decide, 8),
    previewed: await rate(() => api.call('release.preview', { day }), 1, DRIVERS),
    released: await rate((turn) => api.call('release.commit', { day: addDays(day, turn) }), 1, DRIVERS),
  };
  for (const one of apis) await one.close();
  return measured;
}

const sizesOfFile = (file: string): Size[] => {
  const database = new BetterSqlite3(file, { readonly: true });
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all() as string[];
  const bytes = new Map(
    (
      database
        .prepare(
          `select s.tbl_name as name, sum(d.pgsize) as bytes from dbstat d join sqlite_schema s on s.name = d.name
           where d.aggregate = 1 group by s.tbl_name`,
        )
        .all() as { name: string; bytes: number }[]
    ).map(({ name, bytes: size }) => [name, size]),
  );
  const sizes = tables.map((table) => {
    const rows = database.prepare(`select count(*) from "${table}"`).pluck().get() as number;
    return sized(table, rows, bytes.get(table) ?? 0);
  });
  database.close();
  return sizes;
};

const sized = (table: string, rows: number, bytes: number): Size => ({
  table,
  rows,
  bytesARow: rows === 0 ? 0 : Math.round(bytes / rows),
});

const total = (sizes: readonly Size[]) => ({
  rows: sizes.reduce((sum, { rows }) => sum + rows, 0),
  bytes: sizes.reduce((sum, { rows, bytesARow }) => sum + rows * bytesARow, 0),
});

/** The kinds of which there are enough rows to tell. */
const telling = (sizes: readonly Size[]) => sizes.filter(({ rows }) => rows >= 400);

async function sqlite(file: string): Promise<{ day: Day; measured: Measured }> {
  const { day, group } = await prepareLarge(file, DRIVERS);
  const store = openStore(file);
  const api = await store.open(session);
  // All runs go out.
  await api.call('scheduleExclusionGroup.update', { ref: group, mode: 'RUN_ON' });
  await api.close();
  const rates = await ratesOf(store, day);
  const sizes = sizesOfFile(file);
  return {
    day,
    measured: { drivers: DRIVERS, ...total(sizes), bytes: statSync(file).size, rates, sizes: telling(sizes) },
  };
}

async function postgres(url: string, source: string, day: Day): Promise<Measured> {
  const begun = performance.now();
  const signal = new AbortController().signal;
  const copied: DatabaseCopy = await openStore(source)
    .admin(session)
    .copyTo(url, { dryRun: false, onStep: () => {}, signal });
  const seconds = (performance.now() - begun) / 1000;
  const target = new URL(url);
  const reached = { host: target.hostname, port: Number(target.port || 5432), superuser: target.username };
  const name = target.pathname.slice(1);
  const found: Size[] = [];
  for (const { table, rows } of copied.tables) {
    const [size] = await runSql<{ bytes: string }>(
      reached,
      name,
      `select pg_total_relation_size('${table}') as bytes`,
    );
    found.push(sized(table, rows, Number(size?.bytes ?? 0)));
  }
  const rates = await ratesOf(openStore(url), addDays(day, 5000));
  return {
    drivers: DRIVERS,
    ...total(found),
    rates,
    sizes: telling(found),
    copied: Math.round(copied.rows / seconds),
  };
}

async function main(): Promise<void> {
  const file = join(folder, 'tph.db');
  const { day, measured } = await sqlite(file);
  const result: { sqlite: Measured; postgres?: Measured; why?: string } = { sqlite: measured };
  if (given !== undefined) result.postgres = await postgres(given, file, day);
  else
    try {
      const server = await startServer(parent);
      try {
        await runSql(server, 'postgres', 'create database scale');
        const url = `postgres://${server.superuser}@${server.host}:${server.port}/scale`;
        result.postgres = await postgres(url, file, day);
      } finally {
        await server.stop();
      }
    } catch (error) {
      if (!(error instanceof NoServer)) throw error;
      result.why = error.message;
    }
  process.stdout.write(JSON.stringify(result));
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
