import type { ImportRow } from '../contract/bulk.ts';
import type { CountedWarning, RowProblem } from './findings.ts';

/** Rows that were read together. Plain data in columns, for that passes between threads ten times as fast as rows. */
export interface Batch {
  /** The lines of the rows that are good. */
  readonly lines: Uint32Array;
  readonly columns: readonly PackedColumn[];
  /** What is wrong with the others. */
  readonly problems: readonly RowProblem[];
  readonly rejected: number;
  readonly warnings: readonly CountedWarning[];
  readonly bytesRead: number;
}

/** The values of one field: texts in one string, anything else as it is; null where no row gives any. */
export type PackedColumn = { readonly texts: string } | { readonly values: readonly unknown[] } | null;

// No field holds control characters: these stand between texts, and for what is no text.
const BETWEEN = '\u0000';
const NOT_GIVEN = '\u0001';
const CLEARED = '\u0002';

/** Puts the values of rows into columns. */
export function packColumns(rows: readonly (readonly unknown[])[], width: number): readonly PackedColumn[] {
  return Array.from({ length: width }, (_, slot): PackedColumn => {
    let given = false;
    let texts = true;
    for (const row of rows) {
      const value = row[slot];
      if (value === undefined) continue;
      given = true;
      if (value !== null && typeof value !== 'string') {
        texts = false;
        break;
      }
    }
    if (!given) return null;
    if (!texts) return { values: rows.map((row) => row[slot]) };
    const parts = new Array<string>(rows.length);
    for (const [i, row] of rows.entries()) {
      const value = row[slot];
      parts[i] = value === undefined ? NOT_GIVEN : value === null ? CLEARED : (value as string);
    }
    return { texts: parts.join(BETWEEN) };
  });
}

/** The rows again. */
export function unpackRows({ lines, columns }: Pick<Batch, 'lines' | 'columns'>): ImportRow[] {
  const width = columns.length;
  const rows: { line: number; values: unknown[] }[] = [];
  for (const line of lines) rows.push({ line, values: new Array<unknown>(width).fill(undefined) });
  for (const [slot, column] of columns.entries()) {
    if (column === null) continue;
    const values = 'texts' in column ? column.texts.split(BETWEEN) : column.values;
    for (const [i, row] of rows.entries()) {
      const value = values[i];
      row.values[slot] = value === NOT_GIVEN ? undefined : value === CLEARED ? null : value;
    }
  }
  return rows;
}
