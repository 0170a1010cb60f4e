import Table from 'cli-table3';
import type { Column, Ink, TableBlock } from './answer.ts';
import { drawCard } from './card.ts';
import { plainText, words } from './plain.ts';
import { widthOfText, wrap } from './text.ts';

const GAP = 2;
/** A text column becomes as narrow as its longest word; longer words than this are cut. */
const LONG_WORD = 14;

/** A table without lines that fits the width: text columns are broken over lines; where even that is not enough, cards. */
export function drawTable({ columns, rows }: TableBlock, ink: Ink): string {
  const titles = columns.map((column) => (column.title ?? words(column.name)).toUpperCase());
  const cells = rows.map((row) => columns.map((column) => cellText(column, row, ink)));
  const widths = fit(columns, titles, cells, ink.width);
  if (widths === undefined) return drawAsCards(titles, cells, ink);
  const line = (row: readonly string[]): string[] =>
    row.map((cell, index) => wrap(cell, widths[index] ?? LONG_WORD).join('\n'));
  const table = new Table({
    chars: BORDERLESS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
    head: line(titles).map((title) => title.split('\n').map(ink.strong).join('\n')),
  });
  table.push(...cells.map(line));
  return table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

const NAMES = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'] as const;
const INNER = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const;
const BORDERLESS = { ...Object.fromEntries([...NAMES, ...INNER].map((name) => [name, ''])), middle: ' '.repeat(GAP) };

/** What a person reads in a cell; nothing shows as `–`. */
export function cellText(column: Column<never>, row: unknown, ink: Ink): string {
  const text = column.text === undefined ? plainText((row as Record<string, unknown>)[column.name]) : column.text(row as never, ink);
  return text === '' ? ink.dim('–') : text;
}

/** Widths that fit, the widest text columns giving way first; undefined where the whole columns alone are too wide. */
function fit(
  columns: readonly Column<never>[],
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): number[] | undefined {
  const natural = columns.map((_, index) => widest([titles[index] ?? '', ...cells.map((row) => row[index] ?? '')]));
  const least = columns.map((column, index) => {
    const own = natural[index] ?? 0;
    const title = (titles[index] ?? '').split(' ');
    const longest = widest([...title, ...cells.flatMap((row) => (row[index] ?? '').split(/\s/))]);
    return column.whole === true ? own : Math.max(widest(title), Math.min(longest, LONG_WORD));
  });
  const widths = [...natural];
  let over = sum(widths) + GAP * (columns.length - 1) - width;
  while (over > 0) {
    const slack = widths.map((own, index) => own - (least[index] ?? 0));
    const candidates = widths.map((own, index) => ((slack[index] ?? 0) > 0 ? own : 0));
    const at = candidates.indexOf(Math.max(...candidates));
    if ((candidates[at] ?? 0) === 0) return undefined;
    widths[at] = (widths[at] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => text.split('\n').reduce((own, line) => Math.max(own, widthOfText(line)), most), 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function drawAsCards(titles: readonly string[], cells: readonly (readonly string[])[], ink: Ink): string {
  return cells
    .map((row) => drawCard(row.map((cell, index) => [(titles[index] ?? '').toLowerCase(), cell] as const), ink))
    .join('\n\n');
}
