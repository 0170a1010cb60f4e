import type { Column, Ink, TableBlock } from './answer.ts';
import { drawCard } from './card.ts';
import { type ColumnTexts, columnWidths } from './column-widths.ts';
import { plainText, words } from './plain.ts';
import { colouredAlone, type Measure, measureFor, wrap } from './text.ts';
import { drawable } from './visible.ts';

/** Blanks between columns; the narrow gap only where the wide one does not fit. */
const GAPS = [2, 1] as const;

/**
 * A table without lines that fits the width: where it is too narrow, columns with nothing in them are left out; text is
 * broken over lines; where even that is not enough, cards.
 */
export async function drawTable({ columns, rows, keepEmpty = false }: TableBlock, ink: Ink): Promise<string> {
  const cells = columns.map((column) => rows.map((row) => drawable(cellText(column, row, ink))));
  const all = columns.map((column, index): DrawnColumn => {
    const texts = cells[index] ?? [];
    const title = drawable((column.title ?? words(column.name)).toUpperCase());
    return { title, texts, whole: column.whole ?? false, align: column.align ?? 'left' };
  });
  const measure = await measureFor(all.flatMap(({ title, texts }) => [title, ...texts]));
  const isCrowded = columnWidths(all, ink.width, GAPS[0], measure)?.some(
    (width, index) => all[index]?.texts.some((text) => measure(text) > width) === true,
  );
  const nothing = ink.dim(NOTHING);
  const said = all.filter(({ texts }) => texts.some((text) => text !== nothing));
  const shown = keepEmpty || isCrowded === false || said.length === 0 ? all : said;
  return (await laidOut(shown, ink, measure)).replaceAll('\u00a0', ' ');
}

interface DrawnColumn extends ColumnTexts {
  readonly align: 'left' | 'right';
}

async function laidOut(columns: readonly DrawnColumn[], ink: Ink, measure: Measure): Promise<string> {
  const height = columns[0]?.texts.length ?? 0;
  const rows = Array.from({ length: height }, (_row, index) =>
    columns.map(({ texts }) => texts[index] ?? ''),
  );
  const titles = columns.map(({ title }) => title);
  const fits = GAPS.map((gap) => ({ gap, widths: columnWidths(columns, ink.width, gap, measure) }));
  const { gap, widths } = fits.find((fit) => fit.widths !== undefined) ?? { gap: 0, widths: undefined };
  if (widths === undefined) return drawAsCards(titles, rows, ink);
  const broken = (row: readonly string[]) =>
    row.map((cell, index) => wrap(cell, widths[index] ?? 1, measure));
  const lines = [
    ...linesOf(broken(titles).map((title) => title.map(ink.strong))),
    ...rows.flatMap((row) => linesOf(broken(row).map(colouredAlone))),
  ];
  const aligns = columns.map(({ align }) => align);
  return drawLines(lines, aligns, gap, measure).join('\n');
}

/** A row of cells of several lines as rows of one line. */
function linesOf(row: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const height = row.reduce((most, cell) => Math.max(most, cell.length), 0);
  return Array.from({ length: height }, (_line, index) => row.map((cell) => cell[index] ?? ''));
}

function drawLines(
  lines: readonly (readonly string[])[],
  aligns: readonly ('left' | 'right')[],
  gap: number,
  measure: Measure,
): readonly string[] {
  const widths = aligns.map((_align, index) =>
    lines.reduce((most, line) => Math.max(most, measure(line[index] ?? '')), 0),
  );
  const padded = (cell: string, index: number): string => {
    const blanks = ' '.repeat((widths[index] ?? 0) - measure(cell));
    return aligns[index] === 'right' ? blanks + cell : cell + blanks;
  };
  return lines.map((line) => line.map(padded).join(' '.repeat(gap)).trimEnd());
}

const NOTHING = '–';

/** What a person reads in a cell; nothing shows as `–`. */
export function cellText(column: Column<never>, row: unknown, ink: Ink): string {
  const text =
    column.text === undefined
      ? plainText((row as Record<string, unknown>)[column.name])
      : column.text(row as never, ink);
  return text === '' ? ink.dim(NOTHING) : text;
}

async function drawAsCards(
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  ink: Ink,
): Promise<string> {
  const entries = (row: readonly string[]) =>
    row.map((cell, index) => [(titles[index] ?? '').toLowerCase(), cell] as const);
  const cards = await Promise.all(cells.map((row) => drawCard(entries(row), ink)));
  return cards.join('\n\n');
}
