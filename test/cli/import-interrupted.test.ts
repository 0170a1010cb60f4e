import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run as program } from '../../src/main.ts';
import { emptyFolder, locationOf } from './support.ts';

/** A database with one client, and a file of so many new customers. */
async function withFile(count: number) {
  const { folder } = emptyFolder();
  const env = { HOME: folder, TPH_DB: await locationOf(folder) };
  const start = (...words: string[]) => {
    const host = testHost({ cwd: folder, env });
    return { host, running: program(['node', 'tph', ...words], host) };
  };
  const tph = async (...words: string[]) => {
    const { host, running } = start(...words);
    return { code: await running, out: host.out(), err: host.err() };
  };
  await tph('init', '--name', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE');
  writeFileSync(join(folder, 'many.csv'), many(count));
  return { folder, start, tph };
}

const many = (count: number) =>
  `phone,firstName\n${Array.from({ length: count }, (_, at) => `+35385${3_000_000 + at},P${at}\n`).join('')}`;

describe('an import that was interrupted', () => {
  it('goes on where it was, and refuses another file', async () => {
    const { folder, start, tph } = await withFile(6000);
    const { host, running } = start('import', 'customers', 'many.csv', '--mode', 'partial');
    while (!host.err().includes('columns:')) await new Promise((turn) => setTimeout(turn, 1));
    await new Promise((turn) => setTimeout(turn, 30));
    host.interrupt();
    expect(await running).toBe(130);
    const [run = ''] = (await tph('import', 'runs', '-o', 'id')).out.split('\n');
    expect(host.err()).toContain(`tph import resume ${run}`);
    expect(existsSync(join(folder, '.local/state/tph/imports', `${run}.json`))).toBe(true);

    writeFileSync(join(folder, 'other.csv'), many(6001));
    const other = await tph('import', 'resume', run, 'other.csv');
    expect(other).toMatchObject({ code: 6 });
    const again = await tph('import', 'resume', run, '-q');
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain('6,000 rows: 6,000 created');
    expect(existsSync(join(folder, '.local/state/tph/imports', `${run}.json`))).toBe(false);
    const twice = await tph('import', 'resume', run);
    expect(twice).toMatchObject({ code: 2 });
    expect(twice.err).toContain('nothing to go on with');
  });

  it('has written nothing if it was all or nothing', async () => {
    const { start, tph } = await withFile(6000);
    const { host, running } = start('import', 'customers', 'many.csv');
    while (!host.err().includes('columns:')) await new Promise((turn) => setTimeout(turn, 1));
    host.interrupt();
    expect(await running).toBe(130);
    expect(host.err()).toContain('nothing was written');
    expect((await tph('export', 'customers')).out.trim().split('\n')).toHaveLength(1);
  });
});
