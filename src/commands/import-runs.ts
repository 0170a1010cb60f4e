import type { ImportRun, ImportUndone } from '../contract/bulk.ts';
import { type Column, type Ink, table } from '../terminal/answer.ts';
import { grouped } from '../terminal/progress.ts';
import { formatInstant, isoInstant } from '../values/instant.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { option } from './field-flags.ts';
import { addResume } from './import-resume.ts';
import { isOpen, readRun, runRef, stateOf } from './import-run.ts';
import { suggested } from './suggested.ts';
import { counted } from './words.ts';

const TABLE_ROWS = 50;
const PAGE = 500;
const MOST = 1_000_000;

/** `tph import runs`, `show`, `undo` and `resume`. */
export function addRunCommands(parent: TphCommand, context: CommandContext): void {
  addRuns(parent, context);
  addShow(parent, context);
  addUndo(parent, context);
  addResume(parent, context);
}

function addRuns(parent: TphCommand, context: CommandContext): void {
  const command = parent
    .command('runs')
    .summary('List the imports that were made, newest first.')
    .description('List the imports that were made, newest first.')
    .examples(['tph import runs', 'tph import runs --limit 5 -o json']);
  option(command, '--limit <count>', `The most to show (default: ${TABLE_ROWS} in a table, else all).`);
  command.action(async () => {
    const { limit } = command.opts() as { readonly limit?: string };
    const most = context.globals.output === 'table' ? TABLE_ROWS : MOST;
    const wanted = limit === undefined ? most : context.integer(limit, '--limit', 1, MOST);
    const runs: ImportRun[] = [];
    let cursor: string | null = null;
    do {
      const page: { readonly items: readonly ImportRun[]; readonly nextCursor: string | null } =
        await context.call('import.list', {
          limit: Math.min(PAGE, wanted - runs.length),
          ...(cursor === null ? {} : { cursor }),
        });
      runs.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && runs.length < wanted);
    const { timeZone } = await context.clock();
    await context.answer({
      value: runs,
      columns: csvColumns(timeZone) as readonly Column<never>[],
      idOf: (run: ImportRun) => String(run.run),
      draw: () => (runs.length === 0 ? [] : [table(tableColumns(timeZone), runs)]),
    });
    if (cursor !== null) await context.warn(`only the newest ${runs.length} are shown: give --limit`);
    else if (context.globals.output === 'table') await context.note(counted(runs.length, 'import'));
  });
}

const when = ({ startedAt }: ImportRun, timeZone: string) => formatInstant(startedAt, timeZone);

const tableColumns = (timeZone: string): readonly Column<ImportRun>[] => [
  { name: 'run', whole: true },
  { name: 'startedAt', title: 'when', whole: true, text: (run) => when(run, timeZone) },
  { name: 'actor', title: 'who' },
  { name: 'file', title: 'what', text: ({ kind, file }) => `${kind}: ${file}` },
  { name: 'counts', title: 'rows', text: countsText },
  { name: 'state', text: stateText },
];

const csvColumns = (timeZone: string): readonly Column<ImportRun>[] => [
  { name: 'run' },
  { name: 'startedAt', text: ({ startedAt }) => isoInstant(startedAt, timeZone) },
  {
    name: 'finishedAt',
    text: ({ finishedAt }) => (finishedAt === null ? '' : isoInstant(finishedAt, timeZone)),
  },
  ...(
    [
      'actor',
      'kind',
      'mode',
      'onConflict',
      'file',
      'state',
      'total',
      'created',
      'updated',
      'unchanged',
      'failed',
      'warnings',
    ] as const
  ).map((name): Column<ImportRun> => ({ name, text: (run) => String(run[name]) })),
];

function countsText({ total, created, updated, unchanged, failed }: ImportRun): string {
  const parts = [
    ...(created > 0 ? [`${grouped(created)} created`] : []),
    ...(updated > 0 ? [`${grouped(updated)} updated`] : []),
    ...(unchanged > 0 ? [`${grouped(unchanged)} unchanged`] : []),
    ...(failed > 0 ? [`${grouped(failed)} rejected`] : []),
  ];
  return parts.length === 0 ? `${grouped(total)} rows` : parts.join(', ');
}

function stateText(run: ImportRun, ink: Ink): string {
  const [text, how] = stateOf(run);
  return ink[how](text);
}

function addShow(parent: TphCommand, context: CommandContext): void {
  const command = parent
    .command('show')
    .summary('Show one import.')
    .description('Show one import: what it was, what it did, and how it ended.')
    .examples(['tph import show G665464917196800000']);
  wantedArgument(command, 'run', 'the run, as `tph import runs` lists it').action(
    async (given: string | undefined) => {
      const run = await readRun(given, context);
      const { timeZone } = await context.clock();
      await context.answer({
        value: run,
        columns: csvColumns(timeZone) as readonly Column<never>[],
        idOf: () => String(run.run),
        draw: (ink) => [card(run, timeZone, ink)],
      });
      if (isOpen(run))
        await context.note(`go on with it: ${suggested(`tph import resume ${run.run}`, context.globals)}`);
    },
  );
}

const card = (run: ImportRun, timeZone: string, ink: Ink) => ({
  card: [
    ['run', run.run],
    ['file', run.file],
    ['kind', run.kind],
    ['mode', run.mode],
    ['on conflict', run.onConflict],
    ['who', run.actor],
    ['began', when(run, timeZone)],
    ['ended', run.finishedAt === null ? null : formatInstant(run.finishedAt, timeZone)],
    ['rows', grouped(run.total)],
    ['created', grouped(run.created)],
    ['updated', grouped(run.updated)],
    ['unchanged', grouped(run.unchanged)],
    ['rejected', grouped(run.failed)],
    ['warnings', grouped(run.warnings)],
    ['state', stateText(run, ink)],
  ] as const,
});

function addUndo(parent: TphCommand, context: CommandContext): void {
  const command = parent
    .command('undo')
    .summary('Take an import back.')
    .description(
      'Put every record that an import made or changed back as it was, unless somebody has touched it since: those are listed.',
    )
    .examples(['tph import undo G665464917196800000 --dry-run', 'tph import undo G665464917196800000 --yes']);
  wantedArgument(command, 'run', 'the run, as `tph import runs` lists it').action(
    async (given: string | undefined) => {
      const ref = await runRef(given, context);
      context.mustBeAbleToConfirm();
      const run = await readRun(ref, context);
      const { timeZone } = await context.clock();
      if (run.created + run.updated > 0 && run.state !== 'UNDONE') {
        const shown = `import of ${run.file}, ${when(run, timeZone)}: ${countsText(run)}`;
        await context.confirm('Take it back?', shown);
      }
      const undone = await context.call('import.undo', { ref: String(run.run) });
      if (context.globals.dryRun && undone.undone > 0) context.answerIsNo();
      await context.answer({
        value: undone,
        isReport: undone.kept.length === 0,
        rows: undone.kept,
        columns: keptColumns as readonly Column<never>[],
        draw: (ink) => undoneBlocks(undone, context.globals.dryRun, ink),
      });
    },
  );
}

type Kept = ImportUndone['kept'][number];
const keptColumns: readonly Column<Kept>[] = [
  { name: 'id', whole: true },
  { name: 'name' },
  { name: 'reason', title: 'why it stays' },
];

function undoneBlocks({ undone, kept, keptCount, already }: ImportUndone, dryRun: boolean, ink: Ink) {
  if (already === true) return ['it was taken back before: nothing was changed'];
  const records = counted(undone, 'record');
  const head = dryRun
    ? `would put ${records} back as ${undone === 1 ? 'it was' : 'they were'}`
    : `${ink.good(records)} ${undone === 1 ? 'is as it was' : 'are as they were'}`;
  if (keptCount === 0) return [head];
  const more = keptCount > kept.length ? [ink.dim(`and ${grouped(keptCount - kept.length)} more`)] : [];
  return [`${head}, ${ink.warn(`${grouped(keptCount)} kept`)}`, '', table(keptColumns, kept), ...more];
}
