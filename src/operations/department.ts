import type { AddEmployeeInput, CanBookInput, EffectiveInput } from '../contract/department.ts';
import { capabilityCodes } from '../db/eligibility-facts.ts';
import { listIds } from '../db/listing.ts';
import { loadRecords, type StoredRecord } from '../db/record-store.ts';
import { account } from '../records/account.ts';
import { accountDepartment } from '../records/account-department.ts';
import { accountEmployee } from '../records/account-employee.ts';
import { type Filter, filtersOf } from '../records/filters.ts';
import { addressFields, companyFields } from '../records/shared-fields.ts';
import {
  type BookingDecision,
  decideBooking,
  departmentVisibleTo,
  type EmployeeLink,
} from '../resolver/booking.ts';
import { type DepartmentDecision, type Details, decideDepartment } from '../resolver/department.ts';
import type { AuthTypeChoice, MergePreferenceChoice } from '../resolver/inheritance.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { changeRecord } from './change.ts';
import { createRecord } from './create.ts';
import { resolveReference } from './references.ts';
import type { AnyChanged } from './report.ts';
import { storedRecord } from './scoped.ts';
import type { Work } from './work.ts';

/** By a handle only live records are found, by its id also a deleted one, so that a decision can say so. */
const amongFor = (ref: string) => (parseId(ref) === undefined ? 'live' : 'all');

/** A department that whoever asks may see; to others there is none (spec section 4.4). */
async function visibleDepartment(work: Work, ref: string, field: string): Promise<StoredRecord> {
  const id = await resolveReference(work, 'AccountDepartment', ref, field, amongFor(ref));
  const department = await storedRecord(work, accountDepartment, id);
  const primaryGroup = department.values['primaryGroup'] as Id | null;
  if (departmentVisibleTo({ primaryGroup }, work.viewerGroups)) return department;
  throw new TphError('NOT_FOUND', `there is no department ${quote(ref)}`);
}

const levels = (record: StoredRecord) => ({
  authType: record.values['authType'] as AuthTypeChoice,
  mergePreference: record.values['mergePreference'] as MergePreferenceChoice,
});

async function ownValues(work: Work, record: StoredRecord) {
  const names = Object.keys({ ...addressFields, ...companyFields });
  return {
    ...levels(record),
    clientCapabilities: await capabilityCodes(
      work.queries,
      work.client.id,
      record.values['clientCapabilities'] as readonly Id[],
    ),
    details: Object.fromEntries(names.map((name) => [name, record.values[name] ?? null])) as Details,
  };
}

/** What is in force for a department, and which level decided it (spec section 4.3). */
export async function departmentEffective(work: Work, input: EffectiveInput): Promise<DepartmentDecision> {
  const department = await visibleDepartment(work, input.ref, 'ref');
  const parent = await storedRecord(work, account, department.values['account'] as Id);
  const employee =
    input.employee === undefined
      ? null
      : await storedRecord(
          work,
          accountEmployee,
          await resolveReference(work, 'AccountEmployee', input.employee, 'employee'),
        );
  if (employee !== null && employee.values['account'] !== parent.id)
    throw invalid(
      `the employee ${quote(input.employee)} belongs to another account`,
      'name an employee of the same account',
      [
        {
          field: 'employee',
          value: input.employee ?? '',
          message: 'the employee belongs to another account',
        },
      ],
    );
  return decideDepartment({
    department: {
      id: department.id,
      departmentName: department.values['departmentName'] as string,
      ...(await ownValues(work, department)),
    },
    account: { id: parent.id, ref: parent.values['ref'] as string, ...(await ownValues(work, parent)) },
    employee: employee === null ? null : levels(employee),
    settings: {
      authType: work.settings['account.authType'],
      mergePreference: work.settings['account.mergePreference'],
    },
  });
}

const linkOf = (record: StoredRecord): EmployeeLink => ({
  id: record.id,
  account: record.values['account'] as Id,
  departments: record.values['accountDepartments'] as readonly Id[],
  active: record.values['active'] as boolean,
  deleted: record.deletedAt !== null,
  authType: record.values['authType'] as AuthTypeChoice,
});

/** Whether somebody may book on a department, and every reason why not (spec section 4.4). */
export async function canBook(work: Work, input: CanBookInput): Promise<BookingDecision> {
  if ((input.employee === undefined) === (input.customer === undefined))
    throw invalid(
      'either an employee or a customer is asked about',
      'give one of --employee and --customer',
      [{ field: 'customer', message: 'either an employee or a customer is asked about' }],
    );
  const department = await visibleDepartment(work, input.department, 'dept');
  const parent = await storedRecord(work, account, department.values['account'] as Id);
  const decision = decideBooking({
    department: {
      id: department.id,
      account: parent.id,
      active: department.values['active'] as boolean,
      deleted: department.deletedAt !== null,
      primaryGroup: department.values['primaryGroup'] as Id | null,
      authType: department.values['authType'] as AuthTypeChoice,
    },
    account: {
      id: parent.id,
      active: parent.values['active'] as boolean,
      deleted: parent.deletedAt !== null,
      authType: parent.values['authType'] as AuthTypeChoice,
    },
    who: await whoOf(work, input),
    viewerGroups: work.viewerGroups,
    settings: { authType: work.settings['account.authType'] },
  });
  if (decision === undefined)
    throw new TphError('NOT_FOUND', `there is no department ${quote(input.department)}`);
  return decision;
}

async function whoOf(work: Work, input: CanBookInput) {
  if (input.employee !== undefined) {
    const id = await resolveReference(
      work,
      'AccountEmployee',
      input.employee,
      'employee',
      amongFor(input.employee),
    );
    return { by: 'EMPLOYEE', link: linkOf(await storedRecord(work, accountEmployee, id)) } as const;
  }
  const customer = await resolveReference(work, 'Customer', input.customer ?? '', 'customer');
  return { by: 'CUSTOMER', links: (await employeesOf(work, customer)).map(linkOf) } as const;
}

/** Every link of a customer to an account, deleted ones included. */
async function employeesOf(work: Work, customer: Id): Promise<readonly StoredRecord[]> {
  const filter = filtersOf(accountEmployee).find((one) => one.name === 'customer') as Filter;
  const ids: Id[] = [];
  for (const deleted of [false, true]) {
    const rows = await listIds(work.queries, work.client.id, accountEmployee, {
      limit: 500,
      after: undefined,
      deleted,
      updatedSince: undefined,
      filters: [[filter, customer]],
    });
    ids.push(...rows.map((row) => row.id));
  }
  return loadRecords(work.queries, work.client.id, accountEmployee, ids);
}

/** Makes a customer an employee of the department's account where they are none yet, and lists the department. */
export async function addEmployee(work: Work, input: AddEmployeeInput): Promise<AnyChanged> {
  const id = await resolveReference(work, 'AccountDepartment', input.ref, 'ref');
  const department = await storedRecord(work, accountDepartment, id);
  const parent = department.values['account'] as Id;
  const customer = await resolveReference(work, 'Customer', input.customer, 'customer');
  const own = (await employeesOf(work, customer)).find(
    (one) => one.deletedAt === null && one.values['account'] === parent,
  );
  if (own === undefined)
    return createRecord(work, 'AccountEmployee', {
      customer: { id: customer },
      account: { id: parent },
      accountDepartments: [{ id }],
    });
  return changeRecord(
    work,
    accountEmployee,
    own.id,
    (values) => {
      const listed = values['accountDepartments'] as readonly Id[];
      return { ...values, accountDepartments: listed.includes(id) ? listed : [...listed, id] };
    },
    { given: ['accountDepartments'] },
  );
}
