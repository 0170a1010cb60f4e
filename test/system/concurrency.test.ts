import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { finished, Program } from './program.ts';

function integrity(file: string): { readonly integrity: string; readonly broken: number } {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    const [row] = database.pragma('integrity_check') as { integrity_check: string }[];
    return {
      integrity: row?.integrity_check ?? '',
      broken: (database.pragma('foreign_key_check') as unknown[]).length,
    };
  } finally {
    database.close();
  }
}

describe('many processes on one database', () => {
  it('takes every change of eight writers once, each with its audit row', { timeout: 120_000 }, async () => {
    const program = new Program();
    await program.init();
    const each = 4;
    const writers = Array.from({ length: 8 }, async (_writer, writer) => {
      for (let count = 0; count < each; count += 1) {
        const ran = await program.run(['driver', 'create', `W${writer}-${count}`, '-o', 'json']);
        expect(ran).toMatchObject({ code: 0, stderr: '' });
      }
    });
    await Promise.all(writers);
    const drivers = await program.json<{ id: string }[]>('driver', 'list');
    expect(new Set(drivers.map((driver) => driver.id)).size).toBe(8 * each);
    const log = await program.json<{ action: string; object: { id: string; objectType: string } }[]>(
      'log',
      '--limit',
      '500',
    );
    const created = log.filter((event) => event.object.objectType === 'Driver');
    expect(created.map((event) => event.object.id).sort()).toEqual(drivers.map((driver) => driver.id).sort());
    expect(integrity(program.db)).toEqual({ integrity: 'ok', broken: 0 });
  });

  it('releases a day once, from however many processes', { timeout: 60_000 }, async () => {
    const program = new Program();
    await program.init();
    await program.json('customer', 'create', '--first-name', 'Ann', '--phone', '0851234567');
    for (const ref of ['SR-1', 'SR-2'])
      await program.json(
        'recurring',
        'create',
        ref,
        '--customer',
        'Ann',
        '--time',
        '08:15 MON-FRI',
        '--time',
        '15:30 MON return',
      );
    const commits = await Promise.all(
      Array.from({ length: 6 }, () =>
        program.json<{ summary: { created: number } }>('release', '--day', '20260112', '--commit'),
      ),
    );
    expect(commits.reduce((sum, one) => sum + one.summary.created, 0)).toBe(4);
    expect(await program.json<unknown[]>('trip', 'list')).toHaveLength(4);
  });

  it('keeps every acknowledged change when processes are killed at any moment', {
    timeout: 120_000,
  }, async () => {
    const program = new Program();
    await program.init();
    const acknowledged: string[] = [];
    const attempt = async (name: string, delay: number) => {
      const child = program.start(['driver', 'create', name, '-o', 'id']);
      const timer = setTimeout(() => child.kill('SIGKILL'), delay);
      const ran = await finished(child);
      clearTimeout(timer);
      if (ran.stdout.startsWith('G')) acknowledged.push(ran.stdout.trim());
    };
    // From before the program has started to after it has ended; a fixed spread rather than chance.
    for (let round = 0; round < 8; round += 1)
      await Promise.all(
        [0, 1, 2].map((lane) => attempt(`K${round}-${lane}`, 60 + ((round * 3 + lane) * 400) / 24)),
      );
    const drivers = await program.json<{ id: string }[]>('driver', 'list');
    const ids = new Set(drivers.map((driver) => driver.id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    const log = await program.json<{ object: { id: string; objectType: string } }[]>('log', '--limit', '500');
    expect(log.filter((event) => event.object.objectType === 'Driver')).toHaveLength(drivers.length);
    expect(integrity(program.db)).toEqual({ integrity: 'ok', broken: 0 });
  });
});
