import type { BookingFacts, EmployeeLink } from '../../src/resolver/booking.ts';
import type { DepartmentFacts, Details } from '../../src/resolver/department.ts';
import { type AccountWorld, DETAIL_FIELDS } from './case-format.ts';
import { Names } from './world.ts';

/** What both decisions about accounts start from. */
function accountWorld(world: AccountWorld) {
  const names = new Names();
  for (const ref of Object.keys(world.accounts)) names.add('account', ref);
  for (const key of Object.keys(world.departments)) names.add('department', key);
  const primaryGroups = Object.values(world.departments).flatMap((one) => one.primaryGroup ?? []);
  for (const group of new Set([...primaryGroups, ...(world.ask.viewer ?? [])])) names.add('group', group);
  const links = (world.employees ?? []).map((employee, index) => ({
    handle: `${employee.customer}@${employee.account}`,
    customer: employee.customer,
    mergePreference: choice(employee.mergePreference),
    link: {
      id: names.add('employee', String(index)),
      account: names.get('account', employee.account),
      departments: (employee.departments ?? []).map((key) => names.get('department', key)),
      active: employee.active ?? true,
      deleted: employee.deleted ?? false,
      authType: choice(employee.authType),
    } satisfies EmployeeLink,
  }));
  const { department: key, employee } = world.ask;
  const department = world.departments[key];
  const [ref = '', departmentName = ''] = key.split('/');
  const account = world.accounts[ref];
  if (department === undefined || account === undefined)
    throw new Error(`the world has no department ${key}`);
  const asked = links.filter((one) => one.handle === employee);
  if (employee !== undefined && asked.length !== 1)
    throw new Error(`the world has ${asked.length} of ${employee}`);
  return { names, links, employee: asked[0], key, department, departmentName, ref, account };
}

export function departmentFacts(world: AccountWorld): DepartmentFacts {
  const { names, employee, key, department, departmentName, ref, account } = accountWorld(world);
  const own = (values: typeof account) => ({
    authType: choice(values.authType),
    mergePreference: choice(values.mergePreference),
    clientCapabilities: values.capabilities ?? [],
    details: Object.fromEntries(
      DETAIL_FIELDS.map((field) => [field, values.details?.[field] ?? null]),
    ) as Details,
  });
  return {
    department: { id: names.get('department', key), departmentName, ...own(department) },
    account: { id: names.get('account', ref), ref, ...own(account) },
    employee:
      employee === undefined
        ? null
        : { authType: employee.link.authType, mergePreference: employee.mergePreference },
    settings: settingsOf(world),
  };
}

export function bookingFacts(world: AccountWorld): BookingFacts {
  const { names, links, employee, key, department, ref, account } = accountWorld(world);
  const { customer, viewer } = world.ask;
  if ((employee === undefined) === (customer === undefined))
    throw new Error('ask about an employee or a customer');
  const own = (values: typeof account) => ({
    active: values.active ?? true,
    deleted: values.deleted ?? false,
    authType: choice(values.authType),
  });
  return {
    department: {
      id: names.get('department', key),
      account: names.get('account', ref),
      primaryGroup:
        department.primaryGroup === undefined ? null : names.get('group', department.primaryGroup),
      ...own(department),
    },
    account: { id: names.get('account', ref), ...own(account) },
    who:
      employee !== undefined
        ? { by: 'EMPLOYEE', link: employee.link }
        : { by: 'CUSTOMER', links: links.filter((one) => one.customer === customer).map((one) => one.link) },
    viewerGroups: viewer === undefined ? null : viewer.map((group) => names.get('group', group)),
    settings: settingsOf(world),
  };
}

function settingsOf({ settings }: AccountWorld): DepartmentFacts['settings'] {
  const authType = settings?.authType ?? 'NONE';
  const mergePreference = settings?.mergePreference ?? 'NONE';
  if (authType === 'INHERIT' || mergePreference === 'INHERIT')
    throw new Error('a setting has nothing to inherit');
  return { authType, mergePreference };
}

/** What a record holds when a world does not say. */
function choice<T extends string>(value: T | null | undefined): T | 'INHERIT' | null {
  return value === undefined ? 'INHERIT' : value;
}
