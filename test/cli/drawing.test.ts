import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Answer, type Ink, table } from '../../src/terminal/answer.ts';
import { columnWidths } from '../../src/terminal/column-widths.ts';
import { csvLine } from '../../src/terminal/plain.ts';
import { render } from '../../src/terminal/render.ts';
import { measureFor, plainWidth, wrap } from '../../src/terminal/text.ts';

const same = (text: string) => text;
const ink = (width: number): Ink => ({
  good: same,
  bad: same,
  warn: same,
  dim: same,
  strong: same,
  accent: same,
  width,
});
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

const drawn = (answer: Omit<Answer, 'value'>, width = 80) =>
  render({ value: null, ...answer }, 'table', undefined, async () => ink(width));
const people = [
  { name: 'Ann Byrne', notes: 'knows the school gate', id: 'G911991390395695104' },
  { name: '李小龍', notes: '', id: 'G2' },
];
const columns = [{ name: 'name' }, { name: 'notes' }, { name: 'id', whole: true }];

describe('a table', () => {
  it('aligns wide characters and shows nothing as –', async () => {
    expect(await drawn({ draw: () => [table(columns, people)] })).toBe(
      [
        'NAME       NOTES                  ID',
        'Ann Byrne  knows the school gate  G911991390395695104',
        '李小龍     –                      G2',
        '',
      ].join('\n'),
    );
  });

  it('breaks text over lines to fit, never an id', async () => {
    expect(await drawn({ draw: () => [table(columns, people)] }, 40)).toBe(
      [
        'NAME    NOTES      ID',
        'Ann     knows the  G911991390395695104',
        'Byrne   school',
        '        gate',
        '李小龍  –          G2',
        '',
      ].join('\n'),
    );
  });

  it('becomes cards where even that is too wide', async () => {
    expect(await drawn({ draw: () => [table(columns, people.slice(1))] }, 8)).toContain('id     G2');
    expect(await drawn({ draw: () => [table(columns, people)] }, 24)).toMatch(
      /^name {3}Ann Byrne\nnotes {2}knows the school/,
    );
  });

  it('fits any width that its longest words allow', () => {
    const text = fc
      .array(
        fc.string({ maxLength: 12 }).map((word) => word.replace(/\s/g, 'x')),
        { maxLength: 6 },
      )
      .map((words) => words.join(' '));
    const column = fc.record({
      title: fc.constantFrom('A', 'NAME', 'FIRST NAME'),
      texts: fc.array(text, { maxLength: 4 }),
      whole: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 10, max: 120 }),
        (all, width) => {
          const widths = columnWidths(all, width, 2, stringWidth);
          if (widths === undefined) return;
          expect(widths.reduce((sum, one) => sum + one, 0) + 2 * (all.length - 1)).toBeLessThanOrEqual(width);
          all.forEach(({ texts, whole }, index) => {
            if (whole)
              for (const one of texts) expect(widths[index]).toBeGreaterThanOrEqual(stringWidth(one));
          });
        },
      ),
    );
  });
});

describe('wrapping', () => {
  it('breaks between words, and long words between characters', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap('unbelievable', 5)).toEqual(['unbel', 'ievab', 'le']);
    expect(wrap('a\nb', 5)).toEqual(['a', 'b']);
  });

  it('does not count or cut colours', () => {
    expect(wrap(red('unbelievable'), 6)).toEqual(['\u001b[31munbeli', 'evable\u001b[39m']);
    expect(plainWidth(red('abc'))).toBe(3);
  });

  it('loses no character and keeps to the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 40 }), (text, width) => {
        const one = text.replace(/[\s\p{C}]+/gu, ' ').trim();
        const lines = wrap(one, width, stringWidth);
        expect(lines.join('').replaceAll(' ', '')).toBe(one.replaceAll(' ', ''));
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('measures plain texts without the tables of Unicode, and as those do', async () => {
    expect(await measureFor(['Cité – “Zoë” → 5', red('x')])).toBe(plainWidth);
    const measure = await measureFor(['東京']);
    expect(measure('東京')).toBe(4);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ9 é–’“…→ß') }), (text) => {
        expect(plainWidth(text)).toBe(stringWidth(text));
      }),
    );
  });
});

describe('CSV', () => {
  it('quotes what RFC 4180 wants quoted', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', '', ' padded '])).toBe(
      'a,"b,c","say ""hi""","two\nlines",," padded "',
    );
  });
});
