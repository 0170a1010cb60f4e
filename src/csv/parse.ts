import { invalid } from '../values/error.ts';

/** What is not as it should be of a row, though its cells could be told apart. */
export interface Flaw {
  readonly message: string;
  /** The places of the cells that are flawed: these cells are as they stand in the file, quotes and all. */
  readonly cells: ReadonlySet<number>;
}

/** A row of a file. */
export class CsvRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Undefined of nearly every row. */
  readonly flaw: Flaw | undefined;
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;

  /** `text` from `from` to `to` is the row as it stands in the file. */
  constructor(
    line: number,
    cells: readonly string[],
    flaw: Flaw | undefined,
    text: string,
    from: number,
    to: number,
  ) {
    this.line = line;
    this.cells = cells;
    this.flaw = flaw;
    this.#text = text;
    this.#from = from;
    this.#to = to;
  }

  /** Its text as it stands in the file, without the line break that ends it. */
  get raw(): string {
    return this.#text.slice(this.#from, this.#to);
  }
}

/** The most characters of a cell in quotes, and of a row: what is longer is not kept in memory to see how it ends. */
export const LONGEST_CELL = 1_048_576;
export const LONGEST_ROW = 4_194_304;

const QUOTE = 34;
const LF = 10;
const CR = 13;
const BLANK = 32;

/**
 * Reads CSV (RFC 4180) in pieces of any size, with what the world adds to it: line breaks of all sorts in one file, blanks
 * between a delimiter and a quote, text behind the quote that closes a cell (a flaw of that row: its cell then ends at
 * the next delimiter or line break, so that the rows after it are read as they stand). Rows without a single character in their cells are passed over. Nothing but the row that is not whole yet is kept.
 *
 * No package does this: papaparse and udsv keep the whole rest of the file when a quote is never closed, take one kind
 * of line break for all, and do not say on which line a row begins.
 */
export class CsvParser {
  readonly #delimiter: string;
  readonly #code: number;
  #text = '';
  /** Where the row that is being read begins, in `#text`. */
  #at = 0;
  #line: number;
  #ended = false;
  /** Where the next of each stands at or after `#at`; the length of the text where there is none. */
  #nextQuote = 0;
  #nextLf = 0;
  #nextCr = 0;
  #nextDelimiter = -1;
  #width = 1;

  /** `line`: the number of the first line. */
  constructor(delimiter: string, line = 1) {
    this.#delimiter = delimiter;
    this.#code = delimiter.charCodeAt(0);
    this.#line = line;
  }

  /** The line on which the text that was given ends. */
  get lastLine(): number {
    return this.#line + breaksIn(this.#text.slice(this.#at));
  }

  /** The rows that end in this piece. Throws INVALID where a cell or a row is longer than can be. */
  push(piece: string): CsvRow[] {
    this.#text = this.#at < this.#text.length ? this.#text.slice(this.#at) + piece : piece;
    this.#at = 0;
    this.#nextQuote = this.#nextLf = this.#nextCr = this.#nextDelimiter = -1;
    const rows: CsvRow[] = [];
    while (this.#next(rows));
    if (this.#text.length - this.#at > LONGEST_ROW) throw tooLong(this.#line);
    return rows;
  }

  /** The last row. Throws INVALID where a quote is still open, naming the line on which it was opened. */
  end(): CsvRow[] {
    this.#ended = true;
    // The end of a file as DOS marked it.
    if (this.#text.endsWith('\u001a')) this.#text = this.#text.slice(0, -1);
    return this.push('');
  }

  /** Reads one row; false where the text does not hold all of it. */
  #next(rows: CsvRow[]): boolean {
    const text = this.#text;
    const from = this.#at;
    const size = text.length;
    if (from >= size) return false;
    if (this.#nextQuote < from) this.#nextQuote = place(text, '"', from);
    if (this.#nextLf < from) this.#nextLf = place(text, '\n', from);
    if (this.#nextCr < from) this.#nextCr = place(text, '\r', from);
    const end = this.#nextLf < this.#nextCr ? this.#nextLf : this.#nextCr;
    if (this.#nextQuote < end) return this.#quoted(rows);
    if (end === size && !this.#ended) return false;
    // A CR at the very end may be half of a CR LF.
    if (end === size - 1 && this.#nextCr === end && !this.#ended) return false;
    const after = end === this.#nextCr && this.#nextLf === end + 1 ? end + 2 : end + 1;
    if (end - from > LONGEST_ROW) throw tooLong(this.#line);
    if (end > from) this.#add(rows, this.#plain(from, end), undefined, end);
    this.#line++;
    this.#at = after;
    return true;
  }

  #plain(from: number, end: number): string[] {
    const text = this.#text;
    // As many as in the row before: an array that grows is a third of the work.
    const cells = new Array<string>(this.#width);
    let [count, start] = [0, from];
    for (;;) {
      let at = this.#nextDelimiter;
      if (at < start) {
        at = text.indexOf(this.#delimiter, start);
        if (at < 0) at = text.length;
        this.#nextDelimiter = at;
      }
      if (at >= end) break;
      cells[count++] = text.slice(start, at);
      start = at + 1;
    }
    cells[count++] = text.slice(start, end);
    if (count !== cells.length) cells.length = count;
    this.#width = count;
    return cells;
  }

  #add(rows: CsvRow[], cells: string[], flaw: Flaw | undefined, end: number): void {
    for (const cell of cells)
      if (cell !== '' && cell.trim() !== '') {
        rows.push(new CsvRow(this.#line, cells, flaw, this.#text, this.#at, end));
        return;
      }
  }

  /** A row with a quote in it, character by character. */
  #quoted(rows: CsvRow[]): boolean {
    const text = this.#text;
    const size = text.length;
    const delimiter = this.#code;
    const cells: string[] = [];
    const flawed = new Set<number>();
    let message = '';
    let lines = 0;
    let at = this.#at;
    for (;;) {
      let start = at;
      while (text.charCodeAt(start) === BLANK) start++;
      if (text.charCodeAt(start) === QUOTE) {
        const cell = this.#quotedCell(start);
        if (cell === undefined) return false;
        if (cell.flaw !== undefined) {
          if (flawed.size === 0) message = cell.flaw;
          flawed.add(cells.length);
        }
        cells.push(cell.text);
        lines += cell.breaks;
        at = cell.end;
      } else {
        const begin = at;
        let code = text.charCodeAt(at);
        while (at < size && code !== delimiter && code !== LF && code !== CR) code = text.charCodeAt(++at);
        cells.push(text.slice(begin, at));
      }
      if (at - this.#at > LONGEST_ROW) throw tooLong(this.#line);
      if (at >= size) {
        if (!this.#ended) return false;
        break;
      }
      if (text.charCodeAt(at) !== delimiter) break;
      at++;
    }
    const end = at;
    if (text.charCodeAt(at) === CR) {
      if (at + 1 >= size && !this.#ended) return false;
      at += text.charCodeAt(at + 1) === LF ? 2 : 1;
    } else if (at < size) at++;
    this.#add(rows, cells, flawed.size === 0 ? undefined : { message, cells: flawed }, end);
    this.#line += lines + 1;
    this.#at = at;
    return true;
  }

  /** The cell whose quote opens at `open`; undefined where the text does not hold all of it. */
  #quotedCell(
    open: number,
  ): { text: string; end: number; breaks: number; flaw: string | undefined } | undefined {
    const text = this.#text;
    const size = text.length;
    let doubled = false;
    let from = open + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if ((quote < 0 ? size : quote) - open > LONGEST_CELL) throw this.#unclosed(open, 'long');
      if (quote < 0) {
        if (this.#ended) throw this.#unclosed(open, 'end');
        return undefined;
      }
      // Whether it is doubled, or ends the cell, may stand in the next piece.
      if (quote + 1 >= size && !this.#ended) return undefined;
      if (text.charCodeAt(quote + 1) === QUOTE) {
        doubled = true;
        from = quote + 2;
        continue;
      }
      let end = quote + 1;
      while (end < size && text.charCodeAt(end) === BLANK && this.#code !== BLANK) end++;
      if (end >= size && !this.#ended) return undefined;
      const inner = text.slice(open + 1, quote);
      const breaks = breaksIn(inner);
      if (this.#endsAt(end))
        return { text: doubled ? inner.replaceAll('""', '"') : inner, end, breaks, flaw: undefined };
      while (!this.#endsAt(end)) end++;
      if (end >= size && !this.#ended) return undefined;
      const flaw = `has text behind the quote that closes a cell: ${JSON.stringify(text.slice(quote + 1, Math.min(end, quote + 11)))}`;
      return { text: text.slice(open, end), end, breaks, flaw };
    }
  }

  /** Whether a cell ends here. */
  #endsAt(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return at >= this.#text.length || code === this.#code || code === LF || code === CR;
  }

  #unclosed(open: number, why: 'long' | 'end') {
    const line = this.#line + breaksIn(this.#text.slice(this.#at, open));
    const what =
      why === 'end'
        ? 'is never closed'
        : `is not closed within ${LONGEST_CELL.toLocaleString('en')} characters`;
    return invalid(
      `the quote that opens on line ${line} ${what}`,
      `look at line ${line}: close the quote, or write a quote inside a quoted cell twice`,
      [{ message: `the quote that opens on line ${line} ${what}`, line }],
    );
  }
}

function place(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

/** Line breaks of all sorts. */
function breaksIn(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  return (text.match(/\r\n|\n|\r/g) ?? []).length;
}

function tooLong(line: number) {
  const message = `the row that begins on line ${line} has more than ${LONGEST_ROW.toLocaleString('en')} characters`;
  return invalid(message, 'make sure that the file is a CSV file, with one record on each line', [
    { message, line },
  ]);
}
