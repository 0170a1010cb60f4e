import type { Stored } from '../../db/codec.ts';
import type { Field } from '../../records/field.ts';
import { looksLikeId } from '../../values/id.ts';

/** Where a row names the account that its departments are of, the likeliest field first. */
const ACCOUNT_FIELDS = ['account', 'defaultAccount', 'accounts'] as const;

/**
 * A department that a row names by its name alone, with the row's account before it: `Sales` of a row whose account is
 * ACME is `ACME/Sales`. Left as it is where the row names no account, or several.
 */
export function withAccount(field: Field, cell: unknown, row: Stored): unknown {
  if ((field.kind !== 'reference' && field.kind !== 'references') || field.target !== 'AccountDepartment')
    return cell;
  const account = accountOf(row);
  if (account === undefined) return cell;
  const named = (one: unknown): unknown =>
    typeof one !== 'string' || one.includes('/') || looksLikeId(one) || /^key:/i.test(one)
      ? one
      : `${account}/${one}`;
  return Array.isArray(cell) ? cell.map(named) : named(cell);
}

function accountOf(row: Stored): string | undefined {
  for (const name of ACCOUNT_FIELDS) {
    const value = row[name];
    const [only, ...others] = Array.isArray(value) ? value : [value];
    if (typeof only === 'string' && others.length === 0) return only;
  }
  return undefined;
}
