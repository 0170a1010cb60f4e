import { beforeEach, describe, expect, it } from 'vitest';
import { type Shop, shop } from './support.ts';

let home: Shop;
let account = '';
let day = '';
let night = '';
let hidden = '';
/** An OPERATOR of the group NIGHT. */
let token = '';

const as = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  home.send(path, { method, token, ...(body === undefined ? {} : { body }) });

beforeEach(async () => {
  home = await shop();
  day = (await home.post('/group', { code: 'DAY' })).id;
  night = (await home.post('/group', { code: 'NIGHT' })).id;
  account = (await home.post('/account', { ref: 'ACME' })).id;
  const made = { account: { id: account }, departmentName: 'Zebra', primaryGroup: { id: day } };
  hidden = (await home.post('/accountdepartment', { ...made, internalKey: 'zebra' })).id;
  token = await home.token({ name: 'desk', role: 'OPERATOR', groups: ['NIGHT'] });
});

const refusedBlindly = (answer: Awaited<ReturnType<typeof as>>) => {
  expect(answer.json).toMatchObject({
    code: 'CONFLICT',
    status: 409,
    detail: 'something that you may not see stands in the way',
  });
  expect(answer.text).not.toContain(hidden);
};

describe('an operator', () => {
  it('who sends what made a department that it may not see is told that something stands in the way', async () => {
    const body = { account: { id: account }, departmentName: 'Zebra', primaryGroup: { id: day } };
    refusedBlindly(await as('/accountdepartment', { ...body, internalKey: 'zebra' }));
    refusedBlindly(await as('/accountdepartment', { ...body, internalKey: 'zebra', city: 'Cork' }));
    refusedBlindly(await as('/accountdepartment', body));
    refusedBlindly(await as(`/account/${account}/accountdepartment`, { ...body, internalKey: 'zebra' }));
  });

  it('cannot give a department to a group that it is not in', async () => {
    const body = { account: { id: account }, departmentName: 'Lost' };
    const refused = await as('/accountdepartment', { ...body, primaryGroup: { id: day } });
    expect(refused.json).toMatchObject({ status: 403, details: [{ field: 'primaryGroup' }] });
    const made = (await as('/accountdepartment', { ...body, primaryGroup: { id: night } })).json;
    const moved = await as(`/accountdepartment/${made.id}`, { primaryGroup: { id: day } });
    expect(moved.json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    expect((await as(`/accountdepartment/${made.id}`)).json.primaryGroup.id).toBe(night);
    const names = (await home.get('/accountdepartment')).items.map(
      (one: { departmentName: string }) => one.departmentName,
    );
    expect(names).toEqual(['Zebra', 'Lost']);
    expect((await as(`/accountdepartment/${made.id}`, { primaryGroup: null })).status).toBe(200);
  });

  it('reads the outcomes of its own imports alone', async () => {
    const run = async (file: string, send: typeof as) => {
      const start = {
        kind: 'departments',
        mode: 'partial',
        fields: ['account', 'departmentName', 'city'],
        file,
      };
      const started = (await send('/import', start)).json;
      const values = { account: 'ACME', departmentName: 'Zebra', city: 'Cork' };
      const given = await send(`/import/${started.run}/rows`, { number: 1, rows: [{ line: 2, values }] });
      expect(given.status, given.text).toBe(200);
      return started.run as string;
    };
    const theirs = await run('admin.csv', (path, body) => home.send(path, { method: 'POST', body }));
    const outcomes = (await home.get(`/import/${theirs}/rows?number=1`)).outcomes;
    expect(JSON.stringify(outcomes)).toContain(hidden);
    const refused = await as(`/import/${theirs}/rows?number=1`);
    expect(refused.json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    expect(refused.text).not.toMatch(new RegExp(`${hidden}|Zebra`));
    const values = { account: 'ACME', departmentName: 'Zebra', city: 'Cork' };
    const again = await as(`/import/${theirs}/rows`, { number: 1, rows: [{ line: 2, values }] });
    expect(again.json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    const own = await run('desk.csv', as);
    const answer = await as(`/import/${own}/rows?number=1`);
    expect(answer.json.outcomes).toHaveLength(1);
    expect(answer.text).not.toContain(hidden);
  });

  it('is not told how many departments that it may not see hang on a record', async () => {
    const seen = { account: { id: account }, departmentName: 'Nightly', primaryGroup: { id: night } };
    const { id } = await home.post('/accountdepartment', seen);
    const counted = async (send: typeof as, path: string) =>
      (await send(`${path}?dryRun=true`, undefined, 'DELETE')).json.affects.find(
        (one: { objectType: string }) => one.objectType === 'AccountDepartment',
      );
    const admin: typeof as = (path, _body, method = 'GET') => home.send(path, { method });
    expect(await counted(admin, `/account/${account}`)).toMatchObject({ count: 2 });
    expect(await counted(as, `/account/${account}`)).toMatchObject({ count: 1 });
    await home.send(`/accountdepartment/${id}`, { method: 'DELETE' });
    expect(await counted(as, `/account/${account}`)).toBeUndefined();
  });
});
