import { expect, it } from 'vitest';
import { countOf, customersFile, stateOf } from './import-rig.ts';
import { Program } from './program.ts';

it.each(['atomic', 'partial'])(
  '%s: an import and other writers get their turns, and nothing is lost',
  {
    timeout: 120_000,
  },
  async (mode) => {
    const program = new Program();
    await program.init();
    const rows = 20_000;
    const file = customersFile(program, rows);
    const each = 3;
    const importing = program.run(['import', 'customers', file, '--mode', mode, '-o', 'json']);
    const writers = Array.from({ length: 4 }, async (_writer, writer) => {
      for (let count = 0; count < each; count += 1) {
        const ran = await program.run(['driver', 'add', `W${writer}-${count}`, '-o', 'id']);
        expect(ran).toMatchObject({ code: 0, stderr: '' });
      }
    });
    const [ran] = await Promise.all([importing, ...writers]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ total: rows, created: rows, failed: 0 });
    expect(countOf(program.db, 'driver')).toBe(4 * each);
    expect(countOf(program.db, 'customer')).toBe(rows);
    expect(stateOf(program.db).sound).toBe(true);
  },
);

it('two imports of the same file at once make every record once', { timeout: 120_000 }, async () => {
  const program = new Program();
  await program.init();
  const rows = 5000;
  const file = customersFile(program, rows);
  const runs = await Promise.all(
    ['one', 'two'].map((folder) =>
      program.run(['import', 'customers', file, '--mode', 'partial', '--results-dir', folder, '-o', 'json']),
    ),
  );
  const counts = runs.map(({ stdout }) => JSON.parse(stdout) as { created: number; unchanged: number });
  expect(counts.reduce((sum, { created }) => sum + created, 0)).toBe(rows);
  expect(counts.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(rows);
  expect(countOf(program.db, 'customer')).toBe(rows);
  expect(stateOf(program.db).sound).toBe(true);
});
