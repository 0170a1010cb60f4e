import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { formatPhone, parsePhone, phoneBeginnings } from '../../src/values/phone.ts';

// Numbers from the ranges that regulators keep for drama, and libphonenumber's examples.
describe('parsePhone', () => {
  it.each([
    ['085 012 3456', 'IE', '+353850123456'],
    ['(085) 012-3456', 'IE', '+353850123456'],
    ['085/0123456', 'IE', '+353850123456'],
    ['085–012–3456', 'IE', '+353850123456'],
    ['085.012.3456', 'IE', '+353850123456'],
    ['+353 (0)85 012 3456', 'IE', '+353850123456'],
    ['00 353 85 012 3456', 'IE', '+353850123456'],
    ['353850123456', 'IE', '+353850123456'],
    ["'0850123456", 'IE', '+353850123456'],
    ['tel:+353-85-012-3456', 'IE', '+353850123456'],
    ['０８５０１２３４５６', 'IE', '+353850123456'],
    ['＋３５３ ８５ ０１２ ３４５６', 'US', '+353850123456'],
    ['٠٨٥٠١٢٣٤٥٦', 'IE', '+353850123456'],
    ['\u202a+353 85 012 3456\u202c', 'IE', '+353850123456'],
    ['+353 85 012 3456', 'AQ', '+353850123456'],
    ['353850123456.0', 'IE', '+353850123456'],
    ['(201) 555-0123', 'US', '+12015550123'],
    ['1-201-555-0123', 'US', '+12015550123'],
    ['011 353 85 012 3456', 'US', '+353850123456'],
    ['02 1234 5678', 'IT', '+390212345678'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
  ])('reads %s in %s', (text, country, e164) => {
    expect(parsePhone(text, country)).toEqual({ ok: true, e164, valid: true, restored: false });
  });

  it.each([
    ['850123456', 'IE', '+353850123456'],
    ['850123456.0', 'IE', '+353850123456'],
    ['7400123456', 'GB', '+447400123456'],
    ['212345678', 'IT', '+390212345678'],
    ['612345678', 'FR', '+33612345678'],
  ])('restores the leading zero that %s lost in %s', (text, country, e164) => {
    expect(parsePhone(text, country)).toEqual({ ok: true, e164, valid: true, restored: true });
  });

  it.each([
    ['2015550123', 'US'],
    ['3123456789', 'IT'],
    ['81234567', 'SG'],
    ['612345678', 'ES'],
  ])('restores nothing to %s in %s, where no zero is written', (text, country) => {
    expect(parsePhone(text, country)).toMatchObject({ ok: true, valid: true, restored: false });
  });

  it('takes a possible number that lies in no known range as not valid', () => {
    expect(parsePhone('07700 900123', 'GB')).toEqual({
      ok: true,
      e164: '+447700900123',
      valid: false,
      restored: false,
    });
    expect(parsePhone('7700900123', 'GB')).toMatchObject({
      e164: '+447700900123',
      valid: false,
      restored: true,
    });
  });

  it.each([
    ['4.47E+11', 'GB', /spreadsheet/],
    ['4,47e11', 'GB', /spreadsheet/],
    ['4.47700900123E+11', 'GB', /spreadsheet/],
    ['085 012 3456 ext 5', 'IE', /^has an extension$/],
    ['085 012 3456 ext. 5', 'IE', /^has an extension$/],
    ['0850123456x5', 'IE', /^has an extension$/],
    ['0850123456 #5', 'IE', /^has an extension$/],
    ['tel:+353850123456;ext=5', 'IE', /^has an extension$/],
    ['1-800-FLOWERS', 'US', /^has the letter F$/],
    ['n/a', 'IE', /^has the letter n$/],
    ['085 012 3456 (Mum)', 'IE', /^has the letter M$/],
    ["0850123456'; DROP", 'IE', /^has the character '/],
    ['085\n0123456', 'IE', /^has the character U\+000A/],
    ['0850123456;0850123457', 'IE', /^has the character ;/],
    ['0850123456 / 0850123457', 'IE', /^is not a phone number$/],
    ['112', 'IE', /^is not a phone number$/],
    ['085+0123456', 'IE', /^is not a phone number$/],
    ['+', 'IE', /^is not a phone number$/],
    ['+999 123456', 'IE', /^is not a phone number$/],
    ['0850123456', 'AQ', /^is not a phone number$/],
    ['08501234567890', 'IE', /^has too many or too few digits for a phone number of IE$/],
    ['', 'IE', /^is empty$/],
    [" ' ", 'IE', /^is empty$/],
    ['1'.repeat(10_000), 'IE', /^is too long/],
  ])('refuses %j in %s', (text, country, message) => {
    const parsed = parsePhone(text, country);
    expect(parsed).toEqual({ ok: false, message: expect.stringMatching(message), hint: expect.any(String) });
  });

  it('names the number abroad that only lacks its plus', () => {
    expect(parsePhone('447400123456', 'IE')).toEqual({
      ok: false,
      message: 'is no phone number of IE',
      hint: 'for the number abroad, write +447400123456',
    });
  });
});

describe('phoneBeginnings', () => {
  it.each([
    ['085 0', 'IE', ['+353850']],
    ['(085) 0', 'IE', ['+353850']],
    ['+353 85', 'IE', ['+35385']],
    ['00353 85', 'IE', ['+35385']],
    ['353 85', 'IE', ['+35335385', '+35385']],
    ['06 12', 'IT', ['+390612']],
    ['0', 'IE', ['+353']],
    ['+', 'IE', []],
    ['ann', 'IE', []],
    ['085x', 'IE', []],
    ['', 'IE', []],
    ['1'.repeat(100), 'IE', []],
  ])('%s in %s', (text, country, beginnings) => {
    expect(phoneBeginnings(text, country)).toEqual(beginnings);
  });

  it('are beginnings of the number, however much of it is typed', () => {
    for (const country of ['IE', 'GB', 'US', 'IT', 'DE', 'FR', 'NL', 'PL', 'AU', 'IN', 'ZA'] as const) {
      const e164 = getExampleNumber(country, examples)?.number ?? '';
      for (const written of [formatPhone(e164, country), e164])
        for (let length = 1; length <= written.length; length += 1) {
          const found = phoneBeginnings(written.slice(0, length), country);
          if (found.length > 0)
            expect(
              found.some((one) => e164.startsWith(one)),
              `${written.slice(0, length)} in ${country}`,
            ).toBe(true);
        }
    }
  });

  it('hold the number that is typed in full, in every country', () => {
    for (const country of getCountries()) {
      const e164 = getExampleNumber(country, examples)?.number ?? '';
      for (const written of [formatPhone(e164, country), e164, e164.slice(1)])
        expect(phoneBeginnings(written, country), `${written} in ${country}`).toContain(e164);
    }
  });
});

describe('formatPhone', () => {
  it('is national at home and international elsewhere', () => {
    expect(formatPhone('+353850123456', 'IE')).toBe('085 012 3456');
    expect(formatPhone('+353850123456', 'GB')).toBe('+353 85 012 3456');
    expect(formatPhone('+447700900123', 'GB')).toBe('07700 900123');
    expect(formatPhone('+353850123456', 'AQ')).toBe('+353 85 012 3456');
  });

  it('gives back what is no number', () => {
    expect(formatPhone('unknown', 'IE')).toBe('unknown');
  });

  it('is read back as the same number, in every country and from abroad', () => {
    for (const country of getCountries()) {
      const e164 = getExampleNumber(country, examples)?.number ?? '';
      for (const from of [country, 'IE', 'US']) {
        expect(parsePhone(formatPhone(e164, from), from), `${e164} from ${from}`).toMatchObject({
          ok: true,
          e164,
        });
      }
    }
  });
});
