import { getCountries } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { isCountry } from '../../src/values/country.ts';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const PAIRS = LETTERS.flatMap((a) => LETTERS.map((b) => a + b));

describe('isCountry', () => {
  it('knows the 249 codes of ISO 3166-1', () => {
    expect(PAIRS.filter(isCountry)).toHaveLength(249);
  });

  it('knows every country with phone numbers but the three that ISO has not assigned', () => {
    expect(
      getCountries()
        .filter((code) => !isCountry(code))
        .sort(),
    ).toEqual(['AC', 'TA', 'XK']);
  });

  it.each(['ie', 'UK', 'EU', 'IRL', '', 'I', ' IE', 'ZZ', 'XX'])('refuses %j', (code) => {
    expect(isCountry(code)).toBe(false);
  });
});
