import { basename, relative } from 'node:path';
import type { CsvKind } from '../contract/bulk.ts';
import type { ImportSummary } from '../csv/import-csv.ts';
import type { Ink } from '../terminal/answer.ts';
import { grouped } from '../terminal/progress.ts';
import { TphError } from '../values/error.ts';
import type { CommandContext } from './context.ts';
import type { Globals } from './globals.ts';
import { flagWords, type ImportOptions } from './import-flags.ts';
import { suggested } from './suggested.ts';
import { shellWord } from './words.ts';

/** What was asked for. */
export interface Asked {
  readonly kind: CsvKind;
  readonly file: string;
  readonly options: ImportOptions;
}

/** A file as one would type it from the folder one is in. */
function near(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}

/** What to type next, last. */
export function nextLines(
  { kind, file, options }: Asked,
  summary: ImportSummary,
  keepsRuns: boolean,
  { globals, host: { cwd } }: CommandContext,
  ink: Ink,
): readonly string[] {
  const { run, total, failed, created, updated, files, state, stoppedLine } = summary;
  const { dryRun } = globals;
  const again = (words: readonly string[], of = file) =>
    suggested(['tph', 'import', kind, of, ...words].map(shellWord).join(' '), globals);
  const written = [
    ...(files.failed === null ? [] : [`${ink.dim('rejected rows:')} ${near(files.failed, cwd)}`]),
    ...(files.success === null ? [] : [`${ink.dim('rows with their ids:')} ${near(files.success, cwd)}`]),
  ];
  const next = (words: string) => `${ink.dim('next:')} ${words}`;
  const partly = again(['--mode', 'partial', ...flagWords(options, ['mode'])]);
  const hasGood = total > failed;
  if (dryRun && failed > 0)
    return [
      '',
      ...written,
      next(
        options.mode === 'partial'
          ? again(flagWords(options))
          : `mend ${basename(file)}${hasGood ? `, or import the good rows with ${partly}` : ''}`,
      ),
    ];
  if (dryRun) return ['', ...written, next(again(flagWords(options)))];
  if (state === 'REJECTED')
    return [
      '',
      ...written,
      next(`mend ${file === '-' ? 'it' : basename(file)}, then ${again(flagWords(options))}`),
      ...(hasGood && file !== '-' ? [`${ink.dim('or, the good rows now:')} ${partly}`] : []),
    ];
  const mend =
    failed > 0 && files.failed !== null
      ? [
          next(
            `mend ${basename(files.failed)}, then ${again(flagWords({ ...options, ...dates(summary) }, ['resultsDir', 'encoding']), near(files.failed, cwd))}`,
          ),
        ]
      : [];
  const rest =
    stoppedLine === null
      ? []
      : [
          `${ink.dim('the rest:')} line ${stoppedLine} and what follows was not read; go on with ${again(flagWords(options, ['maxErrors']))} (rows that are in already stay as they are)`,
        ];
  const undo =
    created + updated === 0
      ? []
      : keepsRuns
        ? [`${ink.dim('undo:')} ${suggested(`tph import undo ${run}`, globals)}`]
        : ['this instance keeps no history of imports: see `tph log`'];
  const lines = [...written, ...mend, ...rest, ...undo];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The few rows that are left may not show any more in which order their dates are written. */
function dates({ understood }: ImportSummary): Pick<ImportOptions, 'dateFormat'> {
  const orders = understood.columns.flatMap(({ dates: order }) =>
    order === 'dmy' || order === 'mdy' ? [order] : [],
  );
  const [order] = orders;
  return order !== undefined && orders.every((one) => one === order) ? { dateFormat: order } : {};
}

/** INTERRUPTED, saying what is written, and how to go on or back. */
export function interruptedText(
  { file, options }: Asked,
  summary: ImportSummary,
  keepsRuns: boolean,
  globals: Globals,
): TphError {
  const { run, created, updated, files } = summary;
  if (run === null || options.mode === 'atomic')
    return new TphError('INTERRUPTED', 'interrupted', { hint: 'nothing was written' });
  const written = `${grouped(created)} created, ${grouped(updated)} updated`;
  const listed = files.success === null ? '' : ` (${files.success})`;
  const resume = suggested(`tph import resume ${run}${file === '-' ? ' <file>' : ''}`, globals);
  const ways = keepsRuns
    ? `go on with \`${resume}\`, or take it back with \`${suggested(`tph import undo ${run}`, globals)}\``
    : 'import the file again: rows that are there already stay as they are';
  return new TphError('INTERRUPTED', `interrupted after ${written}${listed}`, { hint: ways });
}
