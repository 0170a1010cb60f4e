import type { ImportRow, RowOutcome } from '../../contract/bulk.ts';
import { loadFormats } from '../../contract/formats.ts';
import { MOST_ROWS, type NamedRow } from '../../contract/import.ts';
import { checkInput } from '../../records/check.ts';
import type { Values } from '../../records/definition.ts';
import { type ErrorDetail, quote } from '../../values/error.ts';
import { countInput, refuseInput } from '../input.ts';
import { internalKey } from '../judge.ts';
import type { Work } from '../work.ts';
import type { ImportPlan } from './plan.ts';
import { refusalsOf } from './problems.ts';

/** Rows that are understood, and what became of the others. */
export interface UnderstoodRows {
  readonly rows: readonly ImportRow[];
  readonly refused: readonly RowOutcome[];
  /** What an understood row is warned of, by line. */
  readonly warnings: ReadonlyMap<number, readonly ErrorDetail[]>;
}

/** Judges rows that come from outside field by field, as single operations judge their input. */
export async function understandRows(
  work: Work,
  plan: ImportPlan,
  given: readonly NamedRow[],
): Promise<UnderstoodRows> {
  const rows: ImportRow[] = [];
  const refused: RowOutcome[] = [];
  const warnings = new Map<number, readonly ErrorDetail[]>();
  for (const named of rowsInput(given)) {
    const { row, problems, warned } = await understood(work, plan, named);
    if (problems.length === 0) rows.push(row);
    else refused.push({ line: named.line, outcome: 'failed', id: null, problems });
    if (warned.length > 0) warnings.set(named.line, warned);
  }
  return { rows, refused, warnings };
}

function rowsInput(rows: readonly NamedRow[]): readonly NamedRow[] {
  if (!Array.isArray(rows) || rows.length > MOST_ROWS)
    throw refuseInput('rows', rows, 'is not a list of rows', `give at most ${MOST_ROWS} rows`);
  for (const row of rows as readonly unknown[]) {
    const { line, values } = isObject(row) ? row : {};
    if (!isObject(values)) throw refuseInput('rows', row, 'has no values', 'give {"line": 2, "values": {…}}');
    countInput(line ?? null, 'line', [1, 1_000_000_000], 1);
  }
  return rows;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function understood(work: Work, plan: ImportPlan, { line, values }: NamedRow) {
  const { definition, start } = plan;
  const { id, ...rest } = values;
  const { internalKey: _key, ...fields } = rest;
  const formats = await loadFormats(work.client.country, definition.fields, fields);
  const checked = checkInput(definition, fields, 'update', formats);
  const problems: ErrorDetail[] = checked.problems.map((problem) => ({ code: 'INVALID', ...problem }));
  let key: string | null | undefined;
  problems.push(
    ...(await refusalsOf(async () => {
      key = internalKey(rest);
    })),
  );
  for (const name of Object.keys(values))
    if (!start.fields.includes(name) && problems.every(({ field }) => field !== name))
      problems.push({
        code: 'INVALID',
        field: name,
        message: `the field ${quote(name)} was not announced`,
        hint: 'name it in `fields` when the import begins',
      });
  const all: Values = { ...checked.values, id, internalKey: key };
  const row: ImportRow = { line, values: start.fields.map((name) => all[name]) };
  return { row, problems, warned: checked.warnings };
}

/** Outcomes in the order of the lines, those of rows that were refused among them, with what else rows are warned of. */
export function inOrder(
  outcomes: readonly RowOutcome[],
  { refused, warnings }: UnderstoodRows,
): readonly RowOutcome[] {
  return [...outcomes, ...refused]
    .map((outcome): RowOutcome => {
      const more = warnings.get(outcome.line);
      return more === undefined ? outcome : { ...outcome, warnings: [...more, ...(outcome.warnings ?? [])] };
    })
    .sort((a, b) => a.line - b.line);
}
