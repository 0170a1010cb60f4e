import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
let operator: string;
let app: string;

beforeAll(async () => {
  home = await openShop();
  const { api } = home;
  await api.call('group.create', { code: 'NIGHT' });
  await api.call('group.create', { code: 'DAY' });
  await api.call('driver.create', { callsign: 'D7' });
  operator = await home.token({ name: 'ops', role: 'OPERATOR', groups: ['NIGHT'] });
  app = await home.token({ name: 'd7', role: 'DRIVER_APP', driver: 'D7' });
});
afterAll(() => home.close());

/** The newest change to a record. */
const newest = async (ref: string): Promise<string> =>
  (await home.api.call('log.list', { ref, limit: 1 })).items[0]?.id ?? '';
const undo = (event: string, token: string, query = '') =>
  home.send(`/log/${event}/undo${query}`, { method: 'POST', token });

describe('POST /log/{eventId}/undo', () => {
  it('takes back what the token may change, in its name; the id may be a bare decimal', async () => {
    const { id } = await home.api.call('driver.create', { callsign: 'D9' });
    await home.api.call('driver.update', { ref: id, firstName: 'Bo' });
    const event = await newest(id);
    const dry = await undo(event, operator, '?dryRun=true');
    expect(dry.json).toMatchObject({ event, action: 'UPDATE', dryRun: true });
    const done = await undo(event.slice(1), operator);
    expect(done.status).toBe(200);
    expect(done.json).toMatchObject({ event, changes: [{ field: 'firstName', before: 'Bo', after: null }] });
    const [last] = (await home.api.call('log.list', { ref: id, limit: 1 })).items;
    expect(last).toMatchObject({ operation: 'log.undo', actor: 'ops', reason: `undo of ${event}` });
    expect((await undo(event, operator)).json).toMatchObject({ status: 409, code: 'CONFLICT' });
  });

  it('is nothing for apps', async () => {
    const { id } = await home.api.call('driver.create', { callsign: 'D10' });
    expect((await undo(await newest(id), app)).json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
  });

  it('finds for an operator neither the trail of the client nor of a department of another group', async () => {
    await home.api.call('settings.set', { settings: { 'approvals.warnDays': 7 } });
    const settings = await newest(home.client);
    expect((await undo(settings, operator)).status).toBe(404);
    await home.api.call('account.create', { ref: 'ACME' });
    const { id } = await home.api.call('accountDepartment.create', {
      account: 'ACME',
      departmentName: 'Zebra',
      primaryGroup: 'DAY',
    });
    const hidden = await undo(await newest(id), operator);
    expect(hidden.status).toBe(404);
    expect(hidden.text).not.toContain('Zebra');
    expect((await undo(settings, home.admin)).status).toBe(200);
  });

  it('puts back for an operator nothing that they do not see', async () => {
    const { id: customer } = await home.api.call('customer.create', { phone: '085 012 3456' });
    const zebra = (await home.api.call('accountDepartment.list', {})).items[0]?.id ?? '';
    const { id } = await home.api.call('accountEmployee.create', {
      customer: { id: customer },
      account: 'ACME',
      accountDepartments: [zebra],
    });
    await home.api.call('accountEmployee.update', { ref: id, accountDepartments: [] });
    const refused = await undo(await newest(id), operator);
    expect(refused.json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    expect(refused.text).not.toContain(zebra);
    expect((await undo(await newest(id), home.admin)).status).toBe(200);
  });

  it('deletes no client, whoever asks with a token', async () => {
    const { items } = await home.api.call('log.list', { ref: home.client, action: 'CREATE' });
    expect(items).toHaveLength(1);
    expect((await undo(items[0]?.id ?? '', home.admin)).json).toMatchObject({
      status: 403,
      code: 'NOT_ALLOWED',
    });
  });
});
