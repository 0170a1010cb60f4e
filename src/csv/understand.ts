import { closeSync, openSync, readSync } from 'node:fs';
import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { ColumnNames } from './columns.ts';
import { chooseEncoding, decoderOf } from './decode.ts';
import { detectDelimiter, namedDelimiter, separatorLine } from './delimiter.ts';
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
  const header = headerRow(format, request.kind);
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

function headerRow(format: FileFormat, kind: CsvKind): CsvRow {
  const stream = new RowStream(format);
  try {
    for (let rows = stream.next(); rows !== undefined; rows = stream.next()) {
      const [header] = rows;
      if (header !== undefined) return header;
    }
  } finally {
    stream.close();
  }
  throw empty(format.name, kind);
}
