import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
let driver = '';
beforeAll(async () => {
  home = await openShop();
  driver = (await home.post('/driver', { callsign: 'D7' })).id;
});
afterAll(() => home.close());

const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  home.send(path, { method: 'POST', body, headers });

describe('?dryRun', () => {
  it('given twice is refused, and nothing is written', async () => {
    for (const query of ['dryRun=true&dryRun=false', 'dryRun=true&dryRun=true', 'dryRun=false&dryRun=true']) {
      const answer = await send(`/driver?${query}`, { callsign: 'D8' });
      expect(answer.json, query).toMatchObject({ status: 400, details: [{ field: 'dryRun' }] });
    }
    const special = ['limit=1&limit=2', 'cursor=a&cursor=b', 'deleted=true&deleted=true'];
    for (const query of special) expect((await home.send(`/driver?${query}`)).status, query).toBe(400);
    expect((await home.get('/driver')).items).toHaveLength(1);
  });
});

describe('If-Match', () => {
  it('is refused where no one record is changed', async () => {
    const headers = { 'if-match': '"stale"' };
    for (const [path, body] of [
      ['/driver', { callsign: 'D8' }],
      ['/settings', { settings: { 'approvals.warnDays': 7 } }],
      ['/release', { day: 20_260_112 }],
      ['/token', { name: 'x', role: 'ADMIN' }],
    ] as const) {
      const answer = await send(path, body, headers);
      expect(answer.json, path).toMatchObject({ status: 400, details: [{ field: 'If-Match' }] });
    }
    expect((await home.get('/driver')).items).toHaveLength(1);
    expect((await home.get('/settings')).every((one: { isDefault: boolean }) => one.isDefault)).toBe(true);
  });

  it('guards every change of one record', async () => {
    const headers = { 'if-match': '"stale"' };
    const customer = (await home.post('/customer', { phone: '085 012 3456' })).id;
    for (const [path, method] of [
      [`/driver/${driver}`, 'POST'],
      [`/driver/${driver}`, 'DELETE'],
      [`/driver/${driver}/restore`, 'POST'],
      [`/customer/${customer}/tag/VIP`, 'POST'],
      [`/client/${home.client}`, 'POST'],
    ] as const) {
      const answer = await home.send(path, { method, headers, ...(method === 'POST' ? { body: {} } : {}) });
      expect(answer.status, `${method} ${path}`).toBe(412);
    }
  });
});

describe('Idempotency-Key', () => {
  it('keeps answers by the clock that goes, whatever clock a request asks for', async () => {
    const first = await send('/driver', { callsign: 'D20' }, { 'idempotency-key': 'k1' });
    const late = { 'idempotency-key': 'k2', 'x-at': '4100000000' };
    expect((await send('/driver', { callsign: 'D21' }, late)).status).toBe(201);
    const again = await send('/driver', { callsign: 'D20' }, { 'idempotency-key': 'k1' });
    expect(again.json).toMatchObject({ id: first.json.id });
    expect((await send('/driver', { callsign: 'D22' }, { 'idempotency-key': 'k2' })).status).toBe(409);
    const early = { 'idempotency-key': 'k3', 'x-at': '1000000000' };
    expect((await send('/driver', { callsign: 'D23' }, early)).status).toBe(201);
    expect((await send('/driver', { callsign: 'D23' }, { 'idempotency-key': 'k3' })).status).toBe(201);
  });

  it('tells the same request by what it says, not by the order of its fields', async () => {
    const headers = { 'idempotency-key': 'order' };
    const one = await send(
      '/customer',
      { firstName: 'Ann', addresses: [{ label: 'A', city: 'B' }] },
      headers,
    );
    const other = await send(
      '/customer',
      { addresses: [{ city: 'B', label: 'A' }], firstName: 'Ann' },
      headers,
    );
    expect([one.status, other.status, other.json.id]).toEqual([201, 201, one.json.id]);
    expect((await send('/customer', { firstName: 'Bo' }, headers)).status).toBe(409);
  });

  it('is refused for a token, whose secret is never kept, and taken for its end', async () => {
    const headers = { 'idempotency-key': 'secret' };
    const refused = await send('/token', { name: 'crm', role: 'ADMIN' }, headers);
    expect(refused.json).toMatchObject({ status: 400, details: [{ field: 'Idempotency-Key' }] });
    await home.post('/token', { name: 'crm', role: 'ADMIN' });
    for (let time = 0; time < 2; time += 1)
      expect((await home.send('/token/crm', { method: 'DELETE', headers })).json).toMatchObject({
        state: 'REVOKED',
        changed: true,
      });
  });
});

describe('a create under a parent', () => {
  it('tells nothing of a customer who has the phone and is not under it', async () => {
    const brand = (await home.post('/brand', { code: 'LIF' })).id;
    const other = (await home.post('/brand', { code: 'OTH' })).id;
    const account = (await home.post('/account', { ref: 'ACME' })).id;
    const phone = '085 999 8888';
    const made = await home.post(`/brand/${brand}/customer`, { phone, firstName: 'Cara' });
    for (const parent of [`brand/${other}`, `account/${account}`]) {
      const refused = await send(`/${parent}/customer`, { phone });
      expect(refused.json, parent).toMatchObject({
        status: 409,
        details: [{ field: 'phone', value: phone }],
      });
      expect(refused.text).not.toMatch(new RegExp(`${made.id}|Cara`));
    }
    for (const path of [`/brand/${brand}/customer`, '/customer'])
      expect((await send(path, { phone })).json).toMatchObject({ id: made.id, matched: true });
    expect((await home.get(`/customer/${made.id}`)).brands).toHaveLength(1);
  });
});

describe('a field', () => {
  it('given in `set` and beside it is refused', async () => {
    for (const body of [
      { set: { firstName: 'A' }, firstName: 'B' },
      { set: { internalKey: 'a' }, internalKey: 'b' },
    ]) {
      const answer = await send(`/driver/${driver}`, body);
      const [field] = Object.keys(body.set);
      expect(answer.json).toMatchObject({ status: 400, details: [{ field }] });
    }
    expect((await home.get(`/driver/${driver}`)).firstName).toBeNull();
  });

  it('is a filter under its own name too', async () => {
    const account = { id: (await home.post('/account', { ref: 'FLT' })).id };
    const department = (await home.post('/accountdepartment', { account, departmentName: 'Sales' })).id;
    const customer = { id: (await home.post('/customer', { firstName: 'Di' })).id };
    const body = { account, customer, accountDepartments: [{ id: department }] };
    const { id } = await home.post('/accountemployee', body);
    for (const name of ['dept', 'accountDepartments'])
      expect((await home.get(`/accountemployee?${name}=${department}`)).items, name).toMatchObject([{ id }]);
    const both = await home.send(`/accountemployee?dept=${department}&accountDepartments=${department}`);
    expect(both.json).toMatchObject({ status: 400 });
  });
});

describe('a cursor', () => {
  it('belongs to the client whose list gave it out', async () => {
    await home.post('/driver', { callsign: 'D30' });
    const { nextCursor } = await home.get('/driver?limit=1');
    expect((await home.get(`/driver?limit=1&cursor=${nextCursor}`)).items).toHaveLength(1);
    const admin = home.api;
    const other = await admin.call('client.create', {
      name: 'Other Cars',
      timeZone: 'Europe/London',
      country: 'GB',
    });
    const { openStore } = await import('../../src/operations/open-store.ts');
    const { session } = await import('./support.ts');
    const theirs = await openStore(home.file).open({ ...session, client: other.id });
    for (const list of ['driver.list', 'log.list'] as const) {
      const page = await admin.call(list, { limit: 1 });
      await expect(theirs.call(list, { limit: 1, cursor: page.nextCursor ?? '' })).rejects.toMatchObject({
        code: 'INVALID',
        details: [{ field: 'cursor' }],
      });
    }
    await theirs.close();
  });
});

describe('the outcomes of an import', () => {
  it('name requests, not commands', async () => {
    const start = { kind: 'customers', mode: 'partial', fields: ['phone', 'defaultAccount'], file: 'c.csv' };
    const { run } = await home.post('/import', start);
    const values = { phone: '085 111 2222', defaultAccount: 'NOWHERE' };
    const body = { number: 1, rows: [{ line: 2, values }] };
    const given = await send(`/import/${run}/rows`, body);
    expect(given.json.outcomes[0].problems[0]).toMatchObject({ hint: expect.any(String) });
    for (const text of [given.text, (await home.send(`/import/${run}/rows?number=1`)).text])
      expect(text).not.toMatch(/`tph |(^|[\s"])--[a-z]/);
  });
});

describe('a release', () => {
  it('of a day before there were Unix seconds is refused', async () => {
    for (const day of [19_000_101, 19_700_101]) {
      expect((await home.send(`/release?day=${day}`)).json).toMatchObject({ status: 400 });
      expect((await send('/release', { day })).json).toMatchObject({
        status: 400,
        details: [{ field: 'day' }],
      });
      await expect(home.api.call('release.preview', { day: day as never })).rejects.toMatchObject({
        code: 'INVALID',
        details: [{ field: 'day' }],
      });
    }
    expect((await home.send('/release?day=19700102')).status).toBe(200);
  });
});
