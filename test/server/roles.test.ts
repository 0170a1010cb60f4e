import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractRoutes } from '../../src/server/routes.ts';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
const ids: Record<string, string> = {};
const tokens: Record<string, string> = {};
const SECRETS = ['only-for-the-office', 'pays-late-always', '20150402'];

beforeAll(async () => {
  home = await openShop();
  const { api } = home;
  const id = async (name: string, make: Promise<{ readonly id: string }>) => {
    ids[name] = (await make).id;
  };
  await id('night', api.call('group.create', { code: 'NIGHT' }));
  await id('day', api.call('group.create', { code: 'DAY' }));
  await id('driver', api.call('driver.create', { callsign: 'D7', firstName: 'Ann' }));
  await id('otherDriver', api.call('driver.create', { callsign: 'D9' }));
  await id(
    'customer',
    api.call('customer.create', { firstName: 'Bo', phone: '085 012 3456', notes: 'only-for-the-office' }),
  );
  await id('otherCustomer', api.call('customer.create', { firstName: 'Cy', phone: '085 012 3457' }));
  await id(
    'scp',
    api.call('specialCategoryPassenger.create', { ref: 'SCP-1', dateOfBirth: 20_150_402 as never }),
  );
  const favourite = { customer: { id: ids['customer'] as never }, notes: 'only-for-the-office' };
  await id('favourite', api.call('driverCustomer.create', { driver: 'D7', ...favourite }));
  await id('otherFavourite', api.call('driverCustomer.create', { driver: 'D9', customer: '085 012 3457' }));
  await id(
    'approval',
    api.call('driverScp.create', { driver: 'D7', scp: 'SCP-1', notes: 'only-for-the-office' }),
  );
  await id('account', api.call('account.create', { ref: 'ACME' }));
  const department = { account: 'ACME', managementNote: 'pays-late-always' };
  await id('open', api.call('accountDepartment.create', { ...department, departmentName: 'Open' }));
  await id(
    'hidden',
    api.call('accountDepartment.create', { ...department, departmentName: 'Zebra', primaryGroup: 'DAY' }),
  );
  await id(
    'visible',
    api.call('accountDepartment.create', { ...department, departmentName: 'Nightly', primaryGroup: 'NIGHT' }),
  );
  await id(
    'employee',
    api.call('accountEmployee.create', {
      customer: { id: ids['customer'] as never },
      account: 'ACME',
      accountDepartments: ['ACME/Open', 'ACME/Zebra'],
      managementNote: 'pays-late-always',
    }),
  );
  await id(
    'trip',
    api.call('trip.create', {
      ref: 'T-1',
      pickupAt: 1_768_300_000 as never,
      accountDepartment: 'ACME/Zebra',
    }),
  );
  const pickupAt = 1_768_300_000 as never;
  await id('quiet', api.call('specialCategoryPassenger.create', { ref: 'SCP-2', displayName: 'Zara' }));
  const others = { customer: { id: ids['otherCustomer'] as never }, scps: ['SCP-2'] };
  const own = { customer: { id: ids['customer'] as never }, scps: ['SCP-1'] };
  await id('shared', api.call('trip.create', { ref: 'T-2', pickupAt, tripSegments: [others, own] }));
  await id('foreign', api.call('trip.create', { ref: 'T-3', pickupAt, tripSegments: [others] }));
  await api.call('customer.update', {
    ref: ids['customer'] ?? '',
    tags: ['VIP'],
    addresses: [{ label: 'Home', city: 'Cork' }],
  });
  tokens['ADMIN'] = home.admin;
  tokens['OPERATOR'] = await home.token({ name: 'ops', role: 'OPERATOR', groups: ['NIGHT'] });
  tokens['DRIVER_APP'] = await home.token({ name: 'd7', role: 'DRIVER_APP', driver: 'D7' });
  tokens['CUSTOMER_APP'] = await home.token({ name: 'bo', role: 'CUSTOMER_APP', customer: '085 012 3456' });
  await api.call('client.create', { name: 'Other Cars', timeZone: 'Europe/London', country: 'GB' });
});
afterAll(() => home.close());

/** Every GET of the contract with real ids in its path, and for each every value that a path may have. */
function everyGet(): readonly string[] {
  return contractRoutes
    .filter(({ operation }) => operation.http.method === 'GET')
    .flatMap(({ path }) => {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const own = names.filter((name) => name !== 'clientId');
      const start = path.replace('{clientId}', home.client);
      if (own.length === 0) return [start];
      return Object.values(ids).map((id) => own.reduce((text, name) => text.replace(`{${name}}`, id), start));
    });
}

describe('OPERATOR', () => {
  const as = (path: string, request = {}) => home.send(path, { ...request, token: tokens['OPERATOR'] ?? '' });

  it('has no tokens and no settings', async () => {
    for (const [path, method] of [
      ['/token', 'GET'],
      ['/token', 'POST'],
      ['/settings', 'GET'],
      ['/settings', 'POST'],
    ] as const) {
      const answer = await as(path, { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect(answer.json, path).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    }
    expect((await as(`/client/${home.client}`)).json).toMatchObject({ settings: {} });
    expect((await as(`/client/${home.client}`, { method: 'POST', body: { name: 'Mine' } })).status).toBe(403);
  });

  it('does not find a department of another group', async () => {
    for (const path of [
      `/accountdepartment/${ids['hidden']}`,
      `/account/${ids['account']}/accountdepartment/${ids['hidden']}`,
      `/accountdepartment/${ids['hidden']}/effective`,
      `/accountdepartment/${ids['hidden']}/canbook?customer=${ids['customer']}`,
      `/accountemployee?dept=${ids['hidden']}`,
      `/reference?objectType=AccountDepartment&ref=ACME%2FZebra`,
      `/log?ref=${ids['hidden']}`,
    ])
      expect((await as(path)).json, path).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const listed = (await as('/accountdepartment')).json.items;
    expect(listed.map((one: { departmentName: string }) => one.departmentName)).toEqual(['Open', 'Nightly']);
    const change = await as(`/accountdepartment/${ids['hidden']}`, {
      method: 'POST',
      body: { city: 'Cork' },
    });
    expect(change.status).toBe(404);
    const link = `/customer/${ids['customer']}/accountdepartment/${ids['hidden']}`;
    expect((await as(link, { method: 'POST' })).status).toBe(404);
  });

  it('sees no trace of a hidden department in any answer', async () => {
    for (const path of everyGet()) {
      const { text, status } = await as(path);
      expect(status, path).toBeLessThan(500);
      if (!path.includes(ids['hidden'] ?? '')) expect(text, path).not.toContain(ids['hidden']);
      expect(text, path).not.toContain('Zebra');
    }
    const trip = (await as(`/trip/${ids['trip']}`)).json;
    expect(trip.accountDepartment).toBeNull();
  });

  it('learns nothing from what stands in the way of its own department', async () => {
    const body = { account: { id: ids['account'] }, departmentName: 'Zebra' };
    const answer = await as('/accountdepartment', { method: 'POST', body });
    expect(answer.status).toBe(409);
    expect(answer.text).not.toContain(ids['hidden']);
  });

  it('reads its trail in full pages, with nothing of a hidden department or of the client', async () => {
    for (const city of ['Cork', 'Galway', 'Sligo'])
      await home.post(`/accountdepartment/${ids['hidden']}`, { city });
    let cursor = '';
    let seen = 0;
    for (let page = 0; page < 500; page += 1) {
      const { items, nextCursor } = (await as(`/log?limit=1${cursor}`)).json;
      expect(items).toHaveLength(1);
      expect(items[0].object.id).not.toBe(ids['hidden']);
      expect(items[0].object.objectType).not.toBe('Client');
      seen += 1;
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen).toBeGreaterThan(10);
    expect((await as(`/log?ref=${home.client}`)).status).toBe(404);
    expect((await as('/log?objectType=Client&ref=Liffey%20Cars')).status).toBe(404);
  });

  it('sees notes, which are for the office', async () => {
    expect((await as(`/customer/${ids['customer']}`)).json.notes).toBe('only-for-the-office');
  });
});

describe.each(['DRIVER_APP', 'CUSTOMER_APP'])('%s', (role) => {
  const as = (path: string, request = {}) => home.send(path, { ...request, token: tokens[role] ?? '' });
  const others =
    role === 'DRIVER_APP'
      ? ['otherDriver', 'otherFavourite', 'customer', 'scp', 'account', 'open', 'employee', 'trip', 'shared']
      : [
          'otherCustomer',
          'otherFavourite',
          'approval',
          'driver',
          'scp',
          'account',
          'open',
          'trip',
          'foreign',
        ];

  it('never sees a protected field, the client, or a row of somebody else', async () => {
    let seen = 0;
    for (const path of everyGet()) {
      const { text, status } = await as(path);
      expect([200, 403, 404, 400], `${path} ${status}`).toContain(status);
      if (status !== 200) continue;
      seen += 1;
      for (const secret of SECRETS) expect(text, path).not.toContain(secret);
      for (const field of ['notes', 'managementNote', 'dateOfBirth', 'clientId'])
        expect(text, path).not.toContain(`"${field}"`);
      const rows = (JSON.parse(text).items ?? [JSON.parse(text)]) as { readonly id: string }[];
      for (const name of others)
        expect(
          rows.map((row) => row.id),
          path,
        ).not.toContain(ids[name]);
    }
    expect(seen).toBeGreaterThan(4);
  });

  it('reads its own rows', async () => {
    const own = role === 'DRIVER_APP' ? `/driver/${ids['driver']}` : `/customer/${ids['customer']}`;
    expect((await as(own)).json.firstName).toBe(role === 'DRIVER_APP' ? 'Ann' : 'Bo');
    const favourites = (await as('/drivercustomer')).json.items;
    expect(favourites.map((row: { id: string }) => row.id)).toEqual([ids['favourite']]);
    expect((await as(`/drivercustomer/${ids['favourite']}`)).status).toBe(200);
    expect((await as(`/drivercustomer/${ids['otherFavourite']}`)).status).toBe(404);
    const narrowed = `/drivercustomer?driver=${ids['otherDriver']}&customer=${ids['otherCustomer']}`;
    expect((await as(narrowed)).json.items).toEqual([]);
  });

  it('changes nothing', async () => {
    for (const { operation, path } of contractRoutes.filter((route) => route.operation.writes)) {
      const filled = path.replace('{clientId}', home.client).replace(/\{\w+\}/g, ids['favourite'] ?? '');
      const { method } = operation.http;
      const answer = await as(filled, { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
    expect(await home.get('/log?actor=d7')).toMatchObject({ items: [] });
    expect(await home.get('/log?actor=bo')).toMatchObject({ items: [] });
  });
});

describe('CUSTOMER_APP', () => {
  const as = (path: string, request = {}) =>
    home.send(path, { ...request, token: tokens['CUSTOMER_APP'] ?? '' });

  it('reads its own addresses and tags, and those of nobody else', async () => {
    const own = `/customer/${ids['customer']}`;
    expect((await as(`${own}/addresses`)).json.items).toMatchObject([{ label: 'Home' }]);
    expect((await as(`${own}/tag`)).json.items).toEqual(['VIP']);
    for (const path of ['addresses', 'tag'])
      expect((await as(`/customer/${ids['otherCustomer']}/${path}`)).status).toBe(404);
    expect((await as('/customer/phone?phone=085%20012%203457')).status).toBe(403);
    expect((await as(`${own}/tag/SOON`, { method: 'POST' })).status).toBe(403);
  });

  it('reads the trips that it rides in, without who else rides', async () => {
    const { items } = (await as('/trip')).json;
    expect(items.map((trip: { ref: string }) => trip.ref)).toEqual(['T-2']);
    const trip = (await as(`/trip/${ids['shared']}`)).json;
    expect(trip.tripSegments).toMatchObject([
      { customer: { id: ids['customer'] }, scps: [{ id: ids['scp'] }] },
    ]);
    expect(items).toEqual([trip]);
    for (const name of ['foreign', 'trip']) expect((await as(`/trip/${ids[name]}`)).status).toBe(404);
    expect((await as(`/trip/${ids['shared']}/eligible`)).status).toBe(403);
    expect((await as(`/trip?scp=${ids['scp']}`)).json.items).toHaveLength(1);
    for (const query of [`scp=${ids['quiet']}`, `customer=${ids['otherCustomer']}`])
      expect((await as(`/trip?${query}`)).json.items, query).toEqual([]);
    expect((await as('/trip?scp=SCP-2')).status).toBe(400);
    for (const path of ['/trip', `/trip/${ids['shared']}`])
      expect((await as(path)).text).not.toContain('Zara');
  });
});

describe('another client', () => {
  it('is not found, on any path, and learns of no other', async () => {
    const clients = (await home.api.call('client.list', {})).items;
    const other = clients.find((one) => one.name === 'Other Cars');
    for (const { operation, path } of contractRoutes) {
      if (!path.includes('{clientId}')) continue;
      const filled = path.replace('{clientId}', other?.id ?? '').replace(/\{\w+\}/g, ids['driver'] ?? '');
      const { method } = operation.http;
      const answer = await home.send(filled, { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect(answer.status, `${method} ${path}`).toBe(404);
      expect(answer.text).not.toContain('Other Cars');
    }
    expect((await home.get('//client')).items.map((one: { name: string }) => one.name)).toEqual([
      'Liffey Cars',
    ]);
    expect((await home.send('/reference?objectType=Client&ref=Other%20Cars')).status).toBe(404);
    expect((await home.send('/reference?objectType=Client&ref=Other%20Car')).text).not.toContain(
      'Other Cars',
    );
    const create = await home.send('//client', {
      method: 'POST',
      body: { name: 'New', timeZone: 'UTC', country: 'IE' },
    });
    expect(create.status).toBe(403);
  });
});

describe('a token', () => {
  it('is refused when there is none, or it is unknown, expired or revoked', async () => {
    const short = await home.token({ name: 'short', role: 'ADMIN', expiresAt: 1_768_204_900 as never });
    expect((await home.send('/driver', { token: short })).status).toBe(200);
    home.at(1_768_204_900_000);
    expect((await home.send('/driver', { token: short })).json).toMatchObject({ status: 401 });
    home.at(1_768_204_800_000);
    await home.api.call('token.revoke', { ref: 'short' });
    for (const token of [null, 'tph_wrong', short]) {
      const answer = await home.send('/driver', { token });
      expect(answer.json).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      if (token !== null) expect(answer.text).not.toContain(token);
    }
  });

  it('is never written down: not in the database, the log, the audit trail or the list', async () => {
    const made = await home.post('/token', { name: 'secretive', role: 'ADMIN' });
    expect(made.token).toMatch(/^tph_[\w-]{43}$/);
    await home.get('/driver', { token: made.token });
    expect(JSON.stringify(await home.get('/token'))).not.toContain(made.token);
    expect(JSON.stringify(await home.get('/log'))).not.toContain(made.token);
    expect(home.logs.join('\n')).not.toContain(made.token);
    const { readFileSync } = await import('node:fs');
    for (const suffix of ['', '-wal'])
      expect(readFileSync(`${home.file}${suffix}`).includes(made.token)).toBe(false);
    expect((await home.send(`/token/${made.name}`, { method: 'DELETE' })).json).toMatchObject({
      state: 'REVOKED',
      changed: true,
    });
    expect((await home.send('/driver', { token: made.token })).status).toBe(401);
  });

  it('goes with its driver', async () => {
    await home.api.call('driver.create', { callsign: 'D50' });
    const token = await home.token({ name: 'd50', role: 'DRIVER_APP', driver: 'D50' });
    expect((await home.send('/driver', { token })).json.items).toHaveLength(1);
    await home.api.call('driver.delete', { ref: 'D50' });
    expect((await home.send('/driver', { token })).status).toBe(401);
  });
});
