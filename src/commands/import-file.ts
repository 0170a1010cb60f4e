import { basename, resolve } from 'node:path';
import {
  type CsvKind,
  csvKinds,
  type Importer,
  type ImportStart,
  type RowOutcome,
} from '../contract/bulk.ts';
import { type ImportSummary, importCsv, type Progress as Step } from '../csv/import-csv.ts';
import { importerOf } from '../csv/remote-importer.ts';
import { understoodLines } from '../csv/report.ts';
import { definitionOf } from '../records/registry.ts';
import { progressOn } from '../terminal/progress.ts';
import { tell } from '../terminal/stream.ts';
import { TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { CommandContext } from './context.ts';
import type { Globals } from './globals.ts';
import { type ImportFlags, type ImportOptions, readImportFlags } from './import-flags.ts';
import { type Asked, interruptedText } from './import-next.ts';
import { answerImport } from './import-text.ts';
import { suggested } from './suggested.ts';

/** Some 200,000 rows of customers, which take several seconds. */
const LARGE_BYTES = 12_000_000;
const OTHERS_WAIT =
  'all or nothing: other changes wait until this import is done; --mode partial lets them in between';

/** `tph import <kind> <file>`. */
export async function importFile(
  kind: CsvKind,
  given: string | undefined,
  flags: ImportFlags,
  context: CommandContext,
): Promise<void> {
  const options = readImportFlags(flags, context);
  const file = await context.need.text(given, {
    flag: '<file>',
    question: 'Which file?',
    example: `${kind}.csv`,
  });
  await carryOut({ kind, file, options }, context);
}

/** Imports a file, from its beginning or from where a run was interrupted. */
export async function carryOut(
  asked: Asked & { readonly resume?: Id },
  context: CommandContext,
): Promise<void> {
  const { kind, file, options, resume } = asked;
  const { host, globals } = context;
  const api = await context.api();
  const { now } = await context.clock();
  const states = await context.importStates();
  const signal = context.interruption();
  const isShown = !globals.quiet && (globals.output !== 'json' || host.stderr.isTTY === true);
  const name = file === '-' ? 'stdin' : basename(file);
  const progress = isShown ? progressOn(host.stderr, name, () => host.nowMs()) : undefined;
  const rows = globals.output === 'jsonl' ? rowLines(context, () => progress?.end()) : undefined;
  const opened = { keepsRuns: true, run: null as Id | null };
  const openImporter = async (start: ImportStart): Promise<Importer> => {
    const { importer, keepsRuns } = await importerOf(api, { nowSeconds: now, signal })(start);
    opened.keepsRuns = keepsRuns;
    opened.run = importer.run;
    // A partial run stays as far as it came, so what it takes to go on is kept until it has come to its end.
    if (importer.run !== null && start.mode === 'partial' && file !== '-')
      states.keep({
        run: importer.run,
        client: api.client.id,
        kind,
        file: resolve(host.cwd, file),
        ...absolute(options, host.cwd),
      });
    return importer;
  };
  let summary: ImportSummary;
  try {
    summary = await importCsv(
      {
        kind,
        file,
        dryRun: globals.dryRun,
        ...options,
        ...(resume === undefined ? {} : { resume }),
        // Spec section 5: a reason and, besides, --yes.
        keepLastApprovals: !globals.yes,
      },
      {
        client: api.client,
        now,
        nowMs: () => host.nowMs(),
        stdin: host.stdin,
        cwd: host.cwd,
        openImporter,
        plansInParts: api.bulk === undefined,
        onUnderstood: (understood, bytes) => {
          void progress?.end();
          for (const line of understoodLines(understood)) void context.note(line);
          const isLong = bytes > LARGE_BYTES && options.mode === 'atomic' && !globals.dryRun;
          if (isLong && api.bulk !== undefined) void context.note(OTHERS_WAIT);
        },
        ...(progress === undefined ? {} : { onProgress: (step) => progress.show(stepOf(step)) }),
        ...(rows === undefined ? {} : { onRow: rows.row }),
        signal,
      },
    );
  } catch (error) {
    await progress?.end();
    await rows?.end();
    throw withResume(error, opened.run, asked, context.globals);
  }
  await progress?.end();
  await rows?.end();
  const { run, filesProblem } = summary;
  if (filesProblem !== null)
    await context.note(`warning: ${filesProblem}; what became of the rows holds all the same`);
  if (summary.state === 'INTERRUPTED')
    throw interruptedText(asked, summary, opened.keepsRuns, context.globals);
  if (run !== null) states.forget(run);
  if (summary.files.failed !== null && hasPasswords(kind, summary))
    await context.warn(
      `${basename(summary.files.failed)} has the passwords of its rows in clear: remove it when it is mended`,
    );
  if (summary.failed > 0) context.someRejected();
  else if (globals.dryRun && summary.created + summary.updated > 0) context.answerIsNo();
  await answerImport(asked, summary, opened.keepsRuns, context);
  if (globals.dryRun) await context.note('dry run: nothing was changed');
}

const stepOf = ({ phase, bytesRead, bytesTotal, rows, failed }: Step) => ({
  done: bytesRead,
  total: bytesTotal,
  rows,
  failed,
  phase: phase === 'rows' ? undefined : phase === 'reading' ? 'looking through it' : 'finishing',
});

function hasPasswords(kind: CsvKind, { understood: { columns } }: ImportSummary): boolean {
  const { fields } = definitionOf(csvKinds[kind]);
  return columns.some(({ field }) => field !== null && fields[field]?.kind === 'secret');
}

/** What is kept must not depend on where the next command is typed. */
const absolute = (options: ImportOptions, cwd: string): ImportOptions =>
  options.resultsDir === undefined ? options : { ...options, resultsDir: resolve(cwd, options.resultsDir) };

/** A run that fails half-way can be gone on with once the reason is gone. */
function withResume(
  error: unknown,
  run: Id | null,
  { file, options: { mode } }: Asked,
  globals: Globals,
): unknown {
  if (!(error instanceof TphError) || error.code !== 'UNAVAILABLE' || run === null || mode === 'atomic')
    return error;
  const resume = `tph import resume ${run}${file === '-' ? ' <file>' : ''}`;
  const again = `go on with it by \`${suggested(resume, globals)}\``;
  // Not the hint of the error: to run the command once more would begin another run.
  const hint = `once that is mended, ${again}`;
  return new TphError(error.code, error.message, { hint, details: error.details, cause: error });
}

/** `-o jsonl`: a line a row as it is decided. Where nobody reads any more, the import goes on all the same. */
function rowLines({ host }: CommandContext, clear: () => unknown) {
  let lines = '';
  const flush = async () => {
    const text = lines;
    lines = '';
    // Both may be the same terminal.
    if (text !== '') await clear();
    await tell(host.stdout, text);
  };
  return {
    row: (outcome: RowOutcome): void => {
      lines += `${JSON.stringify(outcome)}\n`;
      if (lines.length > 65_536) void flush();
    },
    end: flush,
  };
}
