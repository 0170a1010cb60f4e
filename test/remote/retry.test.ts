import { describe, expect, it } from 'vitest';
import { InstanceClient } from '../../src/remote/client.ts';
import { retryAfterMs } from '../../src/remote/retry-after.ts';
import { failure, instanceAt, json, serving } from './fixture.ts';

const read = { method: 'GET', path: '/x', repeatable: true };
const write = { method: 'POST', path: '/x', body: '{}', repeatable: false };

/** Fails so many times with a status, then answers. */
const failing = (times: number, status: number, headers: Record<string, string> = {}) => {
  let left = times;
  return serving((_seen, response) => {
    left -= 1;
    if (left >= 0) json(response, status, { detail: 'not now' }, headers);
    else json(response, 200, { ok: true });
  });
};

/** Cuts the connection so many times, then answers. */
const cutting = (times: number) => {
  let left = times;
  return serving((_seen, response) => {
    left -= 1;
    if (left >= 0) response.destroy();
    else json(response, 200, { ok: true });
  });
};

describe('what is tried again', () => {
  it.each([
    ['a read after 502', 502, read],
    ['a read after 503', 503, read],
    ['a read after 504', 504, read],
    ['a read after 429', 429, read],
    ['a write with a key after 503', 503, { ...write, repeatable: true }],
    ['a write that was not let in', 429, write],
  ])('%s', async (_name, status, request) => {
    const { url, seen } = await failing(2, status);
    expect(await new InstanceClient(instanceAt(url)).json(request)).toEqual({ ok: true });
    expect(seen).toHaveLength(3);
  });

  it.each([
    ['a read', read],
    ['a write with a key', { ...write, repeatable: true }],
  ])('%s whose connection is cut', async (_name, request) => {
    const { url, seen } = await cutting(2);
    expect(await new InstanceClient(instanceAt(url)).json(request)).toEqual({ ok: true });
    expect(seen).toHaveLength(3);
  });
});

describe('what is not', () => {
  it('a write without a key after 503', async () => {
    const { url, seen } = await failing(1, 503);
    const error = await failure(new InstanceClient(instanceAt(url)).json(write));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(seen).toHaveLength(1);
  });

  it('a write without a key whose connection is cut; it may have been carried out', async () => {
    const { url, seen } = await cutting(1);
    const error = await failure(new InstanceClient(instanceAt(url)).json(write));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.hint).toContain('may have been carried out');
    expect(seen).toHaveLength(1);
  });

  it.each([400, 401, 404, 409, 500])('a read after %i', async (status) => {
    const { url, seen } = await failing(1, status);
    await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(seen).toHaveLength(1);
  });

  it('anything for ever', async () => {
    const { url, seen } = await failing(100, 503);
    expect(await failure(new InstanceClient(instanceAt(url)).json(read))).toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(seen).toHaveLength(5);
  });

  it('anything once the run has ended', async () => {
    const stop = new AbortController();
    const { url, seen } = await serving((_seen, response) => {
      stop.abort();
      json(response, 503, {});
    });
    await failure(new InstanceClient(instanceAt(url, { signal: stop.signal })).json(read));
    expect(seen).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('is waited for', async () => {
    const { url, seen } = await failing(1, 429, { 'retry-after': '1' });
    const began = performance.now();
    expect(await new InstanceClient(instanceAt(url)).json(read)).toEqual({ ok: true });
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(seen).toHaveLength(2);
  });

  it('that is longer than anybody waits is told instead', async () => {
    const { url, seen } = await failing(1, 429, { 'retry-after': '3600' });
    const error = await failure(new InstanceClient(instanceAt(url)).json(read));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', hint: 'try again in 3600 s' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['120', undefined, 120_000],
    ['0', undefined, 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:07 GMT', 30_000],
    ['Wed, 01 Mar 2000 00:00:00 GMT', 'Mon, 28 Feb 2000 23:59:59 GMT', 86_401_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 09:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', undefined, undefined],
    ['soon', undefined, undefined],
    ['-5', undefined, undefined],
    ['1.5', undefined, undefined],
  ])('%s is read at %s', (after, date, ms) => {
    const headers = new Headers({ 'retry-after': after, ...(date === undefined ? {} : { date }) });
    expect(retryAfterMs(headers)).toBe(ms);
  });
});
