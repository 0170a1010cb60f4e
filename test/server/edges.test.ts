import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
beforeAll(async () => {
  home = await openShop({ requestTimeoutMs: 1000, maxConnections: 8 });
});
afterAll(() => home.close());

/** Sends bytes as they are; what comes back until the server hangs up. */
const rawly = (bytes: string): Promise<string> => {
  const { hostname, port } = new URL(home.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
};
const get = (headers: string, path = '/healthz') =>
  rawly(`GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);

/** Whatever is answered, however little of the request was read, is a whole answer of this server. */
function expectProblem(text: string, status: number): void {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  for (const header of [
    /^date: .+ GMT$/im,
    /^x-content-type-options: nosniff$/im,
    /^content-security-policy: /im,
    /^cache-control: private, no-cache$/im,
    /^x-request-id: \S+$/im,
    /^content-type: application\/problem\+json/im,
  ])
    expect(head).toMatch(header);
  expect(JSON.parse(body)).toMatchObject({ status, detail: expect.any(String) });
}

describe('what is hardly a request', () => {
  it('is answered with a problem and the headers that every answer has', async () => {
    expectProblem(await get('Host: x\r\nExpect: zzz\r\n'), 417);
    expectProblem(await get('Host: x\r\nHost: y\r\n'), 400);
    expectProblem(await get(`Host: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n`), 431);
    expectProblem(await get('Host: x\r\n', `/${'a'.repeat(20_000)}`), 431);
    expectProblem(await rawly('GET / HTTP/1.1\r\nHost: x\r\n'), 408);
    expectProblem(await rawly('nonsense\r\n\r\n'), 400);
    expect(await get('Host: x\r\nExpect: 100-continue\r\n')).toContain('HTTP/1.1 200');
  });

  it('is refused as no id, however long it is', async () => {
    for (const id of ['9'.repeat(2000), 'x'.repeat(2000), `G${'1'.repeat(5000)}`]) {
      const answer = await home.send(`/driver/${id}`);
      expect(answer.json).toMatchObject({ status: 400, code: 'INVALID' });
      expect(answer.json.detail).toContain('is no id');
      expect(answer.json.detail.length).toBeLessThan(200);
    }
    const tag = await home.send(`/customer/G1/tag/${'x'.repeat(2000)}`, { method: 'POST' });
    expect(tag.json).toMatchObject({ status: 400, code: 'INVALID' });
  });
});

describe('/docs/', () => {
  it('leads to /docs', async () => {
    const answer = await home.send('//docs/', { token: null });
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/docs']);
  });
});

describe('a connection too many', () => {
  it('is refused with the same headers', async () => {
    const { hostname, port } = new URL(home.url);
    const taken = await Promise.all(
      Array.from(
        { length: 8 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(Number(port), hostname, () => resolve(socket));
            socket.on('error', () => {});
          }),
      ),
    );
    expectProblem(await rawly('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'), 503);
    for (const socket of taken) socket.destroy();
  });
});
