import { describe, expect, it } from 'vitest';
import { finished, Program } from './program.ts';

describe('pipes', () => {
  it('flushes every byte of a long answer before it exits', { timeout: 60_000 }, async () => {
    const program = new Program();
    await program.json('demo', '--load');
    const ran = await program.run(['log', '--limit', '250', '-o', 'json']);
    expect(ran.code).toBe(0);
    // More than any pipe holds at once.
    expect(ran.stdout.length).toBeGreaterThan(100_000);
    expect(JSON.parse(ran.stdout)).toHaveLength(250);
  });

  it('ends quietly when the reader goes away', { timeout: 60_000 }, async () => {
    const program = new Program();
    await program.init();
    for (let count = 0; count < 3; count += 1) await program.json('driver', 'create', `D${count}`);
    const child = program.start(['driver', 'list', '-o', 'json']);
    child.stdout?.destroy();
    const ran = await finished(child);
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
  });

  it('never asks in a pipe: a missing value is an error that names its flag', async () => {
    const program = new Program();
    const ran = await program.run(['init'], { input: 'y\ny\ny\n' });
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('--name');
    expect(ran.stderr).toContain('hint:');
  });
});
