import Table from 'cli-table3';
import type { Column, Ink, TableBlock } from './answer.ts';
import { drawCard } from './card.ts';
import { columnWidths } from './column-widths.ts';
import { plainText, words } from './plain.ts';
import { measureFor, wrap } from './text.ts';

/** Blanks between columns; the narrow gap only where the wide one does not fit. */
const GAPS = [2, 1] as const;

/** A table without lines that fits the width: text is broken over lines; where even that is not enough, cards. */
export async function drawTable({ columns, rows }: TableBlock, ink: Ink): Promise<string> {
  const titles = columns.map((column) => (column.title ?? words(column.name)).toUpperCase());
  const cells = rows.map((row) => columns.map((column) => cellText(column, row, ink)));
  const measure = await measureFor([...titles, ...cells.flat()]);
  const contents = columns.map((column, index) => ({
    title: titles[index] ?? '',
    texts: cells.map((row) => row[index] ?? ''),
    whole: column.whole === true,
  }));
  const fits = GAPS.map((gap) => ({ gap, widths: columnWidths(contents, ink.width, gap, measure) }));
  const { gap, widths } = fits.find((fit) => fit.widths !== undefined) ?? { gap: 0, widths: undefined };
  if (widths === undefined) return drawAsCards(titles, cells, ink);
  const broken = (row: readonly string[]) =>
    row.map((cell, index) => wrap(cell, widths[index] ?? 1, measure).join('\n'));
  const table = new Table({
    chars: { ...BORDERLESS, middle: ' '.repeat(gap) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
    head: broken(titles).map((title) => title.split('\n').map(ink.strong).join('\n')),
  });
  table.push(...cells.map(broken));
  return table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

const LINES = [
  ...(['top', 'top-mid', 'top-left', 'top-right'] as const),
  ...(['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'] as const),
  ...(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const),
];
const BORDERLESS = Object.fromEntries(LINES.map((line) => [line, '']));

/** What a person reads in a cell; nothing shows as `–`. */
export function cellText(column: Column<never>, row: unknown, ink: Ink): string {
  const text =
    column.text === undefined
      ? plainText((row as Record<string, unknown>)[column.name])
      : column.text(row as never, ink);
  return text === '' ? ink.dim('–') : text;
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
