import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import type { Day } from '../../src/values/day.ts';
import { engines, isQuick, say, some } from './rig.ts';

describe.each(engines)('a crowd on %s', (engine, make) => {
  it('64 programs that write at once', { timeout: 240_000 }, async () => {
    const site = await make();
    const writers = isQuick ? 16 : 64;
    const ran = await Promise.all(
      Array.from({ length: writers }, (_writer, writer) =>
        site.run(['customer', 'create', '--first-name', `W${writer}`, '-o', 'id', '--lock-wait', '2m']),
      ),
    );
    for (const one of ran) expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(ran.map(({ stdout }) => stdout.trim())).size).toBe(writers);
    expect((await site.customers()).size).toBe(writers);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    say(`${engine}: ${writers} programs at once, ${writers} records, as many ids`);
  });

  // A thousand programs of their own would be a thousand times 60 MB: some are programs, the others sessions in this one,
  // each of them opened, asked and closed by itself.
  it('1,000 releases of one day', { timeout: 280_000 }, async () => {
    const site = await make();
    await site.json('customer', 'create', '--first-name', 'Ann', '--phone', '0851234567');
    const runs = 6;
    for (let run = 0; run < runs; run += 1)
      await site.json(
        'recurring',
        'create',
        `SR-${run}`,
        '--customer',
        'Ann',
        '--time',
        '08:15 MON-FRI',
        '--time',
        '15:30 MON return',
      );
    const trips = runs * 2;
    const programs = some(40);
    const sessions = isQuick ? 160 : 960;
    let made = 0;
    const asProgram = async () => {
      const ran = await site.json<{ summary: { created: number } }>(
        'release',
        '--day',
        '20260112',
        '--commit',
        '--lock-wait',
        '2m',
      );
      made += ran.summary.created;
    };
    const store = openStore(site.location);
    const asSession = async () => {
      const api = await store.open({
        client: undefined,
        actor: 'ops',
        reason: null,
        nowMs: Date.UTC(2026, 0, 11, 12),
        lockWaitMs: 120_000,
      });
      try {
        const { summary } = await api.call('release.commit', { day: 20_260_112 as Day });
        made += summary.created;
      } finally {
        await api.close();
      }
    };
    let left = sessions;
    await Promise.all([
      ...Array.from({ length: 8 }, async () => {
        for (let own = 0; own < programs / 8; own += 1) await asProgram();
      }),
      ...Array.from({ length: 32 }, async () => {
        for (; left > 0; ) {
          left -= 1;
          await asSession();
        }
      }),
    ]);
    expect(made).toBe(trips);
    expect(await site.json<unknown[]>('trip', 'list')).toHaveLength(trips);
    await site.mustBeSound();
    say(
      `${engine}: ${Math.ceil(programs / 8) * 8} programs, 8 at once, and ${sessions} sessions, 32 at once, released one day: ${trips} trips, each once`,
    );
  });
});
