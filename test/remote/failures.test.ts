import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InstanceClient } from '../../src/remote/client.ts';
import { LARGEST_ANSWER } from '../../src/remote/instance.ts';
import { failure, instanceAt, json, serving, TOKEN } from './fixture.ts';

const read = { method: 'GET', path: '/client/G1', repeatable: true };

/** A port that nothing listens on: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** A server that answers any connection with these bytes, and closes it. */
async function rawServer(bytes: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('an instance that cannot be reached', () => {
  it('is refused', async () => {
    const port = await closedPort();
    const error = await failure(new InstanceClient(instanceAt(`http://127.0.0.1:${port}`)).json(read));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: `nothing listens at \`127.0.0.1:${port}\`: the connection was refused`,
    });
    expect(error.hint).toContain('check that it is running');
  });

  it('has no address', async () => {
    const error = await failure(new InstanceClient(instanceAt('http://nowhere.invalid')).json(read));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/host `nowhere\.invalid`/);
  });

  it('speaks no TLS', async () => {
    const { url } = await serving((_seen, response) => json(response, 200, {}));
    const error = await failure(new InstanceClient(instanceAt(url.replace('http:', 'https:'))).json(read));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toMatch(/no TLS connection can be made/);
    expect(error.hint).toContain('http://');
  });

  it('has a certificate that nobody vouches for, and never sees the token', async () => {
    const part = (name: string) => readFileSync(new URL(`tls/self-signed.${name}`, import.meta.url));
    const asked: unknown[] = [];
    const server = createTlsServer({ key: part('key'), cert: part('crt') }, (request, response) => {
      asked.push(request.headers);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const error = await failure(new InstanceClient(instanceAt(`https://localhost:${port}`)).json(read));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: `the TLS certificate of \`localhost:${port}\` is not trusted here`,
    });
    expect(error.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(asked).toEqual([]);
  });

  it('speaks no HTTP', async () => {
    const error = await failure(
      new InstanceClient(instanceAt(await rawServer('220 mail.example.com ESMTP\r\n'))).json(read),
    );
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toMatch(/is not HTTP/);
  });

  it('says nothing in time: it is asked once, and whoever watches is told of the wait', async () => {
    const { url, seen } = await serving(() => undefined);
    const patience = { attemptMs: 120, totalMs: 1000, backOffMs: 1, tellMs: 25 };
    const told: string[] = [];
    const instance = instanceAt(url, { patience, tell: (text) => void told.push(text) });
    const error = await failure(new InstanceClient(instance).json(read));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/did not answer within 0\.12 s/);
    expect(seen).toHaveLength(1);
    expect(told.length).toBeGreaterThan(1);
    expect(told[0]).toMatch(/^still trying: no answer of `127\.0\.0\.1:\d+` for /);
  });

  it('stops in the middle of its answer, in time', async () => {
    const { url } = await serving((_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
    });
    const patience = { attemptMs: 60, totalMs: 200, backOffMs: 1, tellMs: 5000 };
    const error = await failure(new InstanceClient(instanceAt(url, { patience })).json(read));
    expect(error.message).toMatch(/did not answer within|no answer within/);
  });
});

describe('an answer that is none', () => {
  it.each([
    [
      'with fewer bytes than it says',
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":',
    ],
    [
      'without its last chunk',
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"id":\r\n',
    ],
  ])('%s is cut short', async (_name, bytes) => {
    const error = await failure(new InstanceClient(instanceAt(await rawServer(bytes))).json(read));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/cut (the connection|short)/);
  });

  it('is JSON that ends too early', async () => {
    const { url } = await serving((_seen, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"G1"'),
    );
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toBe(`the answer of ${url} to \`GET /client/G1\` is no whole JSON`);
  });

  it.each([
    ['text/html; charset=utf-8', 'a web page'],
    ['text/plain', '`text/plain`'],
    ['application/jsonish', '`application/jsonish`'],
  ])('is %s', async (type, called) => {
    const { url } = await serving((_seen, response) =>
      response.writeHead(200, { 'content-type': type }).end('<p>Hi'),
    );
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: `${url} answered \`GET /client/G1\` with ${called} instead of JSON (HTTP 200)`,
    });
  });

  it('sends elsewhere, which is not followed', async () => {
    const elsewhere = await serving((_seen, response) => json(response, 200, {}));
    const { url } = await serving((_seen, response) =>
      response.writeHead(307, { location: `${elsewhere.url}/client/G1` }).end(),
    );
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error.message).toBe(
      `${url} sends on to \`${elsewhere.url}/client/G1\` (HTTP 307), which is not followed`,
    );
    expect(elsewhere.seen).toEqual([]);
  });

  it('has no end', async () => {
    const { url } = await serving((_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(1 << 20)));
      };
      response.on('drain', more);
      more();
    });
    const patience = { attemptMs: 20_000, totalMs: 20_000, backOffMs: 1, tellMs: 5000 };
    const error = await failure(new InstanceClient(instanceAt(url, { patience })).json(read));
    expect(error.message).toMatch(`larger than ${LARGEST_ANSWER / 1_048_576} MiB`);
  });
});

describe('an answer that says no', () => {
  const answering = async (status: number, body: unknown, headers: Record<string, string> = {}) => {
    const { url } = await serving((_seen, response) => json(response, status, body, headers));
    return failure(new InstanceClient(instanceAt(url)).json(read));
  };

  it('is the instance’s own error', async () => {
    const details = [{ field: 'ref', value: 'D8', message: 'there is no driver `D8`', objectType: 'Driver' }];
    const error = await answering(404, {
      code: 'NOT_FOUND',
      detail: 'there is no driver `D8`',
      hint: 'did you mean `D7`?',
      details,
    });
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: 'there is no driver `D8`',
      hint: 'did you mean `D7`?',
      details,
    });
  });

  it.each([
    [400, 'INVALID'],
    [401, 'NOT_SIGNED_IN'],
    [403, 'NOT_ALLOWED'],
    [404, 'UNAVAILABLE'],
    [405, 'UNAVAILABLE'],
    [409, 'CONFLICT'],
    [412, 'CONFLICT'],
    [413, 'INVALID'],
    [418, 'INVALID'],
    [429, 'UNAVAILABLE'],
    [500, 'UNAVAILABLE'],
    [502, 'UNAVAILABLE'],
  ])('HTTP %i without a code of ours is %s, with a way out', async (status, code) => {
    const error = await answering(status, { oops: true });
    expect(error.code).toBe(code);
    expect(error.message).not.toBe('');
  });

  it('401 says how to sign in', async () => {
    expect((await answering(401, {})).hint).toContain('tph auth login --profile live');
  });

  it('a failure of the instance can be found in its logs', async () => {
    const problem = { code: 'INTERNAL', detail: 'unexpected failure' };
    const error = await answering(500, problem, { 'x-request-id': 'req-7' });
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(error.hint).toContain('req-7');
  });

  it('that it stops is no interruption here', async () => {
    expect((await answering(503, { code: 'INTERRUPTED', detail: 'the server stops' })).code).toBe(
      'UNAVAILABLE',
    );
  });

  it('cannot reach the terminal with what it says', async () => {
    const error = await answering(400, {
      code: 'INVALID',
      detail: 'red \u001b[31m\u202e',
      hint: 'a\nb',
      details: [{ field: 'x\u0007', message: 'bell\u0007' }, 'no detail', { message: 7 }],
    });
    expect(error.message).toBe('red \uFFFD[31m\uFFFD');
    expect(error.hint).toBe('a\uFFFDb');
    expect(error.details).toEqual([{ field: 'x\uFFFD', message: 'bell\uFFFD' }]);
  });

  it('does not show the token that it sends back', async () => {
    const { url } = await serving((seen, response) =>
      json(response, 400, {
        code: 'INVALID',
        detail: `bad header ${seen.headers.authorization}`,
        details: [{ message: String(seen.headers.authorization) }],
      }),
    );
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error.message).toBe('bad header Bearer (token)');
    expect(JSON.stringify([error.message, error.hint, error.details, error.stack])).not.toContain(TOKEN);
  });

  it('does not show the token in the address it sends on to', async () => {
    const { url } = await serving((seen, response) =>
      response.writeHead(302, { location: `/login?from=${seen.headers.authorization?.slice(7)}` }).end(),
    );
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error.message).toContain('(token)');
    expect(error.message).not.toContain(TOKEN);
  });
});

it('a request carries the token and who asks', async () => {
  const { url, seen } = await serving((_seen, response) => json(response, 200, { ok: true }));
  await new InstanceClient(instanceAt(`${url}/behind/a/prefix`)).json({
    ...read,
    method: 'POST',
    body: '{"a":1}',
  });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/behind/a/prefix/client/G1',
      body: '{"a":1}',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'user-agent': 'tph/9.9.9',
        'content-type': 'application/json',
      },
    },
  ]);
});
