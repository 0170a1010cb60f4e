import { invalid, quote, type TphError } from '../values/error.ts';

/** How deep objects and lists may lie in each other. */
const DEEPEST = 32;
/** How many fields one object may have: no record has a tenth of them, and each costs time. */
const MOST_FIELDS = 1000;

/**
 * The value of a JSON body. INVALID where it is no JSON in UTF-8, names a field of an object twice (parsers differ
 * in which of them counts), nests too deep, or has an object with too many fields.
 */
export function parseStrictJson(body: Uint8Array): unknown {
  const text = decodeUtf8(body);
  const value = parse(text);
  checkNames(text);
  return value;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refuse('the body is not UTF-8', 'send JSON in UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('the body is no JSON', 'send one JSON object, and check quotes, commas and brackets');
  }
}

const refuse = (message: string, hint: string, field?: string): TphError =>
  invalid(message, hint, [{ ...(field === undefined ? {} : { field }), message, hint }]);

/** One token of JSON that is known to be well-formed: a string, a bracket, a comma, a colon or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/g;

/** An open bracket: where in it the reader is, and the names so far, or null for a list. */
interface Open {
  readonly names: Set<string> | null;
  at: string | number;
}

function checkNames(text: string): void {
  const open: Open[] = [];
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      open.push(token === '{' ? { names: new Set(), at: '' } : { names: null, at: 0 });
      if (open.length > DEEPEST)
        throw refuse(`the body nests deeper than ${DEEPEST} levels`, 'send a flatter object');
      isName = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      isName = false;
    } else if (token === ',') {
      isName = inside?.names !== null;
      if (typeof inside?.at === 'number') inside.at += 1;
    } else if (token === ':') isName = false;
    else if (token.startsWith('"')) {
      if (isName && inside !== undefined && inside.names !== null) inside.at = nameOf(token, inside.names);
    } else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) throw inexact(token, open);
  }
}

function nameOf(token: string, names: Set<string>): string {
  const name = JSON.parse(token) as string;
  if (name === '__proto__') throw refuse('there is no field `__proto__`', 'leave it out', name);
  if (names.has(name)) throw refuse(`the field ${quote(name)} is given twice`, 'give it once', name);
  names.add(name);
  if (names.size > MOST_FIELDS)
    throw refuse(`an object of the body has more than ${MOST_FIELDS} fields`, 'send fewer');
  return name;
}

/** So long a number is an id, if anything, and would be read as another one. */
function inexact(token: string, open: readonly Open[]): TphError {
  const field = open
    .map(({ at }, depth) => (typeof at === 'number' ? `[${at}]` : depth === 0 ? at : `.${at}`))
    .join('')
    // What an update sets goes by the name of the field alone.
    .replace(/^set\./, '');
  const what = `${token.slice(0, 30)} is a number with more digits than are kept`;
  const hint = `write an id as text, such as ${/^\d{1,19}$/.test(token) ? `"G${token}"` : '"G123"'}`;
  return refuse(field === '' ? what : `${field}: ${what}`, hint, field === '' ? undefined : field);
}
