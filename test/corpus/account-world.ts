import * as z from 'zod';
import type { BookingDecision } from '../../src/resolver/booking.ts';
import type { DepartmentDecision } from '../../src/resolver/department.ts';
import type { AccountWorld } from '../resolver/case-format.ts';
import type { Tenant } from './databases.ts';
import { flags } from './release-world.ts';
import { Unsayable } from './unsayable.ts';

/** Makes the world of a case, and asks the program what is in force. */
export async function askDepartment(tenant: Tenant, world: AccountWorld): Promise<DepartmentDecision> {
  const { department, employee } = await makeAccounts(tenant, world);
  return tenant.ask('accountDepartment.effective', 'dept', 'effective', department, ...flags({ employee }));
}

/** Makes the world of a case, and asks the program whether the booking is allowed. */
export async function askBooking(tenant: Tenant, world: AccountWorld): Promise<BookingDecision> {
  const { viewer, customer } = world.ask;
  if (viewer !== undefined) throw new Unsayable('no flag says who looks');
  const { department: dept, employee } = await makeAccounts(tenant, world);
  return tenant.ask('accountDepartment.canBook', 'dept', 'can-book', ...flags({ dept, employee, customer }));
}

const made = z.looseObject({ id: z.string() });

/** How the department and the employee that are asked about are called: by id where their handle names none. */
async function makeAccounts(tenant: Tenant, world: AccountWorld) {
  const create = async (...words: string[]): Promise<string> => made.parse(await tenant.tph(...words)).id;
  const accounts = Object.entries(world.accounts);
  const departments = Object.entries(world.departments);
  const employees = world.employees ?? [];
  for (const [name, value] of Object.entries(world.settings ?? {}))
    await tenant.tph('settings', 'set', `account.${name}`, String(value));
  for (const code of distinct([...accounts, ...departments].flatMap(([, own]) => own.capabilities ?? [])))
    await tenant.tph('capability', 'create', code);
  for (const group of distinct(departments.flatMap(([, own]) => own.primaryGroup ?? [])))
    await tenant.tph('group', 'create', group);
  for (const [ref, account] of accounts) await tenant.tph('account', 'create', ref, ...ownFlags(account));

  const departmentIds = new Map<string, string>();
  for (const [key, own] of departments) {
    const [account = '', name = ''] = key.split('/');
    const group = flags({ 'primary-group': own.primaryGroup });
    const words = ['dept', 'create', '--account', account, '--name', name, ...group, ...ownFlags(own)];
    departmentIds.set(key, await create(...words));
  }
  const { customer: asked } = world.ask;
  for (const name of distinct([
    ...employees.map((one) => one.customer),
    ...(asked === undefined ? [] : [asked]),
  ]))
    await tenant.tph('customer', 'create', '--first-name', name);
  const employeeIds = new Map<string, string>();
  // Those that end up deleted first: a record makes room for its twin only once it is gone.
  for (const own of [...employees].sort((a, b) => Number(b.deleted === true) - Number(a.deleted === true))) {
    const { customer, account } = own;
    const listed = (own.departments ?? []).flatMap((key) => ['--dept', key]);
    const id = await create(
      'employee',
      'create',
      ...flags({ customer, account }),
      ...listed,
      ...ownFlags(own),
    );
    employeeIds.set(`${customer}@${account}`, id);
    if (own.deleted === true) await tenant.tph('employee', 'delete', id, '--yes');
  }
  for (const [key, { deleted }] of departments)
    if (deleted === true) await tenant.tph('dept', 'delete', key, '--yes');
  for (const [ref, { deleted }] of accounts)
    if (deleted === true) await tenant.tph('account', 'delete', ref, '--yes');

  const { department, employee } = world.ask;
  const isGone =
    world.departments[department]?.deleted === true ||
    world.accounts[department.split('/')[0] ?? '']?.deleted === true;
  return {
    department: isGone ? (departmentIds.get(department) ?? '') : department,
    employee: employee === undefined ? undefined : employeeIds.get(employee),
  };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

type Own = AccountWorld['accounts'][string] | NonNullable<AccountWorld['employees']>[number];

function ownFlags(own: Own): string[] {
  const { active, authType, mergePreference } = own;
  if (authType === null || mergePreference === null) throw new Unsayable('a record holds no null here');
  const details = 'details' in own ? (own.details ?? {}) : {};
  const codes = 'capabilities' in own ? (own.capabilities ?? []) : [];
  return [
    ...flags({ 'auth-type': authType, 'merge-preference': mergePreference }),
    ...(active === undefined ? [] : ['--active', active ? 'yes' : 'no']),
    ...codes.flatMap((code) => ['--capability', code]),
    ...Object.entries(details).flatMap(([field, value]) => [
      `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]),
  ];
}
