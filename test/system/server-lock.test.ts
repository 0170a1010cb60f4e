import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { finished, Program } from './program.ts';
import { startServer } from './server.ts';

const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
/** Whether a process holds SQLite's shared lock on a file; true where the system does not tell. */
function isLocked(file: string): boolean {
  if (!existsSync('/proc/locks')) return true;
  const SHARED_FIRST = 1_073_741_826;
  const lock = new RegExp(`:${statSync(file).ino} ${SHARED_FIRST} `);
  return lock.test(readFileSync('/proc/locks', 'utf8'));
}

/** Another program that looks into the database, and closes it as the last one would. */
const look = `const db = new (require(${JSON.stringify(sqlite)}))(process.argv[1]); db.prepare('select count(*) from driver').get(); db.close();`;

it('a server keeps its write-ahead log while others open and close the database', {
  timeout: 60_000,
}, async () => {
  const program = new Program();
  await program.init();
  const { child: server, url, token } = await startServer(program);
  const create = async (callsign: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${url}/driver`, { method: 'POST', headers, body: JSON.stringify({ callsign }) }))
      .status;
  };
  expect(await create('W1')).toBe(201);
  expect(isLocked(program.db)).toBe(true);
  const looked = await finished(
    spawn(process.execPath, ['-e', look, program.db], { stdio: ['pipe', 'pipe', 'pipe'] }),
  );
  expect(looked).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(`${program.db}-wal`)).toBe(true);
  expect(await create('W2')).toBe(201);
  server.kill('SIGKILL');
  const drivers = await program.json<{ callsign: string }[]>('driver', 'list');
  expect(drivers.map((driver) => driver.callsign)).toEqual(['W1', 'W2']);
  expect(await program.json('db', 'check')).toEqual({ ok: true, problems: [] });
});
