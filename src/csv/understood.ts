import type { CsvKind } from '../contract/bulk.ts';
import type { CountedWarning } from './findings.ts';

/** In which order the numbers of a date such as 03/04/2026 stand. */
export const dateOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof dateOrders)[number];

/** How a column writes its days: in one order of numbers, or as a spreadsheet's serial numbers (45000). */
export type DateStyle = DateOrder | 'serial';

/** What a column of the file was taken for. */
export interface UnderstoodColumn {
  /** From 0. */
  readonly index: number;
  /** As the file has it. */
  readonly header: string;
  /** The field it fills, `id` and `internalKey` among them; `fullName` fills two; null where it is ignored. */
  readonly field: string | null;
  /** Why it is ignored; null where it is not. */
  readonly ignored: 'empty' | 'asked' | 'results' | 'program' | null;
  /** Of a column of days or instants; null where nothing in it depends on it. */
  readonly dates: DateStyle | null;
}

/** What was made of a file before anything was written (spec section 7). Plain data. */
export interface Understood {
  readonly file: string;
  readonly kind: CsvKind;
  /** By its usual name: `UTF-8`, `UTF-16 LE`, `Windows-1252`. */
  readonly encoding: string;
  readonly bom: boolean;
  readonly delimiter: string;
  /** The line on which the header stands, from 1. */
  readonly headerLine: number;
  /** How many rows above it were left out, such as a title. */
  readonly rowsAbove: number;
  readonly columns: readonly UnderstoodColumn[];
  /** What is doubtful in the first rows, so many of them. */
  readonly sample: { readonly rows: number; readonly warnings: readonly CountedWarning[] };
}
