import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import type { Program } from './program.ts';

export const HEADER = 'First Name,Last Name,Mobile No,E-mail,Tags\n';

/** A customer whose phone is another for every number below ten million. */
export function customerLine(number: number): string {
  const phone = `085${String((number * 7_919 + 13) % 10_000_000).padStart(7, '0')}`;
  return `Ann,"Ní Bhriain, ${number}",${phone},c${number}@example.com,${number % 3 === 0 ? 'VIP;night' : ''}\n`;
}

/** Writes a file of customers into the program's folder; its name. */
export function customersFile(program: Program, rows: number, name = 'customers.csv'): string {
  const lines = Array.from({ length: rows }, (_row, number) => customerLine(number));
  writeFileSync(join(program.folder, name), HEADER + lines.join(''));
  return name;
}

/** Writes a file into the program's folder; its name. */
export function fileOf(program: Program, content: string | Uint8Array, name = 'file.csv'): string {
  writeFileSync(join(program.folder, name), content);
  return name;
}

/** A hash of every row of every table, and what SQLite finds wrong with the file. */
export function stateOf(file: string): { readonly rows: Record<string, string>; readonly sound: boolean } {
  const database = new BetterSqlite3(file);
  try {
    const tables = database
      .prepare(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`,
      )
      .pluck()
      .all() as string[];
    database.defaultSafeIntegers(true);
    const rows = Object.fromEntries(
      tables.map((table) => {
        const hash = createHash('sha256');
        let count = 0;
        const all = database.prepare(`select * from "${table}"`);
        const order = all
          .columns()
          .slice(0, 3)
          .map((_column, index) => index + 1);
        for (const row of database.prepare(`${all.source} order by ${order}`).raw().iterate()) {
          hash.update((row as unknown[]).map(String).join('\0'));
          count += 1;
        }
        return [table, `${count} ${hash.digest('hex')}`];
      }),
    );
    const integrity = database.pragma('integrity_check', { simple: true });
    const broken = database.pragma('foreign_key_check') as unknown[];
    return { rows, sound: integrity === 'ok' && broken.length === 0 };
  } finally {
    database.close();
  }
}

/** How many live records a table has. */
export function countOf(file: string, table: string): number {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    return database
      .prepare(`select count(*) from "${table}" where deleted_at is null`)
      .pluck()
      .get() as number;
  } finally {
    database.close();
  }
}

/** Whether the system tells how much memory a process holds. */
export const hasProc = existsSync('/proc/self/status');

/** Watches a process; the function says the most memory that it held, in megabytes. */
export function watchMemory(child: ChildProcess): () => number {
  let most = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  };
  const watch = setInterval(look, 5);
  child.once('exit', () => clearInterval(watch));
  return () => most;
}

/** Starts the program from a shell, after a command such as `ulimit -f 2048`. */
export function startLimited(program: Program, before: string, args: readonly string[]): ChildProcess {
  const bin = fileURLToPath(new URL('../../bin/tph.js', import.meta.url));
  return spawn('sh', ['-c', `${before}; exec "$0" "$@"`, process.execPath, bin, ...args], {
    cwd: program.folder,
    env: program.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
