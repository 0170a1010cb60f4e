import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, fold } from '../../src/values/text.ts';

const unicode = fc.string({ unit: 'binary', maxLength: 40 });

describe('fold', () => {
  it.each([
    ['Bad  Weather', 'bad weather'],
    ['\tBad\u00a0Weather\n', 'bad weather'],
    ['ＷＡＶ', 'wav'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Cafe\u0301', 'café'],
    ['Ann\u200b\u00adByrne', 'annbyrne'],
    ['e\u00ad\u0301', 'é'],
    ['ﬁre', 'fire'],
    ['', ''],
  ])('takes %j to %j', (text, folded) => expect(fold(text)).toBe(folded));

  it('keeps texts apart that differ in more than case', () => {
    expect(fold('Aoife')).not.toBe(fold('Aoífe'));
    expect(fold('D7')).not.toBe(fold('D 7'));
  });

  it('changes nothing the second time, nor by letter case first', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZéßΣςσñÆ Öł') }), (text) => {
        expect(fold(text.toUpperCase())).toBe(fold(text));
      }),
    );
  });
});

describe('cleanText', () => {
  const oneLine = { multiline: false, max: 20 };
  const lines = { multiline: true, max: 20 };
  const cleaned = (text: string, limits = oneLine) => {
    const result = cleanText(text, limits);
    return result.ok ? result.text : result.message;
  };

  it('trims and composes', () => {
    expect(cleaned('  Ann Byrne \n')).toBe('Ann Byrne');
    expect(cleaned('Cafe\u0301')).toBe('Café');
    expect(cleaned('')).toBe('');
    expect(cleaned(' \t ')).toBe('');
  });

  it('leaves letters, quotes, markup and joined emoji alone', () => {
    for (const text of ["O'Neill; --", '<b>"x"</b>', '$(rm) `x`', '👩‍👧', 'नमस्‍ते', 'שלום\u200f']) {
      expect(cleaned(text)).toBe(text);
    }
  });

  it.each([
    ['a\u0007b', 'has the control character U+0007 at position 2'],
    ['\u0000', 'has the control character U+0000 at position 1'],
    ['  ab\u001b[31m', 'has the control character U+001B at position 5'],
    ['a\tb', 'has the control character U+0009 at position 2'],
    ['a\nb', 'has the line break U+000A at position 2'],
    ['a\r\nb', 'has the line break U+000D at position 2'],
    ['a\u2028b', 'has the line break U+2028 at position 2'],
    ['a\u007fb', 'has the control character U+007F at position 2'],
    ['a\u0085b', 'has the control character U+0085 at position 2'],
    ['👩a\u202eb', 'has the invisible character U+202E at position 3'],
    ['a\u2066b', 'has the invisible character U+2066 at position 2'],
    ['a\u200bb', 'has the invisible character U+200B at position 2'],
    ['a\ud800b', 'has the broken character U+D800 at position 2'],
    ['a\udc00', 'has the broken character U+DC00 at position 2'],
  ])('refuses %j', (text, message) => {
    const result = cleanText(text, oneLine);
    expect(result).toEqual({ ok: false, message, hint: expect.any(String) });
  });

  it('keeps line breaks and tabs of several lines, the breaks as \\n', () => {
    expect(cleaned('a\r\nb\rc\n\td\n', lines)).toBe('a\nb\nc\n\td');
    expect(cleaned('a\n\u0007b', lines)).toBe('has the control character U+0007 at position 3');
    expect(cleaned('a\u000bb', lines)).toBe('has the control character U+000B at position 2');
  });

  it('counts the length in code points, after trimming and composing', () => {
    expect(cleaned(` ${'x'.repeat(20)} `)).toBe('x'.repeat(20));
    expect(cleaned('👍'.repeat(20))).toBe('👍'.repeat(20));
    expect(cleaned('e\u0301'.repeat(20))).toBe('é'.repeat(20));
    expect(cleaned('x'.repeat(21))).toBe('has 21 characters, more than 20');
    expect(cleaned('👍'.repeat(21))).toBe('has 21 characters, more than 20');
    expect(cleaned('x'.repeat(10_000))).toBe('has 10000 characters, more than 20');
  });

  it('changes nothing the second time, and lets no control character through', () => {
    fc.assert(
      fc.property(unicode, fc.boolean(), (text, multiline) => {
        const limits = { multiline, max: 100 };
        const result = cleanText(text, limits);
        if (!result.ok) return;
        expect(cleanText(result.text, limits)).toEqual(result);
        expect(result.text).not.toMatch(/\p{Cs}/u);
        expect(multiline ? result.text.replace(/[\n\t]/g, '') : result.text).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 1000 },
    );
  });
});
