import type { ImportRow, RowOutcome } from '../../contract/bulk.ts';
import { loadFormats } from '../../contract/formats.ts';
import { MOST_ROWS, type NamedRow } from '../../contract/import.ts';
import { checkInput } from '../../records/check.ts';
import type { Values } from '../../records/definition.ts';
import { LinkTimes } from '../../records/link-times.ts';
import { type ErrorDetail, fewDetails, MOST_DETAILS, quote } from '../../values/error.ts';
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
    else
      refused.push({ line: named.line, outcome: 'failed', id: null, problems: fewDetails(problems, 0, 20) });
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
  const times = new LinkTimes();
  const links = fields['exclusionLinks'];
  const hasLinks = definition.objectType === 'RecurringTrip' && Array.isArray(links);
  const plain = hasLinks
    ? { ...fields, exclusionLinks: links.map((link) => (isObject(link) ? times.take(link) : link)) }
    : fields;
  const checked = checkInput(definition, plain, 'update', formats);
  const timeProblems = times.problem === undefined ? [] : [times.problem];
  const problems: ErrorDetail[] = [...checked.problems, ...timeProblems].map((problem) => ({
    code: 'INVALID',
    ...problem,
  }));
  let key: string | null | undefined;
  problems.push(
    ...(await refusalsOf(async () => {
      key = internalKey(rest);
    })),
  );
  const told = new Set([...start.fields, ...problems.map(({ field }) => field)]);
  const unannounced = Object.keys(values).filter((name) => !told.has(name));
  // Of more than these only the number is said.
  for (const name of unannounced.slice(0, MOST_DETAILS))
    problems.push({
      code: 'INVALID',
      field: name,
      message: `the field ${quote(name)} was not announced`,
      hint: 'name it in `fields` when the import begins',
    });
  const found = checked.values['exclusionLinks'] as readonly Values[];
  const withTimes = hasLinks && problems.length === 0 ? { exclusionLinks: times.putBack(found) } : {};
  const all: Values = { ...checked.values, ...withTimes, id, internalKey: key };
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
