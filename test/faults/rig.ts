import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';
import { Program, type Ran } from '../system/program.ts';

/** A fifth of everything, to see that the rig itself works. */
export const isQuick = process.env['TPH_FAULTS_QUICK'] === '1';
/** So many of a kind, fewer when it is to be quick. */
export const some = (count: number): number => (isQuick ? Math.max(2, Math.round(count / 5)) : count);

const seed = Number(process.env['TPH_FAULTS_SEED'] ?? randomInt(1_000_000));
/** Says what was done; a run of hundreds of kills that says nothing is not believed. */
export const say = (text: string): void => void process.stdout.write(`  ${text}\n`);

/** Numbers from 0 to below 1 that are the same for the same seed and name (mulberry32). */
export function chances(name: string): () => number {
  let state = [...`${seed} ${name}`].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  say(`seed ${seed} for ${name}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Row = Readonly<Record<string, unknown>>;

/** The built program on a database of either engine, and a look at its tables past the program. */
export class Site extends Program {
  readonly location: string;
  readonly postgres: TestDatabase | undefined;

  constructor(postgres?: TestDatabase, file = 'tph.db') {
    super();
    this.postgres = postgres;
    this.location = postgres?.url ?? join(this.folder, file);
  }

  override get env(): NodeJS.ProcessEnv {
    return { ...super.env, TPH_DB: this.location };
  }

  async rows<R extends Row>(sql: string): Promise<readonly R[]> {
    if (this.postgres !== undefined) return this.postgres.sql<R>(sql);
    const database = new BetterSqlite3(this.location, { readonly: true });
    try {
      return database.prepare(sql).all() as R[];
    } finally {
      database.close();
    }
  }

  /** Nothing is wrong with the database, neither for the engine nor for the program. */
  async mustBeSound(): Promise<void> {
    if (this.postgres === undefined) {
      const database = new BetterSqlite3(this.location, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      database.close();
    }
    expect(await this.json('db', 'check')).toEqual({ ok: true, problems: [] });
  }

  /** How many live customers there are of each first name. */
  async customers(): Promise<ReadonlyMap<string, { readonly count: number; readonly lastName: string }>> {
    const found = new Map<string, { count: number; lastName: string }>();
    for (const row of await this.rows<{ name: string; last: string }>(
      'select first_name as name, last_name as last from customer where deleted_at is null',
    ))
      found.set(row.name, { count: (found.get(row.name)?.count ?? 0) + 1, lastName: row.last });
    return found;
  }

  /** Every customer has been made in the trail once, and nothing in the trail is missing. */
  async mustHaveOneTrail(): Promise<void> {
    const [row] = await this.rows<{ records: unknown; events: unknown; objects: unknown }>(
      `select (select count(*) from customer) as records,
        (select count(*) from audit_event where object_type = 'Customer' and action = 'CREATE') as events,
        (select count(distinct object_id) from audit_event where object_type = 'Customer' and action = 'CREATE') as objects`,
    );
    expect({ events: Number(row?.events), objects: Number(row?.objects) }).toEqual({
      events: Number(row?.records),
      objects: Number(row?.records),
    });
  }
}

/** By engine: a database with one client. Without PostgreSQL where no server could be had, which the set-up says. */
export const engines: readonly (readonly [string, () => Promise<Site>])[] = [
  ['SQLite', async () => started(new Site())],
  ...(server === null
    ? []
    : [
        [
          'PostgreSQL',
          async () => {
            const database = await makeDatabase();
            onTestFinished(() => database.dispose());
            return started(new Site(database));
          },
        ] as const,
      ]),
];

async function started(site: Site): Promise<Site> {
  await site.init();
  return site;
}

/** A failure that tells what to do, by the exit code it should have; never an unexpected one. */
export function mustHelp(ran: Ran, ...codes: readonly number[]): void {
  expect(codes, `exit code ${ran.code} (${ran.signal}): ${ran.stderr}`).toContain(ran.code);
  if (ran.stderr.startsWith('{')) {
    const { error } = JSON.parse(ran.stderr) as { error: { code: string; hint?: string } };
    expect(error).toMatchObject({ hint: expect.stringMatching(/.+/) });
    expect(error.code).not.toBe('INTERNAL');
  } else expect(ran.stderr).toMatch(/^error: .+\nhint: .+/m);
  expect(ran.stderr).not.toMatch(/unexpected failure|\n\s+at /);
}

/** Lets several at once do what `work` says until it answers false. */
export async function inLanes(lanes: number, work: (lane: number) => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: lanes }, async (_lane, lane) => {
      while (await work(lane));
    }),
  );
}

/** The median time of a few runs of a command, in milliseconds. */
export async function typicalMs(site: Site, args: (run: number) => readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const begun = performance.now();
    const child = site.start(args(run));
    child.stdin?.end();
    child.stdout?.resume();
    child.stderr?.resume();
    await once(child, 'close');
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
}
