import { csvKinds } from '../contract/bulk.ts';
import type { FieldChange } from '../contract/change.ts';
import type { ImportSummary, PlannedRow } from '../csv/import-csv.ts';
import { definitionOf } from '../records/registry.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { grouped } from '../terminal/progress.ts';
import type { CommandContext } from './context.ts';
import { type Asked, nextLines } from './import-next.ts';
import { problemBlocks } from './import-problems.ts';
import { changeLines } from './record-answer.ts';

/** Examples of a plan, of each outcome. */
const EXAMPLES = 5;
/** What `problems` of a summary holds at most. */
const MOST_PROBLEMS = 1000;

/** Prints what an import did, or would do. */
export async function answerImport(
  asked: Asked,
  summary: ImportSummary,
  keepsRuns: boolean,
  context: CommandContext,
): Promise<void> {
  const { dryRun, output } = context.globals;
  const { timeZone } = await context.clock();
  const { run, total, created, updated, unchanged, failed, warnings, files } = summary;
  const counts = { run, total, created, updated, unchanged, failed, warnings };
  // The rows have been written, one a line, as they were decided.
  if (output === 'jsonl') {
    for (const line of plainLines(asked, summary, keepsRuns, context)) await context.note(line);
    return;
  }
  await context.answer({
    value: {
      ...counts,
      files,
      ...(summary.filesProblem === null ? {} : { filesProblem: summary.filesProblem }),
      state: summary.state,
      ...(dryRun ? { dryRun } : {}),
      stopped: summary.stopped,
      stoppedLine: summary.stoppedLine,
      understood: summary.understood,
      problems: summary.problems,
      problemsCut: summary.stopped || summary.problems.length >= MOST_PROBLEMS,
      missing: summary.missing,
      countedWarnings: summary.countedWarnings,
      planned: summary.planned,
    },
    rows: [counts],
    idOf: () => run ?? '',
    draw: (ink) => [
      headline(summary, dryRun, ink),
      ...(dryRun ? planBlocks(asked, summary, ink, timeZone) : []),
      ...problemBlocks(asked, summary, ink),
      ...nextLines(asked, summary, keepsRuns, context, ink),
    ],
  });
}

const PLAIN: Ink = {
  good: (text) => text,
  bad: (text) => text,
  warn: (text) => text,
  dim: (text) => text,
  strong: (text) => text,
  accent: (text) => text,
  width: 80,
};
const plainLines = (
  asked: Asked,
  summary: ImportSummary,
  keepsRuns: boolean,
  context: CommandContext,
): readonly string[] =>
  [
    headline(summary, context.globals.dryRun, PLAIN),
    ...nextLines(asked, summary, keepsRuns, context, PLAIN),
  ].filter((line) => line !== '');

/** `12 created, 3 updated, 40 unchanged, 2 rejected, of 57 rows`. */
function headline(summary: ImportSummary, dryRun: boolean, ink: Ink): string {
  const { total, created, updated, unchanged, failed, state } = summary;
  const would = dryRun || state === 'REJECTED';
  const parts = [
    ...(created > 0 ? [ink.good(`${grouped(created)} ${would ? 'to create' : 'created'}`)] : []),
    ...(updated > 0 ? [ink.warn(`${grouped(updated)} ${would ? 'to update' : 'updated'}`)] : []),
    ...(unchanged > 0 ? [`${grouped(unchanged)} unchanged`] : []),
    ...(failed > 0 ? [ink.bad(`${grouped(failed)} rejected`)] : []),
  ];
  if (total === 0) return `${ink.warn('no rows')}: the file has a header and nothing else`;
  const rows = `${grouped(total)} ${total === 1 ? 'row' : 'rows'}`;
  const counts = parts.length === 0 ? rows : `${rows}: ${parts.join(', ')}`;
  if (state === 'REJECTED' && !dryRun) return `${ink.bad('nothing was written')}; ${counts}`;
  return dryRun ? `${ink.strong('plan')}: ${counts}` : counts;
}

/** Notes of several lines would look like more of the plan. */
const inOneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ⏎ ');

function planBlocks(
  { kind }: Asked,
  { planned }: ImportSummary,
  ink: Ink,
  timeZone: string,
): readonly Block[] {
  const definition = definitionOf(csvKinds[kind]);
  const some = (outcome: PlannedRow['outcome']) =>
    planned.filter((row) => row.outcome === outcome).slice(0, EXAMPLES);
  // Of a new record only what it holds is of interest.
  const holds = ({ before, after }: FieldChange) =>
    before !== null || (after !== null && !(Array.isArray(after) && after.length === 0));
  const lines = (row: PlannedRow) => [
    `line ${row.line}${row.id === null ? '' : ` ${ink.dim(row.id)}`}`,
    ...changeLines(definition, { changes: (row.changes ?? []).filter(holds) }, ink, timeZone).map(inOneLine),
  ];
  const created = some('created');
  const createdLines = () =>
    created.some(({ changes = [] }) => changes.length > 0)
      ? [`${ink.good('to create')}, such as`, ...created.flatMap(lines)]
      : [`${ink.good('to create')}, such as line ${created.map(({ line }) => line).join(', ')}`];
  const updated = some('updated');
  return [
    ...(created.length === 0 ? [] : ['', ...createdLines()]),
    ...(updated.length === 0 ? [] : ['', `${ink.warn('to update')}, such as`, ...updated.flatMap(lines)]),
  ];
}
