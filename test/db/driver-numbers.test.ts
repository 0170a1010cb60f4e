import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DriverNumbers } from '../../src/db/driver-numbers.ts';
import { idFromBigInt } from '../../src/values/id.ts';
import { always } from '../resolver/random-worlds.ts';

const ids = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 1n, max: 2000n }),
  // As they are given out, one after the other, and alike in their last nine digits.
  fc.bigInt({ min: 0n, max: 3000n }).map((offset) => 912_063_150_881_243_137n + offset),
  fc.bigInt({ min: 1n, max: 9n }).map((high) => high * 1_000_000_000n + 7n),
);

it('numbers drivers in turn, and finds each by the id, alone or within a text', () => {
  always(
    fc.property(
      fc.uniqueArray(ids, { maxLength: 3000, size: 'max' }),
      fc.array(ids, { maxLength: 50 }),
      (known, others) => {
        const numbers = new DriverNumbers();
        expect(known.map((id) => numbers.add(idFromBigInt(id)))).toEqual(known.map((_id, index) => index));
        const expected = new Map(known.map((id, index) => [id, index]));
        for (const id of [...known, ...others]) {
          const text = idFromBigInt(id);
          expect(numbers.of(text)).toBe(expected.get(id) ?? -1);
          expect(numbers.within(`G1|${text}|G2`, 3, 3 + text.length)).toBe(expected.get(id) ?? -1);
        }
      },
    ),
    60,
  );
});
