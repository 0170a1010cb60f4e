import type { Finding, FoundRecord } from '../contract/doctor.ts';
import {
  type AccountLook,
  accountLooks,
  chargedRuns,
  type DepartmentLook,
  departmentLooks,
  type EmployeeLook,
  employeeLooks,
} from '../db/doctor-accounts.ts';
import type { Id } from '../values/id.ts';
import { shellWord } from '../values/shell-word.ts';
import { findingOf, number } from './doctor-finding.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import type { Work } from './work.ts';

/** Accounts, departments and employees that do not fit together, or that nobody can use. */
export async function accountFindings(work: Work): Promise<readonly Finding[]> {
  const { queries, client } = work;
  const hidden = await hiddenDepartments(work);
  const accounts = new Map((await accountLooks(queries, client.id)).map((one) => [one.id, one]));
  const departments = (await departmentLooks(queries, client.id)).filter(({ id }) => !hidden.has(id));
  const employees = await employeeLooks(queries, client.id);
  const open = departments.filter(({ active, account }) => active && isUsable(accounts.get(account)));
  const named = new Naming(accounts, departments);
  return [
    ...departmentFindings(open, employees, named),
    ...findingOf(
      'DEPARTMENT_OF_INACTIVE_ACCOUNT',
      'WARNING',
      departments
        .filter(({ active, account }) => active && !isUsable(accounts.get(account)))
        .map((one) =>
          named.department(
            one,
            `its account is ${stateOf(accounts.get(one.account))}`,
            `tph dept deactivate ${one.id}`,
          ),
        ),
      (count) => `${number('department is', 'departments are')(count)} active, but the account is not`,
    ),
    ...employeeFindings(employees, departments, named),
    ...runFindings(await chargedRuns(queries, client.id), accounts, departments, hidden),
  ];
}

const isOpen = ({ active, deleted }: AccountLook): boolean => active && !deleted;

const isUsable = (account: AccountLook | undefined): boolean => account !== undefined && isOpen(account);

const stateOf = (account: AccountLook | undefined): string =>
  account === undefined || account.deleted ? 'deleted' : 'inactive';

/** How records are called in findings. */
class Naming {
  readonly #accounts: ReadonlyMap<Id, AccountLook>;
  readonly #departments: ReadonlyMap<Id, DepartmentLook>;
  constructor(accounts: ReadonlyMap<Id, AccountLook>, departments: readonly DepartmentLook[]) {
    this.#accounts = accounts;
    this.#departments = new Map(departments.map((one) => [one.id, one]));
  }

  nameOf({ account, name }: DepartmentLook): string {
    return `${this.#accounts.get(account)?.ref ?? account}/${name}`;
  }

  departmentName(id: Id): string {
    const department = this.#departments.get(id);
    return department === undefined ? id : this.nameOf(department);
  }

  department(department: DepartmentLook, detail: string, fix: string): FoundRecord {
    const { id } = department;
    return { objectType: 'AccountDepartment', id, name: this.nameOf(department), detail, fix };
  }

  employee({ id, account, customerName }: EmployeeLook, detail: string, fix: string): FoundRecord {
    const name = `${customerName} at ${this.#accounts.get(account)?.ref ?? account}`;
    return { objectType: 'AccountEmployee', id, name, detail, fix };
  }
}

/** Departments that nobody can book on, and those with nobody to write to. */
function departmentFindings(
  open: readonly DepartmentLook[],
  employees: readonly EmployeeLook[],
  named: Naming,
): readonly Finding[] {
  const active = employees.filter((one) => one.active && !one.customerDeleted);
  const staffed = new Set(active.flatMap((one) => one.departments));
  const reachable = new Set(active.map((one) => one.id));
  const empty = open
    .filter(({ id }) => !staffed.has(id))
    .map((one) =>
      named.department(one, 'no active employee may book on it', `tph dept add-employee ${one.id}`),
    );
  const silent = open
    .filter(({ contacts }) => !contacts.some((contact) => reachable.has(contact)))
    .map((one) =>
      named.department(
        one,
        one.contacts.length === 0 ? 'has no contact' : 'its contacts are not active',
        contactFix(one, staffOf(one, active)),
      ),
    );
  return [
    ...findingOf(
      'DEPARTMENT_WITHOUT_EMPLOYEES',
      'WARNING',
      empty,
      (count) => `${number('department has', 'departments have')(count)} no active employee: nobody may book`,
    ),
    ...findingOf(
      'DEPARTMENT_WITHOUT_CONTACT',
      'WARNING',
      silent,
      (count) =>
        `${number('department has', 'departments have')(count)} no active contact for bills and escalations`,
    ),
  ];
}

/** Where nobody may book on it either, an employee has to come first. */
const contactFix = ({ id }: DepartmentLook, staff: EmployeeLook | undefined): string =>
  staff === undefined ? `tph dept add-employee ${id}` : `tph dept update ${id} --primary-contact ${staff.id}`;

const staffOf = (
  { id, account }: DepartmentLook,
  active: readonly EmployeeLook[],
): EmployeeLook | undefined => active.find((one) => one.account === account && one.departments.includes(id));

function employeeFindings(
  employees: readonly EmployeeLook[],
  departments: readonly DepartmentLook[],
  named: Naming,
): readonly Finding[] {
  const accountOf = new Map(departments.map(({ id, account }) => [id, account]));
  const strays = employees.flatMap((one) => {
    const strays = one.departments.filter((id) => (accountOf.get(id) ?? one.account) !== one.account);
    if (strays.length === 0) return [];
    const names = strays.map((id) => named.departmentName(id)).join(', ');
    const flags = strays.map((id) => `--remove-dept ${id}`).join(' ');
    const detail = `listed in ${names}, of another account`;
    return [named.employee(one, detail, `tph employee update ${one.id} ${flags}`)];
  });
  const gone = employees
    .filter((one) => one.active && one.customerDeleted)
    .map((one) =>
      named.employee(one, 'the customer is deleted', `tph employee update ${one.id} --active no`),
    );
  return [
    ...findingOf(
      'EMPLOYEE_OF_OTHER_ACCOUNT',
      'WARNING',
      strays,
      (count) => `${number('employee is', 'employees are')(count)} listed in a department of another account`,
    ),
    ...findingOf(
      'EMPLOYEE_WITHOUT_CUSTOMER',
      'WARNING',
      gone,
      (count) => `${number('employee is', 'employees are')(count)} active, but deleted as a customer`,
    ),
  ];
}

/** Runs that go out on the bill of somebody who takes no bookings. */
function runFindings(
  runs: Awaited<ReturnType<typeof chargedRuns>>,
  accounts: ReadonlyMap<Id, AccountLook>,
  departments: readonly DepartmentLook[],
  hidden: ReadonlySet<Id>,
): readonly Finding[] {
  const live = new Map(departments.map((one) => [one.id, one]));
  const records = runs.flatMap(({ id, ref, account, department }): FoundRecord[] => {
    const own = department === null ? undefined : live.get(department);
    const isHidden = department !== null && hidden.has(department);
    const isBad = account !== null && !isUsable(accounts.get(account));
    if (!isBad && (department === null || isHidden || own?.active === true)) return [];
    const detail = isBad
      ? `its account is ${stateOf(accounts.get(account))}`
      : `its department is ${own === undefined ? 'deleted' : 'inactive'}`;
    // Whom to charge instead is for a person to say.
    const fix = `tph recurring show ${shellWord(ref)}`;
    return [{ objectType: 'RecurringTrip', id, name: ref, detail, fix }];
  });
  return findingOf(
    'RUN_CHARGED_TO_INACTIVE',
    'WARNING',
    records,
    (count) =>
      `${number('recurring trip is', 'recurring trips are')(count)} charged to an account or department that takes no bookings`,
  );
}
