import { quote } from '../values/error.ts';
import type { CellProblem } from './cell.ts';
import type { RowFindings } from './row-reader.ts';

/** What is wrong with one row. */
export interface RowProblem {
  readonly line: number;
  /** The header of the column; null where the problem is the row's. */
  readonly column: string | null;
  readonly field: string | null;
  /** An error code of spec section 5. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Warnings of one sort, counted. */
export interface CountedWarning {
  /** What they have in common. */
  readonly message: string;
  readonly count: number;
  /** The first line that has it. */
  readonly line: number;
  readonly column: string | null;
}

/** Gathers what is found in rows. */
export class Findings implements RowFindings {
  readonly problems: RowProblem[] = [];
  readonly warnings = new WarningCount();

  problem(
    line: number,
    column: string | null,
    field: string | null,
    text: string,
    problem: CellProblem,
  ): void {
    const hidden = field === 'password';
    const subject = column === null ? '' : column === field ? `${field} ` : `${column} `;
    const shown = text === '' ? '' : hidden ? '' : `${quote(text)} `;
    this.problems.push({
      line,
      column,
      field,
      code: problem.code,
      message: `${subject}${shown}${problem.message}`,
      hint: problem.hint ?? null,
    });
  }

  warn(line: number, column: string, message: string): void {
    this.warnings.add({ message, column, line, count: 1 });
  }
}

/** Warnings by what they say and the column they say it of; of those beyond the first 200 sorts only the number. */
export class WarningCount {
  readonly #sorts = new Map<string, { -readonly [K in keyof CountedWarning]: CountedWarning[K] }>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(warning: CountedWarning): void {
    this.#total += warning.count;
    const key = `${warning.column}\n${warning.message}`;
    const known = this.#sorts.get(key);
    if (known !== undefined) known.count += warning.count;
    else if (this.#sorts.size < 200) this.#sorts.set(key, { ...warning });
  }

  list(): readonly CountedWarning[] {
    return [...this.#sorts.values()];
  }
}
