import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { TphError } from '../values/error.ts';
import { operationTable } from './http.ts';
import { ROLES, type Role } from './token.ts';

/**
 * The rows that an app reads: of each kind, by the field, or the filter into a collection, that names its driver or
 * customer; `id` is the row itself.
 */
const ownRows: Readonly<Record<Role, Readonly<Record<string, string>> | null>> = {
  ADMIN: null,
  OPERATOR: null,
  DRIVER_APP: { driver: 'id', driverCustomer: 'driver', driverScp: 'driver' },
  CUSTOMER_APP: { customer: 'id', driverCustomer: 'customer', accountEmployee: 'customer', trip: 'customer' },
};

/** The field by which an operation is narrowed to the rows of an app's own; undefined where it is not narrowed. */
export function ownField(role: Role, name: string): string | undefined {
  const rows = ownRows[role];
  const kind = name.slice(0, name.indexOf('.'));
  return rows !== null && Object.hasOwn(rows, kind) ? rows[kind] : undefined;
}

/** Throws NOT_ALLOWED where a role may not do an operation at all (spec section 6). */
export function refuseRole(role: Role, name: string): void {
  if (name === 'client.create')
    throw new TphError('NOT_ALLOWED', 'a token belongs to one client and cannot make another', {
      hint: 'run `tph client create` where the database is',
    });
  if (name === 'client.delete' || name === 'client.restore')
    throw new TphError('NOT_ALLOWED', 'a token cannot delete or restore the client that it belongs to', {
      hint: 'run `tph client delete` where the database is',
    });
  if (may[role](name)) return;
  throw new TphError('NOT_ALLOWED', `${role} may not do \`${name}\``, {
    hint: 'use a token with another role',
  });
}

/** The roles that may do an operation, on their own rows at least. */
export const rolesFor = (name: string): readonly Role[] => ROLES.filter((role) => may[role](name));

/** What apps need to know before they can ask for their own rows: the client's zone and country, and ids for names. */
const forEveryApp: readonly string[] = ['client.get', 'client.list', 'reference.resolve'];

const ownOnly = (role: Role) => (name: string) =>
  forEveryApp.includes(name) ||
  ((/\.(get|list)$/.test(name) || name === 'customer.addresses' || name === 'customer.tags') &&
    ownField(role, name) !== undefined);

const may: Readonly<Record<Role, (name: string) => boolean>> = {
  ADMIN: () => true,
  OPERATOR: (name) =>
    !/^(token|settings)\./.test(name) &&
    (!name.startsWith('client.') || operationTable[name]?.writes === false),
  DRIVER_APP: ownOnly('DRIVER_APP'),
  CUSTOMER_APP: ownOnly('CUSTOMER_APP'),
};

/** Whose rows an app of this role reads; undefined for roles that read more than one's own. */
export const subjectTypeOf = (role: Role): ObjectType | undefined =>
  role === 'DRIVER_APP' ? 'Driver' : role === 'CUSTOMER_APP' ? 'Customer' : undefined;

/** What is never shown to apps (spec section 6): protected fields of any kind, and the client. */
export const hiddenFromApps: ReadonlySet<string> = new Set([
  'clientId',
  ...objectTypes.flatMap((type) =>
    Object.entries(definitionOf(type).fields).flatMap(([name, field]) =>
      field.protected === true ? [name] : [],
    ),
  ),
]);
