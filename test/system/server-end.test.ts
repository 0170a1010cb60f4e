import { connect } from 'node:net';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Program } from './program.ts';
import { type Server, startServer } from './server.ts';

interface Driver {
  readonly id: string;
  readonly callsign: string;
}

/** A change and its key: what is sent again under the key must be answered with the same record. */
interface Sent {
  readonly callsign: string;
  readonly key: string;
}

async function create({ url, token }: Server, { callsign, key }: Sent): Promise<Driver> {
  const answer = await fetch(`${url}/driver`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ callsign }),
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Driver;
}

it('a server that is killed while it writes keeps every change that it acknowledged', {
  timeout: 120_000,
}, async () => {
  const program = new Program();
  await program.init();
  let server = await startServer(program);
  const acknowledged = new Map<Sent, Driver>();
  const unanswered: Sent[] = [];
  for (let kill = 0; kill < 3; kill += 1) {
    const writers = Array.from({ length: 4 }, async (_writer, writer) => {
      for (let count = 0; count < 1000; count += 1) {
        const sent = { callsign: `K${kill}-${writer}-${count}`, key: `key-${kill}-${writer}-${count}` };
        try {
          acknowledged.set(sent, await create(server, sent));
        } catch {
          unanswered.push(sent);
          return;
        }
      }
    });
    const enough = acknowledged.size + 25;
    while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 3));
    server.child.kill('SIGKILL');
    expect((await server.ended).signal).toBe('SIGKILL');
    await Promise.all(writers);
    server = await startServer(program, server.token);
  }

  expect(unanswered).toHaveLength(12);
  for (const [sent, driver] of acknowledged) expect(await create(server, sent)).toEqual(driver);
  const late = await Promise.all(unanswered.map((sent) => create(server, sent)));
  const made = [...acknowledged.values(), ...late].map(({ id, callsign }) => `${id} ${callsign}`);
  const kept = await program.json<Driver[]>('driver', 'list', '--limit', '500');
  expect(kept.map(({ id, callsign }) => `${id} ${callsign}`).sort()).toEqual(made.sort());

  server.child.kill('SIGKILL');
  await server.ended;
  const database = new BetterSqlite3(program.db);
  try {
    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    const events = database
      .prepare(`select object_id from audit_event where object_type = 'Driver' and action = 'CREATE'`)
      .all();
    expect(events).toHaveLength(made.length);
  } finally {
    database.close();
  }
});

it('a server that is told to stop answers what is in flight and ends, though others stay connected', {
  timeout: 60_000,
}, async () => {
  const program = new Program();
  await program.init();
  const server = await startServer(program);
  const { hostname, port } = new URL(server.url);
  const closed = Array.from({ length: 4 }, (_one, index) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.resume();
    if (index % 2 === 0) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await fetch(new URL('/healthz', server.url));
  const writes = Array.from({ length: 20 }, (_one, count) =>
    create(server, { callsign: `S${count}`, key: `stop-${count}` }).then(
      ({ id }) => id,
      () => null,
    ),
  );
  await Promise.race(writes);
  server.child.kill('SIGTERM');
  const told = performance.now();
  const { code, signal } = await server.ended;
  // Well within the ten seconds after which it would be forced.
  expect(performance.now() - told).toBeLessThan(8000);
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  await Promise.all(closed);
  const answered = (await Promise.all(writes)).filter((id) => id !== null);
  expect(answered.length).toBeGreaterThan(0);
  const kept = await program.json<Driver[]>('driver', 'list');
  expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
});
