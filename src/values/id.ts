/** A record's id: `G` and a decimal from 1 to 2^63 - 1 without leading zeros (spec section 2). */
export type Id = string & { readonly __brand: 'Id' };

const LARGEST = '9223372036854775807';
const LARGEST_NUMBER = BigInt(LARGEST);

/** The id that `text` writes; `g123` is read as `G123`. `undefined` for anything else, or beyond 63 bits. */
export function parseId(text: string): Id | undefined {
  return /^[Gg][1-9]\d{0,18}$/.test(text) ? fromDigits(text.slice(1)) : undefined;
}

/** True of every text that somebody could take for an id, too long ones included: no handle may look so. */
export function looksLikeId(text: string): boolean {
  return /^g\d+$/i.test(text);
}

/** As `parseId`, and a bare decimal too. Only for HTTP paths and `id` fields, where no handle can stand. */
export function parseIdOrDecimal(text: string): Id | undefined {
  return /^[1-9]\d{0,18}$/.test(text) ? fromDigits(text) : parseId(text);
}

/** The id of a number that the store or the generator made; throws a RangeError outside 1..2^63 - 1. */
export function idFromBigInt(n: bigint): Id {
  if (n > 0n && n <= LARGEST_NUMBER) return `G${n}` as Id;
  throw new RangeError(`${n} is no id: ids lie between 1 and ${LARGEST}`);
}

/** The number of an id, from 1 to 2^63 - 1. */
export function idToBigInt(id: Id): bigint {
  return BigInt(id.slice(1));
}

/** Negative, zero or positive: the order of two ids as numbers. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fromDigits(digits: string): Id | undefined {
  const fits = digits.length < LARGEST.length || digits <= LARGEST;
  return fits ? (`G${digits}` as Id) : undefined;
}
