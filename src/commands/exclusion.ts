import type {
  AffectedOccurrence,
  ExclusionMode,
  ExclusionSet,
  ExclusionStatus,
} from '../contract/exclusion.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { type Day, formatDay, weekdayOf } from '../values/day.ts';
import type { Instant } from '../values/instant.ts';
import { makeVerbs, type TphCommand, wantedArgument } from './command.ts';
import { takesTimeOf } from './completion-values.ts';
import type { CommandContext, Register } from './context.ts';
import { registerCalendar } from './exclusion-calendar.ts';
import type { Globals } from './globals.ts';
import { suggested } from './suggested.ts';
import { counted, shellWord } from './words.ts';

/** Flipping, linking and asking exclusion groups (spec sections 4.2 and 5). */
export const register: Register = (command, context, verb) => {
  makeVerbs(
    {
      set: () => registerSet(command, context),
      link: () =>
        registerLink(command, context, 'link', 'Let a group pause a recurring trip, wholly or at one time.', [
          'tph exclusion link "Bad Weather" SR-01',
          'tph exclusion link "Bad Weather" SR-18 --time 16:00',
        ]),
      unlink: () =>
        registerLink(command, context, 'unlink', 'Take a recurring trip off a group.', [
          'tph exclusion unlink "Bad Weather" SR-01',
        ]),
      status: () => registerStatus(command, context),
      calendar: () => registerCalendar(command, context),
    },
    verb,
  );
};

const modes = scheduleExclusionGroup.fields.mode.values;
const wantedGroup = { flag: '<group>', question: 'Which exclusion group?', example: 'Bad Weather' };

interface SetFlags {
  readonly resume?: string;
  readonly start?: string;
  readonly end?: string;
  readonly impactDays?: string;
}

function registerSet(command: TphCommand, context: CommandContext): void {
  const set = command
    .command('set')
    .description('Flip a group, and see which runs that suppresses or releases. Safe to repeat.');
  wantedArgument(set, 'group', 'exclusion group, by name or id');
  wantedArgument(set, 'mode', modes.join(', '))
    .option('--resume <day>', 'day on which it goes back to RUN_SCHEDULE by itself; none: by hand only')
    .option('--start <day>', 'first day off under RUN_SCHEDULE; none: no lower bound')
    .option('--end <day>', 'last day off under RUN_SCHEDULE; none: open-ended')
    .option('--impact-days <n>', 'days from today for which the effect on runs is shown', '7')
    .examples([
      'tph exclusion set "Bad Weather" RUN_OFF --resume tomorrow',
      'tph exclusion set "Bad Weather" RUN_OFF --resume 20260115 --reason "red warning" -n',
      'tph exclusion set "Bad Weather" RUN_SCHEDULE',
    ])
    .action(async (group: string | undefined, mode: string | undefined, flags: SetFlags) => {
      const ref = await context.need.reference(group, 'ScheduleExclusionGroup', wantedGroup);
      const chosen = await context.need.choice(mode, {
        flag: '<mode>',
        question: 'Which mode?',
        choices: modes,
        example: 'RUN_OFF',
      });
      const answer = await context.call(
        'scheduleExclusionGroup.set',
        {
          ref,
          mode: context.choice<ExclusionMode>(chosen, '<mode>', modes),
          scheduleResumeDay: await dayFlag(context, flags.resume, '--resume'),
          startDay: await dayFlag(context, flags.start, '--start'),
          endDay: await dayFlag(context, flags.end, '--end'),
          impactDays: context.integer(flags.impactDays ?? '7', '--impact-days', 0, 366),
        },
        { flags: { group: '<group>', ref: '<group>' } },
      );
      const { now } = await context.clock();
      await context.answer({
        value: answer,
        isReport: true,
        rows: [answer.group],
        draw: (ink) => drawSet(answer, now, ink, context.globals),
      });
    });
}

const dayFlag = (
  context: CommandContext,
  text: string | undefined,
  flag: string,
): Promise<Day | null | undefined> =>
  text === undefined ? Promise.resolve(undefined) : context.dayOrNone(text, flag);

const modeInk = (ink: Ink, mode: ExclusionMode): string =>
  ({ RUN_OFF: ink.bad, RUN_ON: ink.good, RUN_SCHEDULE: ink.accent })[mode](mode);

function stateWords(state: ExclusionSet['before'], ink: Ink): string {
  const resume =
    state.mode === 'RUN_SCHEDULE'
      ? ''
      : state.scheduleResumeDay === null
        ? ', until somebody changes it'
        : `, back to RUN_SCHEDULE on ${dayWords(state.scheduleResumeDay)}`;
  return `${modeInk(ink, state.mode)}${state.mode === 'RUN_SCHEDULE' ? `, ${windowWords(state)}` : resume}`;
}

const dayWords = (day: Day): string => `${weekdayOf(day)} ${formatDay(day)}`;

function windowWords({
  startDay,
  endDay,
}: {
  readonly startDay: Day | null;
  readonly endDay: Day | null;
}): string {
  if (startDay === null && endDay === null) return 'no window: always on';
  if (startDay === null) return `off up to ${dayWords(endDay as Day)}`;
  return endDay === null
    ? `off from ${dayWords(startDay)} on`
    : `off from ${dayWords(startDay)} through ${dayWords(endDay)}`;
}

function drawSet(answer: ExclusionSet, now: Instant, ink: Ink, globals: Globals): Block[] {
  const name = ink.strong(answer.group.name);
  if (!answer.changed) return [`${name} is ${stateWords(answer.after, ink)} already: nothing changed`];
  const { from, to } = answer.impact;
  // Whole days are decided, but what is past is no news at half past five in the afternoon.
  const ahead = (runs: readonly AffectedOccurrence[]) => runs.filter((run) => run.pickupAt >= now);
  const suppressed = ahead(answer.impact.suppressed);
  const released = ahead(answer.impact.released);
  const past =
    answer.impact.suppressed.length + answer.impact.released.length - suppressed.length - released.length;
  const blocks: Block[] = [
    `${name}${answer.dryRun === true ? ' would be' : ' is now'} ${stateWords(answer.after, ink)}`,
    ink.dim(
      `before: ${answer.before.mode}${answer.before.mode === 'RUN_SCHEDULE' ? `, ${windowWords(answer.before)}` : ''}`,
    ),
  ];
  if (suppressed.length === 0 && released.length === 0)
    blocks.push(
      `no run ${past > 0 ? 'still to come ' : ''}from ${formatDay(from)} through ${formatDay(to)} is affected`,
    );
  if (suppressed.length > 0)
    blocks.push('', ...impactBlocks(`suppresses ${counted(suppressed.length, 'run')}`, ink.bad, suppressed));
  if (released.length > 0)
    blocks.push('', ...impactBlocks(`releases ${counted(released.length, 'run')}`, ink.good, released));
  if (past > 0) blocks.push(ink.dim(`not shown: ${counted(past, 'run')} of today whose time has passed`));
  const day = suppressed[0]?.day ?? released[0]?.day;
  const group = shellWord(answer.group.name);
  const next =
    answer.dryRun === true
      ? `tph exclusion set ${group} ${answer.after.mode}${resumeWords(answer)}`
      : day === undefined
        ? undefined
        : `tph release --day ${day}`;
  if (next !== undefined) blocks.push('', `${ink.dim('next:')} ${suggested(next, globals)}`);
  return blocks;
}

const resumeWords = ({ after }: ExclusionSet): string =>
  after.scheduleResumeDay === null ? '' : ` --resume ${after.scheduleResumeDay}`;

/** The most runs of a day that are named; `-o json` has all. */
const MOST_NAMED = 12;

/** A line a day: how many, and which. */
function impactBlocks(
  title: string,
  colour: (text: string) => string,
  affected: readonly AffectedOccurrence[],
): Block[] {
  const byDay = new Map<Day, AffectedOccurrence[]>();
  for (const run of affected) {
    const runs = byDay.get(run.day);
    if (runs === undefined) byDay.set(run.day, [run]);
    else runs.push(run);
  }
  const rows = [...byDay].map(([day, runs]) => ({ day, runs }));
  const columns: Column<(typeof rows)[number]>[] = [
    { name: 'day', whole: true, text: (row) => dayWords(row.day) },
    { name: 'runs', align: 'right', whole: true, text: (row) => String(row.runs.length) },
    { name: 'which', text: (row) => namedRuns(row.runs) },
  ];
  return [colour(title), table(columns, rows)];
}

function namedRuns(runs: readonly AffectedOccurrence[]): string {
  const named = runs.slice(0, MOST_NAMED).map((run) => `${run.recurringTrip.ref}\u00a0${run.time}`);
  const more = runs.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` …\u00a0and\u00a0${more}\u00a0more`}`;
}

function registerLink(
  command: TphCommand,
  context: CommandContext,
  verb: 'link' | 'unlink',
  description: string,
  examples: readonly string[],
): void {
  const one = command.command(verb).description(description);
  takesTimeOf(one, 1);
  wantedArgument(one, 'group', 'exclusion group, by name or id');
  wantedArgument(one, 'recurring', 'recurring trip, by ref or id')
    .option('--time <HH:MM>', 'only the run at this local time; the whole trip when left out')
    .examples(examples)
    .action(
      async (group: string | undefined, recurring: string | undefined, flags: { readonly time?: string }) => {
        const ref = await context.need.reference(group, 'ScheduleExclusionGroup', wantedGroup);
        const trip = await context.need.reference(recurring, 'RecurringTrip', {
          flag: '<recurring>',
          question: 'Which recurring trip?',
        });
        const changed = await context.call(
          `scheduleExclusionGroup.${verb}`,
          { ref, recurring: trip, time: flags.time },
          { flags: { group: '<group>', recurring: '<recurring>' } },
        );
        const { answerChange } = await import('./record-answer.ts');
        await answerChange(context, recurringTrip, 'update', changed);
      },
    );
}

function registerStatus(command: TphCommand, context: CommandContext): void {
  const status = command.command('status').description('Say whether a group is ON or OFF on a day, and why.');
  wantedArgument(status, 'group', 'exclusion group, by name or id')
    .option('--day <day>', 'the day: 20260113, tomorrow, friday, +7d', 'today')
    .examples([
      'tph exclusion status "Bad Weather" --day tomorrow',
      'tph exclusion status "Bad Weather" --exit-code',
    ])
    .action(async (given: string | undefined, flags: { readonly day: string }) => {
      const ref = await context.need.reference(given, 'ScheduleExclusionGroup', wantedGroup);
      const day = await context.day(flags.day, '--day');
      const answer = await context.call(
        'scheduleExclusionGroup.status',
        { ref, day },
        { flags: { group: '<group>', ref: '<group>' } },
      );
      if (answer.state === 'OFF') context.answerIsNo();
      await context.answer({ value: answer, draw: (ink) => drawStatus(answer, ink, context.globals) });
    });
}

function drawStatus(answer: ExclusionStatus, ink: Ink, globals: Globals): Block[] {
  const state = answer.state === 'OFF' ? ink.bad('OFF') : ink.good('ON');
  const why =
    answer.because === 'RUN_OFF'
      ? 'it is switched off'
      : answer.because === 'WINDOW'
        ? `the day lies in its window: ${windowWords(answer)}`
        : answer.mode === 'RUN_ON'
          ? 'it is switched on'
          : windowWords(answer);
  const resume =
    answer.storedMode === 'RUN_SCHEDULE' || answer.scheduleResumeDay === null
      ? []
      : [ink.dim(`${answer.storedMode} goes back to RUN_SCHEDULE on ${dayWords(answer.scheduleResumeDay)}`)];
  return [
    `${ink.strong(answer.group.name)} is ${state} on ${dayWords(answer.day)}: ${why}`,
    ...resume,
    `${counted(answer.linkedTrips, 'recurring trip is', 'recurring trips are')} linked to it`,
    '',
    `${ink.dim('next:')} ${suggested(`tph exclusion calendar --group ${shellWord(answer.group.name)}`, globals)}`,
  ];
}
