import { describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { progressOn, progressText } from '../../src/terminal/progress.ts';

describe('progress', () => {
  const step = { done: 50, total: 100, rows: 500_000, failed: 2 };

  it('says how far, how fast and how long', () => {
    expect(progressText('customers.csv', step, 6000, true)).toBe(
      'customers.csv ████████░░░░░░░░   50%  500,000 rows  83,333/s  0:06 left  2 bad',
    );
    expect(progressText('customers.csv', step, 7_200_000, false)).toBe(
      'customers.csv: 50%, 500,000 rows, 69/s, 2:00:00 left, 2 bad',
    );
    expect(progressText('stdin', { ...step, total: null, failed: 0 }, 6000, true)).toBe(
      'stdin 500,000 rows  83,333/s',
    );
    expect(progressText('x', { done: 0, total: 0, rows: 0, failed: 0, phase: 'finishing' }, 0, false)).toBe(
      'x: finishing',
    );
  });

  it('fits 80 columns whatever the numbers and the name', () => {
    const large = { done: 1, total: 1e12, rows: 999_999_999, failed: 99_999_999 };
    const name = `${'long'.repeat(50)}.csv`;
    const host = testHost({ tty: true });
    const progress = progressOn(host.stderr, name, () => 0);
    progress.show(large);
    const [, drawn = ''] = host.err().split('\r');
    expect(drawn.replace('\u001b[K', '').length).toBeLessThan(80);
  });

  it('draws over itself on a terminal, and takes the line away at the end', async () => {
    let now = 0;
    const host = testHost({ tty: true });
    const progress = progressOn(host.stderr, 'a.csv', () => now);
    progress.show({ ...step, done: 10 });
    progress.show({ ...step, done: 11 });
    now = 200;
    progress.show({ ...step, done: 20 });
    await progress.end();
    expect(host.err()).not.toContain('\n');
    expect(host.err().match(/\d+%/g)).toEqual(['10%', '20%']);
    expect(host.err().endsWith('\r\u001b[K')).toBe(true);
  });

  it('is a plain line every few seconds in a log', async () => {
    let now = 0;
    const host = testHost();
    const progress = progressOn(host.stderr, 'a.csv', () => now);
    for (now = 0; now <= 12_000; now += 1000) progress.show(step);
    await progress.end();
    expect(host.err().split('\n')).toHaveLength(3);
    expect(host.err()).not.toContain('\u001b');
  });
});
