import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareIds,
  type Id,
  idFromBigInt,
  idToBigInt,
  looksLikeId,
  parseId,
  parseIdOrDecimal,
} from '../../src/values/id.ts';

const LARGEST = 2n ** 63n - 1n;
const numbers = fc.bigInt({ min: 1n, max: LARGEST });
const id = (text: string) => parseId(text) as Id;

describe('parseId', () => {
  it('reads either letter case and returns the upper one', () => {
    expect(parseId('G123')).toBe('G123');
    expect(parseId('g123')).toBe('G123');
  });

  it('reads the largest number of 63 bits and refuses the next', () => {
    expect(parseId('G9223372036854775807')).toBe('G9223372036854775807');
    expect(parseId('G9223372036854775808')).toBeUndefined();
    expect(parseId('G10000000000000000000')).toBeUndefined();
  });

  it.each(['', 'G', 'G0', 'G007', 'G-1', 'G1.5', 'G1e3', ' G1', 'G1 ', 'G1\n', '123', 'H123', 'GG1', 'G１'])(
    'refuses %j',
    (text) => expect(parseId(text)).toBeUndefined(),
  );
});

describe('parseIdOrDecimal', () => {
  it('reads a bare decimal too, within the same bounds', () => {
    expect(parseIdOrDecimal('123')).toBe('G123');
    expect(parseIdOrDecimal('g123')).toBe('G123');
    expect(parseIdOrDecimal('9223372036854775808')).toBeUndefined();
    expect(parseIdOrDecimal('0')).toBeUndefined();
    expect(parseIdOrDecimal('0123')).toBeUndefined();
  });
});

describe('looksLikeId', () => {
  it('is true of what a person would take for an id, possible or not', () => {
    for (const text of ['G1', 'g007', 'G0', `G${'9'.repeat(40)}`]) expect(looksLikeId(text)).toBe(true);
    for (const text of ['G', 'G1a', 'Garda 1', '17', 'D7', 'G 1']) expect(looksLikeId(text)).toBe(false);
  });
});

describe('numbers', () => {
  it('come back as they went in', () => {
    fc.assert(fc.property(numbers, (n) => idToBigInt(idFromBigInt(n)) === n));
    fc.assert(fc.property(numbers, (n) => parseId(idFromBigInt(n)) === idFromBigInt(n)));
  });

  it('outside 1..2^63 - 1 make no id', () => {
    for (const n of [0n, -1n, LARGEST + 1n]) expect(() => idFromBigInt(n)).toThrow(RangeError);
  });
});

describe('compareIds', () => {
  it('orders ids as numbers', () => {
    expect(compareIds(id('G9'), id('G10'))).toBeLessThan(0);
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = Math.sign(compareIds(idFromBigInt(a), idFromBigInt(b)));
        expect(order).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
