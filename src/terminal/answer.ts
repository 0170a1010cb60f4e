export const OUTPUT_FORMATS = ['table', 'json', 'jsonl', 'csv', 'id'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Colours by what they mean; plain text where colour is off, so a colour never alone carries the meaning. */
export interface Ink {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly accent: (text: string) => string;
  /** Columns of the terminal; 80 where it is not one. */
  readonly width: number;
}

/** A column of a table. */
export interface Column<R = unknown> {
  /** Its name for `--fields` and in CSV. */
  readonly name: string;
  /** What stands above it; the name in words when left out. */
  readonly title?: string;
  readonly align?: 'left' | 'right';
  /** Never broken over lines: ids, times, codes. `words`: only between words, so no date is cut. */
  readonly whole?: boolean | 'words';
  /** What a person reads; empty shows as `–`. `row[name]` as text when left out. */
  readonly text?: (row: R, ink: Ink) => string;
  /** What CSV holds, without colour; `text` when left out. */
  readonly plain?: (row: R) => string;
  /** What JSON holds where `--fields` names it and a row has no such field. */
  readonly value?: (row: R) => unknown;
}

/** Part of what a person reads: lines as they are, or broken to fit; a table; a card of labels with their values. */
export type Block = string | WrappedBlock | TableBlock | CardBlock;
/** A text that is broken between words where it is too wide; each line stands `indent` columns in, the later ones `hang` more. */
export interface WrappedBlock {
  readonly wrapped: string;
  readonly indent?: number;
  readonly hang?: number;
}
export interface TableBlock {
  readonly columns: readonly Column<never>[];
  readonly rows: readonly unknown[];
  /** Where the table is too wide, a column with nothing in it is left out unless it was asked for by name. */
  readonly keepEmpty?: boolean;
}
export interface CardBlock {
  /** Groups are divided by an empty line; one with nothing to show is left out. */
  readonly card: readonly (CardEntry | typeof GROUP)[];
}
/** Label and value; a value of null is left out and named in the last line, as empty. */
export type CardEntry = readonly [label: string, value: string | null];
/** Begins a group of entries on a card. */
export const GROUP = 'group';

/** A table whose columns know what a row is. */
export const table = <R>(columns: readonly Column<R>[], rows: readonly R[]): TableBlock => ({
  columns: columns as readonly Column<never>[],
  rows,
});

/** What a command answers, in every format that can be asked for. */
export interface Answer {
  /** It says that something was done, rather than what was asked for: nothing for people to read with `-q`. */
  readonly isReport?: boolean;
  /** `-o json`: exactly this, as one value. */
  readonly value: unknown;
  /** `jsonl`, `csv` and `id`: one of these a line; when left out, the items of `value`, or `value` itself. */
  readonly rows?: readonly object[];
  /** The field of `value` that holds the rows: in JSON, `--fields` may name theirs too. */
  readonly rowsIn?: string;
  /** CSV: the columns; when left out, the names in the rows. */
  readonly columns?: readonly Column<never>[];
  /** What `--fields` may name; when left out, the names in the rows. */
  readonly fields?: readonly string[];
  /** `id`: the id of a row; its `id` when left out. */
  readonly idOf?: (row: never) => string;
  /** What a person reads. */
  readonly draw: (ink: Ink) => readonly Block[];
}
