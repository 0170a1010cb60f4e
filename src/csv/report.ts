import { ORDER_WORDS } from './cell-date.ts';
import { FULL_NAME } from './columns.ts';
import { delimiterText } from './delimiter.ts';
import type { CountedWarning } from './findings.ts';
import type { Understood, UnderstoodColumn } from './understood.ts';

const IGNORED: Readonly<Record<NonNullable<UnderstoodColumn['ignored']>, string>> = {
  empty: 'without a header',
  asked: 'as asked',
  results: 'of a result file',
  program: 'set by the program',
};

/** What was understood of a file, in three lines of plain text (spec section 7). */
export function understoodLines(
  understood: Understood,
): readonly [file: string, columns: string, doubts: string] {
  const { file, encoding, bom, delimiter, columns, sample, headerLine, rowsAbove } = understood;
  const width = `${columns.length} column${columns.length === 1 ? '' : 's'}`;
  const cells = columns.length === 1 ? '' : `, ${delimiterText(delimiter)} between cells`;
  const above = headerLine - 1;
  const title =
    rowsAbove === 0
      ? ''
      : `, header on line ${headerLine} (${above} line${above === 1 ? '' : 's'} above it left out)`;
  return [
    `${file}: ${encoding}${bom ? ' with BOM' : ''}${cells}, ${width}${dates(columns)}${title}`,
    `columns: ${matched(columns)}${left(columns)}`,
    sample.warnings.length === 0
      ? `the first ${rows(sample.rows)}: nothing doubtful`
      : `the first ${rows(sample.rows)}: ${sample.warnings.map(warningText).join('; ')}`,
  ];
}

/** A counted warning for people. */
export const warningText = ({ message, count, line, column }: CountedWarning): string =>
  `${column === null ? '' : `${column}: `}${message} (${count} ×, first on line ${line})`;

const rows = (count: number): string => (count === 1 ? 'row' : `${count.toLocaleString('en')} rows`);

function dates(columns: readonly UnderstoodColumn[]): string {
  const styles = [...new Set(columns.map(({ dates }) => dates).filter((style) => style !== null))];
  const words = styles.map((style) =>
    style === 'serial' ? 'as serial numbers, as a spreadsheet counts days' : ORDER_WORDS[style],
  );
  return words.length === 0 ? '' : `, dates ${words.join(' and ')}`;
}

function matched(columns: readonly UnderstoodColumn[]): string {
  return columns
    .flatMap(({ header, field }) => {
      if (field === null) return [];
      if (field === FULL_NAME) return [`${header} → firstName + lastName`];
      return [header === field ? header : `${header} → ${field}`];
    })
    .join(', ');
}

function left(columns: readonly UnderstoodColumn[]): string {
  const ignored = columns.flatMap(({ header, index, ignored: why }) =>
    why === null ? [] : [`${header === '' ? `column ${index + 1}` : header} (${IGNORED[why]})`],
  );
  return ignored.length === 0 ? '' : `; ignored: ${ignored.join(', ')}`;
}
