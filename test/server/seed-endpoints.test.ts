import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import endpoints from './seed-endpoints.json' with { type: 'json' };
import { openShop, type Shop } from './support.ts';

/** What a request on an endpoint sends, and what must be seen in the answer. */
interface Example {
  readonly query?: string;
  readonly body?: unknown;
  readonly status?: number;
  readonly sees: object;
}

interface World {
  readonly ids: Readonly<Record<string, string>>;
  readonly examples: Readonly<Record<string, Example>>;
}

/** A list that holds this among others. */
const listing = (one: object) => expect.arrayContaining([expect.objectContaining(one)]);

const post = (home: Shop, path: string, body: unknown) => home.post(path, body);

/** One record of each kind that the endpoints are about, and a request for each endpoint. */
async function world(home: Shop, n: number): Promise<World> {
  const make = async (path: string, body: unknown): Promise<string> => (await post(home, path, body)).id;
  const phone = String(1_000_000 + n);
  const capabilityId = await make('/clientcapability', { code: `WAV-${n}`, name: 'Wheelchair' });
  const brandId = await make('/brand', { code: `LIFFEY-${n}` });
  const driverId = await make('/driver', { callsign: `D7-${n}`, firstName: 'Ann', lastName: 'Byrne' });
  const otherDriver = await make('/driver', { callsign: `D9-${n}` });
  const thirdDriver = await make('/driver', { callsign: `D11-${n}` });
  const accountId = await make('/account', { ref: `ACME-${n}`, name: 'Acme Ltd' });
  const customerId = await make('/customer', {
    firstName: 'Bo',
    phone: `085 ${phone}`,
    tags: ['VIP'],
    brands: [`LIFFEY-${n}`],
    accounts: [`ACME-${n}`],
    addresses: [{ label: 'Home', city: 'Dublin' }],
  });
  const accountdepartmentId = await make('/accountdepartment', {
    account: { id: accountId },
    departmentName: 'Sales',
    brands: [`LIFFEY-${n}`],
  });
  const employee = await make('/accountemployee', {
    customer: { id: customerId },
    account: { id: accountId },
  });
  const scpId = await make('/scp', { ref: `SCP-${n}`, displayName: 'Aoife K.' });
  const group = await make('/scheduleexclusiongroup', { name: `Bad Weather ${n}` });
  const favourite = await make('/drivercustomer', { driver: { id: driverId }, customer: { id: customerId } });
  const approval = await make('/driverscp', { driver: { id: driverId }, scp: { id: scpId } });
  const ids = {
    clientId: home.client,
    driverId,
    customerId,
    scpId,
    accountId,
    accountdepartmentId,
    accountDepartmentId: accountdepartmentId,
    brandId,
    capabilityId,
    tagName: 'VIP',
    'drivercustomer/{prefId}': favourite,
    'driverscp/{prefId}': approval,
    id: group,
  };
  const preference = (id: string, field: string, parent: string): Record<string, Example> => {
    const target = field === 'customer' ? 'customer' : 'scp';
    const under = target === 'customer' ? 'customer/{customerId}' : 'scp/{scpId}';
    const seed = { mode: 'HARD', priority: 0, expiresAt: 1_800_000_000, notes: 'regular school run' };
    return Object.fromEntries(
      ['', 'driver/{driverId}/', `${under}/`].flatMap((scope, index) => {
        const base = `/client/{clientId}/${scope}${id}`;
        const driver = [otherDriver, driverId, thirdDriver][index];
        const named = scope === '' ? { driver: { id: driver }, [target]: { id: parent } } : {};
        return [
          [
            `POST ${base}`,
            {
              body: {
                ...seed,
                ...named,
                ...(scope.startsWith('driver/') ? { [target]: { id: `${target}-of-its-own` } } : {}),
                ...(scope.startsWith(target) ? { driver: { id: driver } } : {}),
              },
              status: 201,
              sees: { mode: 'HARD', priority: 0, expiresAt: 1_800_000_000, changed: true },
            },
          ],
          [`GET ${base}`, { sees: { nextCursor: null } }],
          [`GET ${base}/{prefId}`, { sees: { mode: 'SOFT' } }],
          [`POST ${base}/{prefId}`, { body: { priority: 3 + index }, sees: { priority: 3 + index } }],
          [`DELETE ${base}/{prefId}`, { sees: { changed: true, deletedBy: 'admin' } }],
        ];
      }),
    );
  };
  const department = '/client/{clientId}/accountdepartment';
  const customer = '/client/{clientId}/customer/{customerId}';
  const underBrand = '/client/{clientId}/brand/{brandId}';
  const examples: Record<string, Example> = {
    ...preference('drivercustomer', 'customer', customerId),
    ...preference('driverscp', 'scp', scpId),
    'POST /client/{clientId}/scheduleexclusiongroup': {
      body: {
        name: `Easter Holiday ${n}`,
        mode: 'RUN_SCHEDULE',
        startDay: 20_260_403,
        endDay: 20_260_417,
        scheduleResumeDay: 20_260_420,
      },
      status: 201,
      sees: { name: `Easter Holiday ${n}`, startDay: 20_260_403 },
    },
    'GET /client/{clientId}/scheduleexclusiongroup': {
      sees: { items: listing({ name: `Bad Weather ${n}` }) },
    },
    'GET /client/{clientId}/scheduleexclusiongroup/{id}': { sees: { name: `Bad Weather ${n}` } },
    'POST /client/{clientId}/scheduleexclusiongroup/{id}': {
      body: { mode: 'RUN_OFF' },
      sees: { mode: 'RUN_OFF', name: `Bad Weather ${n}` },
    },
    'DELETE /client/{clientId}/scheduleexclusiongroup/{id}': { sees: { changed: true } },
    'GET /client/{clientId}/account/{accountId}/customer/{customerId}': { sees: { firstName: 'Bo' } },
    [`GET ${underBrand}/customer/{customerId}/addresses`]: { sees: { items: [{ label: 'Home' }] } },
    [`POST ${underBrand}/customer`]: {
      body: { firstName: 'Cy', phone: `086 ${phone}` },
      status: 201,
      sees: { firstName: 'Cy', brands: [{ code: `LIFFEY-${n}` }] },
    },
    [`GET ${underBrand}/customer/{customerId}`]: { sees: { firstName: 'Bo' } },
    [`POST ${underBrand}/customer/{customerId}`]: {
      body: { priorityTier: 2 },
      sees: { priorityTier: 2, firstName: 'Bo' },
    },
    [`POST ${customer}/account/{accountId}`]: { sees: { accounts: [{ ref: `ACME-${n}` }], changed: false } },
    [`POST ${customer}/accountdepartment/{accountDepartmentId}`]: {
      sees: { accountDepartments: [{ departmentName: 'Sales' }], changed: true },
    },
    [`POST ${customer}/brand/{brandId}`]: { sees: { brands: [{ code: `LIFFEY-${n}` }], changed: false } },
    [`POST ${customer}/clientcapability/{capabilityId}`]: {
      sees: { clientCapabilities: [{ code: `WAV-${n}` }], changed: true },
    },
    [`POST ${customer}/tag/{tagName}`]: { sees: { tags: ['VIP'], changed: false } },
    [`GET ${customer}/addresses`]: { sees: { items: [{ label: 'Home', city: 'Dublin' }] } },
    'POST /client/{clientId}/customer': {
      body: { firstName: 'Di', phone: `+353 87 ${phone}` },
      status: 201,
      sees: { phone: `+35387${phone}` },
    },
    [`DELETE ${customer}/account/{accountId}`]: { sees: { accounts: [], changed: true } },
    [`DELETE ${customer}/accountdepartment/{accountDepartmentId}`]: { sees: { accountDepartments: [] } },
    [`DELETE ${customer}/clientcapability/{capabilityId}`]: { sees: { clientCapabilities: [] } },
    [`GET ${customer}`]: { sees: { firstName: 'Bo', phone: `+35385${phone}` } },
    [`GET ${customer}/tag`]: { sees: { items: ['VIP'] } },
    'GET /client/{clientId}/customer/phone': {
      query: `?phone=085%20${phone}`,
      sees: { items: [{ firstName: 'Bo' }], nextCursor: null },
    },
    [`DELETE ${customer}/tag/{tagName}`]: { sees: { tags: [], changed: true } },
    [`POST ${customer}`]: { body: { lastName: 'Li' }, sees: { firstName: 'Bo', lastName: 'Li' } },
    'POST /client/{clientId}/account/{accountId}/accountdepartment': {
      body: {
        departmentName: 'Marketing',
        active: false,
        primaryGroup: null,
        mergePreference: 'INHERIT',
        primaryContact: { id: employee },
        secondaryContact: { id: employee },
        streetAddress: '1 Quay Street',
        addressArea: 'Temple Bar',
        city: 'Dublin',
        state: 'Leinster',
        postCode: 'D02 XY45',
        country: 'IE',
        iban: 'IE29AIBK93115212345678',
        bic: 'AIBKIE2D',
        companyName: 'Acme Ltd',
        tradingAlias: 'Acme',
        companyNumber: '123456',
        taxNumber: 'IE1234567T',
        accountEmployees: [{ id: employee }],
        authType: 'PIN',
        driverNote: 'ring the bell',
        managementNote: 'pays late',
        groups: [],
        clientCapabilities: [{ id: capabilityId }],
      },
      status: 201,
      sees: { departmentName: 'Marketing', account: { ref: `ACME-${n}` }, authType: 'PIN', active: false },
    },
    'GET /client/{clientId}/account/{accountId}/accountdepartment': {
      sees: { items: [{ departmentName: 'Sales' }] },
    },
    'POST /client/{clientId}/account/{accountId}/accountdepartment/{accountdepartmentId}': {
      body: { driverNote: 'gate 3' },
      sees: { driverNote: 'gate 3', departmentName: 'Sales' },
    },
    [`POST ${department}/{accountdepartmentId}/brand/{brandId}`]: {
      sees: { brands: [{ code: `LIFFEY-${n}` }] },
    },
    [`POST ${department}/{accountdepartmentId}/clientcapability/{capabilityId}`]: {
      sees: { clientCapabilities: [{ code: `WAV-${n}` }], changed: true },
    },
    [`POST ${department}`]: {
      body: { account: { id: accountId }, departmentName: 'Legal' },
      status: 201,
      sees: { departmentName: 'Legal' },
    },
    [`DELETE ${department}/{accountdepartmentId}/clientcapability/{capabilityId}`]: {
      sees: { clientCapabilities: [] },
    },
    [`GET ${department}/{accountdepartmentId}`]: { sees: { departmentName: 'Sales' } },
    [`GET ${department}`]: { sees: { items: listing({ departmentName: 'Sales' }) } },
    [`POST ${department}/{accountdepartmentId}`]: { body: { authType: 'SMS' }, sees: { authType: 'SMS' } },
    [`GET ${underBrand}/accountdepartment/{accountdepartmentId}`]: { sees: { departmentName: 'Sales' } },
    [`POST ${underBrand}/accountdepartment/{accountdepartmentId}`]: {
      body: { city: 'Cork' },
      sees: { city: 'Cork' },
    },
  };
  return { ids, examples };
}

/** A preference under its driver is for somebody new: the pair of driver and customer is unique. */
async function ownTargets(home: Shop, body: unknown, n: number): Promise<unknown> {
  const given = body as Record<string, { id: string } | undefined> | undefined;
  if (given?.['customer']?.id === 'customer-of-its-own')
    return { ...given, customer: { id: (await home.post('/customer', { firstName: 'Em' })).id } };
  if (given?.['scp']?.id === 'scp-of-its-own')
    return { ...given, scp: { id: (await home.post('/scp', { ref: `SCP-9-${n}` })).id } };
  return body;
}

function filled(path: string, ids: Readonly<Record<string, string>>): string {
  const own = path.replace(
    /(drivercustomer|driverscp)\/\{prefId\}/,
    (place, kind) => `${kind}/${ids[place]}`,
  );
  return own.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`no value for {${name}}`);
    return encodeURIComponent(id);
  });
}

describe('the endpoints of the feature documents', () => {
  it('are 63', () => {
    expect(new Set(endpoints).size).toBe(63);
  });

  let home: Shop & { close(): Promise<void> };
  beforeAll(async () => {
    home = await openShop();
  });
  afterAll(() => home.close());
  let shared: Promise<World> | undefined;

  it.each(endpoints.map((endpoint, n) => [endpoint, n] as const))('%s answers', async (endpoint, n) => {
    // Those that only read can share their records.
    shared ??= world(home, 99);
    const { ids, examples } = await (endpoint.startsWith('GET ') ? shared : world(home, n));
    const example = examples[endpoint];
    if (example === undefined) throw new Error('no example exercises this endpoint');
    const [method = '', path = ''] = endpoint.split(' ');
    const body = method === 'POST' ? await ownTargets(home, example.body ?? {}, n) : undefined;
    const answer = await home.send(`${filled(path, ids)}${example.query ?? ''}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    expect({ status: answer.status, body: answer.json }).toMatchObject({
      status: example.status ?? 200,
      body: example.sees,
    });
  });

  it('are all in the OpenAPI document, with a summary, an example and their errors', async () => {
    const document = (await home.send('//openapi.json')).json;
    for (const endpoint of endpoints) {
      const [method = '', path = ''] = endpoint.split(' ');
      const operation = document.paths[path]?.[method.toLowerCase()];
      expect(operation?.summary, endpoint).toMatch(/\w/);
      const success = operation.responses['200'].content['application/json'];
      expect(success.example, endpoint).toBeDefined();
      expect(Object.keys(operation.responses), endpoint).toEqual(
        expect.arrayContaining(['401', '404', '429']),
      );
    }
  });
});
