import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder } from './support.ts';

/** Ids rise with every record of the example; they are no part of the story. */
const steady = (text: string): string =>
  text.replace(/G\d{10,}/g, 'G…').replace(/\S*tph-demo-\w+/g, '/tmp/tph-demo');

describe('tph demo', () => {
  it('tells the story of the example operator', { timeout: 30_000 }, async () => {
    const { code, out, err } = await emptyFolder().tph('demo');
    const location = /TPH_DB=(\S+)/.exec(out)?.[1] ?? '';
    onTestFinished(() => rmSync(dirname(location), { recursive: true, force: true }));
    expect(code).toBe(0);
    await expect(steady(out)).toMatchFileSnapshot('golden/demo.txt');
    expect(err.split('\n').filter((line) => line !== '' && !/^\d+ /.test(line))).toEqual([]);
  });

  it('loads nothing in a dry run', async () => {
    const cli = emptyFolder();
    const dry = await cli.tph('demo', '--load', '-n', '--exit-code');
    expect(dry).toMatchObject({ code: 8, err: 'dry run: nothing was changed\n' });
    expect(dry.out).toContain('would load Liffey Cars');
    expect((await cli.tph('db', 'status')).code).toBe(5);
  });

  it('loads the example into a database of one’s own, and refuses one that is in use', {
    timeout: 30_000,
  }, async () => {
    const cli = emptyFolder();
    const loaded = await cli.tph('demo', '--load', '-o', 'json');
    expect(loaded.json()).toMatchObject({
      client: { name: 'Liffey Cars' },
      counts: { drivers: 40, 'recurring trips': 25 },
    });
    const again = await cli.tph('demo', '--load');
    expect(again).toMatchObject({ code: 6, out: '' });
    expect(again.err).toContain('has the client `Liffey Cars` already');
    const check = await cli.tph('db', 'check', '-o', 'json');
    expect(check.json()).toEqual({ ok: true, problems: [] });
  });
});
