import { describe, expect, it } from 'vitest';
import { openRemote } from '../../src/remote/open-remote.ts';
import { CLIENT, failure, instanceAt, json, profileFor, serving, session, tphServer } from './fixture.ts';

const driver = {
  id: 'G5',
  clientId: 'G1',
  __objectType: 'Driver',
  createdDate: 1,
  updatedDate: 1,
  passiveUpdatedDate: 1,
  listingUpdatedDate: 1,
  internalKey: null,
  deletedAt: null,
  deletedBy: null,
  callsign: 'D7',
  firstName: 'Ann',
  lastName: null,
  phone: null,
  status: 'ACTIVE',
  clientCapabilities: [],
};
const scp = {
  ...driver,
  __objectType: 'SpecialCategoryPassenger',
  ref: 'S1',
  displayName: null,
  dateOfBirth: 20150402,
  requiresHandoffVerification: false,
  guardians: [],
};
const { callsign: _c, firstName: _f, lastName: _l, phone: _p, status: _s, ...scpRecord } = scp;

describe('the client of a session', () => {
  it('is the profile’s', async () => {
    const { url } = await tphServer(() => undefined);
    expect((await openRemote(instanceAt(url)).open(session())).client).toEqual(CLIENT);
  });

  const several = () =>
    serving((_seen, response) =>
      json(response, 200, { items: [CLIENT, { ...CLIENT, id: 'G2', name: 'Lee Cabs' }], nextCursor: null }),
    );

  it('may be named', async () => {
    const { url } = await several();
    const profile = profileFor(url, { client: null });
    const api = await openRemote(instanceAt(url, { profile })).open(session({ client: 'lee cabs' }));
    expect(api.client.id).toBe('G2');
  });

  it('must be named where there are several', async () => {
    const { url } = await several();
    const profile = profileFor(url, { client: null });
    const error = await failure(openRemote(instanceAt(url, { profile })).open(session()));
    expect(error).toMatchObject({
      code: 'INVALID',
      hint: 'give --client or TPH_CLIENT: Liffey Cars (G1), Lee Cabs (G2)',
    });
  });

  it('is not found, with the nearest spelling', async () => {
    const { url } = await several();
    const error = await failure(openRemote(instanceAt(url)).open(session({ client: 'Lee Cab' })));
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint: 'did you mean `Lee Cabs`?' });
  });

  it('is not known where what is there is no tph server', async () => {
    const { url } = await serving((_seen, response) => json(response, 200, { hello: 'world' }));
    const error = await failure(openRemote(instanceAt(url)).open(session()));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.hint).toContain('no tph instance');
  });
});

describe('a name in a path', () => {
  it('is looked up first', async () => {
    const { url, seen } = await tphServer((one, response) =>
      json(response, 200, one.url.includes('/reference') ? { id: 'G5' } : driver),
    );
    const api = await openRemote(instanceAt(url)).open(session());
    expect(await api.call('driver.get', { ref: 'D7' })).toEqual(driver);
    expect(seen.map((one) => one.url).slice(1)).toEqual([
      '/client/G1/reference?objectType=Driver&ref=D7&among=live',
      '/client/G1/driver/G5',
    ]);
  });

  it('an id needs no looking up', async () => {
    const { url, seen } = await tphServer((_one, response) => json(response, 200, driver));
    const api = await openRemote(instanceAt(url)).open(session());
    await api.call('driver.get', { ref: 'g5' });
    expect(seen.map((one) => one.url).slice(1)).toEqual(['/client/G1/driver/G5']);
  });

  it('a bare decimal is a name, as on a database', async () => {
    const { url, seen } = await tphServer((one, response) =>
      json(response, 200, one.url.includes('/reference') ? { id: 'G5' } : driver),
    );
    const api = await openRemote(instanceAt(url)).open(session());
    await api.call('driver.get', { ref: '7' });
    expect(seen[1]?.url).toBe('/client/G1/reference?objectType=Driver&ref=7&among=live');
  });

  it('that nobody has is the error of the instance', async () => {
    const problem = {
      code: 'NOT_FOUND',
      detail: 'there is no exclusion group `Bad`',
      details: [{ field: 'ref', message: 'there is none' }],
    };
    const { url } = await tphServer((_one, response) => json(response, 404, problem));
    const api = await openRemote(instanceAt(url)).open(session());
    const error = await failure(api.call('scheduleExclusionGroup.set', { ref: 'Bad', mode: 'RUN_OFF' }));
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: problem.detail,
      details: [{ field: 'group' }],
    });
  });
});

describe('a change', () => {
  const changed = { ...driver, changed: true, changes: [], warnings: [] };

  it('carries its reason, and one key however often it is sent', async () => {
    let times = 0;
    const { url, seen } = await tphServer((_one, response) => {
      times += 1;
      if (times < 3) response.destroy();
      else json(response, 200, changed);
    });
    const api = await openRemote(instanceAt(url)).open(session({ reason: 'Ärger\nhere' }));
    await api.call('driver.update', { ref: 'G5', firstName: 'Ann' });
    const [, ...posts] = seen;
    expect(posts).toHaveLength(3);
    expect(new Set(posts.map((one) => one.headers['idempotency-key'])).size).toBe(1);
    expect(posts[0]?.headers['idempotency-key']).toMatch(/^[\w-]{20,}$/);
    expect(posts[0]?.headers['x-reason']).toBe(encodeURIComponent('Ärger\nhere'));
    expect(posts[0]?.body).toBe('{"firstName":"Ann"}');
  });

  it('that answers a secret has no key, and is not sent again', async () => {
    const { url, seen } = await tphServer((_one, response) => response.destroy());
    const api = await openRemote(instanceAt(url)).open(session());
    await failure(api.call('token.create', { name: 'crm', role: 'ADMIN' }));
    expect(seen.slice(1).map(({ headers }) => headers['idempotency-key'])).toEqual([undefined]);
  });

  it('has another key the next time', async () => {
    const { url, seen } = await tphServer((_one, response) => json(response, 200, changed));
    const api = await openRemote(instanceAt(url)).open(session());
    await api.call('driver.update', { ref: 'G5', firstName: 'Ann' });
    await api.call('driver.update', { ref: 'G5', firstName: 'Ann' });
    const [, one, another] = seen.map((request) => request.headers['idempotency-key']);
    expect(one).not.toBe(another);
  });

  it('asks for a dry run', async () => {
    const { url, seen } = await tphServer((_one, response) =>
      json(response, 200, { ...changed, dryRun: true }),
    );
    const api = await openRemote(instanceAt(url)).open(session());
    await api.call('driver.update', { ref: 'G5' }, { dryRun: true });
    expect(seen[1]?.url).toBe('/client/G1/driver/G5?dryRun=true');
  });
});

describe('what comes back', () => {
  it.each([
    ['lacks a field', { ...driver, callsign: undefined }, 'callsign'],
    ['has one too many', { ...driver, colour: 'red' }, 'colour'],
    ['has a number for an id', { ...driver, id: 5 }, 'id'],
    ['is something else', [driver], ''],
    ['is null', null, ''],
  ])('is refused where it %s', async (_name, record, place) => {
    const { url } = await tphServer((_one, response) => json(response, 200, record));
    const api = await openRemote(instanceAt(url)).open(session());
    const error = await failure(api.call('driver.get', { ref: 'G5' }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toContain(`what ${url} answers to \`driver.get\` is not what it should be`);
    expect(error.message).toContain(place);
    expect(error.hint).toContain('9.9.9');
  });

  it('may leave out what the token’s role does not see', async () => {
    const { dateOfBirth: _dateOfBirth, clientId: _clientId, ...seen } = scpRecord;
    const { url } = await tphServer((_one, response) =>
      json(response, 200, { items: [seen], nextCursor: null }),
    );
    const api = await openRemote(instanceAt(url)).open(session());
    const { items } = await api.call('specialCategoryPassenger.list', {});
    expect(items).toEqual([{ ...scpRecord, dateOfBirth: null }]);
  });
});

describe('a clock that is asked for', () => {
  it('goes along', async () => {
    const { url, seen } = await serving((one, response) =>
      json(response, 200, one.url === '/client/G1' ? CLIENT : driver, {
        'x-at': String(one.headers['x-at']),
      }),
    );
    const api = await openRemote(instanceAt(url, { sendsClock: true })).open(session({ nowMs: 1_000_500 }));
    await api.call('driver.get', { ref: 'G5' });
    expect(seen.map((one) => one.headers['x-at'])).toEqual(['1000', '1000']);
  });

  it('is refused by an instance that goes by its own, before anything is done', async () => {
    const { url, seen } = await tphServer(() => undefined);
    const error = await failure(openRemote(instanceAt(url, { sendsClock: true })).open(session()));
    expect(error).toMatchObject({ code: 'INVALID', message: `${url} goes by its own clock` });
    expect(seen).toHaveLength(1);
  });
});

it('a profile is no database', () => {
  const store = openRemote(instanceAt('http://127.0.0.1:1'));
  expect(() => store.admin(session())).toThrow('this works on a database');
});
