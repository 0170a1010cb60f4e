import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Cli, shop } from './support.ts';

const nasty = 'Eve\u001b]0;owned\u0007\u001b[31m\u001b[2J\u009b1m\u202e\r!';
const steers = /(?![\n\t])\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u;

/** Names as no command would store them: written by another program, or before they were refused. */
async function foreign(): Promise<Cli> {
  const cli = await shop();
  for (const sign of ['D1', 'D2', 'D3', 'D4'])
    await cli.tph('driver', 'create', sign, '--first-name', 'Eve', '--last-name', 'X');
  await cli.tph('customer', 'create', '--phone', '0850000001', '--notes', 'x');
  await cli.tph('exclusion', 'create', 'Snow');
  const database = new Database(join(cli.folder, 'tph.db'));
  database.prepare('update driver set first_name = ?, last_name = ?').run(nasty, nasty);
  database.prepare('update customer set first_name = ?, notes = ?').run(nasty, `one\ttwo\n${nasty}`);
  database.prepare('update schedule_exclusion_group set name = ?').run(nasty);
  database.prepare('update client set name = ?').run(nasty);
  database.close();
  return cli;
}

describe('text that another program stored', () => {
  it('does not reach a terminal as it is, with colours on or off', async () => {
    const cli = await foreign();
    const terminal = cli.on({ tty: true });
    const lines: readonly (string | readonly string[])[] = [
      'driver list',
      'driver show D1',
      'driver list --fields firstName,lastName',
      'driver update D1 --status SUSPENDED',
      'driver show X1',
      ['driver', 'show', 'Eve X'],
      ['driver', 'show', 'Eve Y'],
      'driver delete D2 --yes',
      'driver restore D2',
      'customer list --fields firstName,notes',
      'customer show 0850000001',
      'exclusion list',
      'client list',
      'log',
      'log -o table --fields object',
      'db status',
      'driver list --client nobody',
    ];
    for (const line of lines)
      for (const { tph } of [cli, terminal]) {
        const { out, err } = await tph(...(typeof line === 'string' ? line.split(' ') : line), '--no-input');
        const text = out + err;
        expect(text, `${line}`).not.toBe('');
        expect(text.replace(OURS, ''), `${line}`).not.toMatch(steers);
        // The colour that is stored is none of ours.
        expect(text, `${line}`).not.toContain('\u001b[31m\uFFFD');
      }
    for (const { tph } of [cli, terminal])
      for (const words of [
        ['driver', 'list'],
        ['driver', 'show', 'D1'],
        ['driver', 'show', 'Eve X', '--no-input'],
      ]) {
        const { out, err } = await tph(...words);
        expect(out + err, `${words}`).toContain('Eve\uFFFD]0;owned\uFFFD');
      }
  });

  it('is as it was for programs', async () => {
    const cli = await foreign();
    const [one] = (await cli.tph('driver', 'list', '-o', 'json')).json<{ firstName: string }[]>();
    expect(one?.firstName).toBe(nasty);
  });
});

/** What our own ink writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const OURS = /\u001b\[(1|2|22|3[1236]|39)m/g;
