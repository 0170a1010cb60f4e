import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { customersFile } from '../system/import-rig.ts';
import { finished } from '../system/program.ts';
import { startServer } from '../system/server.ts';
import { chances, engines, inLanes, isQuick, say, some, typicalMs } from './rig.ts';

interface Own {
  readonly name: string;
  readonly id: string;
  /** The last names that were asked for, in order, and how many of them up to the last that was acknowledged. */
  readonly asked: string[];
  acknowledged: number;
}

describe.each(engines)('kill -9 on %s', (engine, make) => {
  const kills = isQuick ? 40 : 200;
  it(`${kills} commands, while others write`, { timeout: 300_000 }, async () => {
    const site = await make();
    const chance = chances(`kills on ${engine}`);
    const LANES = 3;
    const WARM = 5;
    const typical =
      (await typicalMs(site, (run) => ['customer', 'create', '--first-name', `warm-${run}`])) * LANES * 0.7;
    const owned: Own[][] = Array.from({ length: LANES }, () => []);
    const asked = new Set<string>();
    const acknowledged = new Set<string>();
    let killed = 0;
    let whole = 0;
    await inLanes(LANES, async (lane) => {
      const own = owned[lane] ?? [];
      const old = chance() < 0.4 ? own[Math.floor(chance() * own.length)] : undefined;
      const name = old?.name ?? `K${lane}-${asked.size}`;
      const value = `v${asked.size}-${killed}-${whole}`;
      if (old === undefined) asked.add(name);
      else old.asked.push(value);
      const child = site.start(
        old === undefined
          ? ['customer', 'create', '--first-name', name, '--last-name', value, '-o', 'id']
          : ['customer', 'update', old.id, '--last-name', value, '-o', 'id'],
      );
      // Some end by themselves, so that there is something that must not be lost.
      const delay = chance() < 0.15 ? 60_000 : typical * (0.3 + chance());
      const timer = setTimeout(() => child.kill('SIGKILL'), delay);
      const ran = await finished(child);
      clearTimeout(timer);
      if (ran.signal === 'SIGKILL') killed += 1;
      else whole += 1;
      if (ran.signal !== 'SIGKILL') expect(ran).toMatchObject({ code: 0, stderr: '' });
      // What is printed is acknowledged, even where the program is killed before it has ended.
      const id = /^G\d+$/m.exec(ran.stdout)?.[0];
      if (id !== undefined && old === undefined) {
        acknowledged.add(name);
        own.push({ name, id, asked: [value], acknowledged: 1 });
      } else if (id !== undefined && old !== undefined) old.acknowledged = old.asked.length;
      return killed < kills;
    });
    const found = await site.customers();
    for (const name of acknowledged) expect(found.get(name)?.count, name).toBe(1);
    for (const [name, { count }] of found)
      if (!name.startsWith('warm-'))
        expect({ count, wasAsked: asked.has(name) }).toEqual({ count: 1, wasAsked: true });
    for (const { name, asked: values, acknowledged: known } of owned.flat())
      expect(values.slice(known - 1), name).toContain(found.get(name)?.lastName);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    say(
      `${engine}: ${killed} killed, ${whole} ended by themselves; ${acknowledged.size} records and ${owned.flat().reduce((sum, one) => sum + one.acknowledged - 1, 0)} changes acknowledged, all there; ${found.size - acknowledged.size - WARM} more made unseen`,
    );
  });

  it(`${some(15)} servers, while requests come in`, { timeout: 300_000 }, async () => {
    const site = await make();
    const chance = chances(`servers on ${engine}`);
    const done = new Set<string>();
    const pending: string[] = [];
    let sent = 0;
    let repeated = 0;
    let token: string | undefined;
    for (let round = 0; round <= some(15); round += 1) {
      const server = await startServer(site, token);
      token = server.token;
      const isLast = round === some(15);
      let isOver = false;
      if (!isLast) {
        void sleep(100 + chance() * 500).then(() => server.child.kill('SIGKILL'));
        void server.ended.then(() => {
          isOver = true;
        });
      }
      await inLanes(6, async () => {
        const again = pending.pop();
        if (isLast && again === undefined) return false;
        if (again !== undefined) repeated += 1;
        const name = again ?? `H${sent++}`;
        const status = await post(server.url, server.token, name);
        if (status === 201) done.add(name);
        else {
          // Nobody knows whether it was carried out; its key makes asking again safe.
          expect(status).toBeUndefined();
          pending.push(name);
          return false;
        }
        return !isOver;
      });
      if (isLast) server.child.kill('SIGTERM');
      await server.ended;
    }
    expect(pending).toEqual([]);
    const found = await site.customers();
    expect([...found.keys()].sort()).toEqual([...done].sort());
    for (const [name, { count }] of found) expect(count, name).toBe(1);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    say(
      `${engine}: ${some(15)} servers killed; ${sent} requests, ${repeated} asked again, each carried out once`,
    );
  });

  it(`${some(10)} copies, each gone on with`, { timeout: 300_000 }, async () => {
    const site = await make();
    const chance = chances(`copies on ${engine}`);
    const server = await startServer(site);
    await inLanes(
      8,
      async () => (await post(server.url, server.token, `C${filled++}`)) === 201 && filled < some(4000),
    );
    server.child.kill('SIGTERM');
    await server.ended;
    let killed = 0;
    let round = 0;
    for (let to = 'copy0.db'; killed < some(10) && round < 60; round += 1) {
      const child = site.start(['db', 'copy', '--to', to, '-q']);
      const timer = setTimeout(() => child.kill('SIGKILL'), 150 + chance() * 500);
      const ran = await finished(child);
      clearTimeout(timer);
      if (ran.signal === 'SIGKILL') {
        killed += 1;
        continue;
      }
      // One that was killed at its very end had finished.
      if (ran.code !== 6) expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(await site.json('db', 'check', '--db', to)).toEqual({ ok: true, problems: [] });
      to = `copy${round}.db`;
    }
    const last = await site.run(['db', 'copy', '--to', 'last.db', '-o', 'json']);
    expect(JSON.parse(last.stdout)).toMatchObject({ verified: true });
    say(`${engine}: ${killed} copies killed, ${round - killed} ended and the same as their source`);
  });

  it(`${some(10)} restores, each whole or not at all`, { timeout: 300_000 }, async () => {
    const site = await make();
    const chance = chances(`restores on ${engine}`);
    const imported = await site.run(['import', 'customers', customersFile(site, 500)]);
    expect(imported, imported.stderr).toMatchObject({ code: 0 });
    expect(await site.run(['db', 'backup', 'good.bak'])).toMatchObject({ code: 0 });
    const restoring = ['db', 'restore', 'good.bak', '--yes', '-q'];
    const count = async () =>
      Number((await site.rows<{ count: unknown }>('select count(*) as count from customer'))[0]?.count);
    const typical = await typicalMs(site, () => restoring);
    let killed = 0;
    let round = 0;
    let stayed = 0;
    for (; killed < some(10) && round < 40; round += 1) {
      expect(await site.run(['customer', 'create', '--first-name', 'Later'])).toMatchObject({ code: 0 });
      const before = await count();
      const child = site.start(restoring);
      const timer = setTimeout(() => child.kill('SIGKILL'), typical * (0.2 + 0.8 * chance()));
      const ran = await finished(child);
      clearTimeout(timer);
      const after = await count();
      if (ran.signal === 'SIGKILL') killed += 1;
      else expect(ran, ran.stderr).toMatchObject({ code: 0 });
      expect(ran.signal === 'SIGKILL' ? [500, before] : [500]).toContain(after);
      if (after === before) stayed += 1;
      await site.mustBeSound();
    }
    expect(killed).toBeGreaterThan(0);
    say(`${engine}: ${killed} restores killed, ${stayed} of which changed nothing; ${round - killed} ended`);
  });

  it(`${some(10)} restores, while others write`, { timeout: 300_000 }, async () => {
    const site = await make();
    expect(await site.run(['import', 'customers', customersFile(site, 500)])).toMatchObject({ code: 0 });
    expect(await site.run(['db', 'backup', 'good.bak'])).toMatchObject({ code: 0 });
    const acknowledged: string[] = [];
    const kept = new Set<string>();
    let isOver = false;
    let asked = 0;
    let looks = 0;
    const writing = inLanes(2, async () => {
      const name = `W${asked++}`;
      const ran = await site.run(['customer', 'create', '--first-name', name, '--lock-wait', '60s']);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      acknowledged.push(name);
      return !isOver;
    });
    const reading = inLanes(1, async () => {
      const ran = await site.run(['customer', 'list', '--limit', '500', '-o', 'id', '--lock-wait', '60s']);
      // Never fewer than the backup has: what is being replaced is not to be seen.
      expect({ lines: ran.stdout.trim().split('\n').length, said: ran.stderr }).toMatchObject({ lines: 500 });
      looks += 1;
      return !isOver;
    });
    for (let round = 0; round < some(10); round += 1) {
      const ran = await site.run(['db', 'restore', 'good.bak', '--yes', '--lock-wait', '60s', '-o', 'json']);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      const { kept: file } = JSON.parse(ran.stdout) as { kept: string };
      const database = new BetterSqlite3(file, { readonly: true });
      for (const name of database.prepare('select first_name from customer').pluck().all())
        kept.add(String(name));
      database.close();
    }
    isOver = true;
    await Promise.all([writing, reading]);
    const there = await site.customers();
    expect(acknowledged.filter((name) => !there.has(name) && !kept.has(name))).toEqual([]);
    await site.mustBeSound();
    say(
      `${engine}: ${some(10)} restores; ${acknowledged.length} records of others acknowledged, each in the database or in what was kept; ${looks} looks, none at something between`,
    );
  });
});

let filled = 0;

/** The status of the answer; undefined where the connection broke. */
async function post(url: string, token: string, name: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${url}/customer`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': `key-${name}`,
      },
      body: JSON.stringify({ firstName: name }),
    });
    await answer.text();
    return answer.status;
  } catch {
    return undefined;
  }
}
