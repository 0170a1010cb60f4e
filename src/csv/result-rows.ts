import { csvKinds } from '../contract/bulk.ts';
import { definitionOf } from '../records/registry.ts';
import { isResultColumn } from './columns.ts';
import { harmlessCell } from './escape.ts';
import type { CsvRow } from './parse.ts';
import type { Understood } from './understood.ts';

/** The columns that result files add (spec section 7). */
const FAILED = ['tph__line', 'tph__column', 'tph__code', 'tph__message'];
const SUCCESS = ['tph__line', 'tph__outcome', 'tph__id'];

const NONE: ReadonlySet<number> = new Set();
/** A cell such as `"=1+1" x`: an apostrophe outside its quotes would mend it. */
const harmlessFlaw = (cell: string): string => cell.replace(/^(\s*")(?=\s*[=+\-@\t\r\n])/, "$1'");

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
  /** Places of passwords. */
  readonly #secret: ReadonlySet<number>;
  /** What the file begins with. */
  readonly #mark: string;

  constructor({ kind, encoding, delimiter, bom, columns }: Understood) {
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
    // Result files are UTF-8, which a spreadsheet takes for what it takes all files for unless it is told.
    this.#mark = bom || encoding !== 'UTF-8' ? '\uFEFF' : '';
    const { fields } = definitionOf(csvKinds[kind]);
    this.#secret = new Set(
      columns.flatMap(({ field, index }) =>
        field !== null && fields[field]?.kind === 'secret' ? [index] : [],
      ),
    );
  }

  failedHeader(): string {
    return this.#mark + this.#cells(this.#headers, FAILED);
  }

  successHeader(): string {
    return this.#mark + this.#cells(this.#headers, SUCCESS);
  }

  /** A row that was taken, and `more` behind its last column: its password is in the database, and in no other file. */
  successRow(row: CsvRow, more: readonly string[]): string {
    if (this.#secret.size === 0) return this.row(row, more);
    return this.#cells(
      row.cells.map((cell, i) => (this.#secret.has(i) ? '' : cell)),
      more,
    );
  }

  /** A row as the file has it, and `more` behind its last column. */
  row(row: CsvRow, more: readonly string[]): string {
    const { raw, cells } = row;
    if (this.#kept !== undefined || cells.length > this.#width || this.#formula.test(raw))
      return this.#cells(cells, more, row.flaw?.cells);
    const missing = this.#delimiter.repeat(this.#width - cells.length);
    return `${raw}${missing}${this.#delimiter}${more.map((cell) => this.#quoted(cell)).join(this.#delimiter)}\r\n`;
  }

  /** `flawed`: places of cells that stay as they stand in the file, so that they are found to be wrong again. */
  #cells(cells: readonly string[], more: readonly string[], flawed: ReadonlySet<number> = NONE): string {
    const shown = cells.map((cell, i) =>
      flawed.has(i) ? harmlessFlaw(cell) : this.#quoted(harmlessCell(cell)),
    );
    const padded = Array.from({ length: this.#width }, (_, i) => shown[i] ?? '');
    const kept = this.#kept === undefined ? padded : this.#kept.map((index) => padded[index] ?? '');
    const added = more.map((cell) => this.#quoted(harmlessCell(cell)));
    // Cells beyond the last column come last again: they are what is wrong with the row, and not to be lost.
    return `${[...kept, ...added, ...shown.slice(this.#width)].join(this.#delimiter)}\r\n`;
  }

  #quoted(cell: string): string {
    return this.#needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
}
