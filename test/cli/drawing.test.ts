import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Answer, GROUP, type Ink, table } from '../../src/terminal/answer.ts';
import { columnWidths } from '../../src/terminal/column-widths.ts';
import { errorText } from '../../src/terminal/error-text.ts';
import { csvLine } from '../../src/terminal/plain.ts';
import { render } from '../../src/terminal/render.ts';
import { colouredAlone, measureFor, plainWidth, wrap } from '../../src/terminal/text.ts';
import { TphError } from '../../src/values/error.ts';

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
    expect(await drawn({ draw: () => [table(columns, people.slice(1))] }, 8)).toContain('id    G2');
    expect(await drawn({ draw: () => [table(columns, people)] }, 24)).toMatch(
      /^name {3}Ann Byrne\nnotes {2}knows the school/,
    );
  });

  it('leaves out a column with nothing in it where room is short, unless it was asked for', async () => {
    const rows = [{ name: 'Ann Byrne', notes: '', id: 'G911991390395695104' }];
    const narrow = 'NAME       ID\nAnn Byrne  G911991390395695104\n';
    expect(await drawn({ draw: () => [table(columns, rows)] }, 32)).toBe(narrow);
    expect(await drawn({ draw: () => [table(columns, rows)] })).toContain('NOTES');
    const asked = await render(
      { value: rows, columns, draw: () => [] },
      'table',
      ['name', 'notes', 'id'],
      async () => ink(32),
    );
    expect(asked).toContain('NOTES');
  });

  it('breaks a date from its age, and cuts neither', async () => {
    const dated = [{ name: 'expires', whole: 'words' as const }, columns[2] ?? { name: 'id' }];
    const rows = [{ expires: '2026-08-31\u00a008:15 in\u00a07\u00a0months', id: 'G911991390395695104' }];
    expect(await drawn({ draw: () => [table(dated, rows)] }, 37)).toBe(
      'EXPIRES           ID\n2026-08-31 08:15  G911991390395695104\nin 7 months\n',
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
      whole: fc.constantFrom(true, false, 'words' as const),
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
            if (whole === true)
              for (const one of texts) expect(widths[index]).toBeGreaterThanOrEqual(stringWidth(one));
          });
        },
      ),
    );
  });
});

describe('a card', () => {
  it('divides its groups, and names what is empty last', async () => {
    const card = [['name', 'Ann'], ['notes', null], GROUP, ['tag', null], GROUP, ['id', 'G1']] as const;
    expect(await drawn({ draw: () => [{ card }] })).toBe('name  Ann\n\nid    G1\n\nempty: notes, tag\n');
  });

  it('stays on its lines in colour', async () => {
    const card = [['who', red('Ann Byrne and all of the others')]] as const;
    expect(await drawn({ draw: () => [{ card }] }, 25)).toBe(
      `who  ${red('Ann Byrne and all of')}\n     ${red('the others')}\n`,
    );
  });
});

describe('a cell of many lines', () => {
  it('costs no more than its lines', { timeout: 2000 }, async () => {
    const names = Array.from({ length: 500 }, (_name, index) => `SR-${index} 08:15`).join(', ');
    const rows = Array.from({ length: 5 }, (_row, index) => ({
      name: `day ${index}`,
      notes: names,
      id: 'G1',
    }));
    const lines = (await drawn({ draw: () => [table(columns, rows)] }, 40)).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.join(' ').match(/SR-499/g)).toHaveLength(5);
    // Far below the first row, and on a line without it, the columns are where they are above.
    expect(lines.filter((line) => line.startsWith('day ')).map((line) => line.indexOf('SR-0'))).toEqual(
      Array(5).fill(lines[0]?.indexOf('NOTES')),
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('has its colours on its own lines only', async () => {
    const rows = [{ name: 'a', notes: red('knows the gate'), id: 'G2' }];
    const coloured = [{ name: 'name' }, { name: 'notes', text: (row: { notes: string }) => row.notes }];
    expect(await drawn({ draw: () => [table(coloured, rows)] }, 15)).toBe(
      ['NAME  NOTES', `a     ${red('knows the')}`, `      ${red('gate')}`, ''].join('\n'),
    );
    expect(colouredAlone([`\u001b[2m${red('a')}`, 'b\u001b[22m', 'c'])).toEqual([
      `\u001b[2m${red('a')}\u001b[22m`,
      '\u001b[2mb\u001b[22m',
      'c',
    ]);
  });
});

describe('text that would steer the terminal', () => {
  const nasty = `a\u001b]0;title\u0007b\u001b[2Jc\u009b31md\u202ee\rf\u0000`;
  const steers = /(?![\n\t])\p{Cc}|\u202e/u;

  it('is never drawn: in a line, a table, a card, an error', async () => {
    const rows = [{ name: nasty, notes: nasty }];
    const blocks = [nasty, table(columns.slice(0, 2), rows), { card: [[nasty, nasty]] } as const];
    const text = await drawn({ draw: () => blocks });
    expect(text).not.toMatch(steers);
    expect(text.match(/a�]0;title�b�\[2Jc�31md�e/g)).toHaveLength(5);
    const details = [{ message: nasty }, { field: nasty, message: 'wrong', hint: nasty }];
    for (const error of [
      new TphError('INVALID', nasty, { hint: nasty }),
      new TphError('INVALID', 'several', { hint: nasty, details }),
    ])
      expect(errorText(error, ink(80))).not.toMatch(steers);
  });

  it('cannot forge a line of an error', () => {
    const error = new TphError('NOT_FOUND', 'there is no driver `a\nhint: type rm -rf`');
    expect(errorText(error, ink(80)).trimEnd().split('\n')).toHaveLength(1);
  });

  it('leaves our own colours alone', async () => {
    expect(await drawn({ draw: () => [`\u001b[1m${red('bold')}\u001b[22m`] })).toBe(
      `\u001b[1m${red('bold')}\u001b[22m\n`,
    );
    expect(await drawn({ draw: () => ['\u001b[8mhidden\u001b[0m'] })).toBe('�[8mhidden�[0m\n');
  });
});

describe('tabs', () => {
  it('become blanks up to the next stop, so that what follows stands in its column', async () => {
    const rows = [
      { name: 'a\tb', notes: 'x\ty\nlonger\ty', id: 'G2' },
      { name: 'abcdefghi', notes: '-', id: 'G3' },
    ];
    expect(await drawn({ draw: () => [table(columns, rows), red('a\tb')] })).toBe(
      [
        'NAME       NOTES      ID',
        'a       b  x       y  G2',
        '           longer  y',
        'abcdefghi  -          G3',
        `\u001b[31ma       b\u001b[39m`,
        '',
      ].join('\n'),
    );
    expect(await drawn({ draw: () => [{ card: [['note', 'a\tb']] }] })).toBe('note  a       b\n');
  });

  it('cost no more than there are of them', { timeout: 2000 }, async () => {
    const text = await drawn({ draw: () => ['\t'.repeat(50_000)] });
    expect(text).toBe(`${' '.repeat(400_000)}\n`);
  });
});

describe('wrapping', () => {
  it('breaks between words, and long words between characters', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap('unbelievable', 5)).toEqual(['unbel', 'ievab', 'le']);
    expect(wrap('a\nb', 5)).toEqual(['a', 'b']);
    expect(wrap('karen.kinsella@example.com', 16)).toEqual(['karen.kinsella@', 'example.com']);
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
