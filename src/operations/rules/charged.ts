import type { Stored } from '../../db/codec.ts';
import { loadRecords } from '../../db/record-store.ts';
import { accountDepartment } from '../../records/account-department.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { Work } from '../work.ts';
import { ofOtherAccount } from './account.ts';

/** A trip that names a department only is charged to the department's account. */
export async function withAccountOfDepartment(work: Work, values: Stored): Promise<Stored> {
  const department = values['accountDepartment'] as Id | null;
  if (department === null || values['account'] !== null) return values;
  const [record] = await loadRecords(work.queries, work.client.id, accountDepartment, [department]);
  return record === undefined ? values : { ...values, account: record.values['account'] };
}

/** A department is charged only together with its own account. */
export async function checkCharged(work: Work, values: Stored): Promise<readonly ErrorDetail[]> {
  const department = values['accountDepartment'] as Id | null;
  if (department === null) return [];
  return ofOtherAccount(work, accountDepartment, 'accountDepartment', [department], values['account']);
}
