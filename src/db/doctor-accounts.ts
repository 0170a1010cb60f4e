import type { Id } from '../values/id.ts';
import { built } from './builder.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries } from './database.ts';

/** A live department as the doctor looks at it. */
export interface DepartmentLook {
  readonly id: Id;
  readonly name: string;
  readonly account: Id;
  readonly active: boolean;
  readonly contacts: readonly Id[];
}
/** An account, deleted ones too. */
export interface AccountLook {
  readonly id: Id;
  readonly ref: string;
  readonly active: boolean;
  readonly deleted: boolean;
}
/** A live employee. */
export interface EmployeeLook {
  readonly id: Id;
  readonly account: Id;
  readonly active: boolean;
  readonly customerName: string;
  readonly customerDeleted: boolean;
  readonly departments: readonly Id[];
}
/** A live, active recurring trip that is charged to somebody. */
export interface ChargedRun {
  readonly id: Id;
  readonly ref: string;
  readonly account: Id | null;
  readonly department: Id | null;
}

const idOrNull = (value: unknown): Id | null => (value === null ? null : decodeId(value));
const isOne = (value: unknown): boolean => Number(value) === 1;

export async function departmentLooks(queries: Queries, clientId: Id): Promise<readonly DepartmentLook[]> {
  const rows = await built(queries)
    .selectFrom('account_department')
    .select(['id', 'department_name', 'account_id', 'active', 'primary_contact_id', 'secondary_contact_id'])
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: decodeId(row['id']),
    name: row['department_name'] as string,
    account: decodeId(row['account_id']),
    active: isOne(row['active']),
    contacts: [idOrNull(row['primary_contact_id']), idOrNull(row['secondary_contact_id'])].filter(
      (contact) => contact !== null,
    ),
  }));
}

export async function accountLooks(queries: Queries, clientId: Id): Promise<readonly AccountLook[]> {
  const rows = await built(queries)
    .selectFrom('account')
    .select(['id', 'ref', 'active', 'deleted_at'])
    .where('client_id', '=', encodeId(clientId))
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: decodeId(row['id']),
    ref: row['ref'] as string,
    active: isOne(row['active']),
    deleted: row['deleted_at'] !== null,
  }));
}

export async function employeeLooks(queries: Queries, clientId: Id): Promise<readonly EmployeeLook[]> {
  const client = encodeId(clientId);
  const links = await built(queries)
    .selectFrom('account_employee_account_department')
    .select(['owner_id', 'target_id'])
    .where('client_id', '=', client)
    .orderBy('owner_id')
    .orderBy('ordinal')
    .execute();
  const departments = new Map<Id, Id[]>();
  for (const link of links) {
    const owner = decodeId(link['owner_id']);
    const own = departments.get(owner) ?? [];
    departments.set(owner, own);
    own.push(decodeId(link['target_id']));
  }
  const rows = await built(queries)
    .selectFrom('account_employee')
    .innerJoin('customer', (join) =>
      join
        .onRef('customer.client_id', '=', 'account_employee.client_id')
        .onRef('customer.id', '=', 'account_employee.customer_id'),
    )
    .select(['account_employee.id as id', 'account_employee.account_id as account', 'active'])
    .select(['first_name', 'last_name', 'phone', 'email', 'customer.deleted_at as customer_deleted'])
    .where('account_employee.client_id', '=', client)
    .where('account_employee.deleted_at', 'is', null)
    .orderBy('account_employee.id')
    .execute();
  return rows.map((row) => {
    const id = decodeId(row['id']);
    const name = [row['first_name'], row['last_name']].filter((part) => part !== null).join(' ');
    return {
      id,
      account: decodeId(row['account']),
      active: isOne(row['active']),
      customerName: name || ((row['phone'] ?? row['email'] ?? id) as string),
      customerDeleted: row['customer_deleted'] !== null,
      departments: departments.get(id) ?? [],
    };
  });
}

export async function chargedRuns(queries: Queries, clientId: Id): Promise<readonly ChargedRun[]> {
  const rows = await built(queries)
    .selectFrom('recurring_trip')
    .select(['id', 'ref', 'account_id', 'account_department_id'])
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', 'is', null)
    .where('active', '=', 1)
    .where((build) =>
      build.or([build('account_id', 'is not', null), build('account_department_id', 'is not', null)]),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: decodeId(row['id']),
    ref: row['ref'] as string,
    account: idOrNull(row['account_id']),
    department: idOrNull(row['account_department_id']),
  }));
}
