import Table from 'cli-table3';
import type { Column, Ink, TableBlock } from './answer.ts';
import { drawCard } from './card.ts';
import { type ColumnTexts, columnWidths } from './column-widths.ts';
import { plainText, words } from './plain.ts';
import { colouredAlone, type Measure, measureFor, wrap } from './text.ts';
import { drawable } from './visible.ts';

/** Blanks between columns; the narrow gap only where the wide one does not fit. */
const GAPS = [2, 1] as const;

/**
 * Rows that cli-table3 lays out at once: it looks through all rows above for each, and through the whole text of a cell
 * for each of its lines, so it is given a line at a time and few of them.
 */
const AT_ONCE = 50;

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
  colAligns: ('left' | 'right')[],
  gap: number,
  measure: Measure,
): readonly string[] {
  // Stands above each part, so that all parts have columns of one width.
  const ruler = colAligns.map((_align, index) =>
    ' '.repeat(lines.reduce((most, line) => Math.max(most, measure(line[index] ?? '')), 0)),
  );
  const parts = Array.from({ length: Math.ceil(lines.length / AT_ONCE) }, (_part, index) =>
    lines.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  return parts.flatMap((part) => {
    const table = new Table({
      chars: { ...BORDERLESS, middle: ' '.repeat(gap) },
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
      colAligns,
    });
    table.push(ruler, ...part.map((line) => [...line]));
    return table
      .toString()
      .split('\n')
      .slice(1)
      .map((line) => line.trimEnd());
  });
}

const LINES = [
  ...(['top', 'top-mid', 'top-left', 'top-right'] as const),
  ...(['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'] as const),
  ...(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const),
];
const BORDERLESS = Object.fromEntries(LINES.map((line) => [line, '']));

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
