import { expect, test } from 'vitest';
import { type Cli, shop } from './support.ts';

interface Customer {
  readonly id: string;
  readonly changed?: boolean;
  readonly tags: readonly string[];
  readonly accounts: readonly { readonly ref: string }[];
  readonly accountDepartments: readonly { readonly departmentName: string }[];
  readonly clientCapabilities: readonly { readonly code: string }[];
  readonly addresses: readonly Readonly<Record<string, string | null>>[];
}

async function withBo(): Promise<Cli> {
  const cli = await shop();
  await cli.tph('customer', 'create', '--first-name', 'Bo', '--last-name', 'Li', '--phone', '085 012 3456');
  return cli;
}

test('find takes a phone in any form, in one word or several, and shows the customer', async () => {
  const cli = await withBo();
  for (const words of [['085 012 3456'], ['085', '012', '3456'], ['+353850123456'], ['00353 85 0123456']]) {
    const found = await cli.tph('customer', 'find', ...words);
    expect(found.code).toBe(0);
    expect(found.out).toMatch(/first name +Bo\nlast name +Li\nphone +\+353850123456/);
  }
});

test('find answers a list in every format for programs, also where the phone is that of one', async () => {
  const cli = await withBo();
  const shared = ['--phone', '085 012 3456', '--shared-phone'];
  const one = (await cli.tph('customer', 'find', '085 012 3456', '-o', 'json')).json<Customer[]>();
  expect(one).toHaveLength(1);
  await cli.tph('customer', 'update', 'Bo Li', '--shared-phone');
  await cli.tph('customer', 'create', '--first-name', 'Di', ...shared);
  const two = await cli.tph('customer', 'find', '085 012 3456');
  expect(two.out).toMatch(/FIRST NAME.*\nBo .*\nDi /);
  expect((await cli.tph('customer', 'find', '085 012 3456', '-o', 'id')).out.trim().split('\n')).toHaveLength(
    2,
  );
});

test('find says what is wrong with a phone, and when nobody has it', async () => {
  const cli = await withBo();
  expect(await cli.tph('customer', 'find', '12')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<phone> `12`'),
  });
  expect(await cli.tph('customer', 'find', '086 000 0000')).toMatchObject({ code: 5, out: '' });
  expect(await cli.tph('customer', 'find')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<phone> is missing'),
  });
});

test('tags are put on and taken off once, in any letter case', async () => {
  const cli = await withBo();
  const tagged = await cli.tph('customer', 'tag', '085 012 3456', 'VIP', 'night rider');
  expect(tagged).toMatchObject({ code: 0, out: expect.stringMatching(/tag: \+ VIP\n.*tag: \+ night rider/) });
  const again = (await cli.tph('customer', 'tag', 'Bo Li', 'vip', '-o', 'json')).json<Customer>();
  expect(again).toMatchObject({ changed: false, tags: ['VIP', 'night rider'] });
  const off = (await cli.tph('customer', 'untag', 'Bo Li', 'vip', '-o', 'json')).json<Customer>();
  expect(off).toMatchObject({ changed: true, tags: ['night rider'] });
  expect(await cli.tph('customer', 'tag', 'Bo Li')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<tag> is missing'),
  });
  expect(await cli.tph('customer', 'tag', 'Bo Li', 'a;b')).toMatchObject({
    code: 2,
    err: expect.stringContaining('<tag>'),
  });
});

test('a dry run of a tag changes nothing', async () => {
  const cli = await withBo();
  const dry = await cli.tph('customer', 'tag', 'Bo Li', 'VIP', '--dry-run', '--exit-code');
  expect(dry).toMatchObject({ code: 8, out: expect.stringContaining('would change') });
  expect((await cli.tph('customer', 'show', 'Bo Li', '-o', 'json')).json<Customer>().tags).toEqual([]);
});

test('links of every kind are made and undone together', async () => {
  const cli = await withBo();
  await cli.tph('account', 'create', 'ACME', '--name', 'Acme Ltd');
  await cli.tph('dept', 'create', '--account', 'ACME', '--name', 'Sales');
  await cli.tph('capability', 'create', 'WAV', '--name', 'Wheelchair');
  const flags = ['--account', 'ACME', '--dept', 'ACME/Sales', '--capability', 'wav', '-o', 'json'];
  const linked = (await cli.tph('customer', 'link', 'Bo Li', ...flags)).json<Customer>();
  expect(linked).toMatchObject({
    changed: true,
    accounts: [{ ref: 'ACME' }],
    accountDepartments: [{ departmentName: 'Sales' }],
    clientCapabilities: [{ code: 'WAV' }],
  });
  const undone = (await cli.tph('customer', 'unlink', 'Bo Li', ...flags)).json<Customer>();
  expect(undone).toMatchObject({
    changed: true,
    accounts: [],
    accountDepartments: [],
    clientCapabilities: [],
  });
});

test('a link that names nothing says which flag does', async () => {
  const cli = await withBo();
  const wrong = await cli.tph('customer', 'link', 'Bo Li', '--brand', 'NOPE', '--account', 'NONE');
  expect(wrong.code).toBe(5);
  expect(wrong.err).toContain('--account: there is no account `NONE`');
  expect(wrong.err).toContain('--brand: there is no brand `NOPE`');
  expect(await cli.tph('customer', 'link', 'Bo Li')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--capability'),
  });
});

test('an address is added once and listed', async () => {
  const cli = await withBo();
  const add = ['customer', 'address', 'add', 'Bo Li', '--label', 'Home', '--street-address', '1 Quay St'];
  const first = (await cli.tph(...add, '--country', 'ie', '-o', 'json')).json<Customer>();
  expect(first).toMatchObject({
    changed: true,
    addresses: [{ label: 'Home', streetAddress: '1 Quay St', country: 'IE', city: null }],
  });
  expect((await cli.tph(...add, '--country', 'IE', '-o', 'json')).json()).toMatchObject({ changed: false });
  const listed = await cli.tph('customer', 'address', 'list', 'Bo Li');
  expect(listed.out).toBe('LABEL  STREET ADDRESS  COUNTRY\nHome   1 Quay St       IE\n');
  const csv = await cli.tph('customer', 'address', 'ls', 'Bo Li', '-o', 'csv', '--fields', 'label,country');
  expect(csv.out).toBe('label,country\r\nHome,IE\r\n');
});

test('an address without a place is refused, and a wrong country by its flag', async () => {
  const cli = await withBo();
  const add = ['customer', 'address', 'add', 'Bo Li', '--label', 'Home'];
  expect(await cli.tph(...add)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--street-address is missing'),
  });
  expect(await cli.tph(...add, '--country', 'Ireland')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--country `Ireland`'),
  });
});

test('an empty phone or e-mail is a slip, not a customer without one', async () => {
  const cli = await withBo();
  for (const flag of ['--phone', '--email'])
    expect(await cli.tph('customer', 'create', '--first-name', 'Ann', flag, '')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(`${flag} is empty`),
    });
});
