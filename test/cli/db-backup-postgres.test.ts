import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { shellWords } from './support.ts';

/** A database with one driver, reached as its owner, or as somebody who is beyond row-level security. */
async function shop() {
  const folder = mkdtempSync(join(tmpdir(), 'tph-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = await makeDatabase();
  onTestFinished(() => database.dispose());
  const beyond = new URL(database.url);
  beyond.username = server?.superuser ?? '';
  const as = (url: string) => async (line: string) => {
    const host = testHost({ cwd: folder, env: { HOME: folder, TPH_DB: url } });
    const code = await run(['node', ...shellWords(line)], host);
    return { code, out: host.out(), err: host.err() };
  };
  const [owner, superuser] = [as(database.url), as(beyond.href)];
  const drivers = async () => (await owner('tph driver list -o jsonl --fields callsign')).out;
  expect((await owner('tph init Liffey --time-zone Europe/Dublin --country IE')).code).toBe(0);
  expect((await owner('tph driver create D7')).code).toBe(0);
  return { folder, database, owner, superuser, drivers };
}

describe.skipIf(server === null)('a backup of a PostgreSQL database', () => {
  it('is a SQLite file for a user under row-level security, and is put back', async () => {
    const { folder, owner, drivers } = await shop();
    const backup = await owner('tph db backup one.bak');
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.err).toContain('row-level security');
    const file = join(folder, 'one.bak');
    expect(readFileSync(file, 'latin1').startsWith('SQLite format 3')).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await owner('tph db backup one.bak')).code).toBe(6);
    const before = await drivers();
    await owner('tph driver create D8');
    const restored = await owner('tph db restore one.bak --yes -o json');
    expect(restored.code, restored.err).toBe(0);
    expect(JSON.parse(restored.out)).toMatchObject({ kept: `${file}.before-restore` });
    expect(await drivers()).toBe(before);
    // What was replaced is kept whole.
    await owner('tph db restore one.bak.before-restore --yes');
    expect(await drivers()).toContain('D8');
    expect((await owner('tph db check --exit-code')).code).toBe(0);
  });

  it('that is put back and cut off changes nothing', async () => {
    const { database, owner, drivers } = await shop();
    await owner('tph db backup one.bak');
    await owner('tph driver create D8');
    const before = await drivers();
    // The connection is gone when rows have been replaced already.
    await database.sql(`create function leave() returns trigger language plpgsql security definer as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create trigger leave after insert on audit_event for each row execute function leave()`);
    const cut = await owner('tph db restore one.bak --yes');
    expect(cut.code).toBe(7);
    expect(cut.err).toMatch(/nothing was changed\nhint: try again/);
    expect(await drivers()).toBe(before);
    await database.sql('drop trigger leave on audit_event');
    expect((await owner('tph db check --exit-code')).code).toBe(0);
    expect((await owner('tph db restore one.bak --yes')).code).toBe(0);
    expect(await drivers()).not.toBe(before);
  });

  const hasTools = ['pg_dump', 'pg_restore'].every((tool) => spawnSync(tool, ['--version']).status === 0);
  it.skipIf(!hasTools)('is a dump where pg_dump sees all, and is put back by the owner', async () => {
    const { folder, owner, superuser, drivers } = await shop();
    const backup = await superuser('tph db backup one.dump');
    expect(backup).toMatchObject({ code: 0, err: '' });
    const file = join(folder, 'one.dump');
    expect(readFileSync(file, 'latin1').startsWith('PGDMP')).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = await drivers();
    await owner('tph driver create D8');
    const restored = await owner('tph db restore one.dump --yes');
    expect(restored.code, restored.err).toBe(0);
    expect(await drivers()).toBe(before);
    expect((await owner('tph db check --exit-code')).code).toBe(0);
    expect((await owner('tph driver create D7')).code).toBe(6);
  });

  it('says what is no backup, and changes nothing', async () => {
    const { folder, owner, drivers } = await shop();
    writeFileSync(join(folder, 'other.txt'), 'no backup at all');
    const refused = await owner('tph db restore other.txt --yes');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/is no backup\nhint: /);
    expect(await drivers()).toContain('D7');
    expect(readdirSync(folder)).toEqual(['other.txt']);
    expect(existsSync(join(folder, 'other.txt.before-restore'))).toBe(false);
  });
});
