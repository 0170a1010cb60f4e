import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Shop, shop } from './support.ts';

/** What a connection got, and how long it was kept. */
interface Kept {
  readonly text: string;
  readonly ms: number;
}

function open(home: Shop): { readonly socket: Socket; readonly closed: Promise<Kept> } {
  const { hostname, port } = new URL(home.url);
  const started = performance.now();
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  socket.on('error', () => {});
  const closed = new Promise<Kept>((resolve) => {
    socket.once('close', () => resolve({ text, ms: performance.now() - started }));
  });
  return { socket, closed };
}

/** Sends the first part at once and the rest a byte at a time, until the server hangs up. */
async function trickle(home: Shop, first: string, rest: string): Promise<Kept> {
  const { socket, closed } = open(home);
  socket.write(first);
  let at = 0;
  const drip = setInterval(() => {
    if (at < rest.length && socket.writable) socket.write(rest[at] ?? '');
    at += 1;
  }, 20);
  const kept = await closed;
  clearInterval(drip);
  return kept;
}

describe('a client that takes its time', () => {
  it('is cut off, whatever it is slow in, while others are served', async () => {
    const home = await shop({ requestTimeoutMs: 1000 });
    const start = `POST /client/${home.client}/driver HTTP/1.1\r\n`;
    const headers = `Host: x\r\nAuthorization: Bearer ${home.admin}\r\nContent-Type: application/json\r\n`;
    const body = '{"callsign":"SLOW"}';
    const slow = Promise.all([
      trickle(home, '', start.repeat(20)),
      trickle(home, start, headers.repeat(20)),
      trickle(home, `${start}${headers}Content-Length: ${body.length + 500}\r\n\r\n`, body.padStart(519)),
      trickle(home, '', ''),
    ]);
    let served = 0;
    let waiting = true;
    void slow.then(() => {
      waiting = false;
    });
    while (waiting) {
      expect((await home.send('/driver')).status).toBe(200);
      served += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const { text, ms } of await slow) {
      expect(text).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"status":408/s);
      expect(ms).toBeLessThan(5000);
    }
    expect(served).toBeGreaterThan(3);
    expect((await home.get('/driver')).items).toEqual([]);
  });

  it('does not hold its connection by sending on after the answer', async () => {
    const home = await shop({ requestTimeoutMs: 600 });
    const start = `POST /client/${home.client}/driver HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${home.admin}\r\nContent-Type: application/json\r\n`;
    const { ms } = await trickle(home, `${start}Content-Length: 9000\r\n\r\n`, ' '.repeat(9000));
    expect(ms).toBeLessThan(5000);
  });
});

describe('more connections than are taken', () => {
  it('are told so at once, or closed, and what they ask for is not done', async () => {
    const home = await shop({ maxConnections: 20 });
    const agent = open(home);
    const ask = (path: string) =>
      agent.socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${home.admin}\r\n\r\n`);
    ask('/healthz');
    await new Promise((resolve) => agent.socket.once('data', resolve));
    const body = '{"callsign":"D7"}';
    const post = `POST /client/${home.client}/driver HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${home.admin}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const idle = Array.from({ length: 19 }, () => open(home));
    await Promise.all(idle.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    const beyond = Array.from({ length: 300 }, () => open(home));
    for (const { socket } of beyond) socket.write(post);
    const kept = await Promise.all(beyond.map(({ closed }) => closed));
    const told = kept.filter(({ text }) =>
      /^HTTP\/1\.1 503 .*retry-after: 1\r\n.*"UNAVAILABLE"/is.test(text),
    );
    expect(told.length).toBeGreaterThan(20);
    expect(kept.filter(({ text }) => text !== '').length).toBe(told.length);

    const next = new Promise((resolve) => agent.socket.once('data', (data) => resolve(String(data))));
    ask(`/client/${home.client}/driver`);
    expect(await next).toMatch(/^HTTP\/1\.1 200 .*"items":\[\]/s);

    for (const { socket } of [...idle, agent]) socket.destroy();
    await Promise.all(idle.map(({ closed }) => closed));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await home.send('/driver')).status).toBe(200);
  });
});

describe('a stop', () => {
  it('ends idle connections at once, and one in flight when it is answered', async () => {
    let arrived = () => {};
    const inside = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const home = await shop({
      wrap: (store) => ({
        ...store,
        session: (session, client) => {
          const api = store.session(session, client);
          return {
            client: api.client,
            close: () => api.close(),
            call: async (name, input, options) => {
              arrived();
              await released;
              return api.call(name, input, options);
            },
          };
        },
      }),
    });
    const unused = open(home);
    await new Promise((resolve) => unused.socket.once('connect', resolve));
    const idle = Array.from({ length: 5 }, () => open(home));
    for (const { socket } of idle) {
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      await answered;
    }
    const answer = home.send('/driver', { method: 'POST', body: { callsign: 'D7' } });
    await inside;
    const stopped = home.stop();
    for (const { text } of await Promise.all(idle.map(({ closed }) => closed)))
      expect(text).toMatch(/^HTTP\/1\.1 200/);
    expect((await unused.closed).text).toBe('');
    const late = await open(home).closed;
    expect(late.text).toBe('');
    release();
    expect((await answer).status).toBe(201);
    await stopped;
    expect((await home.api.call('driver.list', {})).items).toHaveLength(1);
  });
});
