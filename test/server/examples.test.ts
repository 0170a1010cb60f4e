import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
/** An id of each kind, by what fields and path parameters call it. */
const ids: Record<string, string> = {};
const UNKNOWN = 'G318767104000000001';

interface Described {
  readonly parameters: readonly { readonly $ref?: string }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly example: unknown } };
  };
}
let paths: Record<string, Record<string, Described>>;

beforeAll(async () => {
  home = await openShop();
  paths = (await home.get('//openapi.json', { token: null })).paths;
  const make = async (names: readonly string[], path: string, body: object) => {
    const { id } = await home.post(path, body);
    for (const name of names) ids[name] = id;
  };
  await make(['brand', 'brands', 'defaultBrand'], '/brand', { code: 'LIF', name: 'Liffey' });
  await make(['groupId', 'groups', 'primaryGroup'], '/group', { code: 'NIGHT' });
  await make(['clientCapabilities', 'capability'], '/clientcapability', { code: 'WAV' });
  await make(['driver'], '/driver', { callsign: 'D7' });
  await make(['customer', 'customers', 'guardians'], '/customer', { phone: '085 012 3459' });
  await make(['scp', 'scps'], '/scp', { ref: 'SCP-1' });
  await make(['account', 'accounts', 'defaultAccount'], '/account', { ref: 'ACME' });
  const department = { account: { id: ids['account'] }, departmentName: 'Sales' };
  await make(
    ['accountdepartment', 'accountDepartment', 'accountDepartments'],
    '/accountdepartment',
    department,
  );
  const employee = { account: { id: ids['account'] }, customer: { id: ids['customer'] } };
  await make(
    ['accountEmployee', 'accountEmployees', 'primaryContact', 'secondaryContact'],
    '/accountemployee',
    employee,
  );
  const pair = { driver: { id: ids['driver'] } };
  await make(['drivercustomer'], '/drivercustomer', { ...pair, customer: { id: ids['customer'] } });
  await make(['driverscp'], '/driverscp', { ...pair, scp: { id: ids['scp'] } });
  await make(['id', 'group'], '/scheduleexclusiongroup', { name: 'Holidays' });
  const run = { ref: 'SR-1', startDay: 20_260_112, times: [{ time: '08:15', weekdays: ['MON'] }] };
  const made = await home.post('/recurringtrip', run);
  ids['recurringTrip'] = made.id;
  ids['recurringTimeId'] = ids['timeId'] = made.times[0].id;
  await make(['trip'], '/trip', { ref: 'T-9', pickupAt: 1_768_291_200 });
});
afterAll(() => home.close());

function withIds(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withIds(one, field));
  if (value === UNKNOWN && ids[field] !== undefined) return ids[field];
  if (typeof value !== 'object' || value === null) return value;
  if (Object.keys(value).join() === 'id' && ids[field] !== undefined) return { id: ids[field] };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withIds(inner, name)]));
}
const fill = (path: string) =>
  `/${path}`.replace(/\{(\w+)\}/g, (_all, param: string) => {
    if (param === 'clientId') return home.client;
    if (param === 'prefId') return ids[path.includes('driverscp') ? 'driverscp' : 'drivercustomer'] ?? '';
    return ids[param] ?? ids[param.replace(/Id$/, '')] ?? (param === 'tagName' ? 'VIP' : UNKNOWN);
  });

describe('the examples of the API reference', () => {
  it('are requests that the server takes, with real ids put in', async () => {
    const refused: string[] = [];
    let sent = 0;
    let taken = 0;
    for (const [path, { post }] of Object.entries(paths)) {
      const example = post?.requestBody?.content['application/json'].example;
      if (example === undefined) continue;
      sent += 1;
      const body = withIds(example, '');
      const isDry = post?.parameters.some(({ $ref }) => $ref?.endsWith('/dryRun'));
      const answer = await home.send(`${fill(path)}${isDry ? '?dryRun=true' : ''}`, { method: 'POST', body });
      if (answer.status === 400) refused.push(`${path}: ${answer.text} ${JSON.stringify(body)}`);
      else taken += answer.status < 300 ? 1 : 0;
    }
    expect(refused).toEqual([]);
    expect(sent).toBeGreaterThan(60);
    // The others name a record that is not there, or is there already.
    expect(taken / sent).toBeGreaterThan(0.5);
  });
});
