import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type TestHostOptions, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import type { Finished } from '../remote/command-line.ts';
import { makeDatabase, server, type TestDatabase } from './postgres.ts';

/** By folder: the database that stands in the place of its file `tph.db`. */
const databases = new Map<string, Promise<TestDatabase>>();

/** The URL of the database that stands in the place of a folder's `tph.db`; undefined where no server could be had. */
export async function databaseOf(folder: string): Promise<string | undefined> {
  if (server === null) return undefined;
  const made = databases.get(folder) ?? makeDatabase();
  databases.set(folder, made);
  return (await made).url;
}

/**
 * Runs command lines on a PostgreSQL database where they would be on the file `tph.db` of a folder. What is printed names
 * that file, so that it can be compared. Undefined where no server could be had.
 */
export function commandsOverPostgres(folder: string) {
  if (server === null) return undefined;
  const file = join(folder, 'tph.db');
  disposeLater(folder);
  return async (words: readonly string[], options: TestHostOptions): Promise<Finished> => {
    const url = (await databaseOf(folder)) ?? file;
    const here = (text: string) => (text === file ? url : text);
    const env = Object.fromEntries(
      Object.entries(options.env ?? {}).map(([name, value]) => [
        name,
        value === undefined ? value : here(value),
      ]),
    );
    const host = testHost({ ...options, env });
    const code = await run(['node', 'tph', ...words.map(here)], host);
    const there = (text: string) => text.replaceAll(url, file);
    return { host: { ...host, out: () => there(host.out()), err: () => there(host.err()) }, code };
  };
}

/** A database that a whole file shares is gone with the server. */
function disposeLater(folder: string): void {
  try {
    onTestFinished(async () => {
      await (await databases.get(folder))?.dispose();
      databases.delete(folder);
    });
  } catch {
    // This is not within a test.
  }
}
