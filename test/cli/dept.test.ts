import { expect, test } from 'vitest';
import { type Cli, shop } from './support.ts';

/** ACME (PIN, in Dublin) with the department Sales, and a customer Bo Li. */
async function withSales(): Promise<Cli> {
  const cli = await shop();
  await cli.tph('account', 'create', 'ACME', '--name', 'Acme Ltd', '--auth-type', 'PIN', '--city', 'Dublin');
  await cli.tph('dept', 'create', '--account', 'ACME', '--name', 'Sales', '--merge-preference', 'NEVER');
  await cli.tph('customer', 'create', '--first-name', 'Bo', '--last-name', 'Li', '--phone', '085 012 3456');
  return cli;
}

test('effective says what is in force, and which level decided it', async () => {
  const cli = await withSales();
  const { out, code } = await cli.tph('dept', 'effective', 'ACME/Sales');
  expect(code).toBe(0);
  expect(out).toMatch(/^ACME\/Sales G\d+\n/);
  expect(out).toMatch(/auth type +PIN +account\n/);
  expect(out).toMatch(/merge preference +NEVER +department\n/);
  expect(out).toMatch(/city +Dublin +account\n/);
  expect(out).toMatch(/empty: client capabilities, street address/);
});

test('effective answers the decision as JSON, and a row for each value as CSV', async () => {
  const cli = await withSales();
  const decision = (await cli.tph('dept', 'effective', 'ACME/Sales', '-o', 'json')).json();
  expect(decision).toMatchObject({
    department: { departmentName: 'Sales', account: { ref: 'ACME' } },
    effective: { authType: { value: 'PIN', from: 'ACCOUNT' }, iban: { value: null, from: null } },
  });
  const csv = await cli.tph('dept', 'effective', 'ACME/Sales', '-o', 'csv');
  expect(csv.out).toContain('what,value,from\r\nauthType,PIN,ACCOUNT\r\n');
});

test('effective hears an employee', async () => {
  const cli = await withSales();
  const { id } = (
    await cli.tph('dept', 'add-employee', 'ACME/Sales', '--customer', 'Bo Li', '-o', 'json')
  ).json<{ id: string }>();
  await cli.tph('employee', 'update', id, '--auth-type', 'MFA');
  const { out } = await cli.tph('dept', 'effective', 'ACME/Sales', '--employee', id);
  expect(out).toMatch(/auth type +MFA +employee\n/);
  const wrong = await cli.tph('dept', 'effective', 'ACME/Sales', '--employee', 'G1');
  expect(wrong).toMatchObject({ code: 5, out: '' });
});

test('can-book answers no with every reason, and yes once the customer is an employee', async () => {
  const cli = await withSales();
  const ask = ['dept', 'can-book', '--customer', '085 012 3456', '--dept', 'ACME/Sales', '--exit-code'];
  const before = await cli.tph(...ask);
  expect(before.code).toBe(8);
  expect(before.out).toBe(
    'no: Bo Li may not book on ACME/Sales\n  the customer is not an employee of any account (NOT_AN_EMPLOYEE)\n',
  );
  await cli.tph('dept', 'add-employee', 'ACME/Sales', '--customer', 'Bo Li');
  const after = await cli.tph(...ask);
  expect(after).toMatchObject({
    code: 0,
    out: 'yes: Bo Li may book on ACME/Sales, PIN (from account)\n',
  });
  await cli.tph('dept', 'deactivate', 'ACME/Sales');
  await cli.tph('account', 'update', 'ACME', '--active', 'false');
  const closed = (await cli.tph(...ask, '-o', 'json')).json();
  expect(closed).toEqual({
    allowed: false,
    reasons: [{ code: 'ACCOUNT_INACTIVE' }, { code: 'DEPARTMENT_INACTIVE' }],
    authType: { value: 'PIN', from: 'ACCOUNT' },
  });
  const csv = await cli.tph(...ask, '-o', 'csv');
  expect(csv).toMatchObject({
    code: 8,
    out: 'allowed,reasons,authType\r\nfalse,ACCOUNT_INACTIVE;DEPARTMENT_INACTIVE,PIN\r\n',
  });
});

test('can-book asks about an employee by id, and about a deleted one too', async () => {
  const cli = await withSales();
  const { id } = (
    await cli.tph('dept', 'add-employee', 'ACME/Sales', '--customer', 'Bo Li', '-o', 'json')
  ).json<{ id: string }>();
  const ask = ['dept', 'can-book', '--employee', id, '--dept', 'ACME/Sales'];
  expect((await cli.tph(...ask)).out).toMatch(/^yes: Bo Li at ACME may book/);
  await cli.tph('employee', 'delete', id, '--yes');
  expect((await cli.tph(...ask)).out).toContain('(EMPLOYEE_INACTIVE)');
});

test('can-book wants one person and a department, and names the flags', async () => {
  const cli = await withSales();
  const both = await cli.tph(
    'dept',
    'can-book',
    '--customer',
    'Bo Li',
    '--employee',
    'G1',
    '--dept',
    'ACME/Sales',
  );
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining('one of --employee and --customer') });
  const nobody = await cli.tph('dept', 'can-book', '--dept', 'ACME/Sales');
  expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining('--customer is missing') });
  const nowhere = await cli.tph('dept', 'can-book', '--customer', 'Bo Li');
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('--dept is missing') });
});

test('an employee is added once, and to a second department without a second employment', async () => {
  const cli = await withSales();
  await cli.tph('dept', 'create', '--account', 'ACME', '--name', 'Legal');
  const add = (dept: string) => cli.tph('dept', 'add-employee', dept, '--customer', 'Bo Li', '-o', 'json');
  const first = (await add('ACME/Sales')).json();
  expect(first).toMatchObject({ changed: true, created: true });
  expect((await add('ACME/Sales')).json()).toMatchObject({ id: first['id'], changed: false });
  expect((await add('ACME/Legal')).json()).toMatchObject({
    id: first['id'],
    changed: true,
    accountDepartments: [{ departmentName: 'Sales' }, { departmentName: 'Legal' }],
  });
});

test('deactivating twice is once', async () => {
  const cli = await withSales();
  const first = await cli.tph('dept', 'deactivate', 'ACME/Sales');
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining('active: yes → no') });
  const again = (await cli.tph('dept', 'deactivate', 'ACME/Sales', '-o', 'json')).json();
  expect(again).toMatchObject({ changed: false, active: false });
});

test('a slip in --fields is found before anything is changed', async () => {
  const cli = await withSales();
  expect(await cli.tph('dept', 'deactivate', 'ACME/Sales', '--fields', 'activ')).toMatchObject({
    code: 2,
    out: '',
  });
  expect((await cli.tph('dept', 'show', 'ACME/Sales', '-o', 'json')).json()).toMatchObject({ active: true });
});
