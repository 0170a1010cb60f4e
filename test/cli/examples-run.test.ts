import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TphCommand } from '../../src/commands/command.ts';
import { wholeProgram } from '../../src/commands/program.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { shellWords } from './support.ts';

/** Those that want somebody at a terminal, a server, another machine, or that go on until they are stopped. */
const ELSEWHERE: readonly RegExp[] = [
  /^tph init$/,
  /^tph db restore tph-backup\.db$/,
  /^tph log --follow/,
  // Of an import that was interrupted.
  /^tph import resume/,
  /^tph (serve|api|auth)\b/,
  /--profile live/,
  /postgres:/,
];

/** The demo has one client, which stays. */
const REFUSED = /^tph client delete/;

/** What must have been done before: the id that an example shows stands for one that this made. */
const BEFORE: readonly (readonly [example: RegExp, lines: readonly string[]])[] = [
  [/^tph token revoke/, ['tph token create dispatch --role OPERATOR --group NIGHT']],
  [/^tph db restore/, ['tph db backup tph-backup.db']],
  [/^tph profile (use|remove)/, ['tph profile add live --url https://tph.example.com --client G1']],
  [/^tph profile (use|remove)/, ['tph profile add test --url http://127.0.0.1:8787']],
  [/^tph log undo/, ['tph driver update D11 --status SUSPENDED']],
  [/^tph import (show|undo)/, ['tph export customers customers.csv']],
  [/^tph import (show|undo)/, ['tph import customers customers.csv --on-conflict update']],
  ...['customers', 'drivers', 'scps', 'favourites', 'approvals', 'accounts', 'departments', 'employees']
    .concat('exclusions', 'recurring')
    .map((kind) => [new RegExp(`^tph import ${kind} `), [`tph export ${kind} ${kind}.csv`]] as const),
];

const everyCommand = (command: TphCommand): readonly TphCommand[] => [
  command,
  ...command.commands.flatMap((one) => (one instanceof TphCommand ? everyCommand(one) : [])),
];
const examples = [...new Set(everyCommand(await wholeProgram()).flatMap((command) => command.exampleLines))];

const root = mkdtempSync(join(tmpdir(), 'tph-examples-'));
const demo = join(root, 'demo.db');
beforeAll(async () => {
  expect(await tph(root, `tph demo --load --db ${demo}`)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function tph(folder: string, line: string) {
  const words = shellWords(line.replace(/ [|>].*$/, '')).slice(1);
  const host = testHost({ cwd: folder, env: { HOME: folder, TPH_DB: join(folder, 'tph.db') } });
  return { code: await run(['node', 'tph', ...words], host), out: host.out(), err: host.err() };
}

/** An example with the id of a record of the demo in the place of the one that it shows. */
async function withOwnIds(folder: string, line: string): Promise<string> {
  const [shown] = /\bG\d+\b/.exec(line) ?? [];
  if (shown === undefined || /--client G1\b/.test(line)) return line;
  const list = line.startsWith('tph log')
    ? 'tph log --limit 1'
    : line.startsWith('tph import')
      ? 'tph import runs'
      : line.includes('--employee')
        ? 'tph employee list --account QUILL'
        : line.replace(/^tph (\w+) .*/, 'tph $1 list');
  const { out } = await tph(folder, `${list} -o id`);
  return line.replace(shown, out.split('\n')[0] ?? '');
}

describe('every example works on the demo', () => {
  it.each(examples.filter((line) => !ELSEWHERE.some((one) => one.test(line))))('%s', async (line) => {
    const folder = mkdtempSync(join(root, 'one-'));
    if (!line.startsWith('tph init')) copyFileSync(demo, join(folder, 'tph.db'));
    for (const [example, lines] of BEFORE)
      if (example.test(line))
        for (const one of lines) expect(await tph(folder, one)).toMatchObject({ code: 0 });
    const { code, err } = await tph(folder, await withOwnIds(folder, line));
    const answers = REFUSED.test(line) ? [6] : line.includes('--exit-code') ? [0, 8] : [0];
    expect(answers.includes(code) ? '' : `${code}: ${err}`).toBe('');
    rmSync(folder, { recursive: true, force: true });
  });
});
