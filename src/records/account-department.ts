import { defineRecord } from './definition.ts';
import { handle, reference, references } from './field.ts';
import {
  active,
  addressFields,
  authType,
  companyFields,
  driverNote,
  managementNote,
  mergePreference,
} from './shared-fields.ts';

/** A cost centre inside an account, with its own contacts and overrides (seed: account departments). */
export const accountDepartment = defineRecord({
  objectType: 'AccountDepartment',
  title: 'department',
  plural: 'departments',
  noun: 'dept',
  path: 'accountdepartment',
  pathId: 'accountdepartmentId',
  table: 'account_department',
  summary: 'Departments of accounts: who pays, who may book, what is in force.',
  fields: {
    account: reference('Account', {
      required: true,
      help: 'Parent account.',
      synonyms: [
        'account no',
        'account number',
        'account ref',
        'account code',
        'account name',
        'parent account',
      ],
    }),
    departmentName: handle({
      required: true,
      flag: 'name',
      help: 'Name as operators, drivers, receipts and reports show it.',
      example: 'Sales',
      synonyms: ['department', 'dept', 'dept name', 'cost centre', 'cost center'],
    }),
    active,
    primaryGroup: reference('Group', {
      help: 'Only operators in this group see the department; none: everybody does.',
    }),
    mergePreference,
    primaryContact: reference('AccountEmployee', { help: 'Gets billing e-mails and escalations.' }),
    secondaryContact: reference('AccountEmployee', { help: 'Stands in for the primary contact.' }),
    ...addressFields,
    ...companyFields,
    accountEmployees: references('AccountEmployee', {
      flag: 'employee',
      inverse: 'accountDepartments',
      help: 'Employees who may book on the department.',
    }),
    authType,
    driverNote,
    managementNote,
    groups: references('Group', { flag: 'group', help: 'Groups of operators that look after it.' }),
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What its bookings need, instead of the account’s.',
      synonyms: ['capabilities', 'requirements'],
    }),
    brands: references('Brand', { flag: 'brand', help: 'Brands it books with.' }),
  },
  handles: [{ name: 'ACCOUNT/department name', fields: ['departmentName'], within: 'account' }],
  unique: [{ fields: ['account', 'departmentName'] }],
  label: ['departmentName', 'account'],
  columns: ['account', 'departmentName', 'active', 'authType', 'mergePreference', 'primaryGroup', 'id'],
  parents: ['account', 'brands'],
});
