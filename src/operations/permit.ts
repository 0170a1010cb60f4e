import type { Viewer } from '../contract/database.ts';
import { operationTable } from '../contract/http.ts';
import type { Role } from '../contract/token.ts';
import type { ObjectType } from '../records/field.ts';
import { fold } from '../values/text.ts';
import { TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Work } from './work.ts';

type Input = Readonly<Record<string, unknown>>;

/** The rows that an app reads: of each kind, by the field that names its driver or customer; `id` is the row itself. */
const ownRows: Readonly<Partial<Record<Role, Readonly<Record<string, string>>>>> = {
  DRIVER_APP: { driver: 'id', driverCustomer: 'driver', driverScp: 'driver' },
  CUSTOMER_APP: { customer: 'id', driverCustomer: 'customer', accountEmployee: 'customer' },
};

/** An operation as whoever asks may have it carried out. */
export interface Permitted {
  readonly input: Input;
  /** What the record must have besides, as `CallOptions.scope`; `id` is the record's own. */
  readonly scope: Readonly<Record<string, Id>>;
}

const notAllowed = (role: Role, name: string) =>
  new TphError('NOT_ALLOWED', `${role} may not do \`${name}\``, {
    hint: 'use a token with another role',
  });

/**
 * Spec section 6: what each role may do. NOT_ALLOWED for the rest; NOT_FOUND for another client, whose existence
 * nobody learns.
 */
export function permit(work: Work, viewer: Viewer, name: string, input: Input): Permitted {
  const rows = ownRows[viewer.role];
  if (rows !== undefined) return ownOnly(viewer, name, input, rows);
  if (viewer.role === 'OPERATOR' && !operatorMay(name)) throw notAllowed(viewer.role, name);
  if (name === 'client.create')
    throw new TphError('NOT_ALLOWED', 'a token belongs to one client and cannot make another', {
      hint: 'run `tph client create` where the database is',
    });
  if (isAboutClient(name, input)) return { input: onOwnClient(work, input), scope: {} };
  return { input, scope: {} };
}

/** Whether OPERATOR may do it, by the operation's name alone. */
const operatorMay = (name: string): boolean =>
  !/^(token|settings)\./.test(name) && (!name.startsWith('client.') || operationTable[name]?.writes === false);

const isAboutClient = (name: string, input: Input): boolean =>
  (name.startsWith('client.') && name !== 'client.list') ||
  (name === 'reference.resolve' && input['objectType'] === ('Client' satisfies ObjectType));

function onOwnClient(work: Work, input: Input): Input {
  const ref = String(input['ref']);
  const isOwn = parseId(ref) === work.client.id || fold(ref) === fold(work.client.name);
  if (isOwn) return { ...input, ref: work.client.id };
  throw new TphError('NOT_FOUND', `there is no client \`${ref.slice(0, 60)}\``, {
    hint: 'a token belongs to one client',
  });
}

function ownOnly(
  viewer: Viewer,
  name: string,
  input: Input,
  rows: Readonly<Record<string, string>>,
): Permitted {
  const [kind = '', verb] = name.split('.');
  const field = Object.hasOwn(rows, kind) ? rows[kind] : undefined;
  if (field === undefined || viewer.subject === null || (verb !== 'get' && verb !== 'list'))
    throw notAllowed(viewer.role, name);
  if (verb === 'get') return { input, scope: { [field]: viewer.subject } };
  // A list is narrowed to the own rows; whoever asks for another's gets none.
  return { input, scope: { [field]: viewer.subject } };
}
