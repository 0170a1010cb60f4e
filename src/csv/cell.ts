import type { Formats } from '../records/check-value.ts';
import type { ErrorCode, ErrorDetail } from '../values/error.ts';
import { quote } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import type { DateOrder, DateStyle } from './understood.ts';

/** What the reading of cells depends on. */
export interface CellContext {
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly now: Instant;
  readonly formats: Formats;
  /** What `--date-format` says. */
  readonly dateFormat: DateOrder | undefined;
}

/** A column as its cells are read. */
export interface CellColumn {
  readonly header: string;
  /** The name of the field, for errors. */
  readonly field: string;
  readonly dates: DateStyle | null;
}

/** What is wrong with a cell: `message` says it of the cell's text, as in "is not a phone number". */
export class CellProblem {
  readonly message: string;
  readonly hint: string | undefined;
  /** Of spec section 5. */
  readonly code: ErrorCode;

  constructor(message: string, hint?: string, code: ErrorCode = 'INVALID') {
    this.message = message;
    this.hint = hint;
    this.code = code;
  }

  /** As an error about a field carries it. */
  detail(field: string, text: string): ErrorDetail {
    return {
      field,
      value: text.slice(0, 200),
      message: `${field} ${quote(text)} ${this.message}`,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    };
  }
}

/** Takes note of something doubtful: a message without the cell's text, so that like ones can be counted. */
export type Warn = (message: string) => void;

/** The value of a cell that is not empty, or what is wrong with it. */
export type ReadCell = (text: string, warn: Warn) => unknown;
