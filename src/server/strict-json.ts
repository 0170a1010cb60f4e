import { invalid, quote, type TphError } from '../values/error.ts';

/** How deep objects and lists may lie in each other. */
const DEEPEST = 32;

/**
 * The value of a JSON body. INVALID where it is no JSON in UTF-8, names a field of an object twice (parsers differ
 * in which of them counts), or nests too deep.
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

/** One token of JSON that is known to be well-formed: a string, a bracket, a comma or a colon. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

function checkNames(text: string): void {
  // Per open bracket: the names so far, or null for a list.
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const names = open.at(-1);
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > DEEPEST)
        throw refuse(`the body nests deeper than ${DEEPEST} levels`, 'send a flatter object');
      isName = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      isName = false;
    } else if (token === ',') isName = names !== null;
    else if (token === ':') isName = false;
    else if (isName && names !== undefined && names !== null) {
      const name = JSON.parse(token) as string;
      if (name === '__proto__') throw refuse('there is no field `__proto__`', 'leave it out', name);
      if (names.has(name)) throw refuse(`the field ${quote(name)} is given twice`, 'give it once', name);
      names.add(name);
    }
  }
}
