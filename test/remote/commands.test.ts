import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIENT, json, serving, TOKEN, tphServer } from './fixture.ts';
import { errorOf, home } from './program.ts';

const profiles = (folder: string) => join(folder, '.config', 'tph', 'profiles.json');
const credentials = (folder: string) => join(folder, '.config', 'tph', 'credentials.json');
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Knows the token, and nothing but the client. */
const signedInServer = () =>
  serving((seen, response) => {
    if (seen.headers.authorization !== `Bearer ${TOKEN}`)
      json(response, 401, { code: 'NOT_SIGNED_IN', detail: 'the token is not known' });
    else if (seen.url === '/client/G1') json(response, 200, CLIENT);
    else json(response, 200, { items: [], nextCursor: null });
  });

async function withProfile() {
  const server = await signedInServer();
  const { folder, tph } = home();
  const added = await tph(['profile', 'add', 'live', '--url', server.url, '--client', 'G1']);
  expect(added.code).toBe(0);
  return { ...server, folder, tph };
}

describe('tph profile', () => {
  it('adds, lists, uses and removes', async () => {
    const { tph, url, folder } = await withProfile();
    expect(mode(profiles(folder))).toBe('600');
    const again = await tph(['profile', 'add', 'live', '--url', `${url}/`, '--client', 'G1', '-o', 'json']);
    expect(JSON.parse(again.out)).toMatchObject({ name: 'live', url, client: 'G1', changed: false });

    await tph(['profile', 'use', 'live']);
    const listed = await tph(['profile', 'list', '-o', 'json']);
    expect(JSON.parse(listed.out)).toEqual([
      { name: 'live', url, client: 'G1', inUse: true, signedIn: false },
    ]);

    await tph(['auth', 'login'], { given: `${TOKEN}\n` });
    expect((await tph(['profile', 'rm', 'live'])).code).toBe(0);
    expect(JSON.parse((await tph(['profile', 'list', '-o', 'json'])).out)).toEqual([]);
    expect(readFileSync(credentials(folder), 'utf8')).not.toContain(TOKEN);
  });

  it('does not change one by accident', async () => {
    const { tph } = await withProfile();
    const words = ['profile', 'add', 'live', '--url', 'https://tph.example.com', '-o', 'json'];
    expect(errorOf(await tph(words))).toMatchObject({
      code: 'INVALID',
      hint: 'give --replace, or another name',
    });
    expect((await tph([...words, '--replace'])).code).toBe(0);
    expect((await tph(['profile', 'list', '-o', 'json'])).out).toContain('https://tph.example.com');
  });

  it('changes nothing in a dry run', async () => {
    const { tph } = home();
    const ran = await tph([
      'profile',
      'add',
      'live',
      '--url',
      'https://tph.example.com',
      '-n',
      '--exit-code',
    ]);
    expect(ran.code).toBe(8);
    expect((await tph(['profile', 'list', '-o', 'json'])).out).toBe('[]\n');
  });

  it.each([
    ['an address of another kind', ['live', '--url', 'ftp://tph.example.com']],
    ['no address', ['live', '--url', 'tph.example.com']],
    ['a query', ['live', '--url', 'https://tph.example.com?x=1']],
    ['a token sent in clear', ['live', '--url', 'http://tph.example.com']],
    ['a name with a slash', ['a/b', '--url', 'https://tph.example.com']],
    ['the name of no profile', ['none', '--url', 'https://tph.example.com']],
    ['an unknown zone', ['live', '--url', 'https://tph.example.com', '--time-zone', 'Mars/Base']],
    [
      'an unknown setting',
      ['live', '--url', 'https://tph.example.com', '--setting', 'dispatch.aprovedScpDrivers=on'],
    ],
    [
      'a setting out of range',
      ['live', '--url', 'https://tph.example.com', '--setting', 'dispatch.preferredDriverHoldSeconds=1801'],
    ],
    ['no --url', ['live']],
  ])('refuses %s', async (_name, words) => {
    const { tph } = home();
    const ran = await tph(['profile', 'add', ...words, '-o', 'json']);
    expect(ran.code).toBe(2);
    expect(errorOf(ran).hint).not.toBe('');
  });

  it('does not repeat a password that stands in an address', async () => {
    const ran = await home().tph(['profile', 'add', 'live', '--url', 'https://ann:s3cret@tph.example.com']);
    expect(ran.code).toBe(2);
    expect(ran.err).not.toContain('s3cret');
  });

  it('takes an address without TLS where that is meant', async () => {
    const ran = await home().tph([
      'profile',
      'add',
      'live',
      '--url',
      'http://tph.example.com',
      '--allow-http',
    ]);
    expect(ran.code).toBe(0);
  });

  it('names the nearest where one is not there', async () => {
    const { tph } = await withProfile();
    expect(errorOf(await tph(['driver', 'list', '--profile', 'life', '-o', 'json']))).toMatchObject({
      code: 'NOT_FOUND',
      hint: 'did you mean `live`?',
    });
  });
});

describe('tph auth', () => {
  it('keeps a token that the instance takes, for its owner alone', async () => {
    const { tph, url, folder } = await withProfile();
    const ran = await tph(['auth', 'login', '--profile', 'live', '-o', 'json'], { given: `${TOKEN}\n` });
    expect(JSON.parse(ran.out)).toMatchObject({
      profile: 'live',
      url,
      client: { id: 'G1', name: 'Liffey Cars' },
    });
    expect(mode(credentials(folder))).toBe('600');
    const status = await tph(['auth', 'status', '--profile', 'live', '-o', 'json']);
    expect(JSON.parse(status.out)).toMatchObject({ signedIn: true, tokenFrom: 'file', client: { id: 'G1' } });
    expect((await tph(['driver', 'list', '--profile', 'live', '-o', 'json'])).out).toBe('[]\n');

    await tph(['auth', 'logout', '--profile', 'live']);
    const after = await tph(['driver', 'list', '--profile', 'live', '-o', 'json']);
    expect(after.code).toBe(4);
    expect(errorOf(after)).toMatchObject({
      code: 'NOT_SIGNED_IN',
      hint: '`tph auth login --profile live`, or give the token in TPH_TOKEN',
    });
  });

  it('does not keep one that the instance does not take', async () => {
    const { tph } = await withProfile();
    const ran = await tph(['auth', 'login', '--profile', 'live', '-o', 'json'], {
      given: 'tph_of-somebody-else',
    });
    expect(ran.code).toBe(4);
    expect(errorOf(ran).code).toBe('NOT_SIGNED_IN');
    const status = await tph(['auth', 'status', '--profile', 'live', '-o', 'json', '--exit-code']);
    expect(status.code).toBe(8);
    expect(JSON.parse(status.out)).toMatchObject({ signedIn: false, tokenFrom: null });
  });

  it.each([
    ['nothing', ''],
    ['two lines', `${TOKEN}\n${TOKEN}\n`],
    ['something with blanks', 'a token of mine'],
  ])('takes no %s for a token, and does not repeat it', async (_name, given) => {
    const { tph } = await withProfile();
    const ran = await tph(['auth', 'login', '--profile', 'live'], { given });
    expect(ran.code).toBe(2);
    expect(ran.err).not.toMatch(new RegExp(given.split('\n')[0] || 'no such text'));
  });

  it('says that a kept token is no longer known', async () => {
    const { tph, folder } = await withProfile();
    await tph(['auth', 'login', '--profile', 'live'], { given: TOKEN });
    writeFileSync(
      credentials(folder),
      readFileSync(credentials(folder), 'utf8').replace(TOKEN, 'tph_revoked-meanwhile'),
    );
    const ran = await tph(['auth', 'status', '--profile', 'live']);
    expect(ran.out).toContain('not signed in');
    expect(ran.out + ran.err).not.toContain('tph_revoked-meanwhile');
  });

  it('needs a profile', async () => {
    const { tph } = await withProfile();
    expect(errorOf(await tph(['auth', 'status', '-o', 'json']))).toMatchObject({
      code: 'INVALID',
      hint: 'give --profile or TPH_PROFILE: live',
    });
  });
});

describe('a token', () => {
  it('in a file that others can read is refused', async () => {
    const { tph, folder, seen } = await withProfile();
    await tph(['auth', 'login', '--profile', 'live'], { given: TOKEN });
    chmodSync(credentials(folder), 0o644);
    const before = seen.length;
    const ran = await tph(['driver', 'list', '--profile', 'live', '-o', 'json']);
    expect(ran.code).toBe(4);
    expect(errorOf(ran)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(errorOf(ran).hint).toContain('chmod 600');
    expect(seen).toHaveLength(before);
  });

  it('in TPH_TOKEN comes first', async () => {
    const { tph, seen } = await withProfile();
    const env = { TPH_TOKEN: TOKEN };
    expect((await tph(['driver', 'list', '--profile', 'live'], { env })).code).toBe(0);
    expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    const wrong = await tph(['driver', 'list', '--profile', 'live'], { env: { TPH_TOKEN: 'sécret\nx' } });
    expect(wrong.code).toBe(2);
    expect(wrong.err).not.toContain('sécret');
  });

  it('does not go to another address than it was given for', async () => {
    const { tph } = await withProfile();
    await tph(['auth', 'login', '--profile', 'live'], { given: TOKEN });
    const another = await signedInServer();
    await tph(['profile', 'add', 'live', '--url', another.url, '--client', 'G1', '--replace']);
    const ran = await tph(['driver', 'list', '--profile', 'live', '-o', 'json']);
    expect(errorOf(ran)).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(another.seen).toEqual([]);
  });

  it('is in no output, however much is asked for', async () => {
    const { tph } = await withProfile();
    await tph(['auth', 'login', '--profile', 'live'], { given: TOKEN });
    for (const words of [
      ['auth', 'status'],
      ['profile', 'list'],
      ['driver', 'show', 'D7'],
      ['api', 'GET', '/client/G1'],
    ]) {
      const ran = await tph([...words, '--profile', 'live', '-v']);
      expect(ran.out + ran.err).not.toContain(TOKEN);
    }
  });
});

describe('which data a command works on', () => {
  it.each<[string, string[], Record<string, string>, 'instance' | 'database' | 'INVALID']>([
    ['--profile', ['--profile', 'live'], {}, 'instance'],
    ['TPH_PROFILE', [], { TPH_PROFILE: 'live' }, 'instance'],
    ['--db over TPH_PROFILE', ['--db', 'x.db'], { TPH_PROFILE: 'live' }, 'database'],
    ['--profile over TPH_DB', ['--profile', 'live'], { TPH_DB: 'x.db' }, 'instance'],
    ['TPH_DB', [], { TPH_DB: 'x.db' }, 'database'],
    ['--db and --profile', ['--db', 'x.db', '--profile', 'live'], {}, 'INVALID'],
    ['TPH_DB and TPH_PROFILE', [], { TPH_DB: 'x.db', TPH_PROFILE: 'live' }, 'INVALID'],
    ['TPH_PROFILE=none', [], { TPH_PROFILE: 'none' }, 'database'],
    ['nothing', [], {}, 'database'],
  ])('%s', async (_name, words, env, what) => {
    const { tph, folder } = await withProfile();
    await tph(['init', 'Own', '--time-zone', 'UTC', '--country', 'IE', '--db', join(folder, 'x.db')]);
    mkdirSync(join(folder, '.local', 'share', 'tph'), { recursive: true });
    await tph(['init', 'Own', '--time-zone', 'UTC', '--country', 'IE']);
    const ran = await tph(['client', 'show', 'Own', '-o', 'json', ...words], {
      env: { TPH_TOKEN: TOKEN, ...env },
    });
    if (what === 'database') expect(JSON.parse(ran.out)).toMatchObject({ name: 'Own' });
    else if (what === 'INVALID') expect(errorOf(ran).code).toBe('INVALID');
    else
      expect(errorOf(ran)).toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('reference.resolve'),
      });
  });

  it('the profile in use, until told otherwise', async () => {
    const { tph, seen } = await withProfile();
    await tph(['profile', 'use', 'live']);
    const env = { TPH_TOKEN: TOKEN };
    expect((await tph(['driver', 'list'], { env })).code).toBe(0);
    const before = seen.length;
    await tph(['driver', 'list'], { env: { ...env, TPH_DB: 'y.db' } });
    await tph(['profile', 'use', 'none']);
    await tph(['driver', 'list'], { env });
    expect(seen).toHaveLength(before);
  });

  it.each([[['db', 'status']], [['init', 'A', '--time-zone', 'UTC', '--country', 'IE']]])(
    '`tph %s` says that it is for databases',
    async (words) => {
      const { tph } = await withProfile();
      const ran = await tph([...words, '--profile', 'live', '-o', 'json'], { env: { TPH_TOKEN: TOKEN } });
      expect(errorOf(ran)).toMatchObject({ code: 'INVALID' });
      expect(errorOf(ran).message).toContain('works on a database');
    },
  );

  it('who acts is said by the token', async () => {
    const { tph, seen } = await withProfile();
    const env = { TPH_TOKEN: TOKEN };
    const ran = await tph(['driver', 'create', 'D7', '--profile', 'live', '--actor', 'bob', '-o', 'json'], {
      env,
    });
    expect(errorOf(ran)).toMatchObject({ code: 'INVALID', details: [{ field: '--actor' }] });
    expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
    await tph(['log', '--actor', 'bob', '--profile', 'live'], { env });
    expect(seen.at(-1)?.url).toMatch(/^\/client\/G1\/log\?.*actor=bob/);
  });
});

describe('tph api', () => {
  const echo = () =>
    tphServer((seen, response) =>
      json(response, 200, {
        method: seen.method,
        url: seen.url,
        body: seen.body,
        reason: seen.headers['x-reason'] ?? null,
      }),
    );
  const withEcho = async () => {
    const server = await echo();
    const { tph, folder } = home();
    await tph(['profile', 'add', 'live', '--url', server.url]);
    const api = (words: readonly string[], given?: string) =>
      tph(['api', ...words, '--profile', 'live', '-o', 'json'], {
        env: { TPH_TOKEN: TOKEN },
        ...(given === undefined ? {} : { given }),
      });
    return { ...server, folder, api, tph };
  };

  it('sends a request as it is written', async () => {
    const { api, folder } = await withEcho();
    expect(JSON.parse((await api(['get', '/a/b?c=d%20e'])).out)).toMatchObject({
      method: 'GET',
      url: '/a/b?c=d%20e',
      body: '',
    });
    expect(JSON.parse((await api(['POST', '/a', '-d', '{"x":1}', '--reason', 'too älte'])).out)).toEqual({
      method: 'POST',
      url: '/a',
      body: '{"x":1}',
      reason: 'too%20%C3%A4lte',
    });
    writeFileSync(join(folder, 'change.json'), '{"y":2}\n');
    expect(JSON.parse((await api(['POST', '/a', '-d', '@change.json'])).out)).toMatchObject({
      body: '{"y":2}\n',
    });
    expect(JSON.parse((await api(['DELETE', '/a', '-d', '-'], '[3]')).out)).toMatchObject({
      method: 'DELETE',
      body: '[3]',
    });
  });

  it.each([
    ['an address', ['GET', 'https://elsewhere.example.com/']],
    ['another host', ['GET', '//elsewhere.example.com/']],
    ['a line break', ['GET', '/a\r\nX-Evil: 1']],
    ['an unknown method', ['TRACE', '/a']],
    ['no JSON', ['POST', '/a', '-d', '{x:1}']],
    ['a body for GET', ['GET', '/a', '-d', '{}']],
    ['a dry run', ['POST', '/a', '--dry-run']],
    ['no path', ['GET']],
  ])('refuses %s', async (_name, words) => {
    const { api, seen } = await withEcho();
    const ran = await api(words);
    expect(ran.code).toBe(2);
    expect(errorOf(ran).code).toBe('INVALID');
    expect(seen).toEqual([]);
  });

  it('a file that is not there is not found', async () => {
    const { api } = await withEcho();
    expect((await api(['POST', '/a', '-d', '@nothing.json'])).code).toBe(5);
  });

  it('ends as the answer says', async () => {
    const { url } = await serving((_seen, response) =>
      json(response, 409, { code: 'CONFLICT', detail: 'the callsign is taken' }),
    );
    const { tph } = home();
    await tph(['profile', 'add', 'live', '--url', url]);
    const ran = await tph(['api', 'POST', '/x', '-d', '{}', '--profile', 'live'], {
      env: { TPH_TOKEN: TOKEN },
    });
    expect(ran).toMatchObject({ code: 6, out: '' });
    expect(ran.err).toContain('the callsign is taken');
  });

  it('prints what is no JSON as it is', async () => {
    const { url } = await serving((_seen, response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok'),
    );
    const { tph } = home();
    await tph(['profile', 'add', 'live', '--url', url]);
    const ran = await tph(['api', 'GET', '/healthz', '--profile', 'live'], { env: { TPH_TOKEN: TOKEN } });
    expect(ran).toMatchObject({ code: 0, out: 'ok\n' });
  });
});
