import { describe, expect, it } from 'vitest';
import { shop } from './support.ts';

describe('an app', () => {
  it('learns nothing of others from names, near names or ids that it filters by', async () => {
    const home = await shop();
    const driver = await home.post('/driver', { callsign: 'D1', firstName: 'Ann' });
    await home.post('/driver', { callsign: 'D2' });
    const own = await home.post('/customer', {
      firstName: 'Karen',
      lastName: 'Kinsella',
      phone: '+353851234567',
    });
    await home.post('/customer', { firstName: 'Other', lastName: 'Person', phone: '+353851234568' });
    await home.post('/drivercustomer', { driver: { id: driver.id }, customer: { id: own.id } });
    const token = await home.token({ name: 'd1', role: 'DRIVER_APP', driver: 'D1' } as never);
    for (const name of ['Karen', 'Karen Kinsela', 'Other Person', '+353851234568', 'nobody at all']) {
      const answer = await home.send(`/drivercustomer?customer=${encodeURIComponent(name)}`, { token });
      const message = `an app filters by ids, and customer \`${name}\` is none`;
      expect(answer.json).toMatchObject({
        status: 400,
        detail: message,
        details: [{ value: name, message }],
      });
    }
    const nobody = await home.send('/drivercustomer?customer=G999', { token });
    expect(nobody.json).toEqual({ items: [], nextCursor: null });
    const mine = await home.get(`/drivercustomer?customer=${own.id}`, { token });
    expect(mine.items).toHaveLength(1);
  });

  it('has its own record only where it fits what is asked', async () => {
    const home = await shop();
    await home.post('/account', { ref: 'ACME' });
    const { id } = await home.post('/customer', { firstName: 'Karen', phone: '+353851234567' });
    const token = await home.token({ name: 'c1', role: 'CUSTOMER_APP', customer: id } as never);
    const items = async (path: string) => (await home.get(path, { token })).items.length;
    expect(await items('/customer')).toBe(1);
    for (const query of ['search=zzzz', 'tag=x', 'account=G999', 'deleted=true'])
      expect(await items(`/customer?${query}`)).toBe(0);
    for (const query of ['account=ACME', 'cursor=abc'])
      expect((await home.send(`/customer?${query}`, { token })).status).toBe(400);
  });
});

describe('an operator', () => {
  it('takes no department off a list that it cannot see there', async () => {
    const home = await shop();
    for (const code of ['OURS', 'THEIRS']) await home.post('/group', { code });
    await home.post('/account', { ref: 'ACME' });
    const dept = (departmentName: string, primaryGroup: string) =>
      home.post('/accountdepartment', { account: 'ACME', departmentName, primaryGroup });
    const [ours, theirs] = [await dept('Ours', 'OURS'), await dept('Theirs', 'THEIRS')];
    const { id } = await home.post('/customer', {
      firstName: 'Karen',
      accountDepartments: [{ id: theirs.id }],
    });
    const token = await home.token({ name: 'op', role: 'OPERATOR', groups: ['OURS'] } as never);
    const changed = await home.post(`/customer/${id}`, { accountDepartments: [{ id: ours.id }] }, { token });
    expect(changed.accountDepartments.map((one: { id: string }) => one.id)).toEqual([ours.id]);
    const whole = await home.get(`/customer/${id}`);
    expect(whole.accountDepartments.map((one: { id: string }) => one.id).sort()).toEqual(
      [ours.id, theirs.id].sort(),
    );
  });
});

describe('a token', () => {
  it('does not delete the client that it belongs to', async () => {
    const home = await shop();
    expect((await home.send(`//client/${home.client}`, { method: 'DELETE' })).status).toBe(403);
  });
});
