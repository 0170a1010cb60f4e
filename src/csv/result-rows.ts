import { isResultColumn } from './columns.ts';
import { harmlessCell } from './escape.ts';
import type { CsvRow } from './parse.ts';
import type { Understood } from './understood.ts';

/** The columns that result files add (spec section 7). */
const FAILED = ['tph__line', 'tph__column', 'tph__code', 'tph__message'];
const SUCCESS = ['tph__line', 'tph__outcome', 'tph__id'];

/** Writes rows of a file again, with cells behind them; a result file is read as the file itself is. */
export class ResultRows {
  readonly #delimiter: string;
  readonly #width: number;
  readonly #headers: readonly string[];
  /** The columns that are repeated; undefined: all. */
  readonly #kept: readonly number[] | undefined;
  readonly #needsQuotes: RegExp;
  /** A cell that must not be repeated as it is. */
  readonly #formula: RegExp;
  /** What the file begins with. */
  readonly #mark: string;

  constructor({ delimiter, bom, columns }: Understood) {
    const headers = columns.map(({ header }) => header);
    const kept = columns.filter(({ header }) => !isResultColumn(header)).map(({ index }) => index);
    const literal = delimiter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    this.#delimiter = delimiter;
    this.#width = columns.length;
    this.#headers = headers;
    this.#kept = kept.length === columns.length ? undefined : kept;
    this.#needsQuotes = new RegExp(`["\\r\\n]|${literal}|^\\s|\\s$`);
    this.#formula = new RegExp(
      `(?:^|${literal})\\s*"?\\s*(?:[=@\\t\\r\\n-]|\\+(?!\\d{4,15}(?:${literal}|"|$)))`,
    );
    this.#mark = bom ? '\uFEFF' : '';
  }

  failedHeader(): string {
    return this.#mark + this.#cells(this.#headers, FAILED);
  }

  successHeader(): string {
    return this.#mark + this.#cells(this.#headers, SUCCESS);
  }

  /** A row as the file has it, and `more` behind its last column. */
  row(row: CsvRow, more: readonly string[]): string {
    const { raw, cells } = row;
    if (
      this.#kept !== undefined ||
      row.flaw !== undefined ||
      cells.length > this.#width ||
      this.#formula.test(raw)
    )
      return this.#cells(cells, more);
    const missing = this.#delimiter.repeat(this.#width - cells.length);
    return `${raw}${missing}${this.#delimiter}${more.map((cell) => this.#quoted(cell)).join(this.#delimiter)}\r\n`;
  }

  #cells(cells: readonly string[], more: readonly string[]): string {
    const padded = Array.from({ length: this.#width }, (_, i) => cells[i] ?? '');
    const kept = this.#kept === undefined ? padded : this.#kept.map((index) => padded[index] ?? '');
    // Cells beyond the last column come last again: they are what is wrong with the row, and not to be lost.
    const all = [...kept, ...more, ...cells.slice(this.#width)].map(harmlessCell);
    return `${all.map((cell) => this.#quoted(cell)).join(this.#delimiter)}\r\n`;
  }

  #quoted(cell: string): string {
    return this.#needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
}
