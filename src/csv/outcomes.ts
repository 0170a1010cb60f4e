import type { RowOutcome } from '../contract/bulk.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Batch } from './batch.ts';
import { type RowProblem, WarningCount } from './findings.ts';
import { type LateRow, OUTCOMES, type Settled } from './reading.ts';
import type { Understood } from './understood.ts';

/** How many problems a summary lists. */
const MOST_PROBLEMS = 1000;
/** How many rows of each outcome a plan lists. */
const MOST_PLANNED = 50;
/** How many values that name no record are listed, and counted apart, for each column. */
const MOST_MISSING = 20;
const MOST_COUNTED = 10_000;

type Outcome = RowOutcome['outcome'];

/** A row of the plan: what happens to it, and what an update changes. */
export type PlannedRow = Pick<RowOutcome, 'line' | 'outcome' | 'id' | 'changes'>;

/** Values of a column that name no record. */
export interface MissingReferences {
  readonly column: string;
  readonly field: string;
  /** How many distinct values; `values` has the first 20 with how many rows give each. */
  readonly distinct: number;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** Counts what became of rows, and keeps the first of each sort. */
export class Outcomes {
  readonly #headers: ReadonlyMap<string, string>;
  readonly #problems: RowProblem[] = [];
  readonly #planned = new Map<Outcome, PlannedRow[]>();
  readonly #missing = new Map<string, Map<string, number>>();
  readonly #late = new Map<number, LateRow>();
  readonly #counts: Record<Outcome, number> = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  readonly warnings = new WarningCount();
  /** By line, one more than the outcome's place among `OUTCOMES`; 0: none yet. */
  #byLine = new Uint8Array(65_536);
  #rejected = 0;

  constructor({ columns }: Understood) {
    this.#headers = new Map(
      columns.flatMap(({ field, header }) => (field === null ? [] : [[field, header] as const])),
    );
  }

  /** Rows that were refused before they were given to the importer. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Rows that have an outcome, each once. */
  get counts(): Readonly<Record<Outcome, number>> {
    return { ...this.#counts, failed: this.#counts.failed + this.#rejected };
  }

  /** Rows whose outcome came, or changed, after their batch was settled. */
  get late(): readonly LateRow[] {
    return [...this.#late.values()];
  }

  addBatch({ problems, rejected, warnings }: Pick<Batch, 'problems' | 'rejected' | 'warnings'>): void {
    this.#rejected += rejected;
    for (const problem of problems) this.#addProblem(problem);
    for (const warning of warnings) this.warnings.add(warning);
  }

  /** What is to be written of a batch whose good rows stand on `lines`; outcomes of other rows are kept as late ones. */
  settle(lines: Uint32Array, outcomes: readonly RowOutcome[], until: number | null = null): Settled {
    const settled = new Uint8Array(lines.length);
    const ids = new Array<string>(lines.length).fill('');
    const problems: RowProblem[] = [];
    let places: Map<number, number> | undefined;
    for (const [i, outcome] of outcomes.entries()) {
      const found = this.#add(outcome);
      let place = lines[i] === outcome.line ? i : -1;
      if (place < 0) {
        places ??= new Map([...lines].map((line, at) => [line, at] as const));
        place = places.get(outcome.line) ?? -1;
      }
      if (place < 0) this.#late.set(outcome.line, late(outcome, found));
      else {
        settled[place] = OUTCOMES.indexOf(outcome.outcome) + 1;
        ids[place] = outcome.id ?? '';
        problems.push(...found);
      }
    }
    return { outcomes: settled, ids: ids.join(' '), problems, until };
  }

  problems(): readonly RowProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line);
  }

  planned(): readonly PlannedRow[] {
    return [...this.#planned.values()].flat().toSorted((a, b) => a.line - b.line);
  }

  missing(): readonly MissingReferences[] {
    return [...this.#missing].map(([field, values]) => ({
      column: this.#headers.get(field) ?? field,
      field,
      distinct: values.size,
      values: [...values].slice(0, MOST_MISSING).map(([value, count]) => ({ value, count })),
    }));
  }

  #add(row: RowOutcome): readonly RowProblem[] {
    const { line, outcome } = row;
    if (line >= this.#byLine.length) {
      const grown = new Uint8Array(Math.max(line + 1, this.#byLine.length * 2));
      grown.set(this.#byLine);
      this.#byLine = grown;
    }
    const before = OUTCOMES[(this.#byLine[line] ?? 0) - 1];
    if (before !== undefined) this.#counts[before]--;
    this.#counts[outcome]++;
    this.#byLine[line] = OUTCOMES.indexOf(outcome) + 1;
    for (const { field, message } of row.warnings ?? [])
      this.warnings.add({ message, column: this.#header(field), line, count: 1 });
    if (outcome !== 'failed') {
      const planned = this.#planned.get(outcome) ?? [];
      if (planned.length === 0) this.#planned.set(outcome, planned);
      if (planned.length < MOST_PLANNED)
        planned.push({
          line,
          outcome,
          id: row.id,
          ...(row.changes === undefined ? {} : { changes: row.changes }),
        });
      return NONE;
    }
    const problems = (row.problems ?? []).map((detail) => this.#problem(line, detail));
    for (const problem of problems) this.#addProblem(problem);
    return problems;
  }

  #problem(line: number, detail: ErrorDetail): RowProblem {
    const code = typeof detail['code'] === 'string' ? detail['code'] : 'INVALID';
    if (code === 'NOT_FOUND' && detail.field !== undefined && detail.value !== undefined)
      this.#countMissing(detail.field, detail.value);
    return {
      line,
      column: this.#header(detail.field),
      field: detail.field ?? null,
      code,
      message: detail.message,
      hint: detail.hint ?? null,
    };
  }

  #countMissing(field: string, value: string): void {
    const values = this.#missing.get(field) ?? new Map<string, number>();
    this.#missing.set(field, values);
    const count = values.get(value);
    if (count !== undefined || values.size < MOST_COUNTED) values.set(value, (count ?? 0) + 1);
  }

  #header(field: string | undefined): string | null {
    if (field === undefined) return null;
    const outer = field.split(/[.[]/, 1)[0] ?? field;
    return this.#headers.get(outer) ?? null;
  }

  #addProblem(problem: RowProblem): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  }
}

const NONE: readonly RowProblem[] = [];

const late = ({ line, outcome, id }: RowOutcome, problems: readonly RowProblem[]): LateRow => ({
  line,
  outcome,
  id,
  problems,
});
