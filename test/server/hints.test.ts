import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
const ids: Record<string, string> = {};
beforeAll(async () => {
  home = await openShop();
  const make = async (name: string, path: string, body: object) => {
    ids[name] = (await home.post(path, body)).id;
  };
  await make('driver', '/driver', { callsign: 'D7', internalKey: 'erp-1' });
  await make('scp', '/scp', { ref: 'SCP-1' });
  await make('customer', '/customer', { firstName: 'Bo' });
  await make('approval', '/driverscp', { driver: 'D7', scp: 'SCP-1', mode: 'HARD' });
  await make('favourite', '/drivercustomer', { driver: 'D7', customer: { id: ids['customer'] } });
});
afterAll(() => home.close());

const post = (path: string, body: unknown) => home.send(path, { method: 'POST', body });

it('names the request that does what a hint of the command line does', async () => {
  const client = `/client/${home.client}`;
  expect((await home.send('/driver/G1')).json.hint).toBe(`list them with \`GET ${client}/driver\``);
  expect((await home.send('/drivercustomer/G1')).json.hint).toBe(
    `list them with \`GET ${client}/drivercustomer\``,
  );
  const taken = await post('/driver', { callsign: 'D8', internalKey: 'erp-1' });
  expect(taken.json).toMatchObject({ status: 409 });
  expect(taken.json.hint).toContain(`\`POST ${client}/driver/${ids['driver']}\``);
  const nobody = await home.send('/customer/phone?phone=0850000000');
  expect(nobody.json.hint).toContain(`\`POST ${client}/customer\` with \`phone\` and \`firstName\``);
});

it('names fields and headers instead of flags', async () => {
  const last = await home.send(`/driverscp/${ids['approval']}`, { method: 'DELETE' });
  expect(last.json).toMatchObject({ status: 400, details: [{ code: 'LAST_HARD_APPROVAL' }] });
  expect(last.json.hint).toBe('approve another driver first, or say why with X-Reason');
  const empty = await post('/customer', {});
  expect(empty.json.hint).toBe('give phone, email, firstName or lastName');
  const operator = await home.token({ name: 'ops', role: 'OPERATOR' });
  const clock = await home.send('/driver', { token: operator, headers: { 'x-at': '1768204800' } });
  expect(clock.json).toMatchObject({ detail: 'X-At is for administrators', details: [{ field: 'X-At' }] });
});

it('says how a missing field is given', async () => {
  const client = `/client/${home.client}`;
  const favourite = await post('/drivercustomer', { customer: { id: ids['customer'] } });
  expect(favourite.json).toMatchObject({ status: 400, detail: 'driver is missing' });
  const way = `give driver as {"id": "G…"}, or send it to \`${client}/driver/{driverId}/drivercustomer\``;
  expect([favourite.json.hint, favourite.json.details[0].hint]).toEqual([way, way]);
  const own = await post(`/driver/${ids['driver']}/drivercustomer`, {});
  expect(own.json.hint).toContain(`${client}/customer/{customerId}/drivercustomer`);
  const trip = await post('/trip', { ref: 'T-1' });
  expect(trip.json.hint).toBe('give pickupAt in Unix seconds, such as 1768291200');
  expect((await post('/trip', { ref: 'T-1', pickupAt: 1_768_291_200 })).status).toBe(201);
  expect((await post('/driver', {})).json.hint).toContain('give callsign');
});

it('changes nothing of what was sent', async () => {
  const { json } = await post('/driver', { callsign: '--at' });
  expect(json.callsign ?? json.detail).toContain('--at');
  const spelt = await home.send('/reference?objectType=Driver&ref=--reason');
  expect(spelt.json.detail).toContain('`--reason`');
});

it('keeps commands for what only they can do, and for whoever types them', async () => {
  const made = await post('//client', { name: 'New', timeZone: 'UTC', country: 'IE' });
  expect(made.json.hint).toContain('`tph client create` where the database is');
  const headers = { 'x-hints': 'commands' };
  expect((await home.send('/driver/G1', { headers })).json.hint).toBe('list them with `tph driver list`');
});

it('says what a warning asks for as a request', async () => {
  await home.send(`/drivercustomer/${ids['favourite']}`, { method: 'DELETE' });
  await home.send(`/customer/${ids['customer']}`, { method: 'DELETE' });
  const restored = await home.post(`/drivercustomer/${ids['favourite']}/restore`);
  expect(restored.warnings[0].hint).toBe(
    `restore that too with \`POST /client/${home.client}/customer/${ids['customer']}/restore\``,
  );
});
