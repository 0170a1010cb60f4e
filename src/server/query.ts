import * as z from 'zod';
import type { Operation } from '../contract/operation.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';

type Kind = 'text' | 'integer' | 'boolean' | 'list';
type Values = Readonly<Record<string, unknown>>;

/** Reads the query of a request into the input of one operation. */
export type QueryReader = (query: string) => { readonly dryRun: boolean; readonly values: Values };

/** A GET takes its input from the query, any change takes `dryRun`; what else is there is refused by name. */
export function queryReader(operation: Operation): QueryReader {
  const kinds = operation.http.method === 'GET' ? kindsOf(operation) : new Map<string, Kind>();
  return (query) => {
    if (query === '') return { dryRun: false, values: {} };
    const values: Record<string, unknown> = {};
    let dryRun: boolean | undefined;
    for (const [name, text] of new URLSearchParams(query)) {
      if (text.includes('\uFFFD')) throw refuse(name, `${name} is not UTF-8`, 'percent-encode it as UTF-8');
      if (name === 'dryRun' && operation.writes) {
        if (dryRun !== undefined) throw refuse(name, 'dryRun is given twice', 'give it once');
        dryRun = flag(name, text);
      } else put(values, name, text, kinds);
    }
    return { dryRun: dryRun ?? false, values };
  };
}

function put(
  values: Record<string, unknown>,
  name: string,
  text: string,
  kinds: ReadonlyMap<string, Kind>,
): void {
  const kind = kinds.get(name);
  if (kind === undefined) throw unknown(name, [...kinds.keys()]);
  if (kind === 'list') values[name] = [...((values[name] as readonly string[]) ?? []), text];
  else if (Object.hasOwn(values, name)) throw refuse(name, `${name} is given twice`, 'give it once');
  else values[name] = readAs(kind, name, text);
}

function readAs(kind: Exclude<Kind, 'list'>, name: string, text: string): unknown {
  if (kind === 'text') return text;
  if (kind === 'boolean') return flag(name, text);
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw refuse(name, `${name} ${quote(text)} is not a whole number`, 'give digits only');
}

function flag(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw refuse(name, `${name} ${quote(text)} is neither true nor false`, 'give true or false');
}

function unknown(name: string, known: readonly string[]): TphError {
  const near = nearest(name, known, 1)[0];
  const others = known.length === 0 ? 'this takes none' : `there are ${known.join(', ')}`;
  const hint = near === undefined ? others : `did you mean ${near}?`;
  return refuse(name, `there is no query parameter ${quote(name)} here`, hint);
}

const refuse = (field: string, message: string, hint: string): TphError =>
  invalid(message, hint, [{ field, message, hint }]);

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** What each input of an operation is, from its own schema. */
function kindsOf(operation: Operation): ReadonlyMap<string, Kind> {
  const { properties = {} } = z.toJSONSchema(operation.input(z), {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  return new Map(
    Object.entries(properties).map(([name, { type }]) => {
      const kind: Kind =
        type === 'integer' ? 'integer' : type === 'boolean' ? 'boolean' : type === 'array' ? 'list' : 'text';
      return [name, kind];
    }),
  );
}
