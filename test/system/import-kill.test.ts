import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countOf, customersFile, stateOf } from './import-rig.ts';
import { finished, Program } from './program.ts';

const ROWS = 20_000;

/** What an atomic import must leave alone; the history may know of a run that did not end. */
function recordsOf(file: string): Record<string, string> {
  const { rows, sound } = stateOf(file);
  expect(sound).toBe(true);
  return Object.fromEntries(
    Object.entries(rows).filter(([table]) => !table.startsWith('import_') && table !== 'id_sequence'),
  );
}

it('an atomic import that is killed at any moment leaves the database as it was', {
  timeout: 120_000,
}, async () => {
  const program = new Program();
  await program.init();
  await program.json('customer', 'create', '--first-name', 'Kept', '--phone', '+353861234567');
  const file = customersFile(program, ROWS);
  const started = performance.now();
  expect((await program.run(['import', 'customers', file, '--dry-run'])).code).toBe(0);
  const whole = performance.now() - started;
  const before = recordsOf(program.db);
  let killed = 0;
  for (const part of [0.3, 0.55, 0.8, 1.05]) {
    const child = program.start(['import', 'customers', file]);
    const timer = setTimeout(() => child.kill('SIGKILL'), whole * part);
    const ran = await finished(child);
    clearTimeout(timer);
    if (ran.signal !== 'SIGKILL') break;
    killed += 1;
    expect(recordsOf(program.db)).toEqual(before);
  }
  expect(killed).toBeGreaterThan(0);
  await program.run(['import', 'customers', file, '--on-conflict', 'update']);
  expect(countOf(program.db, 'customer')).toBe(ROWS + 1);
  expect(await program.json('db', 'check')).toMatchObject({ ok: true });
});

it('Ctrl-C ends an atomic import with nothing written and exit code 130', { timeout: 60_000 }, async () => {
  const program = new Program();
  await program.init();
  const file = customersFile(program, ROWS);
  const before = recordsOf(program.db);
  const child = program.start(['import', 'customers', file]);
  child.stderr?.once('data', () => child.kill('SIGINT'));
  const ran = await finished(child);
  expect({ code: ran.code, signal: ran.signal }, ran.stderr).toEqual({ code: 130, signal: null });
  expect(recordsOf(program.db)).toEqual(before);
});

it('Ctrl-C ends a partial import with what is written in the success file', { timeout: 60_000 }, async () => {
  const program = new Program();
  await program.init();
  const file = customersFile(program, ROWS);
  const child = program.start(['import', 'customers', file, '--mode', 'partial', '--results-dir', 'results']);
  const folder = join(program.folder, 'results');
  const successFile = () =>
    (existsSync(folder) ? readdirSync(folder) : []).find((name) => name.endsWith('.success.csv'));
  // Not before some rows are written.
  const watch = setInterval(() => {
    if (countOf(program.db, 'customer') === 0) return;
    clearInterval(watch);
    child.kill('SIGINT');
  }, 20);
  const ran = await finished(child);
  clearInterval(watch);
  expect({ code: ran.code, signal: ran.signal }, ran.stderr).toEqual({ code: 130, signal: null });
  const success = successFile();
  const ids =
    success === undefined ? [] : (readFileSync(join(folder, success), 'utf8').match(/G\d{10,}/g) ?? []);
  const customers = countOf(program.db, 'customer');
  expect(customers).toBeGreaterThan(0);
  expect(customers).toBeLessThan(ROWS);
  expect(new Set(ids).size).toBe(customers);
  expect(stateOf(program.db).sound).toBe(true);
});
