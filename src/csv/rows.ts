import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { invalid, quote } from '../values/error.ts';
import { type Decoder, decoderOf } from './decode.ts';
import type { Encoding } from './encoding.ts';
import { CsvParser, type CsvRow } from './parse.ts';

/** How the text of a file is read. */
export interface FileFormat {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Characters before the header that are no row: Excel's `sep=;`, with its line break. */
  readonly skip: number;
}

// Strings of this size die young; of larger pieces the collector keeps more, at half the speed.
const PIECE = 65_536;

/** The rows of a file from the first on, the header among them, in pieces; nothing but a piece is kept. */
export class RowStream {
  readonly #format: FileFormat;
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(PIECE);
  readonly #decoder: Decoder;
  readonly #parser: CsvParser;
  readonly #hash: Hash | undefined;
  readonly #grows: boolean;
  #skip: number;
  #state: 'start' | 'rows' | 'end' = 'start';
  #bytes = 0;

  /** `hash`: also find out the file's SHA-256. `grows`: where it ends now is not its end, so no row ends there. */
  constructor(format: FileFormat, { hash = false, grows = false } = {}) {
    this.#format = format;
    this.#fd = openSync(format.path, 'r');
    this.#decoder = decoderOf(format.encoding);
    this.#parser = new CsvParser(format.delimiter, format.skip === 0 ? 1 : 2);
    this.#skip = format.skip;
    this.#hash = hash ? createHash('sha256') : undefined;
    this.#grows = grows;
  }

  get bytesRead(): number {
    return this.#bytes;
  }

  /** Of all that was read; once, at the end. */
  sha256(): string {
    return this.#hash?.digest('hex') ?? '';
  }

  /** The rows that end in the next piece, none perhaps; undefined at the end, or where a file that grows ends as yet. Throws INVALID as the parser does. */
  next(): readonly CsvRow[] | undefined {
    if (this.#state === 'end') return undefined;
    const n = readSync(this.#fd, this.#buffer, 0, PIECE, null);
    const bytes = this.#buffer.subarray(0, n);
    this.#hash?.update(bytes);
    this.#bytes += n;
    if (n === 0) {
      if (this.#grows) return undefined;
      this.#state = 'end';
      const last = this.#parse(this.#decoder.end());
      return [...last, ...this.#parser.end()];
    }
    const text = this.#decoder.write(
      this.#state === 'start' ? bytes.subarray(this.#format.encoding.bom) : bytes,
    );
    this.#state = 'rows';
    return this.#parse(text);
  }

  close(): void {
    this.#state = 'end';
    closeSync(this.#fd);
  }

  #parse(text: string): readonly CsvRow[] {
    const cut = Math.min(this.#skip, text.length);
    this.#skip -= cut;
    const rows = this.#parser.push(cut === 0 ? text : text.slice(cut));
    const { bad } = this.#decoder;
    if (bad === undefined) return rows;
    const line = this.#parser.lastLine;
    throw invalid(
      `${quote(this.#format.name)} began as UTF-8, but line ${line} has the byte ${bad}, which is not`,
      'say what it is with --encoding windows-1252, or save it again as UTF-8',
      [{ message: `line ${line} has the byte ${bad}, which is not UTF-8`, line }],
    );
  }
}
