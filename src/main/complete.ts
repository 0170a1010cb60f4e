import { type Lookup, offer, type TypedFlags } from '../commands/completion-candidates.ts';
import { FILES } from '../commands/completion-scripts.ts';
import { forBash, shellWordsOf, withMeaning } from '../commands/completion-words.ts';
import type { CommandContext } from '../commands/context.ts';
import { buildProgram } from '../commands/program.ts';
import { launch } from '../config/launch.ts';
import { ProfileFile } from '../config/profiles.ts';
import type { Handles } from '../db/handles.ts';
import type { Host } from '../host.ts';
import { tell } from '../terminal/stream.ts';
import { visibleLine } from '../terminal/visible.ts';
import { isPostgresUrl } from '../values/database-url.ts';

/** In milliseconds: nobody waits longer with a finger on the Tab key. */
const LOCK_WAIT = 200;

/**
 * Answers a shell that completes a command line: a line for each word that may come. Says nothing of what goes wrong,
 * asks nobody, writes nothing, makes no database and migrates none.
 */
export async function complete(words: readonly string[], host: Host): Promise<void> {
  try {
    await tell(host.stdout, (await answer(words, host)).map((line) => `${line}\n`).join(''));
  } catch {
    // Nothing to offer.
  }
}

async function answer([shell, ...rest]: readonly string[], host: Host): Promise<readonly string[]> {
  const isBash = shell === 'bash';
  const [line = '', breaks = ''] = rest;
  const typed = isBash ? shellWordsOf(line) : shellWordsOf(rest.at(-1) ?? '');
  // Assignments for one command, and then the program.
  const before = isBash
    ? typed.words.slice(typed.words.findIndex((word) => !/^\w+=/.test(word)) + 1)
    : rest.slice(rest[0] === '--' ? 1 : 0, -1);
  const paper = { write: () => {}, width: 80 };
  const program = buildProgram(paper, __TPH_VERSION__, {} as CommandContext);
  const offered = await offer(program, before, typed.current.text, lookup(host));
  if (offered.files) return [FILES];
  // What cannot be shown as it is cannot be typed either.
  const candidates = offered.candidates.filter(({ value }) => visibleLine(value) === value);
  if (isBash) return candidates.map(({ value }) => forBash(value, typed.current, breaks));
  return candidates.map(withMeaning);
}

const lookup = (host: Host): Lookup => ({
  profiles: async () => new ProfileFile(host.env).list().map(({ name }) => name),
  records: async (query, typed) => (await fromDatabase(typed, host, (source) => source.handles(query))) ?? [],
  entries: async (query, typed) => (await fromDatabase(typed, host, (source) => source.entries(query))) ?? [],
});

/** Of a database that is at hand: a key press does not wait for another program's HTTP server. */
async function fromDatabase<T>(
  { db, client, profile }: TypedFlags,
  host: Host,
  read: (source: Handles) => Promise<T>,
): Promise<T | undefined> {
  const flags = {
    ...(db === undefined ? {} : { db }),
    ...(client === undefined ? {} : { client }),
    ...(profile === undefined ? {} : { profile }),
  };
  const launched = launch(flags, host);
  if (launched.profile !== undefined) return undefined;
  const { location } = launched;
  if (isPostgresUrl(location)) {
    const { inPostgres } = await import('../db/handles-postgres.ts');
    return inPostgres(location, launched.client, LOCK_WAIT, read);
  }
  const { inSqlite } = await import('../db/handles-sqlite.ts');
  return inSqlite(location, launched.client, LOCK_WAIT, read);
}
