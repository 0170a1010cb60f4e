import { describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { emptyFolder, shop, transcript } from './support.ts';

describe('help', () => {
  it.each([
    ['tph', []],
    ['tph-driver', ['driver']],
    ['tph-driver-create', ['driver', 'create']],
    ['tph-pref-list', ['pref', 'list']],
    ['tph-recurring-update', ['recurring', 'update']],
  ])('of %s fits 80 columns', async (name, words) => {
    const { code, out, err } = await emptyFolder().tph(...words, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    await expect(out).toMatchFileSnapshot(`golden/help-${name}.txt`);
  });

  it('is the same however it is asked for', async () => {
    const cli = emptyFolder();
    const asked = await cli.tph('driver', 'create', '--help');
    expect((await cli.tph('help', 'driver', 'create')).out).toBe(asked.out);
    expect((await cli.tph('driver', 'add', '-h')).out).toBe(asked.out);
    expect((await cli.tph()).out).toBe((await cli.tph('--help')).out);
  });

  it('shows the version', async () => {
    const { code, out } = await emptyFolder().tph('--version');
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});

describe('wrong usage', () => {
  it('says what is wrong and what to write, with exit 2', async () => {
    const lines = [
      'tph drivr list',
      'tph xyzzy',
      'tph driver',
      'tph driver lst',
      'tph driver create D7 --frist-name Ann',
      'tph driver create D7 --first-name',
      'tph driver show D7 D8',
      'tph driver create',
      'tph --colour driver list',
      'tph driver list --output tabel',
      'tph driver list --fields ,',
      'tph driver list --lock-wait soon',
      'tph driver list --db postgres://ann:secret@somewhere/tph?sslmode=perhaps',
      'tph trip create T-1',
      'tph pref create --driver D7',
      'tph pref create --driver D7 --customer C --scp S',
      'tph employee create',
    ];
    const text = await transcript(emptyFolder(), lines);
    expect(text.match(/── exit 2/g)).toHaveLength(lines.length);
    await expect(text).toMatchFileSnapshot('golden/wrong-usage.txt');
  });

  it.each([
    ['an unknown command', ['-o', 'json', 'drivr'], 'INVALID'],
    ['an unknown flag', ['driver', 'list', '--livee', '--output=json'], 'INVALID'],
    ['a missing database', ['driver', 'list', '-ojson'], 'NOT_FOUND'],
  ])('is one JSON object on stderr with -o json: %s', async (_title, words, code) => {
    const { out, err } = await emptyFolder().tph(...words);
    expect(out).toBe('');
    const { error } = JSON.parse(err);
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint', 'details']);
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
  });
});

describe('a secret', () => {
  it('is read from stdin with -, and never shown', async () => {
    const cli = await shop();
    await cli.tph('customer', 'create', '--first-name', 'Cara');
    const host = testHost({ cwd: cli.folder, env: { HOME: cli.folder, TPH_DB: `${cli.folder}/tph.db` } });
    host.type('correct horse\n');
    host.endInput();
    expect(
      await run(['node', 'tph', 'customer', 'update', 'Cara', '--password', '-', '-o', 'json'], host),
    ).toBe(0);
    expect(JSON.parse(host.out())).toMatchObject({ changed: true, password: null });
    expect(host.out() + (await cli.tph('log', '-o', 'json')).out).not.toContain('horse');
    const bare = await cli.tph('customer', 'update', 'Cara', '--password');
    expect(bare).toMatchObject({ code: 2 });
    expect(bare.err).toContain('--password is missing');
  });
});

describe('global flags', () => {
  it('may stand before the noun, before the verb and after it; the last one counts', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7');
    for (const words of [
      ['-o', 'id', 'driver', 'list'],
      ['driver', '-o', 'id', 'list'],
      ['driver', 'list', '-o', 'id'],
      ['-o', 'json', 'driver', 'list', '-o', 'id'],
    ])
      expect((await cli.tph(...words)).out).toMatch(/^G\d+\n$/);
  });

  it('leaves alone what is the value of another flag', async () => {
    const cli = await shop();
    const made = await cli.tph(
      'driver',
      'create',
      'D7',
      '--first-name',
      '-n',
      '--last-name',
      '--yes',
      '-o',
      'json',
    );
    expect(made.json()).toMatchObject({ firstName: '-n', lastName: '--yes', changed: true });
    expect((await cli.tph('driver', 'show', 'D7')).code).toBe(0);
  });

  it('takes what follows -- as it is', async () => {
    const cli = await shop();
    expect((await cli.tph('driver', 'create', '--', '--help')).code).toBe(0);
    expect((await cli.tph('driver', 'show', '-o', 'json', '--', '--help')).json()).toMatchObject({
      callsign: '--help',
    });
  });

  it('take the client from --client, else from TPH_CLIENT, else the only one', async () => {
    const cli = await shop();
    await cli.tph('client', 'create', 'Other Cars', '--time-zone', 'Europe/Paris', '--country', 'FR');
    const undecided = await cli.tph('driver', 'list');
    expect(undecided.code).toBe(2);
    expect(undecided.err).toContain('Liffey Cars');
    expect(undecided.err).toContain('Other Cars');
    const env = { TPH_CLIENT: 'other cars' };
    const other = cli.on({ env: { ...env, TPH_DB: `${cli.folder}/tph.db` } });
    expect((await other.tph('driver', 'create', 'P1')).code).toBe(0);
    expect(
      (await cli.tph('driver', 'list', '--client', 'Other Cars', '-o', 'jsonl', '--fields', 'callsign')).out,
    ).toBe('{"callsign":"P1"}\n');
    expect((await other.tph('driver', 'list', '--client', 'Liffey Cars', '-o', 'json')).json()).toEqual([]);
  });

  it('writes actor and reason into the audit trail', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7', '--actor', 'night desk', '--reason', 'new starter');
    const [event] = (await cli.tph('log', '-o', 'json', '--limit', '1')).json<
      { actor: string; reason: string }[]
    >();
    expect(event).toMatchObject({ actor: 'night desk', reason: 'new starter', operation: 'driver.create' });
  });

  it('sets the clock by TPH_NOW, and by --at from there, in the client’s zone', async () => {
    const cli = await shop();
    const env = { TPH_DB: `${cli.folder}/tph.db`, TPH_NOW: '2026-07-01T12:00:00Z' };
    const made = await cli.on({ env }).tph('driver', 'create', 'D7', '--at', '+1d', '-o', 'json');
    expect(made.json()['createdDate']).toBe(Date.UTC(2026, 6, 2, 12) / 1000);
    const local = await cli.tph('driver', 'create', 'D8', '--at', '2026-07-01T12:00', '-o', 'json');
    expect(local.json()['createdDate']).toBe(Date.UTC(2026, 6, 1, 11) / 1000);
    const skipped = await cli.tph('driver', 'list', '--at', '2026-03-29T01:30');
    expect(skipped).toMatchObject({ code: 2 });
    expect(skipped.err).toContain('2026-03-29T00:30:00+00:00 or 2026-03-29T02:30:00+01:00');
  });

  it('says nothing of a change that went well with -q, unless it is asked for', async () => {
    const cli = await shop();
    const silent = { code: 0, out: '', err: '' };
    expect(await cli.tph('driver', 'create', 'D7', '-q')).toMatchObject(silent);
    expect(await cli.tph('driver', 'update', 'D7', '--status', 'SUSPENDED', '-q')).toMatchObject(silent);
    expect(await cli.tph('settings', 'set', 'approvals.warnDays', '10', '-q')).toMatchObject(silent);
    expect((await cli.tph('driver', 'create', 'D8', '-q', '-o', 'id')).out).toMatch(/^G\d+\n$/);
    expect((await cli.tph('driver', 'delete', 'D8', '-q', '-n')).out).toContain('would delete');
    expect((await cli.tph('driver', 'show', 'D7', '-q')).out).toContain('SUSPENDED');
    const failed = await cli.tph('driver', 'update', 'D6', '--status', 'ACTIVE', '-q');
    expect(failed).toMatchObject({ code: 5, out: '' });
    expect(failed.err).toMatch(/^error: tph driver update for Liffey Cars: there is no driver `D6`\nhint: /);
  });

  it('asks nobody and silences notes with -q', async () => {
    const cli = await shop();
    expect((await cli.tph('driver', 'list')).err).toBe('0 drivers\n');
    expect((await cli.tph('driver', 'list', '-q')).err).toBe('');
  });
});
