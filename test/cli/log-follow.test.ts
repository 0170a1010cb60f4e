import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type TestHost, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { type Cli, locationOf, shop } from './support.ts';

interface Following {
  readonly host: TestHost;
  readonly code: Promise<number>;
  /** Waits until the output holds for `test`. */
  until(test: (out: string) => boolean): Promise<void>;
}

async function follow(cli: Cli, ...words: readonly string[]): Promise<Following> {
  const env = { HOME: cli.folder, TPH_DB: await locationOf(cli.folder) };
  const host = testHost({ cwd: cli.folder, env });
  const code = run(['node', 'tph', 'log', '--follow', ...words], host);
  const until = async (holds: (out: string) => boolean): Promise<void> => {
    for (let tries = 0; tries < 500 && !holds(host.out()); tries += 1) await setTimeout(10);
    if (!holds(host.out())) throw new Error(`never came; there is:\n${host.out()}${host.err()}`);
  };
  return { host, code, until };
}

const lines = (out: string): readonly string[] => out.split('\n').slice(0, -1);
const names = (out: string): readonly string[] =>
  lines(out).map((line) => (JSON.parse(line) as { object: { name: string } }).object.name);

describe('log --follow', () => {
  test('shows what was, oldest first, then every change once, and ends quietly with 130', async () => {
    const cli = await shop();
    await cli.tph('group', 'create', 'A');
    const { host, code, until } = await follow(cli, '-o', 'jsonl');
    await until((out) => lines(out).length === 2);
    const made: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      made.push(`N${n}`);
      await cli.tph('group', 'create', `N${n}`);
      // Some between two looks at the database, some in the same.
      if (n % 4 === 0) await setTimeout(200);
    }
    await until((out) => out.includes('N11'));
    await setTimeout(600);
    host.interrupt();
    expect(await code).toBe(130);
    expect(names(host.out())).toEqual(['Liffey Cars', 'A', ...made]);
    expect(host.err()).toBe('');
  });

  test('only what fits the filters; people read a story, CSV has one header', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7');
    const story = await follow(cli, '--type', 'driver', '--action', 'update');
    const table = await follow(cli, '--type', 'driver', '-o', 'csv', '--fields', 'action,actor');
    await table.until((out) => out.includes('CREATE'));
    await cli.tph('group', 'create', 'NIGHT');
    await cli.tph('driver', 'update', 'D7', '--status', 'SUSPENDED', '--reason', 'licence lapsed');
    await story.until((out) => out.includes('why: licence lapsed'));
    await table.until((out) => out.includes('UPDATE'));
    for (const one of [story, table]) one.host.interrupt();
    await Promise.all([story.code, table.code]);
    expect(story.host.out()).toMatch(
      /^2026-01-12 08:00 {2}tester changed driver D7\n {4}status: ACTIVE → SUSPENDED\n {4}why: licence lapsed\n {4}event G\d+\n$/,
    );
    expect(table.host.out()).toBe('action,actor\r\nCREATE,tester\r\nUPDATE,tester\r\n');
  });

  test.each([
    [['-o', 'json'], '-o jsonl'],
    [['--until', 'tomorrow'], '--until'],
    [['--fields', 'nothing'], 'no field `nothing`'],
  ])('%j is refused', async (words, said) => {
    const cli = await shop();
    expect(await cli.tph('log', '--follow', ...words)).toMatchObject({
      code: 2,
      err: expect.stringContaining(said),
    });
  });
});
