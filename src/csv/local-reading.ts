import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import { loadFormats } from '../contract/formats.ts';
import type { Fields } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { type Batch, packColumns } from './batch.ts';
import { type CellContext, CellProblem } from './cell.ts';
import { Findings, type RowProblem } from './findings.ts';
import type { CsvRow } from './parse.ts';
import {
  type KeepFiles,
  type LateRow,
  OUTCOMES,
  type Reading,
  type ReadingPlan,
  type Settled,
} from './reading.ts';
import { ResultFile } from './result-file.ts';
import { ResultRows } from './result-rows.ts';
import { RowReader } from './row-reader.ts';
import { RowStream } from './rows.ts';
import { stoppedEarly } from './source.ts';
import { DateColumns, dateColumns, KeyColumns } from './survey.ts';
import type { Understood } from './understood.ts';

/** Good rows of a batch: enough that its costs are shared, few enough that several are held in little memory. */
const BATCH_ROWS = 1000;
const SAMPLE_ROWS = 1000;

/** A row of a batch that is not settled yet; `problems` where it was refused here. */
interface Unsettled {
  readonly row: CsvRow;
  readonly problems: readonly RowProblem[];
}

/** Reads and checks a file in this thread, and keeps its rows until it is known what became of them. */
export class LocalReading implements Reading {
  readonly #plan: ReadingPlan;
  readonly #context: CellContext;
  readonly #results: { readonly success: ResultFile; readonly failed: ResultFile } | undefined;
  #understood: Understood;
  #reader: RowReader | undefined;
  #rows: ResultRows;
  #stream: RowStream | undefined;
  #waiting: CsvRow[] = [];
  #doubled: ReadonlyMap<number, number> = new Map();
  readonly #unsettled: Unsettled[][] = [];
  #ended = false;

  private constructor(plan: ReadingPlan, context: CellContext) {
    this.#plan = plan;
    this.#context = context;
    this.#understood = plan.understood;
    this.#rows = new ResultRows(plan.understood);
    if (plan.resultsDir !== null) {
      const success = new ResultFile(plan.resultsDir, this.#rows.successHeader());
      this.#results = { success, failed: new ResultFile(plan.resultsDir, this.#rows.failedHeader()) };
    }
  }

  /** Creates the result files, hidden; throws INVALID where they cannot be. */
  static async open(plan: ReadingPlan): Promise<LocalReading> {
    const { timeZone, country, now, dateFormat } = plan;
    const formats = await loadFormats(country, ...allFormats(plan.kind));
    return new LocalReading(plan, { timeZone, country, now, dateFormat, formats });
  }

  get bytesRead(): number {
    return this.#stream?.bytesRead ?? 0;
  }

  async survey(): Promise<Understood> {
    const dates =
      dateColumns(this.#understood).length > 0 ? new DateColumns(this.#understood, this.#context) : undefined;
    if (dates !== undefined) {
      this.#eachRow((row) => dates.add(row));
      this.#understood = dates.result(this.#plan.dateFormat);
    }
    if (this.#plan.uniqueKey !== undefined) {
      const keys = new KeyColumns(this.#understood, this.#context, this.#plan.key);
      this.#eachRow((row) => keys.add(row));
      this.#doubled = keys.doubled;
    }
    this.#understood = { ...this.#understood, sample: this.#sample() };
    return this.#understood;
  }

  #sample(): Understood['sample'] {
    const reader = this.#readerOfRows();
    const findings = new Findings();
    let rows = 0;
    this.#eachRow((row) => {
      refuseUnnamed(row, this.#understood);
      reader.read(row, findings);
      return ++rows < SAMPLE_ROWS;
    });
    return { rows, warnings: findings.warnings.list() };
  }

  async fields(): Promise<readonly string[]> {
    return this.#readerOfRows().fields;
  }

  async next(): Promise<Batch | null> {
    if (this.#ended) return null;
    const reader = this.#readerOfRows();
    this.#stream ??= this.#afterHeader();
    const lines: number[] = [];
    const values: unknown[][] = [];
    const findings = new Findings();
    const rows: Unsettled[] = [];
    let rejected = 0;
    while (lines.length < BATCH_ROWS && lines.length + rejected < 2 * BATCH_ROWS) {
      const row = this.#nextRow(this.#stream);
      if (row === undefined) {
        this.#ended = true;
        break;
      }
      const before = findings.problems.length;
      const read = reader.read(row, findings);
      const other = this.#doubled.get(row.line);
      if (other !== undefined) findings.problem(row.line, null, null, '', this.#doubledKey(row.line, other));
      const problems = findings.problems.length === before ? FINE : findings.problems.slice(before);
      if (read !== undefined && problems.length === 0) {
        lines.push(row.line);
        values.push(read);
      } else rejected++;
      if (this.#results !== undefined) rows.push({ row, problems });
    }
    if (lines.length === 0 && rejected === 0) return null;
    if (this.#results !== undefined) this.#unsettled.push(rows);
    return {
      lines: Uint32Array.from(lines),
      columns: packColumns(values, reader.fields.length),
      problems: findings.problems,
      rejected,
      warnings: findings.warnings.list(),
      bytesRead: this.bytesRead,
    };
  }

  async settle({ outcomes, ids, problems, until }: Settled): Promise<void> {
    const rows = this.#unsettled.shift();
    if (rows === undefined || this.#results === undefined) return;
    const { success, failed } = this.#results;
    const idOf = ids.split(' ');
    const byLine = problemsByLine(problems);
    let good = 0;
    for (const { row, problems: own } of rows) {
      if (until !== null && row.line > until) return;
      if (own.length > 0) {
        failed.write(this.#failedRow(row, own));
        continue;
      }
      const outcome = OUTCOMES[(outcomes[good] ?? 0) - 1];
      const id = idOf[good] ?? '';
      good++;
      if (outcome === 'failed') failed.write(this.#failedRow(row, byLine.get(row.line) ?? []));
      else if (outcome !== undefined)
        success.write(this.#rows.successRow(row, [String(row.line), outcome, id]));
    }
  }

  async sha256(): Promise<string> {
    return this.#ended ? (this.#stream?.sha256() ?? '') : '';
  }

  async keep({ success, failed, late }: KeepFiles) {
    if (this.#results === undefined) return { success: null, failed: null };
    if (late.length > 0) this.#writeLate(late);
    const keep = (file: ResultFile, name: string | null) => {
      if (name !== null) return file.keep(name);
      file.discard();
      return null;
    };
    return { success: keep(this.#results.success, success), failed: keep(this.#results.failed, failed) };
  }

  async close(): Promise<void> {
    this.#stream?.close();
    this.#stream = undefined;
    this.#results?.success.discard();
    this.#results?.failed.discard();
  }

  #readerOfRows(): RowReader {
    const definition = definitionOf(csvKinds[this.#plan.kind]);
    this.#reader ??= new RowReader(definition, this.#understood.columns, this.#context);
    return this.#reader;
  }

  #afterHeader(): RowStream {
    const stream = new RowStream(this.#plan.format, { hash: true });
    this.#waiting = [];
    for (let left = 0; left <= this.#understood.rowsAbove; left++) this.#nextRow(stream);
    return stream;
  }

  #nextRow(stream: RowStream): CsvRow | undefined {
    for (;;) {
      const row = this.#waiting.pop();
      if (row !== undefined) return row;
      const rows = stream.next();
      if (rows === undefined) return undefined;
      this.#stopIfTold();
      this.#waiting = [...rows].reverse();
    }
  }

  #stopIfTold(): void {
    if (Atomics.load(this.#plan.stop, 0) !== 0) throw stoppedEarly();
  }

  /** Every row after the header, until `use` answers false. */
  #eachRow(use: (row: CsvRow) => unknown, mayStop = true): void {
    const stream = new RowStream(this.#plan.format);
    try {
      let above = this.#understood.rowsAbove + 1;
      for (let rows = stream.next(); rows !== undefined; rows = stream.next()) {
        if (mayStop) this.#stopIfTold();
        for (const row of rows) {
          if (above > 0) above--;
          else if (use(row) === false) return;
        }
      }
    } finally {
      stream.close();
    }
  }

  /** Rows that are decided only at the end are looked up in the file once more. */
  #writeLate(late: readonly LateRow[]): void {
    const byLine = new Map(late.map((row) => [row.line, row] as const));
    this.#eachRow((row) => {
      const found = byLine.get(row.line);
      if (found === undefined || this.#results === undefined) return;
      if (found.outcome === 'failed') this.#results.failed.write(this.#failedRow(row, found.problems));
      else
        this.#results.success.write(
          this.#rows.successRow(row, [String(row.line), found.outcome, found.id ?? '']),
        );
    }, false);
  }

  #doubledKey(line: number, other: number): CellProblem {
    return new CellProblem(
      `lines ${Math.min(line, other)} and ${Math.max(line, other)} have the same ${this.#plan.uniqueKey?.join(' and ')}`,
      'keep one of them, or make one record of both',
      'CONFLICT',
    );
  }

  #failedRow(row: CsvRow, problems: readonly RowProblem[]): string {
    const [first] = problems;
    const texts = problems.map(({ message, hint }) => (hint === null ? message : `${message} (${hint})`));
    return this.#rows.row(row, [String(row.line), first?.column ?? '', first?.code ?? '', texts.join('; ')]);
  }
}

/** A value for every format that the kind's fields have, so that all their judges are loaded. */
function allFormats(kind: CsvKind): [fields: Fields, input: Readonly<Record<string, unknown>>] {
  const sample = (fields: Fields): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        field.kind === 'items' ? [sample(field.fields)] : '',
      ]),
    );
  const { fields } = definitionOf(csvKinds[kind]);
  return [fields, sample(fields)];
}

function problemsByLine(problems: readonly RowProblem[]): ReadonlyMap<number, readonly RowProblem[]> {
  const byLine = new Map<number, RowProblem[]>();
  for (const problem of problems) byLine.set(problem.line, [...(byLine.get(problem.line) ?? []), problem]);
  return byLine;
}

const FINE: readonly RowProblem[] = [];

/** A column without a header that holds something is like one that is unknown. Throws INVALID. */
function refuseUnnamed({ cells, line }: CsvRow, { file, columns }: Understood): void {
  const found = columns.find(
    ({ index, ignored }) => ignored === 'empty' && (cells[index]?.trim() ?? '') !== '',
  );
  if (found === undefined) return;
  const place = found.index + 1;
  throw invalid(
    `column ${place} of ${quote(file)} has no header, and line ${line} has ${quote(cells[found.index])} in it`,
    `say what it is with --map "#${place}=FIELD", or ignore it with --map "#${place}="`,
  );
}
