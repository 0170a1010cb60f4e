import type { RecordDefinition } from '../records/definition.ts';
import { type CellText, cellText } from './export-cell.ts';
import { linksByTime } from './export-links.ts';

/** Values of records in the order of the columns, in pages: what `Bulk.export` gives. */
export type ExportPages = AsyncIterable<readonly (readonly unknown[])[]>;

export interface CsvStyle {
  readonly columns: readonly string[];
  readonly timeZone: string;
  /** One character. */
  readonly delimiter: string;
  /** Cells that a spreadsheet would run are not escaped. */
  readonly raw: boolean;
  /** U+FEFF at the start, by which spreadsheets know UTF-8. */
  readonly bom: boolean;
  /** Lines end with CR LF rather than LF. */
  readonly crlf: boolean;
}

/** A kind's records as CSV (RFC 4180), header first, in pieces of a page each. */
export async function* csvText(
  definition: RecordDefinition,
  pages: ExportPages,
  style: CsvStyle,
): AsyncGenerator<string, void, undefined> {
  const { columns, delimiter, bom, crlf } = style;
  const end = crlf ? '\r\n' : '\n';
  yield `${bom ? '\ufeff' : ''}${columns.join(delimiter)}${end}`;
  const line = lineWriter(
    columns.map((name) => cellText(definition, name, style)),
    delimiter,
    end,
  );
  const shown = definition.objectType === 'RecurringTrip' ? linksByTime(columns, pages) : pages;
  for await (const page of shown) {
    let text = '';
    for (const row of page) text += line(row);
    yield text;
  }
}

function lineWriter(
  texts: readonly CellText[],
  delimiter: string,
  end: string,
): (row: readonly unknown[]) => string {
  // A cell that holds any of these stands in quotes; `;=` because another program may divide cells at `;`, and run the rest.
  const quoted = new RegExp(
    `["\\r\\n${delimiter.replace(/[\\\]^-]/g, '\\$&')}]|[;\\t]\\s*(?:[=@＝＋－＠-]|\\+(?!\\d))`,
  );
  const single = texts.length === 1;
  return (row) => {
    let line = '';
    for (let index = 0; index < texts.length; index += 1) {
      if (index > 0) line += delimiter;
      const value = row[index];
      if (value === null || value === undefined) continue;
      const text = (texts[index] as CellText)(value);
      line += quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    }
    // A line of one empty cell would be a blank line, which says nothing.
    return single && line === '' ? `""${end}` : line + end;
  };
}

/** A kind's records as JSON objects, one a line. */
export async function* jsonLines(
  columns: readonly string[],
  pages: ExportPages,
): AsyncGenerator<string, void, undefined> {
  for await (const page of pages)
    yield page
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, row[at]])))}\n`)
      .join('');
}
