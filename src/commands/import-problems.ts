import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import type { ImportSummary, MissingReferences, RowProblem } from '../csv/import-csv.ts';
import { warningText } from '../csv/report.ts';
import { definitionOf } from '../records/registry.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { grouped } from '../terminal/progress.ts';
import { quote } from '../values/error.ts';
import type { Asked } from './import-next.ts';
import { counted, shellWord } from './words.ts';

const SHOWN = { rows: 20, missing: 20 };

/** What was doubtful in the rows, and what was wrong. */
export const problemBlocks = (asked: Asked, summary: ImportSummary, ink: Ink): readonly Block[] => [
  ...warningLines(summary, ink),
  ...missingBlocks(asked, summary, ink),
  ...tableBlocks(summary, ink),
];

const warningLines = ({ countedWarnings }: ImportSummary, ink: Ink): readonly string[] =>
  countedWarnings.slice(0, SHOWN.rows).map((warning) => `${ink.warn('warning:')} ${warningText(warning)}`);

/** References that name nothing, each value once, with the nearest spellings where they are known. */
function missingBlocks({ kind }: Asked, { missing, problems }: ImportSummary, ink: Ink): readonly Block[] {
  return missing.flatMap((one) => {
    const target = targetOf(kind, one);
    const head = `${ink.bad(`${counted(one.distinct, 'value')} of ${one.column}`)} ${one.distinct === 1 ? 'names' : 'name'} nothing:`;
    const values = one.values.slice(0, SHOWN.missing).map(({ value, count }) => {
      const near = problems.find((problem) => problem.message.includes(quote(value)))?.hint ?? '';
      const hint = near.startsWith('did you mean') ? `; ${near}` : '';
      return `  ${quote(value)} (${counted(count, 'row')})${hint}`;
    });
    const more = one.distinct > values.length ? [`  and ${grouped(one.distinct - values.length)} more`] : [];
    return [
      '',
      head,
      ...values,
      ...more,
      ...(target === undefined ? [] : [`${ink.dim('make them:')} ${target}`]),
    ];
  });
}

/** The command that makes records of the kind that a column refers to. */
function targetOf(of: CsvKind, { values, field }: MissingReferences): string | undefined {
  const [first] = values;
  const column = definitionOf(csvKinds[of]).fields[field];
  if (first === undefined || (column?.kind !== 'reference' && column?.kind !== 'references'))
    return undefined;
  const definition = definitionOf(column.target);
  const kind = (Object.keys(csvKinds) as CsvKind[]).find((one) => csvKinds[one] === column.target);
  const create =
    definition.argument === undefined
      ? `tph ${definition.noun} create`
      : `tph ${definition.noun} create ${shellWord(first.value)}`;
  return kind === undefined ? create : `${create}, or tph import ${kind} <file>`;
}

function tableBlocks({ problems, failed, stoppedLine }: ImportSummary, ink: Ink): readonly Block[] {
  if (problems.length === 0) return [];
  const shown = problems.slice(0, SHOWN.rows);
  const columns: readonly Column<RowProblem>[] = [
    { name: 'line', align: 'right', whole: true, text: ({ line }) => String(line) },
    ...(shown.some(({ column }) => column !== null)
      ? [{ name: 'column', text: (problem: RowProblem) => problem.column ?? '' }]
      : []),
    {
      name: 'message',
      title: 'what is wrong',
      text: ({ message, hint }) => (hint === null ? message : `${message}; ${hint}`),
    },
  ];
  const more = failed > shown.length ? [ink.dim(`and more: ${grouped(failed)} rows in all`)] : [];
  const cut =
    stoppedLine === null
      ? []
      : [ink.warn(`line ${stoppedLine} and what follows it was not looked at: --max-errors`)];
  return ['', table(columns, shown), ...more, ...cut];
}
