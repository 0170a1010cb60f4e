import type { OperationName } from '../contract/api.ts';
import { operationTable, parametersOf, pathUse } from '../contract/http.ts';
import { schemaRefusal } from '../contract/issue-details.ts';
import { invalid, quote, type TphError } from '../values/error.ts';

const schemas = new Map<OperationName, import('zod').ZodType>();

/**
 * Throws INVALID where the request would say something else than the input. JSON has no NaN, and some parsers make
 * something of their own of `__proto__`; paths and queries have neither types nor broken characters, so that what
 * goes there is held against the operation's schema.
 */
export async function refuseUnsendable(name: OperationName, input: object): Promise<void> {
  const operation = operationTable[name] as (typeof operationTable)[string];
  const { method, paths } = operation.http;
  const isInBody =
    method === 'POST' && parametersOf(paths[0] ?? '').every((param) => pathUse(name, param).to !== 'text');
  refuseValues(input, '', isInBody);
  if (isInBody) return;
  const schema = schemas.get(name) ?? operation.input(await import('zod'));
  schemas.set(name, schema);
  const refusal = schemaRefusal(schema, input, 'the API reference');
  if (refusal !== undefined) throw refusal;
}

function refuseValues(value: unknown, at: string, isInBody: boolean): void {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw unsendable(at, value, 'is not a number');
      return;
    case 'string':
      if (!isInBody && /\p{Surrogate}/u.test(value)) throw unsendable(at, value, 'has a broken character');
      return;
    case 'object':
      for (const [key, inner] of Object.entries(value ?? {})) {
        const place = placeOf(at, key, Array.isArray(value));
        if (key === '__proto__') throw unsendable(place, key, 'is no field');
        refuseValues(inner, place, isInBody);
      }
      return;
    case 'boolean':
    case 'undefined':
      return;
    default:
      throw unsendable(at, typeof value, 'is no value of JSON');
  }
}

/** `addresses[0].label`; what an update sets goes by the name of the field alone. */
function placeOf(at: string, key: string, isInArray: boolean): string {
  if (isInArray) return `${at}[${key}]`;
  return at === '' || at === 'set' ? key : `${at}.${key}`;
}

function unsendable(field: string, value: unknown, what: string): TphError {
  const message = `${field} ${quote(typeof value === 'number' ? String(value) : value)} ${what}`;
  const hint = 'leave it out, or give another value';
  return invalid(message, hint, [{ field, message, hint }]);
}
