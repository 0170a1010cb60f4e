import { appendFileSync, chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  countOf,
  customersFile,
  fileOf,
  HEADER,
  hasProc,
  startLimited,
  stateOf,
  watchMemory,
} from './import-rig.ts';
import { finished, Program } from './program.ts';

/** The program with a database, and what its tables hold. */
async function start(): Promise<{ program: Program; before: ReturnType<typeof stateOf> }> {
  const program = new Program();
  await program.init();
  return { program, before: stateOf(program.db) };
}

/** What an import may hold, in megabytes. */
const MOST_MB = 300;

describe('an import refuses what is no CSV file, and writes nothing', () => {
  const refused: [string, string | Uint8Array, string[]][] = [
    [
      'a binary file',
      Buffer.from(Array.from({ length: 4096 }, (_byte, index) => (index * 37) % 256)),
      ['no text'],
    ],
    ['an empty file', '', ['empty']],
    ['blank lines', '\n \n\r\n', ['empty']],
    [
      'a quote that is never closed',
      `${HEADER}Ann,Byrne,0851230001,,\nBo,"Li,0851230002,,\n${'Cy,Doe,0851230003,,\n'.repeat(2000)}`,
      ['quote', 'line 3'],
    ],
    [
      'a header of a million columns',
      `${Array.from({ length: 1_000_000 }, (_column, index) => `c${index}`).join(',')}\n1\n`,
      ['line 1'],
    ],
    ['a million columns with one header', `${'c,'.repeat(1_000_000)}\n1\n`, ['column']],
  ];
  it.each(refused)('%s', { timeout: 60_000 }, async (_name, content, words) => {
    const { program, before } = await start();
    const ran = await program.run(['import', 'customers', fileOf(program, content)]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    for (const word of words) expect(ran.stderr).toContain(word);
    expect(ran.stderr).toContain('hint:');
    expect(ran.stderr.length).toBeLessThan(5000);
    expect(stateOf(program.db)).toEqual(before);
  });

  it('takes a file with headers only as one of no rows', { timeout: 60_000 }, async () => {
    const { program } = await start();
    const ran = await program.run(['import', 'customers', fileOf(program, HEADER), '-o', 'json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ total: 0, created: 0, failed: 0 });
  });
});

describe('rows that cannot be written', () => {
  it('two rows with one key reject each other, naming both lines', { timeout: 60_000 }, async () => {
    const { program, before } = await start();
    const file = fileOf(
      program,
      `${HEADER}Ann,Byrne,085 123 0001,,\nBo,Li,0851230002,,\nCy,Doe,+353 85 1230001,,\n`,
    );
    const atomic = await program.run(['import', 'customers', file, '-o', 'json']);
    expect(atomic.code).toBe(3);
    expect(JSON.parse(atomic.stdout)).toMatchObject({ total: 3, created: 0, failed: 2 });
    expect(stateOf(program.db).rows['customer']).toBe(before.rows['customer']);
    const partial = await program.run(['import', 'customers', file, '--mode', 'partial', '-o', 'json']);
    expect(partial.code).toBe(3);
    expect(JSON.parse(partial.stdout)).toMatchObject({ total: 3, created: 1, failed: 2 });
    expect(partial.stdout).toContain('lines 2 and 4');
  });

  it('names the values that are no record, with how many rows have each', { timeout: 60_000 }, async () => {
    const { program } = await start();
    await program.json('account', 'create', 'AC-1');
    const rows = Array.from({ length: 60 }, (_row, index) => {
      const account = index < 30 ? 'AC-1' : `NO-${index % 25}`;
      return `C${index},08512300${String(index).padStart(2, '0')},${account}\n`;
    });
    const file = fileOf(program, `First Name,Mobile No,Accounts\n${rows.join('')}`);
    const ran = await program.run(['import', 'customers', file, '-o', 'json']);
    expect(ran.code).toBe(3);
    const { missing, failed } = JSON.parse(ran.stdout) as {
      failed: number;
      missing: { column: string; distinct: number; values: { value: string; count: number }[] }[];
    };
    expect(failed).toBe(30);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({ column: 'Accounts', distinct: 25 });
    expect(missing[0]?.values).toHaveLength(20);
    expect(missing[0]?.values.slice(0, 2)).toEqual([
      { value: 'NO-5', count: 2 },
      { value: 'NO-6', count: 2 },
    ]);
  });

  it('keeps formulas as text, and exports them so that no spreadsheet runs them', {
    timeout: 60_000,
  }, async () => {
    const { program } = await start();
    const formulas = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '=cmd|calc!A0'];
    const file = fileOf(
      program,
      `First Name,Mobile No\n${formulas.map((text, index) => `${text},085123000${index}\n`).join('')}`,
    );
    expect((await program.run(['import', 'customers', file])).code).toBe(0);
    const customers = await program.json<{ firstName: string }[]>('customer', 'list');
    expect(customers.map(({ firstName }) => firstName).sort()).toEqual([...formulas].sort());
    const { stdout } = await program.run(['export', 'customers']);
    for (const text of formulas) expect(stdout).toContain(`'${text}`);
    expect(stdout).not.toMatch(/(?:^|,)"?[=@]/m);
    const again = await program.run([
      'import',
      'customers',
      fileOf(program, stdout, 'again.csv'),
      '-o',
      'json',
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: formulas.length, failed: 0 });
  });
});

describe('what happens around an import', () => {
  it('refuses a folder for result files that cannot be written, before it starts', {
    timeout: 60_000,
  }, async () => {
    const { program, before } = await start();
    const file = customersFile(program, 10);
    fileOf(program, 'a file', 'taken');
    for (const folder of ['taken', join('taken', 'below')]) {
      const ran = await program.run(['import', 'customers', file, '--results-dir', folder]);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('taken');
    }
    if (process.getuid?.() !== 0) {
      mkdirSync(join(program.folder, 'closed'));
      chmodSync(join(program.folder, 'closed'), 0o500);
      const ran = await program.run(['import', 'customers', file, '--results-dir', 'closed']);
      expect(ran.code).toBe(2);
    }
    expect(stateOf(program.db)).toEqual(before);
  });

  it('notices a file that changes while it is read', { timeout: 60_000 }, async () => {
    const { program, before } = await start();
    const file = customersFile(program, 40_000);
    const child = program.start(['import', 'customers', file]);
    const changed = new Promise<void>((resolve) => {
      child.stderr?.once('data', () => {
        appendFileSync(join(program.folder, file), 'Late,Comer,0861234567,,\n');
        resolve();
      });
    });
    const ran = await finished(child);
    await changed;
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain('changed');
    expect(stateOf(program.db).rows['customer']).toBe(before.rows['customer']);
  });

  it.skipIf(!hasProc)('holds little memory of a line of 300 MB', { timeout: 60_000 }, async () => {
    const { program, before } = await start();
    const piece = 'x'.repeat(1 << 20);
    const long = program.start(['import', 'customers', '-']);
    const mostLong = watchMemory(long);
    let open = true;
    long.once('exit', () => {
      open = false;
    });
    long.stdin?.on('error', () => {
      open = false;
    });
    const feed = async () => {
      long.stdin?.write(`${HEADER}Ann,`);
      for (let megabytes = 0; megabytes < 300 && open; megabytes += 1) {
        if (long.stdin?.write(piece) === false)
          await new Promise((resolve) => {
            long.stdin?.once('drain', resolve);
            long.once('exit', resolve);
          });
      }
      long.stdin?.end();
    };
    let stderr = '';
    long.stderr?.on('data', (text) => {
      stderr += String(text);
    });
    const code = new Promise((resolve) => long.once('close', resolve));
    await feed();
    expect(await code).toBe(2);
    expect(stderr).toContain('line 2');
    expect(mostLong()).toBeLessThan(MOST_MB);
    expect(stateOf(program.db)).toEqual(before);
  });

  it('writes nothing where the disk is full', { timeout: 60_000 }, async () => {
    const { program, before } = await start();
    const file = customersFile(program, 20_000);
    // A limit on the size of files is a full disk that needs no rights: 1 MB, in blocks of 512 bytes.
    const ran = await finished(
      startLimited(program, 'ulimit -f 2048', ['import', 'customers', file, '--results-dir', 'results']),
    );
    expect(ran.code).toBe(7);
    expect(ran.stderr).toMatch(/is full|result files cannot be written/);
    expect(stateOf(program.db).sound).toBe(true);
    expect(stateOf(program.db).rows['customer']).toBe(before.rows['customer']);
    expect(countOf(program.db, 'customer')).toBe(0);
    expect((await program.run(['import', 'customers', file])).code).toBe(0);
    expect(countOf(program.db, 'customer')).toBe(20_000);
  });

  it('says how much of a partial run is written where the disk fills, and goes on', {
    timeout: 60_000,
  }, async () => {
    const { program } = await start();
    const rows = 20_000;
    const file = customersFile(program, rows);
    const words = ['import', 'customers', file, '--mode', 'partial', '--results-dir', 'results'];
    const ran = await finished(startLimited(program, 'ulimit -f 10240', words));
    expect(ran.code).toBe(7);
    const written = countOf(program.db, 'customer');
    expect(written).toBeGreaterThan(0);
    expect(ran.stderr).toContain(`${written} rows were written before that, listed in `);
    expect(ran.stderr).not.toContain('nothing was changed');
    const [run = ''] = /G\d+/.exec(/import resume (\S+)/.exec(ran.stderr)?.[1] ?? '') ?? [];
    expect((await program.run(['import', 'resume', run])).code).toBe(0);
    const { stdout } = await program.run(['import', 'show', run, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ total: rows, created: rows, failed: 0, state: 'DONE' });
    expect(countOf(program.db, 'customer')).toBe(rows);
  });
});
