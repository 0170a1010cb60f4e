import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvParser, LONGEST_CELL, LONGEST_ROW } from '../../src/csv/parse.ts';

/** The rows of a text that arrives in pieces. */
function parse(pieces: readonly string[], delimiter = ',') {
  const parser = new CsvParser(delimiter);
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}
const cellsOf = (text: string, delimiter = ',') => parse([text], delimiter).map(({ cells }) => cells);
const linesOf = (text: string) => parse([text]).map(({ line }) => line);

const breaks = fc.constantFrom('\n', '\r\n', '\r');
const delimiters = fc.constantFrom(',', ';', '\t', '|');
const cell = fc.string({ unit: fc.constantFrom(...'ab"\',;|\t\r\n é€') });
/** A row of nothing but blanks is passed over; so each has something in its first cell. */
const table = fc.array(
  fc.tuple(cell, fc.array(cell, { maxLength: 4 })).map(([first, rest]) => [`x${first}`, ...rest]),
  { maxLength: 8 },
);
const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
};

describe('CsvParser', () => {
  it('reads back any table, whatever divides and quotes its cells, in any pieces', () => {
    fc.assert(
      fc.property(
        table,
        delimiters,
        fc.array(breaks, { minLength: 8, maxLength: 8 }),
        fc.boolean(),
        fc.array(fc.nat()),
        (rows, delimiter, ends, always, cuts) => {
          const quoted = (text: string) =>
            always || /["\r\n]|^ /.test(text) || text.includes(delimiter)
              ? `"${text.replaceAll('"', '""')}"`
              : text;
          const text = rows.map((row, i) => row.map(quoted).join(delimiter) + ends[i]).join('');
          const read = parse(pieces(text, cuts), delimiter);
          expect(read.map(({ cells }) => cells)).toEqual(rows);
          expect(read.every(({ flaw }) => flaw === undefined)).toBe(true);
          const lines = rows.map(
            (_, i) =>
              (rows
                .slice(0, i)
                .map((row, at) => row.map(quoted).join(delimiter) + ends[at])
                .join('')
                .match(/\r\n|\r|\n/g)?.length ?? 0) + 1,
          );
          expect(read.map(({ line }) => line)).toEqual(lines);
          for (const { raw, cells } of read) expect(cellsOf(raw, delimiter)).toEqual([cells]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('counts lines as an editor does, those within cells and blank ones too', () => {
    expect(linesOf('a,b\r\n"1\r\n2",3\r\r\n4,5\n\n6,7')).toEqual([1, 2, 5, 7]);
    expect(linesOf('a\n,,\n \nb\u001a')).toEqual([1, 4]);
  });

  it('says of text behind a closing quote which row has it, and reads the next rows as they stand', () => {
    const rows = parse(['a,"b "c" d",e\nf,"\\"g\\"",h\ni,5" nail,j\n"k" l,"m"\nn,"o" p\nq,"r"\ns,t\n']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['a', '"b "c" d"', 'e'],
      ['f', '"\\"g\\""', 'h'],
      ['i', '5" nail', 'j'],
      ['"k" l', 'm'],
      ['n', '"o" p'],
      ['q', 'r'],
      ['s', 't'],
    ]);
    expect(rows.map(({ flaw }) => [...(flaw?.cells ?? [])])).toEqual([[1], [1], [], [0], [1], [], []]);
    for (const { raw, cells } of rows) expect(cellsOf(raw)).toEqual([cells]);
  });

  it('names the line on which a quote opens that is never closed', () => {
    expect(() => cellsOf('a,b\nc,"d\ne,f\ng,h\n')).toThrow('the quote that opens on line 2 is never closed');
    expect(() => cellsOf('a,"b\n",\n"c\n')).toThrow('line 3');
  });

  it('keeps neither a cell nor a row without end in memory', () => {
    const parser = new CsvParser(',');
    parser.push('a,b\n');
    const endless = (start: string) => {
      parser.push(start);
      for (let size = 0; size <= 2 * LONGEST_ROW; size += 65_536) parser.push('x'.repeat(65_536));
    };
    expect(() => endless('c')).toThrow(`line 2 has more than ${LONGEST_ROW.toLocaleString('en')} characters`);
    expect(() => cellsOf(`"${'x'.repeat(LONGEST_CELL + 10)}"`)).toThrow('line 1 is not closed within');
  });
});
