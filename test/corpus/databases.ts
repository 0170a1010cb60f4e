import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Api, OperationName, OutputOf } from '../../src/contract/api.ts';
import { operations } from '../../src/contract/operations.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';

/** 2024-06-01T00:00:00Z, before all that happens in the worlds: while one is made, nothing lapses or resumes. */
const MAKING_MS = 1_717_200_000_000;
/** Each call reads the clients, so a database is given up once it has this many. */
const MOST_CLIENTS = 50;

/** What the program said when it refused a command: its message, and what it said of single values. */
export class Refused extends Error {}

/** A world of its own: one client, empty at first, and the two ways to it. Commands and calls make records in order. */
export interface Tenant {
  /** Runs a command line with `-o json`; answers what it printed. Throws {@link Refused} unless it ends with 0. */
  tph(...words: string[]): Promise<unknown>;
  /** The same for a command that answers with one operation's output, which must be as the contract says. */
  ask<N extends OperationName>(name: N, ...words: string[]): Promise<OutputOf<N>>;
  /** The operations themselves, for worlds that would take too many commands. */
  api(): Promise<Api>;
}

interface Database {
  readonly folder: string;
  readonly file: string;
  /** Stays open: the last connection to close would tidy up the file each time. */
  readonly api: Api;
  clients: number;
}

/** Where the worlds are: in files, or on PostgreSQL (see vitest.config.ts). */
const postgres =
  process.env['TPH_TEST_OVER'] === 'postgres'
    ? await import('../support/postgres-command-line.ts')
    : undefined;

/** Databases of their own, made as they are needed. Close it last. */
export class Databases {
  #current: Database | undefined;

  /** Gives a new client to `use`. */
  async tenant<T>(timeZone: string, use: (tenant: Tenant) => Promise<T>): Promise<T> {
    const database = await this.#database();
    database.clients += 1;
    const name = `Client ${database.clients}`;
    const client = await database.api.call('client.create', { name, timeZone, country: 'IE' });
    let opened: Promise<Api> | undefined;
    const tph = async (...words: string[]): Promise<unknown> =>
      printed(['--client', client.id, ...words], database.file);
    const api = () => {
      opened ??= open(database.file, client.id);
      return opened;
    };
    try {
      return await use({
        tph,
        api,
        ask: async (operation, ...words) => asContracted(operation, await tph(...words)),
      });
    } finally {
      await (await opened)?.close();
    }
  }

  async close(): Promise<void> {
    const database = this.#current;
    this.#current = undefined;
    if (database === undefined) return;
    await database.api.close();
    rmSync(database.folder, { recursive: true, force: true });
  }

  async #database(): Promise<Database> {
    if (this.#current !== undefined && this.#current.clients < MOST_CLIENTS) return this.#current;
    await this.close();
    const folder = mkdtempSync(join(tmpdir(), 'tph-corpus-'));
    const file = (await postgres?.databaseOf(folder)) ?? join(folder, 'tph.db');
    await printed(['init', '--name', 'Others', '--time-zone', 'UTC', '--country', 'IE'], file);
    this.#current = { folder, file, api: await open(file), clients: 0 };
    return this.#current;
  }
}

const open = (file: string, client?: string): Promise<Api> =>
  openStore(file).open({
    client,
    actor: 'corpus',
    reason: 'the world says so',
    nowMs: MAKING_MS,
    lockWaitMs: 10_000,
  });

async function printed(words: readonly string[], file: string): Promise<unknown> {
  const host = testHost({ nowMs: MAKING_MS, env: { TPH_DB: file } });
  const code = await run(['node', 'tph', ...words, '-o', 'json'], host);
  if (code === 0) return JSON.parse(host.out());
  if (code === 1 || host.out() !== '') throw new Error(`ended with ${code}: ${host.err()}${host.out()}`);
  const { error } = z
    .object({
      error: z.object({ message: z.string(), details: z.array(z.looseObject({ message: z.string() })) }),
    })
    .parse(JSON.parse(host.err()));
  throw new Refused([error.message, ...error.details.map((detail) => detail.message)].join('; '));
}

const schemas = new Map<OperationName, z.ZodType>();

/** What is printed, once it is found to be what the contract promises, no more and no less. */
function asContracted<N extends OperationName>(name: N, answer: unknown): OutputOf<N> {
  const schema = schemas.get(name) ?? operations[name].output(z);
  schemas.set(name, schema);
  schema.parse(answer);
  return answer as OutputOf<N>;
}
