import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suggested } from '../../src/commands/suggested.ts';
import { type Cli, shellWords, shop } from './support.ts';

/** A second client in the database, so that only the flag says which is meant. */
async function two(): Promise<Cli & { on2(...words: string[]): ReturnType<Cli['tph']> }> {
  const cli = await shop();
  const zone = ['--time-zone', 'Europe/London', '--country', 'GB'];
  await cli.tph('client', 'create', 'Two Cars', ...zone, '--client', 'Liffey Cars');
  return { ...cli, on2: (...words) => cli.tph(...words, '--client', 'Two Cars') };
}

/** The command behind `next:` or `undo:`. */
const commandAfter = (out: string, label = 'next:'): string =>
  out
    .split('\n')
    .find((line) => line.startsWith(label))
    ?.slice(label.length + 1) ?? '';

describe('a command to type next', () => {
  it('works on the client that this one worked on', async () => {
    const { on2, tph } = await two();
    await on2('driver', 'create', 'D1');
    await on2('driver', 'create', 'D2', '--status', 'SUSPENDED');
    await on2('recurring', 'create', 'SR-1', '--time', '08:15 MON-SUN');
    await on2('customer', 'create', '--first-name', 'Ann', '--phone', '020 7946 0001');
    await on2('pref', 'create', '--driver', 'D1', '--customer', 'Ann', '--mode', 'HARD', '--expires', '+9d');
    await on2('recurring', 'create', 'SR-2', '--time', '09:15 MON-SUN', '--customer', 'Ann');
    await on2('exclusion', 'create', 'Strike');
    await on2('exclusion', 'link', 'Strike', 'SR-1');
    for (const words of [
      ['release', '--day', 'tomorrow'],
      ['release', '--from', 'today', '--to', '+3d'],
      ['exclusion', 'status', 'Strike'],
      ['exclusion', 'set', 'Strike', 'RUN_OFF', '-n'],
      ['eligible', '--pickup', '2026-01-13T08:15'],
      ['pref', 'expiring'],
    ]) {
      const { out } = await on2(...words);
      const next = commandAfter(out);
      expect(next).toMatch(/ --client "Two Cars"$/);
      expect(await tph(...shellWords(next).slice(1)), next).toMatchObject({ code: 0 });
    }
  });

  it('names no client where it is to make one', () => {
    const given = { db: 'new.db', client: 'Two Cars' };
    expect(suggested('tph init', given)).toBe('tph init --db new.db');
  });

  it('of an import, too: how to mend it and how to take it back', async () => {
    const { on2, tph, folder } = await two();
    const file = join(folder, 'drivers.csv');
    writeFileSync(file, 'callsign,status\nD1,ACTIVE\nD2,GONE\n');
    const dry = await on2('import', 'drivers', file, '-n');
    expect(dry.out).toMatch(/next: mend drivers\.csv, or .*--mode partial --client "Two Cars"\n/);
    const { out } = await on2('import', 'drivers', file, '--mode', 'partial');
    expect(commandAfter(out)).toMatch(/^mend .*, then tph import drivers .* --client "Two Cars"$/);
    const undo = commandAfter(out, 'undo:');
    expect(undo).toMatch(/ --client "Two Cars"$/);
    expect(await tph(...shellWords(undo).slice(1), '--yes')).toMatchObject({ code: 0 });
    expect((await on2('driver', 'list', '-o', 'id')).out).toBe('');
  });

  it('in a hint, too, but not where programs read it', async () => {
    const { on2 } = await two();
    const { err } = await on2('driver', 'show', 'D9');
    expect(err).toMatch(/\nhint: list them with `tph driver list --client "Two Cars"`\n$/);
    expect((await on2('driver', 'show', 'D9', '-o', 'json')).err).toContain('`tph driver list`');
  });

  it.each([
    [{ db: './a b.db' }, 'tph doctor --db "./a b.db"'],
    [{ profile: 'live', client: 'G1' }, 'tph doctor --profile live --client G1'],
    [{ db: 'postgres://tph:secret@db.example/tph' }, 'tph doctor --db postgres://tph@db.example/tph'],
    [{}, 'tph doctor'],
  ])('with %j', (globals, told) => {
    expect(suggested('tph doctor', globals)).toBe(told);
  });

  it.each(['tph --version', 'chmod 600 tph.db', 'tph auth login --profile live'])(
    'is left alone where it is none for that data: %s',
    (command) => {
      expect(suggested(command, { db: 'x.db', client: 'Two' })).toBe(command);
    },
  );
});

it('what a new client would be is told without what it would not have', async () => {
  const cli = await shop();
  const zone = ['--time-zone', 'Europe/London', '--country', 'GB'];
  const { out } = await cli.tph('client', 'create', 'Two', ...zone, '-n');
  expect(out).toContain('\n  country: – → GB\n');
  expect(out).not.toContain('settings');
});
