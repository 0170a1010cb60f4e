import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { customersFile } from '../system/import-rig.ts';
import { finished } from '../system/program.ts';
import { startServer } from '../system/server.ts';
import { chances, engines, inLanes, isQuick, mustHelp, type Site, say, some } from './rig.ts';

/** Stands between a program and what it talks to; cuts some connections after so many bytes, in either direction. */
async function proxy(toPort: () => number, bytesUntilCut: () => number | undefined) {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(toPort(), '127.0.0.1');
    const limit = bytesUntilCut();
    let passed = 0;
    const count = (from: Socket, to: Socket) => {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        passed += chunk.length;
        if (limit === undefined || passed <= limit) to.write(chunk);
        else if (!near.destroyed) {
          cuts += 1;
          // What was within the limit still arrives: a request may be carried out whose answer is lost.
          to.write(chunk.subarray(0, Math.max(0, chunk.length - (passed - limit))));
          near.resetAndDestroy();
          far.end();
        }
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    };
    count(near, far);
    count(far, near);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = listener.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    cuts: () => cuts,
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

/** Runs the program on the server of a profile that is reached at a port. */
async function far(site: Site, url: string, token: string, port: number) {
  const client = new URL(url).pathname.split('/').at(-1) ?? '';
  const words = [
    'profile',
    'add',
    'far',
    '--url',
    `http://127.0.0.1:${port}`,
    '--client',
    client,
    '--replace',
  ];
  const added = await site.run(words);
  expect(added, added.stderr).toMatchObject({ code: 0 });
  return (args: readonly string[]) => site.start([...args, '--profile', 'far'], { TPH_TOKEN: token });
}

describe.each(engines)('a network that fails, before %s', (engine, make) => {
  it('requests that are cut are carried out once or not at all', { timeout: 180_000 }, async () => {
    const site = await make();
    const chance = chances(`cuts before ${engine}`);
    const server = await startServer(site);
    let isCutting = false;
    const between = await proxy(
      () => portOf(server.url),
      () => (isCutting && chance() < 0.7 ? Math.floor(chance() * 1800) : undefined),
    );
    const start = await far(site, server.url, server.token, between.port);
    isCutting = true;
    const acknowledged: string[] = [];
    const unsure: string[] = [];
    let sent = 0;
    await inLanes(3, async () => {
      const name = `N${sent++}`;
      const ran = await finished(start(['customer', 'create', '--first-name', name, '-o', 'id']));
      if (ran.code === 0) acknowledged.push(name);
      else {
        mustHelp(ran, 7);
        unsure.push(name);
      }
      return sent < some(60);
    });
    const found = await site.customers();
    for (const name of acknowledged) expect(found.get(name)?.count, name).toBe(1);
    for (const name of unsure) expect(found.get(name)?.count ?? 0, name).toBeLessThanOrEqual(1);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    server.child.kill('SIGTERM');
    await server.ended;
    expect(between.cuts()).toBeGreaterThan(0);
    say(
      `${engine}: ${between.cuts()} connections cut; of ${sent} changes ${acknowledged.length} acknowledged and there once, ${unsure.length} refused with what to do`,
    );
  });

  it('a server that is lost in the middle of an import', { timeout: 240_000 }, async () => {
    const site = await make();
    const chance = chances(`imports before ${engine}`);
    let server = await startServer(site);
    const { token } = server;
    const between = await proxy(
      () => portOf(server.url),
      () => undefined,
    );
    const start = await far(site, server.url, token, between.port);
    // A file takes an import over HTTP several times as fast.
    const rows = (isQuick ? 1500 : 4000) * (engine === 'SQLite' ? 5 : 1);
    const importing = [
      'import',
      'customers',
      customersFile(site, rows),
      '--mode',
      'partial',
      '--on-conflict',
      'skip',
    ];
    let lost = 0;
    let failed = 0;
    for (let isDone = false; !isDone; ) {
      const child = start(importing);
      const running = finished(child);
      let isOver = false;
      void running.then(() => {
        isOver = true;
      });
      while (!isOver && lost < some(10)) {
        await sleep(250 + chance() * 700);
        if (isOver) break;
        server.child.kill('SIGKILL');
        await server.ended;
        lost += 1;
        await sleep(chance() * 300);
        server = await startServer(site, token);
      }
      const ran = await running;
      isDone = ran.code === 0;
      if (!isDone) {
        failed += 1;
        mustHelp(ran, 3, 7);
      }
    }
    const [counted] = await site.rows<{ rows: unknown; phones: unknown }>(
      'select count(*) as rows, count(distinct phone) as phones from customer where deleted_at is null',
    );
    expect({ rows: Number(counted?.rows), phones: Number(counted?.phones) }).toEqual({ rows, phones: rows });
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    server.child.kill('SIGTERM');
    await server.ended;
    expect(lost).toBeGreaterThan(0);
    say(
      `${engine}: ${lost} servers lost in the middle of an import, which ended ${failed} times with what to do; in the end every row is there once`,
    );
  });
});

describe.each(engines.filter(([engine]) => engine === 'PostgreSQL'))('%s', (_engine, make) => {
  it('a server that is lost in the middle of an import that is all or nothing', {
    timeout: 240_000,
  }, async () => {
    const site = await make();
    const chance = chances('all or nothing');
    const rows = isQuick ? 6_000 : 20_000;
    const importing = ['import', 'customers', customersFile(site, rows), '--mode', 'atomic'];
    const count = async (): Promise<number> => {
      const [row] = await site.rows<{ rows: unknown }>('select count(*) as rows from customer');
      return Number(row?.rows);
    };
    const begun = performance.now();
    mustHelp(await site.run([...importing, '--on-conflict', 'sometimes']), 2);
    const startMs = performance.now() - begun;
    let lost = 0;
    for (let attempt = 0; attempt < some(15); attempt += 1) {
      const running = site.run(importing);
      await sleep(startMs + chance() * 1500);
      await site.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'tph'`,
      );
      const ran = await running;
      if (ran.code === 0) break;
      mustHelp(ran, 7);
      lost += 1;
      // While it was being committed nobody can say.
      if (/nothing was changed/.test(ran.stderr)) expect(await count()).toBe(0);
      if ((await count()) > 0) break;
    }
    if ((await count()) === 0) expect((await site.run(importing)).code).toBe(0);
    expect(await count()).toBe(rows);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    expect(lost).toBeGreaterThan(0);
    say(
      `PostgreSQL: ${lost} imports of ${rows} rows lost their server; each left nothing, and the last all of it`,
    );
  });

  it('connections that the server ends in the middle of a change', { timeout: 180_000 }, async () => {
    const site = await make();
    const chance = chances('ended connections');
    const acknowledged: string[] = [];
    const refused: string[] = [];
    let isOver = false;
    let ended = 0;
    const killer = (async () => {
      while (!isOver) {
        await sleep(20 + chance() * 150);
        const [row] = await site.rows<{ count: string }>(
          `select count(pg_terminate_backend(pid)) from pg_stat_activity
           where datname = current_database() and application_name = 'tph'`,
        );
        ended += Number(row?.count ?? 0);
      }
    })();
    let sent = 0;
    const work = inLanes(4, async () => {
      const name = `E${sent++}`;
      const ran = await site.run(['customer', 'create', '--first-name', name, '-o', 'id']);
      if (ran.code === 0) acknowledged.push(name);
      else {
        mustHelp(ran, 7);
        refused.push(name);
        if (/nothing was changed/.test(ran.stderr))
          expect((await site.customers()).has(name), name).toBe(false);
      }
      return sent < some(100);
    });
    // The killer ends before the database does, however the others end.
    await Promise.allSettled([work]);
    isOver = true;
    await killer;
    await work;
    const found = await site.customers();
    for (const name of acknowledged) expect(found.get(name)?.count, name).toBe(1);
    for (const name of refused) expect(found.get(name)?.count ?? 0, name).toBeLessThanOrEqual(1);
    await site.mustHaveOneTrail();
    await site.mustBeSound();
    expect(ended).toBeGreaterThan(0);
    say(
      `${ended} connections ended by PostgreSQL; of ${sent} changes ${acknowledged.length} acknowledged and there once, ${refused.length} refused with what to do`,
    );
  });
});
