import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ActiveClient } from '../../src/contract/api.ts';
import { type TestHost, type TestHostOptions, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { type Instant, parseInstantInput } from '../../src/values/instant.ts';
import { ServedFile } from './served-file.ts';

export interface Finished {
  readonly host: TestHost;
  readonly code: number;
}

/** Commands that work on a database as a whole, or on none. */
const HERE = /^(init|db|demo|serve|token|profile|auth|api|help|client)$/;

/**
 * Runs command lines on a profile that points at a server of `folder`'s database, as far as they work on one at all:
 * the same words, with a token in the name of whoever they act as, and the server's clock at the moment that they
 * take as the present. What a database refuses before any operation is called is left to the database.
 */
export function commandsOverHttp(folder: string) {
  const file = join(folder, 'tph.db');
  let served: ServedFile | undefined;
  const serving = (nowMs: number): ServedFile => {
    served ??= new ServedFile(file, nowMs);
    served.nowMs = nowMs;
    const one = served;
    if (!one.isServing) onTestFinished(() => one.stop());
    return one;
  };
  return async (words: readonly string[], options: TestHostOptions): Promise<Finished> => {
    const here = testHost({ cwd: folder, ...options });
    const isHere =
      HERE.test(words.find((word) => !word.startsWith('-')) ?? 'help') ||
      words.some((word) => /^(--db|--help|-h)$/.test(word)) ||
      !existsSync(file);
    const client = isHere ? undefined : await clientOf(file, words, options, here);
    const nowMs = client === undefined ? undefined : momentOf(words, options, here, client);
    if (client === undefined || nowMs === undefined)
      return { host: here, code: await run(['node', 'tph', ...words], here) };

    const server = serving(nowMs);
    const actor = flagValue(words, '--actor') ?? here.userName();
    const env = {
      ...options.env,
      TPH_DB: undefined,
      TPH_CLIENT: undefined,
      TPH_NOW: undefined,
      TPH_PROFILE: 'test',
      TPH_TOKEN: await server.token(client.id, actor),
    };
    const profile = [
      'profile',
      'add',
      'test',
      '--url',
      await server.url(),
      '--client',
      client.id,
      '--replace',
    ];
    await run(['node', 'tph', ...profile], testHost({ env }));
    const host = testHost({ cwd: folder, ...options, env, nowMs });
    // `tph log --actor` asks who it was; elsewhere it says who it is, which here the token says.
    const said = words.includes('log') ? ['--client', '--at'] : ['--client', '--at', '--actor'];
    return { host, code: await run(['node', 'tph', ...without(words, said)], host) };
  };
}

function flagValue(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}

function without(words: readonly string[], flags: readonly string[]): readonly string[] {
  return words.filter((word, index) => !flags.includes(word) && !flags.includes(words[index - 1] ?? ''));
}

async function clientOf(
  file: string,
  words: readonly string[],
  { env = {} }: TestHostOptions,
  here: TestHost,
): Promise<ActiveClient | undefined> {
  const client = flagValue(words, '--client') ?? env['TPH_CLIENT'];
  const session = { client, actor: 'test', reason: null, nowMs: here.nowMs(), lockWaitMs: 1000 };
  try {
    const api = await openStore(file).open(session);
    await api.close();
    return api.client;
  } catch {
    return undefined;
  }
}

/** What TPH_NOW and `--at` make of the present; undefined where they cannot be read. */
function momentOf(
  words: readonly string[],
  { env = {} }: TestHostOptions,
  here: TestHost,
  { timeZone }: ActiveClient,
): number | undefined {
  let nowMs = here.nowMs();
  try {
    for (const text of [env['TPH_NOW'], flagValue(words, '--at')]) {
      if (text === undefined) continue;
      const now = Math.floor(nowMs / 1000) as Instant;
      nowMs = parseInstantInput(text, { now, timeZone, day: 'start' }) * 1000;
    }
    return nowMs;
  } catch {
    return undefined;
  }
}
