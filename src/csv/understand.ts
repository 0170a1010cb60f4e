import { closeSync, openSync, readSync } from 'node:fs';
import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { ColumnNames } from './columns.ts';
import { chooseEncoding, decoderOf } from './decode.ts';
import { detectDelimiter, namedDelimiter, rowsAboveHeader, separatorLine } from './delimiter.ts';
import { type Encoding, HEAD_BYTES } from './encoding.ts';
import { readHeader } from './header.ts';
import type { CsvRow } from './parse.ts';
import { type FileFormat, RowStream } from './rows.ts';
import type { Understood } from './understood.ts';

/** What of a request says how the file is to be read. */
export interface FileRequest {
  readonly kind: CsvKind;
  /** `Mobile No=phone` each. */
  readonly map?: readonly string[];
  readonly delimiter?: string;
  readonly encoding?: string;
}

/** What a file was taken for, and what a reader of it needs besides. */
export interface UnderstoodFile {
  readonly understood: Understood;
  readonly format: FileFormat;
}

/**
 * Understands a file by its beginning: encoding, delimiter and columns. Throws INVALID for what is no CSV file of the
 * kind. In which order dates stand is not known yet: that takes all rows (`survey`).
 */
export function understandFile(path: string, name: string, request: FileRequest): UnderstoodFile {
  const format = formatOf(path, name, request);
  const { encoding, delimiter } = format;
  const definition = definitionOf(csvKinds[request.kind]);
  const { header, above } = headerRow(format, request);
  const columns = readHeader(header.cells, {
    file: name,
    definition,
    kind: request.kind,
    line: header.line,
    map: request.map ?? [],
  });
  return {
    format,
    understood: {
      file: name,
      kind: request.kind,
      encoding: encoding.name,
      bom: encoding.bom > 0,
      delimiter,
      headerLine: header.line,
      rowsAbove: above,
      columns,
      sample: { rows: 0, warnings: [] },
    },
  };
}

/** How the text of a file is to be read, by its first `HEAD_BYTES`. Throws INVALID for what is no text. */
export function formatOf(path: string, name: string, request: FileRequest): FileFormat {
  const { head, whole } = headOf(path);
  const encoding = chooseEncoding(head, name, whole, request.encoding);
  const definition = definitionOf(csvKinds[request.kind]);
  const text = textOf(head.subarray(encoding.bom), encoding, whole);
  if (text.trim() === '') throw empty(name, request.kind);
  const separator = separatorLine(text);
  const skip = separator?.length ?? 0;
  const delimiter =
    request.delimiter === undefined
      ? (separator?.delimiter ?? detectDelimiter(text.slice(skip), whole, new ColumnNames(definition)))
      : namedDelimiter(request.delimiter);
  return { path, name, encoding, delimiter, skip };
}

const empty = (name: string, kind: CsvKind) =>
  invalid(`${quote(name)} is empty`, `\`tph import ${kind} --template\` prints a header`);

function headOf(path: string): { readonly head: Buffer; readonly whole: boolean } {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    let size = 0;
    for (let n = -1; n !== 0 && size < HEAD_BYTES; size += n)
      n = readSync(fd, head, size, HEAD_BYTES - size, null);
    return { head: head.subarray(0, size), whole: size < HEAD_BYTES };
  } finally {
    closeSync(fd);
  }
}

function textOf(bytes: Buffer, encoding: Encoding, whole: boolean): string {
  const decoder = decoderOf(encoding);
  return decoder.write(bytes) + (whole ? decoder.end() : '');
}

/** The header, and how many rows above it are no part of the table. Throws INVALID where these may be. */
function headerRow(
  format: FileFormat,
  request: FileRequest,
): { readonly header: CsvRow; readonly above: number } {
  const rows = firstRows(format);
  const [first] = rows;
  if (first === undefined) throw empty(format.name, request.kind);
  const names = new ColumnNames(definitionOf(csvKinds[request.kind]));
  const above = rowsAboveHeader(rows, names, request.map ?? []);
  const header = rows[above] ?? first;
  const width = given(header);
  const full = rows.slice(0, above).find((row) => given(row) >= width);
  if (full === undefined) return { header, above };
  throw invalid(
    `line ${first.line} of ${quote(format.name)} names no column that is known; line ${header.line} seems to be the header`,
    `take out what stands above line ${header.line}, or say what the columns of line ${first.line} are with --map`,
  );
}

const given = ({ cells }: CsvRow): number => cells.filter((cell) => cell.trim() !== '').length;

/** Enough for a title, a date and what else reports write above a table. */
const ROWS_LOOKED_AT = 20;

function firstRows(format: FileFormat): readonly CsvRow[] {
  const stream = new RowStream(format);
  const found: CsvRow[] = [];
  try {
    for (let rows = stream.next(); rows !== undefined && found.length < ROWS_LOOKED_AT; rows = stream.next())
      found.push(...rows);
  } catch (error) {
    // What is wrong behind the header is said when it is reached.
    if (found.length === 0) throw error;
  } finally {
    stream.close();
  }
  return found.slice(0, ROWS_LOOKED_AT);
}
