import { describe, expect, it } from 'vitest';
import { checkBic, checkIban } from '../../src/values/bank.ts';

describe('checkIban', () => {
  it.each([
    'IE29AIBK93115212345678',
    'IE29 AIBK 9311 5212 3456 78',
    ' ie29-aibk-9311-5212-3456-78 ',
    'IBAN: IE29 AIBK 9311 5212 3456 78',
    'IBAN IE29AIBK93115212345678',
    'ＩＥ２９ AIBK 9311 5212 3456 78',
  ])('reads %j into its electronic form', (text) => {
    expect(checkIban(text)).toEqual({ ok: true, iban: 'IE29AIBK93115212345678' });
  });

  it.each([
    'GB82 WEST 1234 5698 7654 32',
    'DE89 3704 0044 0532 0130 00',
    'FR14 2004 1010 0505 0001 3M02 606',
  ])('takes %s', (text) => expect(checkIban(text).ok).toBe(true));

  it.each([
    ['', 'is empty'],
    ['IE29 AIBK 9311 5212 3456 7', 'has 21 characters where an IBAN of IE has 22'],
    ['IE29 AIBK 9311 5212 3456 79', 'has wrong check digits'],
    ['IE29 AIBK 9311 5212 3465 78', 'has wrong check digits'],
    ['IE29 AIBK 9311 5212 3456 7O', 'has a letter or a digit where an IBAN of IE has none'],
    ['ZZ29 AIBK 9311 5212 3456 78', 'begins with no country that has IBANs'],
    ['US29 AIBK 9311 5212 3456 78', 'begins with no country that has IBANs'],
    ['93115212345678', 'begins with no country that has IBANs'],
    ['IE29 AIBK; DROP TABLE', 'has the character ;'],
    ["IE29' OR 1", "has the character '"],
  ])('refuses %j', (text, message) => {
    expect(checkIban(text)).toEqual({ ok: false, message, hint: expect.any(String) });
  });
});

describe('checkBic', () => {
  it.each([
    ['AIBKIE2D', 'AIBKIE2D'],
    ['aibkie2dxxx', 'AIBKIE2DXXX'],
    [' AIBK IE 2D ', 'AIBKIE2D'],
  ])('reads %j', (text, bic) => expect(checkBic(text)).toEqual({ ok: true, bic }));

  it.each([
    ['', 'is empty'],
    ['AIBKIE2', 'has 7 characters where a BIC has 8 or 11'],
    ['AIBKIE2DX', 'has 9 characters where a BIC has 8 or 11'],
    ['AIBKZZ2D', 'is not a BIC'],
    ['1IBKIE2D', 'is not a BIC'],
    ['AIBKIE2;', 'is not a BIC'],
  ])('refuses %j', (text, message) => {
    expect(checkBic(text)).toEqual({ ok: false, message, hint: expect.any(String) });
  });
});
