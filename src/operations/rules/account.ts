import type { Stored } from '../../db/codec.ts';
import { loadRecords, type StoredRecord } from '../../db/record-store.ts';
import { accountDepartment } from '../../records/account-department.ts';
import { accountEmployee } from '../../records/account-employee.ts';
import type { RecordDefinition } from '../../records/definition.ts';
import { type ErrorDetail, quote } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** Findings on those of `ids` that belong to another account (seed: departments scope inside one account). */
export async function ofOtherAccount(
  work: Work,
  definition: RecordDefinition,
  field: string,
  ids: readonly Id[],
  account: unknown,
): Promise<readonly ErrorDetail[]> {
  const records = await loadRecords(work.queries, work.client.id, definition, ids);
  return records
    .filter((record) => record.values['account'] !== account)
    .map((record) => ({
      field,
      value: record.id,
      message: `the ${definition.title} ${named(definition, record)} in ${field} belongs to another account`,
      hint: 'name one of the same account',
    }));
}

/** A person knows a department by its name; an employee's is that of a customer. */
function named({ objectType }: RecordDefinition, { id, values }: StoredRecord): string {
  const name = values['departmentName'];
  return objectType === 'AccountDepartment' && typeof name === 'string' ? `${quote(name)} (${id})` : id;
}

const listed = (...values: readonly unknown[]): readonly Id[] =>
  values.flat().filter((id): id is Id => typeof id === 'string');

async function checkDepartment(
  work: Work,
  values: Stored,
  before: StoredRecord | null,
): Promise<readonly ErrorDetail[]> {
  const account = values['account'];
  const problems = [
    ...(await ofOtherAccount(
      work,
      accountEmployee,
      'primaryContact',
      listed(values['primaryContact']),
      account,
    )),
    ...(await ofOtherAccount(
      work,
      accountEmployee,
      'secondaryContact',
      listed(values['secondaryContact']),
      account,
    )),
    ...(await ofOtherAccount(
      work,
      accountEmployee,
      'accountEmployees',
      listed(values['accountEmployees']),
      account,
    )),
  ];
  if (before !== null && before.values['account'] !== account)
    problems.push({
      field: 'account',
      message: 'a department cannot move to another account',
      hint: 'create a department in the other account and deactivate this one',
    });
  return problems;
}

async function checkEmployee(
  work: Work,
  values: Stored,
  before: StoredRecord | null,
): Promise<readonly ErrorDetail[]> {
  const account = values['account'];
  const departments = listed(values['accountDepartments']);
  const problems = [
    ...(await ofOtherAccount(work, accountDepartment, 'accountDepartments', departments, account)),
  ];
  if (before !== null && before.values['account'] !== account)
    problems.push({
      field: 'account',
      message: 'an employee cannot move to another account',
      hint: 'create an employee in the other account and deactivate this one',
    });
  return problems;
}

export const accountDepartmentRules: Rules = { check: checkDepartment };
export const accountEmployeeRules: Rules = { check: checkEmployee };
