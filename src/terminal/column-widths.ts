import type { Measure } from './text.ts';

/** What is to stand in a column: its title, its texts, and whether they may be broken over lines. */
export interface ColumnTexts {
  readonly title: string;
  readonly texts: readonly string[];
  /** `words`: only between words. */
  readonly whole: boolean | 'words';
}

/** A text column becomes as narrow as its longest word; words longer than this are cut. */
const LONG_WORD = 14;

/**
 * How wide each column is to be, so that all together, `gap` between them, take at most `width`: the widest gives way
 * first, down to its longest word. Undefined where even that is too wide.
 */
export function columnWidths(
  columns: readonly ColumnTexts[],
  width: number,
  gap: number,
  measure: Measure,
): readonly number[] | undefined {
  const widest = (texts: readonly string[]): number =>
    texts.reduce(
      (most, text) => text.split('\n').reduce((own, line) => Math.max(own, measure(line)), most),
      0,
    );
  const least = columns.map(({ title, texts, whole }) => {
    const words = () => widest(texts.flatMap((text) => text.split(/[ \n]/)));
    const longest =
      whole === true ? widest(texts) : whole === 'words' ? words() : Math.min(words(), LONG_WORD);
    return Math.max(widest(title.split(' ')), longest);
  });
  // A long text cannot have more than the whole width; it need not be narrowed from there column by column.
  const widths = columns.map(({ title, texts }, index) =>
    Math.max(least[index] ?? 0, Math.min(widest([title, ...texts]), width)),
  );
  const room = width - gap * (columns.length - 1);
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const at = widestWithSlack(widths, least);
    if (at === undefined) return undefined;
    widths[at] = (widths[at] ?? 0) - 1;
  }
  return widths;
}

function widestWithSlack(widths: readonly number[], least: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, width] of widths.entries())
    if (width > (least[index] ?? 0) && (found === undefined || width > (widths[found] ?? 0))) found = index;
  return found;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
