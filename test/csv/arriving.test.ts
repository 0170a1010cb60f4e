import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk } from './support.ts';

let at: Desk;
beforeAll(async () => {
  at = await desk();
});
afterAll(() => at.close());

/** Gives `head`, then `piece` again and again: without an end, but for one that a test would not live to see. */
function endless(head: string, piece: string) {
  let given = 0;
  const stream = Readable.from(
    (function* () {
      yield head;
      for (given = 1; given < 5_000; given += 1) yield piece;
      throw new Error('all of it was asked for');
    })(),
  );
  return { stdin: stream, given: () => given };
}

const piece = (line: string) => line.repeat(Math.ceil(65_536 / line.length));
const customers = { kind: 'customers', file: '-', resultsDir: '.' } as const;

describe('what arrives by a pipe', () => {
  it.each([
    ['columns that are unknown', 'First Name,Colour of Eyes\n', piece('Ann,blue\n'), 'Colour of Eyes'],
    [
      'a quote that is never closed',
      'First Name,Mobile No\n"Ann,1\n',
      piece('Bo,085 012 3457\n'),
      'opens on line 2',
    ],
    ['a row without an end', 'First Name,Mobile No\n', piece('Ann'), 'begins on line 2'],
    ['what is no CSV file', 'PK\u0003\u0004', piece('xyz,\n'), 'a spreadsheet'],
  ])('is refused for %s before all of it is there', async (_what, head, more, said) => {
    const { stdin, given } = endless(head, more);
    await expect(at.import(customers, { stdin })).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining(said),
    });
    expect(given()).toBeLessThan(200);
  });

  it('can be interrupted while it arrives', async () => {
    const stop = new AbortController();
    const stdin = new Readable({ read() {} });
    stdin.push('First Name,Mobile No\nAnn,085 012 3456\n');
    const running = at.import(customers, { stdin, signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED', hint: 'nothing was written' });
  });

  it('is imported whole, whatever the size of its pieces', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `Zoë,085${3_000_000 + i}\n`).join('');
    const bytes = Buffer.from(`First Name,Mobile No\n${rows}`);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7001) }, (_, i) =>
      bytes.subarray(i * 7001, (i + 1) * 7001),
    );
    const summary = await at.import({ ...customers, dryRun: true }, { stdin: Readable.from(pieces) });
    expect(summary).toMatchObject({ total: 9000, created: 9000, failed: 0 });
  });
});
