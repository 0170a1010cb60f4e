import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type TestHostOptions, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { commandsOverHttp, type Finished } from '../remote/command-line.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What `-o json` printed. */
  json<T = Record<string, unknown>>(): T;
}

/** The program on a folder of its own, with a fixed clock. */
export interface Cli {
  readonly folder: string;
  /** Runs a command line; the words are passed as a shell would. */
  tph(...words: string[]): Promise<Outcome>;
  /** The same with another host. */
  on(options: TestHostOptions): { tph(...words: string[]): Promise<Outcome> };
}

/**
 * These tests run on a file, on a profile that points at a server of it, and on a PostgreSQL database (see
 * vitest.config.ts).
 */
const over = process.env['TPH_TEST_OVER'];
const postgres = over === 'postgres' ? await import('../support/postgres-command-line.ts') : undefined;

async function onDatabase(words: readonly string[], options: TestHostOptions): Promise<Finished> {
  const host = testHost(options);
  return { host, code: await run(['node', 'tph', ...words], host) };
}

/** Runs command lines on the database of a folder, by whichever way these tests go. */
export const carryOutIn = (folder: string) =>
  over === 'http' ? commandsOverHttp(folder) : (postgres?.commandsOverPostgres(folder) ?? onDatabase);

/** Where the database of a folder is, for a look past the command line. */
export const locationOf = async (folder: string): Promise<string> =>
  (await postgres?.databaseOf(folder)) ?? join(folder, 'tph.db');

/** A folder without a database. */
export function emptyFolder(): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'tph-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const carryOut = carryOutIn(folder);
  const on = (options: TestHostOptions) => ({
    tph: async (...words: string[]): Promise<Outcome> => {
      const env = { HOME: folder, TPH_DB: join(folder, 'tph.db'), ...options.env };
      const { host, code } = await carryOut(words, { cwd: folder, ...options, env });
      const out = host.out();
      return { code, out, err: host.err(), json: () => JSON.parse(out) };
    },
  });
  return { folder, on, tph: on({}).tph };
}

/** A database with one client: Liffey Cars in Dublin. */
export async function shop(): Promise<Cli> {
  const cli = emptyFolder();
  const made = await cli.tph(
    'init',
    '--name',
    'Liffey Cars',
    '--time-zone',
    'Europe/Dublin',
    '--country',
    'IE',
  );
  if (made.code !== 0) throw new Error(made.err);
  return cli;
}

/** The words of a command line as a shell splits it: blanks divide, double quotes hold together. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
}

/** Runs command lines that begin with `tph`, one after the other, and writes down what each prints. */
export async function transcript(cli: Pick<Cli, 'tph'>, lines: readonly string[]): Promise<string> {
  let text = '';
  for (const line of lines) {
    const { code, out, err } = await cli.tph(...shellWords(line).slice(1));
    text += `$ ${line}\n${out}${err === '' ? '' : `── stderr\n${err}`}${code === 0 ? '' : `── exit ${code}\n`}\n`;
  }
  return text;
}

/** Ids and the version depend on more than the test. */
export const steady = (text: string): string => text.replace(/G\d{10,}/g, 'G…');
