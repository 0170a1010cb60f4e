import { describe, expect, it } from 'vitest';
import { finished, Program } from './program.ts';

describe('pipes', () => {
  it('flushes every byte of a long answer before it exits', { timeout: 60_000 }, async () => {
    const program = new Program();
    await program.init();
    const notes = 'n'.repeat(3900);
    for (let count = 0; count < 40; count += 1)
      await program.json('customer', 'create', '--first-name', `C${count}`, '--notes', notes);
    const ran = await program.run(['customer', 'list', '-o', 'json']);
    expect(ran.code).toBe(0);
    expect(ran.stdout.length).toBeGreaterThan(150_000);
    expect(JSON.parse(ran.stdout)).toHaveLength(40);
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
