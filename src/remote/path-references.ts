import type { OperationName } from '../contract/api.ts';
import { pathReferences } from '../contract/http.ts';
import type { ResolveInput } from '../contract/reference.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { parseId } from '../values/id.ts';
import { NotOffered } from './problem.ts';

type Resolve = (wanted: ResolveInput) => Promise<unknown>;

/**
 * The input with ids in place of the references that stand in the operation's path, which takes ids alone. What a
 * name stands for is for the instance to say: NOT_FOUND and CONFLICT are as on a database, and name the same field.
 */
export async function withIds(name: OperationName, input: object, resolve: Resolve): Promise<object> {
  const found: Record<string, unknown> = {};
  for (const { field, type, among } of pathReferences(name)) {
    const ref = (input as Readonly<Record<string, unknown>>)[field];
    if (typeof ref !== 'string' || ref.trim() === '') throw noReference(name, field, ref);
    if (parseId(ref) !== undefined) continue;
    found[field] = await idOf({ objectType: type, ref, among }, resolve).catch((error: unknown) => {
      throw error instanceof TphError ? about(error, name, field, ref) : error;
    });
  }
  return { ...input, ...found };
}

/** Restoring twice is once: a name that no deleted record has may be that of one restored before. */
async function idOf(wanted: ResolveInput, resolve: Resolve): Promise<unknown> {
  const ask = async (among: 'live' | 'deleted') =>
    ((await resolve({ ...wanted, among })) as { readonly id: unknown }).id;
  if (wanted.among !== 'deleted') return ask('live');
  return ask('deleted').catch((error: unknown) => {
    if (error instanceof TphError && error.code === 'NOT_FOUND') return ask('live');
    throw error;
  });
}

/** What commands know the input as, where operations on a database do not call it by its own name. */
const shownField = (name: OperationName, field: string): string =>
  name.startsWith('scheduleExclusionGroup.') &&
  field === 'ref' &&
  !/\.(get|update|delete|restore)$/.test(name)
    ? 'group'
    : field;

function about(error: TphError, name: OperationName, field: string, ref: string): TphError {
  if (error instanceof NotOffered)
    return new TphError('UNAVAILABLE', `the instance cannot look up ${quote(ref)}`, {
      hint: 'give the id, such as G123',
      cause: error,
    });
  const shown = shownField(name, field);
  const details = error.details.map((detail) =>
    detail.field === 'ref' ? { ...detail, field: shown } : detail,
  );
  return new TphError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details,
    cause: error,
  });
}

function noReference(name: OperationName, field: string, ref: unknown): TphError {
  const shown = shownField(name, field);
  const message = `${shown} ${quote(ref)} is not a reference`;
  const hint = 'give an id such as G123, key:<internalKey>, or a name';
  return invalid(message, hint, [{ field: shown, value: typeof ref === 'string' ? ref : '', message, hint }]);
}
