import { defineRecord } from './definition.ts';
import { reference, references } from './field.ts';
import { active, authType, driverNote, managementNote, mergePreference } from './shared-fields.ts';

/** A customer who books for an account, and on which of its departments (seed: account departments). */
export const accountEmployee = defineRecord({
  objectType: 'AccountEmployee',
  title: 'employee',
  plural: 'employees',
  noun: 'employee',
  path: 'accountemployee',
  pathId: 'accountEmployeeId',
  table: 'account_employee',
  summary: 'Customers who book for an account, and on which departments.',
  fields: {
    customer: reference('Customer', {
      required: true,
      help: 'The person.',
      synonyms: [
        'customer phone',
        'employee',
        'employee phone',
        'phone',
        'phone number',
        'mobile',
        'mobile no',
        'mobile number',
        'email',
        'employee email',
        'person',
      ],
    }),
    account: reference('Account', {
      required: true,
      help: 'The account they work for.',
      synonyms: ['account no', 'account number', 'account ref', 'account code', 'account name', 'company'],
    }),
    accountDepartments: references('AccountDepartment', {
      flag: 'dept',
      help: 'Departments they may book on; each of the same account.',
      synonyms: ['departments', 'department', 'depts', 'cost centre', 'cost center', 'cost centres'],
    }),
    active,
    authType,
    mergePreference,
    driverNote,
    managementNote,
  },
  handles: [],
  unique: [{ fields: ['customer', 'account'] }],
  label: ['customer', 'account'],
  columns: ['customer', 'account', 'accountDepartments', 'active', 'authType', 'id'],
  parents: ['account'],
});
