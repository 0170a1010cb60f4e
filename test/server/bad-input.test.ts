import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
let driver = '';
beforeAll(async () => {
  home = await openShop();
  driver = (await home.post('/driver', { callsign: 'D7' })).id;
});
afterAll(() => home.close());

const refused = async (path: string, request: Parameters<Shop['send']>[1], status: number) => {
  const answer = await home.send(path, request);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.json).toMatchObject({ status, detail: expect.any(String), requestId: expect.any(String) });
  expect(answer.text).not.toMatch(/\bat \S+:\d+:\d+|node_modules|\.ts\b/);
  // Whoever sends requests is told of requests, not of commands and flags.
  expect(answer.text).not.toMatch(/`tph |(^|\s)--[a-z]/);
  expect(answer.status).toBe(status);
  return answer;
};
const post = (raw: string | Uint8Array, headers = {}) => ({ method: 'POST', raw, headers });

/** Sends bytes as they are, and gives what comes back until the server closes or `quietMs` pass. */
function rawly(bytes: string, quietMs = 1500): Promise<string> {
  const { hostname, port } = new URL(home.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    const end = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(quietMs, end);
    socket.on('close', end);
    socket.on('error', end);
  });
}

describe('a body', () => {
  it.each([
    ['no JSON', '{"callsign":'],
    ['two values', '{} {}'],
    ['a list', '[]'],
    ['text', '"D8"'],
    ['a number', '7'],
    ['a comment', '{"callsign":"D8"} // hi'],
    ['a doubled field', '{"callsign":"D8","callsign":"D9"}'],
    ['a doubled field, escaped', '{"callsign":"D8","c\\u0061llsign":"D9"}'],
    ['a doubled field inside', '{"callsign":"D8","clientCapabilities":[{"id":"G1","id":"G2"}]}'],
    ['a prototype', '{"__proto__":{"callsign":"D8"},"callsign":"D8"}'],
    ['deep nesting', `{"callsign":${'['.repeat(500)}${']'.repeat(500)}}`],
    ['null', 'null'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a wrong type', '{"callsign":7}'],
    ['a number for an id', '{"callsign":"D8","clientCapabilities":[{"id":12345678901234567890}]}'],
    ['a field that sets itself', '{"callsign":"D8","id":"G5"}'],
    ['a field of the server', '{"callsign":"D8","clientId":"G5"}'],
  ])('that is %s is refused', async (_what, raw) => {
    await refused('/driver', post(raw), 400);
    expect((await home.get('/driver')).items).toHaveLength(1);
  });

  it('with unknown fields is refused, and they are named', async () => {
    const { json } = await refused('/driver', post('{"callsign":"D8","colour":"red","callsigm":"D9"}'), 400);
    expect(json.details.map((one: { field: string }) => one.field)).toEqual(['colour', 'callsigm']);
    const special = await refused(`/release`, post('{"day":20260112,"dya":1}'), 400);
    expect(special.json.details[0]).toMatchObject({ field: 'dya', hint: 'did you mean day?' });
  });

  it('that is empty or an empty object is refused where something is needed, and this is named', async () => {
    for (const raw of ['', '{}']) {
      const made = await refused('/driver', post(raw), 400);
      expect(made.json.details.map((one: { field: string }) => one.field)).toEqual(['callsign']);
      const released = await refused('/release', post(raw), 400);
      expect(released.json.details.map((one: { field: string }) => one.field)).toEqual(['day']);
    }
    expect((await refused('/driver', post('null'), 400)).json.detail).toBe('the body is not an object');
    expect((await refused(`/driver/${driver}`, post('null'), 400)).json.detail).toBe(
      'the body is not an object',
    );
  });

  it('with a number for an id says how an id is written, and repeats no other number', async () => {
    const long = '318767104000000001';
    const cases = [
      ['/drivercustomer', `{"driver":{"id":${long}},"customer":"G1"}`, 'driver.id'],
      ['/drivercustomer', `{"driver":${long},"customer":"G1"}`, 'driver'],
      ['/drivercustomer', `{"customer":"G1","driver":{"id":7}}`, 'driver'],
      ['/drivercustomer', `{"customer":"G1","driver":7}`, 'driver'],
      [
        '/driver',
        `{"callsign":"D8","clientCapabilities":[{"id":"G1"},{"id":${long}}]}`,
        'clientCapabilities[1].id',
      ],
      ['/token', `{"name":"n","role":"DRIVER_APP","driver":{"id":${long}}}`, 'driver.id'],
      ['/token', `{"name":"n","role":"DRIVER_APP","driver":7}`, 'driver'],
    ] as const;
    for (const [path, body, field] of cases) {
      const { json } = await refused(path, post(body), 400);
      expect(json.details[0], body).toMatchObject({ field });
      expect(json.details[0].hint, body).toMatch(
        /write (it|an id) as text, such as "G(123|318767104000000001)"/,
      );
      expect(JSON.stringify(json)).not.toContain('318767104000000000');
    }
  });

  it('of more than 1 MiB is refused, of just under it is read', async () => {
    const filler = (size: number) => `{"callsign":"D8","firstName":"${'a'.repeat(size)}"}`;
    await refused('/driver', post(filler(1_100_000)), 413);
    await refused('/driver', post(filler(1_000_000)), 400);
    const many = `{"callsign":"D8","clientCapabilities":[${Array(30_000).fill('{"id":"G1"}').join(',')}]}`;
    await refused('/driver', post(many), 400);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/json; charset=latin1',
  ])('of the kind %s is refused', async (type) => {
    await refused('/driver', post('{"callsign":"D8"}', { 'content-type': type }), 415);
  });

  it('that is compressed is refused', async () => {
    await refused('/driver', post('{"callsign":"D8"}', { 'content-encoding': 'gzip' }), 415);
  });

  it('is refused where none belongs', async () => {
    await refused(`/driver/${driver}`, { method: 'DELETE', body: { callsign: 'D7' } }, 400);
  });
});

describe('a query', () => {
  it.each([
    'limit=0',
    'limit=501',
    'limit=ten',
    'limit=1e2',
    'limit=1&limit=2',
    'deleted=yes',
    'colour=red',
    'cursor=nonsense',
    'cursor=OkcxJw',
    'updatedSince=-5',
    'status=FLYING',
    'dryRun=true',
    'search=%ff',
    'ref=G1',
    '__proto__=1',
  ])('with %s is refused', async (query) => {
    await refused(`/driver?${query}`, {}, 400);
  });

  it('takes back only a cursor that the same list gave out', async () => {
    await home.post('/driver', { callsign: 'D20' });
    await home.post('/driver', { callsign: 'D21' });
    const first = await home.get('/driver?limit=1');
    const cursor: string = first.nextCursor;
    expect((await home.get(`/driver?limit=2&cursor=${cursor}`)).items[0].callsign).toBe('D20');
    const others = [
      `/driver?updatedSince=1&cursor=${cursor}`,
      `/driver?deleted=true&cursor=${cursor}`,
      `/driver?search=D2&cursor=${cursor}`,
      `/driver?status=ACTIVE&cursor=${cursor}`,
      `/customer?cursor=${cursor}`,
      `/log?cursor=${cursor}`,
      `/driver?cursor=${(await home.get('/driver?limit=1&updatedSince=1')).nextCursor}`,
      `/driver?cursor=${(await home.get('/log?limit=1')).nextCursor}`,
      `/driver?cursor=${Buffer.from(`:${driver}`).toString('base64url')}`,
    ];
    for (const path of others) {
      const { json } = await refused(path, {}, 400);
      expect(json.details[0].field, path).toBe('cursor');
    }
    for (let at = 0; at < cursor.length; at += 1)
      for (const letter of ['A', 'z', '9', '-', '='].filter((one) => one !== cursor[at])) {
        const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
        const { json } = await refused(`/driver?cursor=${changed}`, {}, 400);
        expect(json.details[0].field, changed).toBe('cursor');
      }
    const log = await home.get('/log?limit=1');
    expect((await home.get(`/log?limit=1&cursor=${log.nextCursor}`)).items).toHaveLength(1);
    await refused(`/log?actor=admin&cursor=${log.nextCursor}`, {}, 400);
  });
});

describe('a path', () => {
  it.each([
    ['/driver/D7', 400],
    ['/driver/G0', 400],
    ['/driver/G99999999999999999999', 400],
    ['/driver/-1', 400],
    ['/driver/key:x', 400],
    ['/driver/G1', 404],
    ['/driver/%2e%2e%2f%2e%2e%2fetc', 400],
    ['/driver/G1%00', 400],
    [`/driver/${'9'.repeat(900)}`, 400],
    ['/driver/', 400],
    ['/Driver', 404],
    ['/nothing', 404],
  ])('%s is answered with %d', async (path, status) => {
    await refused(path, {}, status);
  });

  it('never leaves the server by its files', async () => {
    for (const path of [
      '/docs/../package.json',
      '/docs/%2e%2e/%2e%2e/package.json',
      '/docs/..%2fpackage.json',
    ])
      expect(await rawly(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 404/,
      );
  });

  it('names its methods where another is used', async () => {
    expect((await refused('/driver', { method: 'PUT', body: {} }, 405)).headers.get('allow')).toBe(
      'GET, HEAD, POST',
    );
    expect(
      (await refused(`/driver/${driver}`, { method: 'PATCH', body: {} }, 405)).headers.get('allow'),
    ).toBe('DELETE, GET, HEAD, POST');
    expect((await refused('//openapi.json', { method: 'POST', body: {} }, 405)).headers.get('allow')).toBe(
      'GET, HEAD',
    );
    expect((await refused('/driver', { method: 'OPTIONS' }, 405)).headers.get('allow')).toBe(
      'GET, HEAD, POST',
    );
  });

  it('with a parent finds only what is of this parent', async () => {
    const customer = (await home.post('/customer', { firstName: 'Bo' })).id;
    const other = (await home.post('/driver', { callsign: 'D30' })).id;
    const favourite = (await home.post(`/driver/${driver}/drivercustomer`, { customer: { id: customer } }))
      .id;
    expect((await home.get(`/driver/${driver}/drivercustomer/${favourite}`)).driver.id).toBe(driver);
    await refused(`/driver/${other}/drivercustomer/${favourite}`, {}, 404);
    await refused(
      `/driver/${other}/drivercustomer/${favourite}`,
      { method: 'POST', body: { priority: 9 } },
      404,
    );
    await refused(`/driver/${other}/drivercustomer/${favourite}`, { method: 'DELETE' }, 404);
    expect((await home.get(`/driver/${other}/drivercustomer`)).items).toEqual([]);
    await refused(
      `/driver/${other}/drivercustomer`,
      { method: 'POST', body: { driver: { id: driver }, customer } },
      400,
    );
    await refused('/driver/G1/drivercustomer', { method: 'POST', body: { customer: { id: customer } } }, 404);
  });
});

describe('a header', () => {
  const bearer = () => `Authorization: Bearer ${home.admin}\r\n`;

  it('cannot be smuggled in by what is echoed', async () => {
    const answer = await home.send('/driver/G1', { headers: { 'x-request-id': 'plain-1' } });
    expect(answer.headers.get('x-request-id')).toBe('plain-1');
    const odd = await home.send('/driver/G1%0d%0aSet-Cookie:%20a=b', {
      headers: { 'x-request-id': 'a b;c' },
    });
    expect(odd.headers.get('set-cookie')).toBeNull();
    expect(odd.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('with a reason that is no text is refused', async () => {
    for (const reason of ['%ff', '%', 'a%0ab'])
      await refused(
        `/driver/${driver}`,
        { method: 'POST', body: { firstName: 'X' }, headers: { 'x-reason': reason } },
        400,
      );
    const headers = { 'x-reason': encodeURIComponent('école fermée') };
    await home.post(`/driver/${driver}`, { firstName: 'Zoë' }, { headers });
    expect((await home.get('/log?limit=1')).items[0]).toMatchObject({
      reason: 'école fermée',
      actor: 'admin',
    });
  });

  it('that is too large, or no HTTP at all, ends the connection with an answer', async () => {
    expect(await rawly(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
    expect(await rawly('BREW /pot HTCPCP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*problem\+json/s);
    const nowhere = await rawly('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(nowhere).toMatch(/^HTTP\/1\.1 400 .*problem\+json.*no Host header/s);
    expect(await rawly('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    const twice = `POST /client/${home.client}/driver HTTP/1.1\r\nHost: x\r\n${bearer()}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`;
    expect(await rawly(twice)).toMatch(/^HTTP\/1\.1 400/);
  });
});
