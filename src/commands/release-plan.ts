import type { ReleasePlan } from '../contract/forecast.ts';
import type { Released } from '../contract/release.ts';
import type { CauseTotals, RunTotals } from '../resolver/forecast-release.ts';
import { explainCause } from '../resolver/reasons.ts';
import type { Occurrence } from '../resolver/release.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { wrap } from '../terminal/text.ts';
import { addDays, type Day, formatDay, weekdayOf } from '../values/day.ts';
import { invalid } from '../values/error.ts';
import type { CommandContext } from './context.ts';
import { saidDryRun } from './dry-run.ts';
import type { Globals } from './globals.ts';
import { csvColumns } from './release-columns.ts';
import { suggested } from './suggested.ts';
import { counted } from './words.ts';

interface Flags {
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly commit?: true;
}
type PlanDay = ReleasePlan['days'][number];
type Row = Occurrence & { readonly day: Day };

const A_FORTNIGHT = 13;

/** `tph release --from D --to D`: what goes out on each of some days, by run and by cause. */
export async function releasePlan(context: CommandContext, flags: Flags): Promise<void> {
  const { from, to } = await daysGiven(context, flags);
  const names = { flags: { from: '--from', to: '--to' } };
  const plan = await context.call('release.plan', { from, to }, names);
  const done = flags.commit === true ? await committed(context, plan) : plan;
  if (done.summary.released === 0) context.answerIsNo();
  await context.answer({
    value: done,
    isReport: flags.commit === true,
    rows: done.days.flatMap(({ day, occurrences }) => occurrences.map((one): Row => ({ ...one, day }))),
    columns: [
      { name: 'day', text: (row: Row) => String(row.day) },
      ...csvColumns,
    ] as readonly Column<never>[],
    idOf: (row: Row) => row.trip?.id ?? row.recurringTrip.id,
    draw: (ink) => draw(done, flags.commit === true, context.globals, ink),
  });
}

async function daysGiven(
  context: CommandContext,
  { day, from, to }: Flags,
): Promise<{ readonly from: Day; readonly to: Day }> {
  if (day !== undefined || from === undefined) {
    const [flag, message, hint] =
      day !== undefined
        ? ['--day', '--day and --from exclude each other', 'give one of them']
        : ['--from', '--from is missing', 'give --from <day>, such as --from tomorrow'];
    throw invalid(message, hint, [
      { field: flag, message, hint, ...(day === undefined ? { missing: true } : {}) },
    ]);
  }
  const first = await context.day(from, '--from');
  return { from: first, to: to === undefined ? addDays(first, A_FORTNIGHT) : await context.day(to, '--to') };
}

/** Each day by itself, exactly as `--day --commit` does it: so it may be repeated after a failure. */
async function committed(context: CommandContext, plan: ReleasePlan): Promise<ReleasePlan> {
  const { dryRun } = context.globals;
  const days: PlanDay[] = [];
  for (const planned of plan.days) {
    const { released, existing } = planned.summary;
    days.push(released === existing ? planned : await committedDay(context, planned.day));
  }
  const sum = (name: 'created' | 'existing') => days.reduce((total, { summary }) => total + summary[name], 0);
  const created = sum('created');
  if (dryRun && created > 0) await saidDryRun(context);
  return { ...plan, days, summary: { ...plan.summary, created, existing: sum('existing') } };
}

/** Without its warnings: the plan has told those of all days. */
async function committedDay(context: CommandContext, day: Day): Promise<PlanDay> {
  const { dryRun } = context.globals;
  const done: Released = await context.call('release.commit', { day }, { dryRun });
  const { warnings: _warnings, dryRun: _dryRun, ...rest } = done;
  return rest;
}

const dayWords = (day: Day): string => `${weekdayOf(day)} ${formatDay(day)}`;

function draw(plan: ReleasePlan, committing: boolean, globals: Globals, ink: Ink): Block[] {
  const { dryRun } = globals;
  const { from, to, days, summary } = plan;
  const when = from === to ? dayWords(from) : `${dayWords(from)} through ${dayWords(to)}`;
  if (summary.occurrences === 0) return [`no recurring trip is planned: ${ink.strong(when)}`];
  const held =
    summary.suppressed === 0 ? 'none held back' : `${ink.bad(counted(summary.suppressed, 'run'))} held back`;
  const goes = summary.released === 1 ? 'goes' : 'go';
  const blocks: Block[] = [
    ...wrap(
      `${ink.strong(when)}: ${ink.good(counted(summary.released, 'run'))} ${goes} out, ${held}`,
      ink.width,
    ),
  ];
  if (committing)
    blocks.push(
      `${counted(summary.created, 'trip')} ${dryRun ? 'would be created' : 'created'}, ${summary.existing} there already`,
    );
  blocks.push(...nothingOut(plan, ink), '', ...dayTable(days, ink));
  if (summary.byCause.length > 0)
    blocks.push('', table(causeColumns, summary.byCause), '', ...runTable(summary.byRun, ink));
  const next = nextCommand(plan, committing);
  return next === undefined ? blocks : [...blocks, '', `${ink.dim('next:')} ${suggested(next, globals)}`];
}

/** Days on which something was to go out, and nothing does; days without runs are no news. */
function nothingOut({ summary }: ReleasePlan, ink: Ink): string[] {
  const held = summary.nothingOut.filter(({ suppressed }) => suppressed > 0);
  const idle = summary.nothingOut.length - held.length;
  const words = [
    ...(held.length === 0
      ? []
      : [`every run is held back on ${held.map(({ day }) => dayWords(day)).join(', ')}`]),
    ...(idle === 0 ? [] : [`nothing is planned on ${counted(idle, 'day')}`]),
  ];
  return words.flatMap((line) => wrap(line, ink.width));
}

/** The most days that are shown when nothing is special about them. */
const MOST_PLAIN = 31;

function dayTable(days: readonly PlanDay[], ink: Ink): Block[] {
  const planned = days.filter(({ summary }) => summary.occurrences > 0);
  const shown =
    planned.length > MOST_PLAIN ? planned.filter(({ summary }) => summary.suppressed > 0) : planned;
  const hidden = planned.length - shown.length;
  const left = ink.dim(`${counted(hidden, 'day')} with nothing held back not shown`);
  const columns: Column<PlanDay>[] = [
    { name: 'day', whole: true, text: ({ day }) => dayWords(day) },
    { name: 'goes out', align: 'right', whole: true, text: ({ summary }) => String(summary.released) },
    {
      name: 'held back',
      align: 'right',
      whole: true,
      text: ({ summary }) => (summary.suppressed === 0 ? '' : ink.bad(String(summary.suppressed))),
    },
    {
      name: 'why',
      text: ({ occurrences }) =>
        [...new Set(occurrences.flatMap(({ causes }) => causes.map(explainCause)))].join('; '),
    },
  ];
  return [...(shown.length === 0 ? [] : [table(columns, shown)]), ...(hidden === 0 ? [] : [left])];
}

const causeColumns: readonly Column<CauseTotals>[] = [
  { name: 'cause', text: ({ cause }) => explainCause(cause) },
  { name: 'held back', align: 'right', whole: true, text: ({ occurrences }) => String(occurrences) },
  { name: 'runs', align: 'right', whole: true, text: ({ runs }) => String(runs) },
  { name: 'days', align: 'right', whole: true, text: ({ days }) => String(days) },
  { name: 'first', whole: true, text: ({ firstDay }) => formatDay(firstDay) },
  { name: 'last', whole: true, text: ({ lastDay }) => formatDay(lastDay) },
];

/** The most runs that are listed; `-o json` has all. */
const MOST_RUNS = 20;

function runTable(byRun: readonly RunTotals[], ink: Ink): Block[] {
  const held = byRun.filter(({ suppressed }) => suppressed > 0);
  const columns: Column<RunTotals>[] = [
    { name: 'run', whole: true, text: ({ recurringTrip }) => ink.strong(recurringTrip.ref) },
    { name: 'name', text: ({ recurringTrip }) => recurringTrip.name ?? '' },
    { name: 'goes out', align: 'right', whole: true, text: ({ released }) => String(released) },
    { name: 'held back', align: 'right', whole: true, text: ({ suppressed }) => ink.bad(String(suppressed)) },
  ];
  const more = held.length - MOST_RUNS;
  return [
    table(columns, held.slice(0, MOST_RUNS)),
    ...(more > 0 ? [ink.dim(`${counted(more, 'more run')} with something held back: see -o json`)] : []),
  ];
}

function nextCommand({ from, to, summary, days }: ReleasePlan, committing: boolean): string | undefined {
  const held = days.find((one) => one.summary.suppressed > 0);
  if (held !== undefined) return `tph release --day ${held.day}`;
  const open = summary.released - summary.existing - summary.created;
  return !committing && open > 0 ? `tph release --from ${from} --to ${to} --commit` : undefined;
}
