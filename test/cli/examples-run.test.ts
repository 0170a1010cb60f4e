import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { BEFORE, ELSEWHERE, examples, withOwnIds } from './example-lines.ts';
import { shellWords } from './support.ts';

/** The demo has one client, which stays. */
const REFUSED = /^tph client delete/;

const root = mkdtempSync(join(tmpdir(), 'tph-examples-'));
const demo = join(root, 'demo.db');
beforeAll(async () => {
  expect(await tph(root, `tph demo --load --db ${demo}`)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function tph(folder: string, line: string) {
  const words = shellWords(line.replace(/ [|>].*$/, '')).slice(1);
  const host = testHost({ cwd: folder, env: { HOME: folder, TPH_DB: join(folder, 'tph.db') } });
  return { code: await run(['node', 'tph', ...words], host), raw: host.out(), err: host.err() };
}

describe('every example works on the demo', () => {
  it.each(examples.filter((line) => !ELSEWHERE.some((one) => one.test(line))))('%s', async (line) => {
    const folder = mkdtempSync(join(root, 'one-'));
    if (!line.startsWith('tph init')) copyFileSync(demo, join(folder, 'tph.db'));
    for (const [example, lines] of BEFORE)
      if (example.test(line))
        for (const one of lines) expect(await tph(folder, one)).toMatchObject({ code: 0 });
    const { code, err } = await tph(folder, await withOwnIds((asked) => tph(folder, asked), line));
    const answers = REFUSED.test(line) ? [6] : line.includes('--exit-code') ? [0, 8] : [0];
    expect(answers.includes(code) ? '' : `${code}: ${err}`).toBe('');
    rmSync(folder, { recursive: true, force: true });
  });
});
