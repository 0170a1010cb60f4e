/** A point in time as integer Unix seconds; as the value of a record's field from 1 to 253402300799. */
export type Instant = number & { readonly __brand: 'Instant' };

/** 9999-12-31T23:59:59Z. */
const LAST_INSTANT = 253_402_300_799;

/** True of what a record may hold: an integer from 1 to 253402300799. Zero is no "none" (spec section 2). */
export function isInstant(n: number): n is Instant {
  return Number.isInteger(n) && n >= 1 && n <= LAST_INSTANT;
}
