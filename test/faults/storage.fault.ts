import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROLE } from '../support/postgres-sql.ts';
import { customersFile, startLimited, stateOf } from '../system/import-rig.ts';
import { finished, type Ran } from '../system/program.ts';
import { chances, engines, mustHelp, Site, say, some } from './rig.ts';

/** A file system of its own for a site, where that is allowed: root may make one, in a name space that lets it. */
function mounted(site: Site, megabytes: number): string | undefined {
  const folder = join(site.folder, 'medium');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

class OnMedium extends Site {
  file = join(this.folder, 'tph.db');
  override get env(): NodeJS.ProcessEnv {
    return { ...super.env, TPH_DB: this.file };
  }
}

describe('the disk is full', () => {
  it('a change is refused, nothing is lost, and it goes on when there is room', {
    timeout: 120_000,
  }, async () => {
    const site = new OnMedium();
    const medium = mounted(site, 6);
    if (medium !== undefined) site.file = join(medium, 'tph.db');
    await site.init();
    const ballast = medium === undefined ? undefined : join(medium, 'ballast');
    const acknowledged: string[] = [];
    let refused: Ran | undefined;
    // Half of the room is taken, and an import and single changes take the rest.
    if (ballast !== undefined) writeFileSync(ballast, Buffer.alloc(3_000_000));
    const rows = customersFile(site, 20_000);
    const big =
      medium === undefined
        ? await finished(startLimited(site, 'ulimit -f 4096', ['import', 'customers', rows]))
        : await site.run(['import', 'customers', rows]);
    mustHelp(big, 7);
    expect(big.stderr).toMatch(/full/);
    expect(big.stderr).toMatch(/hint: free some space/);
    if (ballast !== undefined) fillUp(ballast);
    for (let count = 0; count < 300 && refused === undefined; count += 1) {
      const words = ['customer', 'create', '--first-name', `F${count}`, '--notes', 'x'.repeat(1500)];
      const ran =
        medium === undefined
          ? await finished(
              startLimited(site, `ulimit -f ${Math.ceil(statSync(site.file).size / 512)}`, words),
            )
          : await site.run(words);
      if (ran.code === 0) acknowledged.push(`F${count}`);
      else refused = ran;
    }
    expect(refused).toBeDefined();
    if (refused !== undefined) {
      mustHelp(refused, 7);
      expect(refused.stderr).toMatch(/full or failing; nothing was changed\nhint: free some space/);
    }
    if (ballast !== undefined) rmSync(ballast);
    const listed = await site.json<{ firstName: string }[]>('customer', 'list', '--limit', '500');
    expect(listed.map(({ firstName }) => firstName).sort()).toEqual(acknowledged.sort());
    expect((await site.run(['customer', 'create', '--first-name', 'Room'])).code).toBe(0);
    expect(await site.json('db', 'check')).toEqual({ ok: true, problems: [] });
    say(
      `${medium === undefined ? 'a limit on the size of files' : 'a file system of 6 MB'}: an import refused whole, ${acknowledged.length} changes acknowledged and kept, then one refused; goes on when there is room`,
    );
  });
});

/** Takes the room that is left, but for half a megabyte. */
function fillUp(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(handle);
  }
  truncateSync(file, statSync(file).size - 500_000);
}

describe('the medium is read-only', () => {
  it('questions are answered, changes are refused', { timeout: 60_000 }, async ({ skip }) => {
    const site = new OnMedium();
    const medium = mounted(site, 6);
    if (medium === undefined) skip('no file system can be mounted here');
    else {
      site.file = join(medium, 'tph.db');
      await site.init();
      await site.json('driver', 'create', 'D7');
      execFileSync('mount', ['-o', 'remount,ro', medium]);
      expect(await site.json<unknown[]>('driver', 'list')).toHaveLength(1);
      const refused = await site.run(['driver', 'create', 'D8']);
      mustHelp(refused, 7);
      expect(refused.stderr).toMatch(/cannot be written|may not be read or written/);
      execFileSync('mount', ['-o', 'remount,rw', medium]);
      expect(await site.json<unknown[]>('driver', 'list')).toHaveLength(1);
      expect((await site.run(['driver', 'create', 'D8'])).code).toBe(0);
      expect(await site.json('db', 'check')).toEqual({ ok: true, problems: [] });
      say('a read-only file system: questions answered, a change refused');
    }
  });
});

describe.each(engines.filter(([engine]) => engine === 'PostgreSQL'))('%s is read-only', (_engine, make) => {
  it('questions are answered, changes are refused', { timeout: 60_000 }, async () => {
    const site = await make();
    await site.json('driver', 'create', 'D7');
    const readOnly = (is: 'on' | 'off') =>
      site.postgres?.sql(
        `alter role ${ROLE} in database ${site.postgres.name} set default_transaction_read_only = ${is}`,
      );
    await readOnly('on');
    expect(await site.json<unknown[]>('driver', 'list')).toHaveLength(1);
    const refused = await site.run(['driver', 'create', 'D8']);
    mustHelp(refused, 7);
    expect(refused.stderr).toMatch(/is read-only: nothing was changed/);
    mustHelp(
      await site.run(['db', 'copy', '--from', join(site.folder, 'none.db'), '--to', site.location]),
      5,
    );
    await readOnly('off');
    expect((await site.run(['driver', 'create', 'D8'])).code).toBe(0);
    await site.mustBeSound();
    say('a read-only PostgreSQL: questions answered, a change refused');
  });
});

describe('the file is spoiled', () => {
  it('damaged pages are told of, never taken for data; a backup mends it', { timeout: 180_000 }, async () => {
    const site = new Site();
    await site.init();
    expect((await site.run(['import', 'customers', customersFile(site, 300), '-q'])).code).toBe(0);
    await site.json('db', 'backup', 'good.bak');
    const good = stateOf(site.location);
    const original = readFileSync(site.location);
    const chance = chances('damaged pages');
    let told = 0;
    const rounds = some(20);
    for (let round = 0; round < rounds; round += 1) {
      rmSync(`${site.location}-wal`, { force: true });
      rmSync(`${site.location}-shm`, { force: true });
      const spoiled = Buffer.from(original);
      const page = Math.floor(chance() * (spoiled.length / 4096));
      const length = chance() < 0.5 ? 4096 : 16;
      for (let byte = page === 0 ? 100 : 0; byte < length; byte += 1)
        spoiled[page * 4096 + byte] = Math.floor(chance() * 256);
      writeFileSync(site.location, spoiled);
      for (const words of [
        ['customer', 'list', '--limit', '500', '-o', 'json'],
        ['customer', 'create', '--first-name', 'After'],
        ['release', '--day', '20260112'],
      ]) {
        const ran = await site.run(words);
        if (ran.code === 0) continue;
        mustHelp(ran, 2);
        expect(ran.stderr).toMatch(/is damaged|is cut short|is not a database|another program/);
        expect(ran.stderr).toMatch(/(restore a backup with `tph db restore|name the database)/);
      }
      const check = await site.run(['db', 'check', '-o', 'json']);
      if (check.code === 0 && !(JSON.parse(check.stdout) as { ok: boolean }).ok) told += 1;
      else if (check.code !== 0) {
        mustHelp(check, 2);
        told += 1;
      }
    }
    const restored = await site.run(['db', 'restore', 'good.bak', '--yes']);
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    expect(stateOf(site.location)).toEqual(good);
    // A page in the middle of a text may be another text: no engine without checksums can tell.
    expect(told).toBeGreaterThan(rounds / 2);
    say(`${rounds} damaged pages: ${told} found by db check, no crash; a backup restored`);
  });

  it('a log that is cut short gives back what was committed before', { timeout: 180_000 }, async () => {
    const site = new Site();
    await site.init();
    const chance = chances('cut logs');
    // Somebody has it open, so that the log stays.
    const held = new BetterSqlite3(site.location);
    held.prepare('select 1 from client').all();
    for (let count = 0; count < 12; count += 1)
      await site.json('customer', 'create', '--first-name', `L${String(count).padStart(2, '0')}`);
    const [file, log] = [readFileSync(site.location), readFileSync(`${site.location}-wal`)];
    held.close();
    const rounds = some(30);
    for (let round = 0; round < rounds; round += 1) {
      const cut = new Site();
      copyFileSync(site.location, cut.location);
      writeFileSync(cut.location, file);
      writeFileSync(`${cut.location}-wal`, log);
      truncateSync(`${cut.location}-wal`, Math.floor(chance() * log.length));
      const ran = await cut.run(['customer', 'list', '-o', 'json']);
      // With the client's own record cut off, there is no database yet.
      if (ran.code !== 0) mustHelp(ran, 2, 5);
      else {
        const names = (JSON.parse(ran.stdout) as { firstName: string }[])
          .map(({ firstName }) => firstName)
          .sort();
        expect(names).toEqual(names.map((_name, index) => `L${String(index).padStart(2, '0')}`));
        expect((await cut.run(['customer', 'create', '--first-name', 'After'])).code).toBe(0);
        await cut.mustBeSound();
      }
      expect(existsSync(cut.location)).toBe(true);
      cut.dispose();
    }
    say(`${rounds} logs cut short: each gave back the changes up to some moment, and went on`);
  });
});

describe.each(engines)('on %s', (engine, make) => {
  it('a clock that steps back changes no order and gives no id twice', { timeout: 120_000 }, async () => {
    const site = await make();
    const chance = chances(`clocks on ${engine}`);
    const ids: bigint[] = [];
    const runs = some(40);
    for (let count = 0; count < runs; count += 1) {
      const hours = Math.floor((chance() - 0.5) * 20_000);
      const now = new Date(Date.UTC(2026, 5, 1) + hours * 3_600_000).toISOString();
      const args = ['customer', 'create', '--first-name', `T${count}`, '-o', 'id'];
      const ran =
        chance() < 0.5
          ? await site.run(args, { env: { TPH_NOW: now } })
          : await site.run([...args, '--at', now]);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      ids.push(BigInt(ran.stdout.trim().slice(1)));
    }
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(runs);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    say(`${engine}: ${runs} changes at clocks over two years, back and forth: ids rise, none twice`);
  });

  it('an older program leaves a newer database alone', { timeout: 60_000 }, async () => {
    const site = await make();
    await site.json('driver', 'create', 'D7');
    const alter = async (sql: string) => {
      if (site.postgres !== undefined) await site.postgres.sql(sql);
      else {
        const database = new BetterSqlite3(site.location);
        database.exec(sql);
        database.close();
      }
    };
    await alter(`insert into schema_version values (99, 1, 'tph')`);
    const before =
      site.postgres === undefined ? stateOf(site.location) : await site.rows('select * from driver');
    for (const words of [
      ['driver', 'create', 'D8'],
      ['driver', 'list'],
      ['db', 'migrate'],
      ['db', 'copy', '--to', 'copy.db'],
    ]) {
      const refused = await site.run(words);
      mustHelp(refused, 2);
      expect(refused.stderr).toMatch(
        /schema version 99; this program knows versions up to \d+\nhint: update tph/,
      );
    }
    expect(
      site.postgres === undefined ? stateOf(site.location) : await site.rows('select * from driver'),
    ).toEqual(before);
    await alter('delete from schema_version where version = 99');
    expect((await site.run(['driver', 'create', 'D8'])).code).toBe(0);
    say(`${engine}: a newer database is refused by name of both versions, and unchanged`);
  });
});
