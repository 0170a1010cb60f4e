import type { Released } from '../contract/release.ts';
import { explainCause } from '../resolver/reasons.ts';
import type { Occurrence } from '../resolver/release.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { formatDay, weekdayOf } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import type { CommandContext, Register } from './context.ts';
import type { Globals } from './globals.ts';
import { liveDay } from './live-check.ts';
import { csvColumns } from './release-columns.ts';
import { suggested } from './suggested.ts';
import { counted } from './words.ts';

interface Flags {
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly commit?: true;
}

/** Which recurring trips go out on a day, or on each of several (spec sections 4.2 and 5). */
export const register: Register = (command, context) => {
  command
    .option('--day <day>', 'the day: 20260113, 2026-01-13, today, tomorrow, friday, +7d')
    .option('--from <day>', 'instead of --day: the first day of a plan, by run and by cause')
    .option('--to <day>', 'with --from: the last day, at most 92 in all; a fortnight when left out')
    .option(
      '--commit',
      'create the trips of the runs that go out; safe to repeat. Of a plan, day after day: what is done stays done if a later day fails',
    )
    .examples([
      'tph release --day tomorrow',
      'tph release --day tomorrow --commit',
      'tph release --day 20260113 -o json',
      'tph release --from monday --to +14d',
    ])
    .action(async (flags: Flags) => {
      if (flags.from !== undefined || flags.to !== undefined) return planned(context, flags);
      const text = await context.need.text(flags.day, {
        flag: '--day',
        question: 'Which day?',
        example: 'tomorrow',
        initial: 'tomorrow',
        check: (answer) => releasable(answer, context),
        ...(flags.day === undefined && context.canAsk ? { isRight: await liveDay(context) } : {}),
      });
      const day = await context.day(text, '--day');
      const decision: Released = flags.commit
        ? await context.call('release.commit', { day })
        : await context.call('release.preview', { day });
      if (decision.summary.released === 0) context.answerIsNo();
      await context.answer({
        value: decision,
        isReport: flags.commit === true,
        rows: decision.occurrences,
        columns: csvColumns as readonly Column<never>[],
        idOf: (row: Occurrence) => row.trip?.id ?? row.recurringTrip.id,
        draw: (ink) => draw(decision, flags.commit === true, ink, context.globals),
      });
    });
};

/** Throws INVALID for what is no day, or one that the release would refuse. */
async function releasable(text: string, context: CommandContext): Promise<void> {
  const { FIRST_RELEASE } = await import('../contract/release.ts');
  if ((await context.day(text, '--day')) >= FIRST_RELEASE) return;
  throw invalid(`${quote(text)} is before any release`, `give a day from ${FIRST_RELEASE} on`);
}

async function planned(context: CommandContext, flags: Flags): Promise<void> {
  const { releasePlan } = await import('./release-plan.ts');
  await releasePlan(context, flags);
}

function draw(decision: Released, committed: boolean, ink: Ink, globals: Globals): Block[] {
  const { day, occurrences, summary } = decision;
  const when = `${weekdayOf(day)} ${formatDay(day)}`;
  if (occurrences.length === 0) return [`no recurring trip is planned for ${ink.strong(when)}`];
  const held =
    summary.suppressed === 0 ? 'none held back' : `${ink.bad(counted(summary.suppressed, 'run'))} held back`;
  const blocks: Block[] = [
    `${ink.strong(when)}: ${ink.good(counted(summary.released, 'run'))} ${summary.released === 1 ? 'goes' : 'go'} out, ${held}`,
  ];
  if (committed) {
    const would = decision.dryRun === true ? 'would be created' : 'created';
    blocks.push(`${counted(summary.created, 'trip')} ${would}, ${summary.existing} there already`);
  }
  blocks.push('', table(columns(occurrences, ink.width), occurrences));
  const open = summary.released - summary.existing - summary.created;
  if (!committed && open > 0)
    blocks.push('', `${ink.dim('next:')} ${suggested(`tph release --day ${day} --commit`, globals)}`);
  return blocks;
}

/** A column that would say nothing on this day is left out, so that the others have room. */
function columns(occurrences: readonly Occurrence[], width: number): Column<Occurrence>[] {
  const why = (row: Occurrence) => [...row.causes.map(explainCause), ...clockWords(row)].join('; ');
  const hasWhy = occurrences.some((row) => why(row) !== '');
  const hasTrips = occurrences.some((row) => row.trip !== null);
  return [
    { name: 'time', whole: true, text: (row) => `${row.time}${row.isReturn ? ' return' : ''}` },
    {
      name: 'recurringTrip',
      title: 'run',
      whole: true,
      text: (row, ink) => ink.strong(row.recurringTrip.ref),
    },
    ...(hasTrips && hasWhy && width < 100
      ? []
      : [{ name: 'name', text: (row: Occurrence) => row.recurringTrip.name ?? '' }]),
    {
      name: 'outcome',
      whole: true,
      text: (row, ink) => (row.outcome === 'RELEASED' ? ink.good('goes out') : ink.bad('HELD BACK')),
    },
    ...(hasWhy ? [{ name: 'causes', title: 'why', text: why }] : []),
    ...(hasTrips
      ? [
          {
            name: 'trip',
            whole: true,
            text: (row: Occurrence, ink: Ink) => (row.trip === null ? '' : ink.dim(row.trip.ref)),
          },
        ]
      : []),
  ];
}

function clockWords({ clockChange }: Occurrence): string[] {
  if (clockChange === 'SKIPPED') return ['the clocks skip this time: first valid time after it'];
  return clockChange === 'REPEATED' ? ['the clocks repeat this time: the first is taken'] : [];
}
