import { beforeEach, describe, expect, it } from 'vitest';
import { type Shop, shop } from '../server/support.ts';
import { errorOf, type Home, home } from './program.ts';

let server: Shop;
let program: Home;
beforeEach(async () => {
  server = await shop();
  program = home();
  const ann = { callsign: 'D7', firstName: 'Ann', lastName: 'Byrne' };
  const driver = await server.post('/driver', ann);
  await server.post('/driver', { callsign: 'D9' });
  const bo = { firstName: 'Bo', lastName: 'Li', phone: '085 012 3456', notes: 'for the office' };
  const customer = await server.post('/customer', bo);
  const pair = { driver: { id: driver.id }, customer: { id: customer.id }, notes: 'for the office' };
  await server.post('/drivercustomer', pair);
});

/** Runs a command line on a profile with the token of an app, taken from the environment. */
const as = async (token: string, words: readonly string[], client: readonly string[] = []) => {
  const url = ['--url', server.url, '--replace'];
  await program.tph(['profile', 'add', 'live', ...url, ...client]);
  return program.tph([...words, '--profile', 'live', '-o', 'json'], { env: { TPH_TOKEN: token } });
};

describe.each([
  ['DRIVER_APP', { driver: 'D7' }, ['driver', 'show', 'D7'], ['driver', 'show', 'D9'], { callsign: 'D7' }],
  [
    'CUSTOMER_APP',
    { customer: '085 012 3456' },
    ['customer', 'show', '085 012 3456'],
    ['customer', 'show', '085 012 3457'],
    { firstName: 'Bo' },
  ],
] as const)('%s', (role, whose, own, other, record) => {
  it('signs in, and reads its own rows with the commands for them', async () => {
    const token = await server.token({ name: 'phone', role, ...whose });
    for (const client of [[], ['--client', server.client], ['--client', 'Liffey Cars']]) {
      const shown = await as(token, own, client);
      expect(shown.err).toBe('');
      expect(JSON.parse(shown.out)).toMatchObject(record);
    }
    const [noun = ''] = own;
    const listed = JSON.parse((await as(token, [noun, 'list'])).out);
    expect(listed).toMatchObject([record]);
    const mine = role === 'DRIVER_APP' ? ['--driver', 'D7'] : ['--customer', '085 012 3456'];
    const favourites = JSON.parse((await as(token, ['pref', 'list', ...mine])).out);
    expect(favourites).toMatchObject([{ mode: expect.any(String), notes: null }]);
    const status = await as(token, ['auth', 'status']);
    expect(JSON.parse(status.out)).toMatchObject({ signedIn: true, client: { name: 'Liffey Cars' } });
    const login = ['auth', 'login', '--profile', 'live', '-o', 'json'];
    const signedIn = await program.tph(login, { given: `${token}\n` });
    expect(JSON.parse(signedIn.out)).toMatchObject({ client: { id: server.client } });
  });

  it('finds no row of somebody else, and changes nothing', async () => {
    const token = await server.token({ name: 'phone', role, ...whose });
    const refused = await as(token, other);
    expect(refused.code).toBe(5);
    expect(errorOf(refused)).toMatchObject({ code: 'NOT_FOUND' });
    const [noun = '', , ref = ''] = own;
    const changed = await as(token, [noun, 'update', ref, '--first-name', 'Eve']);
    expect(errorOf(changed)).toMatchObject({ code: 'NOT_ALLOWED' });
  });
});

describe('tph token list', () => {
  it('names whose rows an app reads', async () => {
    await server.token({ name: 'd7', role: 'DRIVER_APP', driver: 'D7' });
    await server.token({ name: 'bo', role: 'CUSTOMER_APP', customer: '085 012 3456' });
    const url = ['--url', server.url];
    await program.tph(['profile', 'add', 'live', ...url]);
    const ran = await program.tph(['token', 'list', '--profile', 'live', '-o', 'csv'], {
      env: { TPH_TOKEN: server.admin },
    });
    expect(ran.out).toContain('driver Ann Byrne (D7)');
    expect(ran.out).toContain('customer Bo Li (+353850123456)');
  });
});
