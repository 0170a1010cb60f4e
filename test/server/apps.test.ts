import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
const ids: Record<string, string> = {};
const tokens: Record<string, string> = {};

beforeAll(async () => {
  home = await openShop();
  const make = async (name: string, path: string, body: object) => {
    ids[name] = (await home.post(path, body)).id;
  };
  await make('driver', '/driver', { callsign: 'D7', firstName: 'Ann', internalKey: 'crm-7' });
  await make('otherDriver', '/driver', { callsign: 'D9', internalKey: 'crm-9' });
  const bo = { firstName: 'Bo', lastName: 'Li', phone: '085 012 3456', notes: 'for the office' };
  await make('customer', '/customer', bo);
  await make('namesake', '/customer', { firstName: 'Bo', lastName: 'Li', phone: '085 012 3457' });
  await make('favourite', '/drivercustomer', {
    driver: { id: ids['driver'] },
    customer: { id: ids['customer'] },
  });
  await make('otherFavourite', '/drivercustomer', {
    driver: { id: ids['otherDriver'] },
    customer: { id: ids['namesake'] },
  });
  tokens['DRIVER_APP'] = await home.token({ name: 'd7', role: 'DRIVER_APP', driver: 'D7' });
  tokens['CUSTOMER_APP'] = await home.token({ name: 'bo', role: 'CUSTOMER_APP', customer: '085 012 3456' });
});
afterAll(() => home.close());

const as = (role: string, path: string) => home.send(path, { token: tokens[role] ?? '' });
const idsOf = async (role: string, path: string) => {
  const answer = await as(role, path);
  expect(answer.status, `${path} ${answer.text}`).toBe(200);
  return answer.json.items.map((one: { id: string }) => one.id);
};

describe.each(['DRIVER_APP', 'CUSTOMER_APP'])('%s', (role) => {
  const kind = role === 'DRIVER_APP' ? 'driver' : 'customer';

  it('learns of its client the name, the zone and the country, and nothing of the office', async () => {
    await home.post('/settings', { settings: { 'dispatch.lapsedHardList': 'LOCK' } });
    for (const record of [
      (await as(role, `/client/${home.client}`)).json,
      (await as(role, '//client')).json.items[0],
    ]) {
      expect(record).toMatchObject({ id: home.client, name: 'Liffey Cars', timeZone: 'Europe/Dublin' });
      expect(record).toMatchObject({ country: 'IE', settings: {}, internalKey: null });
      expect(record).not.toHaveProperty('clientId');
    }
    expect((await as(role, '/client/G999')).status).toBe(404);
    expect((await as(role, '/settings')).status).toBe(403);
  });

  it('is refused a row of somebody else in the words for one that nobody has', async () => {
    const texts = new Map<string, Set<string>>();
    for (const id of [ids['otherFavourite'] ?? '', 'G999999999999999999'])
      for (const path of [
        `/drivercustomer/${id}`,
        `/${kind}/${ids[kind]}/drivercustomer/${id}`,
        `/${kind}/${id}`,
        `/reference?objectType=DriverCustomer&ref=${id}`,
        `/drivercustomer?${kind}=${id}`,
      ]) {
        const { status, text } = await as(role, path);
        const plain = text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '');
        const seen = texts.get(path.replaceAll(id, 'ID')) ?? new Set();
        texts.set(path.replaceAll(id, 'ID'), seen.add(`${status} ${plain}`));
      }
    expect(texts.size).toBe(5);
    for (const [path, seen] of texts) expect([...seen], path).toHaveLength(1);
    const other = role === 'DRIVER_APP' ? 'otherDriver' : 'namesake';
    const foreign = (await as(role, `/${kind}/${ids[other]}`)).json;
    const nobody = (await as(role, `/${kind}/G9`)).json;
    for (const part of ['detail', 'hint', 'details'])
      expect(JSON.stringify(foreign[part]).replaceAll(ids[other] ?? '', 'G9')).toBe(
        JSON.stringify(nobody[part]),
      );
  });

  it('looks up what its own rows are called, and nothing else', async () => {
    const type = role === 'DRIVER_APP' ? 'Driver' : 'Customer';
    const found = (ref: string, of = type) =>
      as(role, `/reference?objectType=${of}&ref=${encodeURIComponent(ref)}`);
    const [mine, theirs, none] =
      role === 'DRIVER_APP'
        ? [['D7', 'd7', 'key:crm-7'], ['D9', 'key:crm-9'], 'D10']
        : [['+353 85 012 3456', 'Bo Li'], ['085 012 3457'], '085 012 9999'];
    for (const ref of mine) expect((await found(ref)).json, ref).toEqual({ id: ids[kind] });
    for (const ref of [...theirs, none]) {
      const answer = await found(ref);
      expect(answer.json, ref).toMatchObject({ status: 404, details: [{ field: 'ref', value: ref }] });
      expect(answer.json.hint).toBe((await found(none)).json.hint);
      expect(answer.text).not.toContain('did you mean');
    }
    expect((await found('ACME', 'Account')).json).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
    expect((await found('x', 'Nonsense')).status).toBe(400);
    expect((await found('Liffey Cars', 'Client')).json).toEqual({ id: home.client });
  });

  it('finds its own rows by whatever it may ask for, and nothing by what it may not', async () => {
    const own = role === 'DRIVER_APP' ? ['D7', 'd7'] : ['+353850123456', '085 012 3456'];
    for (const text of own)
      expect(await idsOf(role, `/drivercustomer?${kind}=${encodeURIComponent(text)}`)).toEqual([
        ids['favourite'],
      ]);
    expect(await idsOf(role, '/drivercustomer?updatedSince=1&live=true')).toEqual([ids['favourite']]);
    expect(await idsOf(role, '/drivercustomer?updatedSince=4000000000')).toEqual([]);
    expect((await as(role, '/drivercustomer?search=x')).json).toMatchObject({ status: 400 });
    expect(await idsOf(role, `/${kind}?updatedSince=1`)).toEqual([ids[kind]]);
    expect(await idsOf(role, `/${kind}?updatedSince=4000000000`)).toEqual([]);
    expect(await idsOf(role, `/${kind}?deleted=true`)).toEqual([]);
    const search = role === 'DRIVER_APP' ? ['D', 'ann', 'd7'] : ['bo', 'Li', '085 012 34'];
    for (const text of search)
      expect(await idsOf(role, `/${kind}?search=${encodeURIComponent(text)}`), text).toEqual([ids[kind]]);
    expect(await idsOf(role, `/${kind}?search=Zebra`)).toEqual([]);
  });
});

describe('a filter', () => {
  it('does not tell an app whose phone, e-mail or name is right', async () => {
    const filter = role('DRIVER_APP', 'customer');
    const known = await filter('+353850123456');
    const unknown = await filter('+353850123499');
    expect(known).toMatchObject({ status: 400, code: 'INVALID', details: [{ field: 'customer' }] });
    expect(known.detail.replace('3456', '3499')).toBe(unknown.detail);
    for (const text of ['Bo Li', 'bo@example.org', 'key:x']) expect((await filter(text)).status).toBe(400);
    expect(await role('CUSTOMER_APP', 'driver')('D7')).toMatchObject({ status: 400 });
    expect(await idsOf('DRIVER_APP', `/drivercustomer?customer=${ids['customer']}`)).toEqual([
      ids['favourite'],
    ]);
    expect(await idsOf('DRIVER_APP', `/drivercustomer?customer=${ids['namesake']}`)).toEqual([]);
  });
});

const role = (name: string, field: string) => async (text: string) =>
  (await as(name, `/drivercustomer?${field}=${encodeURIComponent(text)}`)).json;
