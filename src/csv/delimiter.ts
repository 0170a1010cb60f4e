import { invalid, quote } from '../values/error.ts';
import { type ColumnNames, plainHeader } from './columns.ts';
import { CsvParser, type CsvRow } from './parse.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
};
const ROWS_LOOKED_AT = 100;

/** The delimiter that `--delimiter` names. */
export function namedDelimiter(text: string): string {
  const word = text.toLowerCase();
  const found = DELIMITERS.find(
    (one) => one === text || NAMES[one] === word || (one === '\t' && word === '\\t'),
  );
  if (found !== undefined) return found;
  if (text.length === 1 && !/[\w\s"'\r\n]/.test(text)) return text;
  throw invalid(`--delimiter ${quote(text)} is no delimiter`, 'give , or ; or | or tab');
}

/** A delimiter for people: `','`, `tab`. */
export const delimiterText = (delimiter: string): string => (delimiter === '\t' ? 'tab' : `'${delimiter}'`);

/** Excel's first line `sep=;`: the delimiter, and how much of the text it takes. */
export function separatorLine(
  text: string,
): { readonly delimiter: string; readonly length: number } | undefined {
  const match = /^"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)/i.exec(text);
  return match === null ? undefined : { delimiter: match[1] ?? ',', length: match[0].length };
}

/**
 * What divides the cells, by the beginning of a file: that which gives the most columns whose headers are known, then
 * that by which the most rows have as many cells as the header. `whole`: the text is all there is.
 */
export function detectDelimiter(text: string, whole: boolean, names: ColumnNames): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const rows = firstRows(text, whole, delimiter);
    const [header, ...others] = rows.slice(rowsAboveHeader(rows, names, []));
    if (header === undefined || header.cells.length < 2) continue;
    const known = knownIn(header, names);
    const width = header.cells.length;
    const same = others.filter(({ cells }) => cells.length === width).length / Math.max(1, others.length);
    const score = known * 100 + same * 10 + Math.min(width, 50) / 50;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const knownIn = ({ cells }: CsvRow, names: ColumnNames): number =>
  cells.filter((cell) => cell.trim() !== '' && names.find(cell.trim()) !== undefined).length;

/**
 * How many rows stand above the header: those before the first row in which two columns or more are known. 0 where there
 * is none, and where anything in the first row is known, or `map` (as `--map`) names it.
 */
export function rowsAboveHeader(rows: readonly CsvRow[], names: ColumnNames, map: readonly string[]): number {
  const [first] = rows;
  if (first === undefined || knownIn(first, names) > 0) return 0;
  const mapped = new Set(map.map((one) => plainHeader(one.slice(0, Math.max(0, one.lastIndexOf('='))))));
  if (first.cells.some((cell) => mapped.has(plainHeader(cell)) && plainHeader(cell) !== '')) return 0;
  return Math.max(
    0,
    rows.findIndex((row) => knownIn(row, names) >= 2),
  );
}

function firstRows(text: string, whole: boolean, delimiter: string): readonly CsvRow[] {
  const parser = new CsvParser(delimiter);
  const rows: CsvRow[] = [];
  try {
    rows.push(...parser.push(text.length > 65_536 ? text.slice(0, 65_536) : text));
    if (whole) rows.push(...parser.end());
  } catch {
    // A quote that is open by this delimiter is said when the file is read by the one that is chosen.
  }
  return rows.slice(0, ROWS_LOOKED_AT);
}
