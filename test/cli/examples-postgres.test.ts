import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';
import { BEFORE, ELSEWHERE, examples, withOwnIds } from './example-lines.ts';
import { shellWords } from './support.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** As it stood, with the ids of the engine. */
  readonly raw: string;
}

const NOW = '2026-01-12T12:00:00Z';

/** What is about the engine itself, and is as long and as large as it is there. */
const OWN: readonly RegExp[] = [
  /^tph db (status|backup|restore|copy|migrate)/,
  /^tph init/,
  /^tph demo/,
  /^tph doctor/,
];

describe.skipIf(server === null)('on the same data PostgreSQL says what SQLite says', () => {
  const root = mkdtempSync(join(tmpdir(), 'tph-same-'));
  let database: TestDatabase;
  // A dry run gives its ids back in a file, and not on a server: an id is known by when it was first shown.
  const ids = { sqlite: new Map<string, string>(), postgres: new Map<string, string>() };

  /** Runs a line in a folder of its own for each engine. */
  const on = async (engine: 'sqlite' | 'postgres', line: string) => {
    const folder = join(root, engine);
    const location = engine === 'sqlite' ? join(folder, 'tph.db') : database.url;
    const words = shellWords(line.replace(/ [|>].*$/, '')).slice(1);
    const env = { HOME: folder, TPH_DB: location, TPH_NOW: NOW };
    const host = testHost({ cwd: folder, env });
    const code = await run(['node', 'tph', ...words], host);
    const same = (text: string) =>
      text
        .replaceAll(location, '<database>')
        .replaceAll(folder, '<folder>')
        .replace(/G\d{15,}/g, (id) => {
          const known = ids[engine].get(id) ?? `G${ids[engine].size}`.padEnd(id.length);
          ids[engine].set(id, known);
          return known;
        })
        .replace(/tph_[\w-]{20,}/g, '<secret>');
    return { code, out: same(host.out()), err: same(host.err()), raw: host.out() };
  };

  beforeAll(async () => {
    for (const engine of ['sqlite', 'postgres']) mkdirSync(join(root, engine));
    database = await makeDatabase({ isEmpty: true });
    expect(await on('sqlite', 'tph demo --load')).toMatchObject({ code: 0 });
    expect(await on('sqlite', `tph db copy --to ${database.url}`)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await database?.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const lines = examples.filter((line) => ![...ELSEWHERE, ...OWN].some((one) => one.test(line)));
  it.each(lines)('%s', async (line) => {
    const before = BEFORE.filter(([example]) => example.test(line)).flatMap(([, first]) => first);
    const said = async (engine: 'sqlite' | 'postgres') => {
      const all: Said[] = [];
      for (const one of before) all.push(await on(engine, one));
      return [...all, await on(engine, await withOwnIds((asked) => on(engine, asked), line))];
    };
    const shown = ({ code, out, err }: Said) => ({ code, out, err });
    expect((await said('postgres')).map(shown)).toEqual((await said('sqlite')).map(shown));
  });
});
