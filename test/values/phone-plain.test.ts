import fc from 'fast-check';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { parseAnyPhone, parsePhone } from '../../src/values/phone.ts';
import { plainPhone } from '../../src/values/phone-plain.ts';

const countries = getCountries();
const country = fc.constantFrom(...countries);
const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

/** A number of the country, or one that differs from it in a few digits. */
const near = country.chain((home) => {
  const example = examples[home] ?? '123456789';
  return fc
    .tuple(
      fc.nat(example.length - 1),
      digits(0, 3),
      fc.constantFrom(
        '',
        '0',
        '1',
        '8',
        '00',
        `+${getCountryCallingCode(home)}`,
        `+${getCountryCallingCode(home)}0`,
        getCountryCallingCode(home),
      ),
    )
    .map(
      ([at, other, before]) => `${before}${example.slice(0, at)}${other}${example.slice(at + other.length)}`,
    );
});
const grouped = (number: fc.Arbitrary<string>) =>
  fc
    .tuple(
      number,
      fc.array(fc.tuple(fc.nat(12), fc.constantFrom(' ', '-', '  ', '.', '/', '(', ')', '+', '\u00a0')), {
        maxLength: 3,
      }),
    )
    .map(([text, marks]) =>
      marks.reduce((all, [at, mark]) => `${all.slice(0, at)}${mark}${all.slice(at)}`, text),
    );

describe('parsePhone', () => {
  const text = fc.oneof(
    near,
    grouped(near),
    digits(1, 16),
    grouped(digits(3, 15)),
    digits(5, 14).map((rest) => `+${rest}`),
    fc.string(),
  );

  it('answers of plain numbers what the library answers', () => {
    fc.assert(
      fc.property(text, country, (written, home) => {
        expect(parsePhone(written, home)).toEqual(parseAnyPhone(written, home));
      }),
      { numRuns: 600 },
    );
  });

  it('does so for every country, at home and abroad, with the zero and without', () => {
    for (const home of countries) {
      const number = examples[home];
      if (number === undefined) continue;
      for (const written of [
        number,
        `0${number}`,
        `1${number}`,
        `8${number}`,
        `+${getCountryCallingCode(home)}${number}`,
      ])
        for (const from of [home, 'IE', 'US', 'IT', 'XX'])
          expect(parsePhone(written, from), `${written} in ${from}`).toEqual(parseAnyPhone(written, from));
    }
  });

  it.each([
    ['085 012 3456', 'IE'],
    ['0850123456', 'IE'],
    ['850123456', 'IE'],
    ['+353850123456', 'GB'],
    ['020 7946-0018', 'GB'],
    ['201 555 0123', 'US'],
  ])('knows %s in %s without asking the library', (written, home) => {
    expect(plainPhone(written, home)).toBeDefined();
  });
});
