import { type ExpiringForecast, MOST_WITHIN } from '../contract/forecast.ts';
import type { AffectedRun, ForecastCode, ForecastFinding } from '../resolver/forecast.ts';
import { exclusionWords } from '../resolver/reasons.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { wrap } from '../terminal/text.ts';
import { formatDay, weekdayOf } from '../values/day.ts';
import { parseDuration } from '../values/duration.ts';
import { type ErrorDetail, invalid, quote } from '../values/error.ts';
import { formatInstant } from '../values/instant.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { nextCommands } from './pref-expiring-next.ts';
import { naming } from './session.ts';
import { counted } from './words.ts';

/** `tph pref expiring`: runs that lose their last approved driver (spec sections 4.1 and 5). */
export function expiring(command: TphCommand, context: CommandContext): void {
  command
    .command('expiring')
    .description(
      'Which recurring runs lose their last approved driver, and the first day on which that is felt; the worst first. With --exit-code it ends with 8 where there is one; with -q it prints nothing where there is none. Approvals that do not count, since they are switched off, are told in the same way.',
    )
    .option('--within <time>', 'how far to look, such as 90d; the setting approvals.warnDays when left out')
    .examples([
      'tph pref expiring',
      'tph pref expiring --within 90d --exit-code -q',
      'tph pref expiring --at 2026-04-01 --within 30d -o csv',
    ])
    .action(async ({ within }: { readonly within?: string }) => {
      await context.expectFields(columns.map(({ name }) => name));
      const seconds = within === undefined ? undefined : secondsOf(within);
      const forecast = await context.call('forecast.expiring', { within: seconds });
      const { timeZone } = await context.clock();
      const { quiet, output, fields } = context.globals;
      // Approvals that do not count protect nobody: that is a finding, too.
      const { warnings } = forecast;
      if (forecast.findings.length > 0 || warnings.length > 0) context.answerIsNo();
      // So that cron, which mails whatever is printed, mails findings only.
      else if (quiet && output === 'table') return;
      const next = output === 'table' ? await nextCommands(forecast, context) : [];
      const rows = forecast.findings.flatMap(rowsOf);
      await context.answer({
        value: fields === undefined ? forecast : rows,
        rows,
        columns: columns as readonly Column<never>[],
        fields: columns.map(({ name }) => name),
        idOf: (row: Row) => row.recurringTrip.id,
        draw: (ink) => [
          ...(quiet && forecast.findings.length === 0 ? [] : draw(forecast, next, timeZone, ink)),
          // With -q warnings are not said on stderr.
          ...(quiet ? warnings.flatMap((one) => wrap(warningText(one, ink), ink.width)) : []),
        ],
      });
    });
}

function secondsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds <= MOST_WITHIN) return seconds;
  return naming('--within', text, () => {
    const what = seconds === undefined ? 'is not a length of time' : 'is too far ahead';
    throw invalid(`${quote(text)} ${what}`, 'write it as 90d or 36h, at most 366d');
  });
}

/** A run of a finding. */
type Row = AffectedRun & Pick<ForecastFinding, 'code' | 'already' | 'lostAt' | 'lists' | 'lapses'>;

const rowsOf = ({ code, already, lostAt, lists, lapses, runs }: ForecastFinding): readonly Row[] =>
  runs.map((run) => ({ code, already, lostAt, lists, lapses, ...run }));

const columns: readonly Column<Row>[] = [
  { name: 'code' },
  { name: 'recurringTrip', text: (row) => row.recurringTrip.ref },
  { name: 'day', text: (row) => String(row.day) },
  { name: 'time' },
  { name: 'pickupAt', text: (row) => String(row.pickupAt) },
  { name: 'occurrences', text: (row) => String(row.occurrences) },
  { name: 'already', text: (row) => String(row.already) },
  { name: 'lostAt', text: (row) => (row.lostAt === null ? '' : String(row.lostAt)) },
  { name: 'lists', text: (row) => row.lists.map(({ name }) => name).join('; ') },
  { name: 'lapses', text: (row) => row.lapses.map(({ preference }) => preference).join(' ') },
];

function draw(forecast: ExpiringForecast, next: readonly string[], timeZone: string, ink: Ink): Block[] {
  const { findings, until, summary } = forecast;
  const before = formatInstant(until, timeZone);
  const [first] = findings;
  if (first === undefined)
    return [
      `${ink.good('no run')} loses its last approved driver before ${before}`,
      ink.dim(`${counted(summary.considered, 'run')} with required drivers looked at`),
    ];
  const runs = new Set(findings.flatMap((one) => one.runs.map((run) => run.recurringTrip.id))).size;
  const [loses, has] = runs === 1 ? ['loses its', 'has'] : ['lose their', 'have'];
  const what = findings.some((one) => one.already)
    ? `${has} no approved driver left, or ${loses} last one`
    : `${loses} last approved driver`;
  const title = `${ink.bad(counted(runs, 'run'))} ${what} before ${before}; the first on ${dayWords(first)}`;
  return [
    ...wrap(title, ink.width),
    '',
    table(
      [
        { name: 'from', whole: true, text: (one: ForecastFinding) => dayWords(one) },
        { name: 'runs', text: runNames },
        { name: 'who may drive', title: 'may drive', whole: true, text: (one) => whoMay(one.code, ink) },
        { name: 'passenger', text: (one) => one.lists.map(({ name }) => name).join(', ') },
        { name: 'why', text: (one) => why(one, timeZone) },
      ],
      findings,
    ),
    ...openWords(forecast, ink),
    '',
    ...next.map((line, index) => `${index === 0 ? ink.dim('next:') : '     '} ${line}`),
  ];
}

const dayWords = ({ day }: Pick<ForecastFinding, 'day'>): string => `${weekdayOf(day)} ${formatDay(day)}`;

/** The most runs of a finding that are named; `-o json` has all. */
const MOST_NAMED = 8;

function runNames({ runs }: ForecastFinding): string {
  const named = runs.slice(0, MOST_NAMED).map(({ recurringTrip }) => recurringTrip.ref);
  const more = runs.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and\u00a0${more}\u00a0more`}`;
}

function whoMay(code: ForecastCode, ink: Ink): string {
  switch (code) {
    case 'NOBODY_MAY_DRIVE':
      return ink.bad('NOBODY');
    case 'ANYBODY_MAY_DRIVE':
      return ink.warn('ANYBODY');
    case 'LIST_IGNORED':
      return ink.warn('OTHERS TOO');
  }
}

function why({ already, lapses, drivers, lostAt }: ForecastFinding, timeZone: string): string {
  if (lapses.length > 0) {
    const who = [...new Set(lapses.map(({ driver }) => driver.callsign ?? driver.id))];
    const verb = already ? 'lapsed' : who.length === 1 ? 'lapses' : 'lapse';
    return `${who.join(', ')} ${verb}${lostAt === null ? '' : ` ${formatInstant(lostAt, timeZone)}`}`;
  }
  const byReason = new Map<string, string[]>();
  for (const { callsign, id, reasons } of drivers) {
    const words = reasons.map(exclusionWords).join(', ');
    byReason.set(words, [...(byReason.get(words) ?? []), callsign ?? id]);
  }
  return [...byReason].map(([words, who]) => `${who.join(', ')}: ${words}`).join('; ') || 'no driver is left';
}

/** Nobody who reads ANYBODY is to think that it is all right. */
function openWords({ findings }: ExpiringForecast, ink: Ink): string[] {
  const has = (code: ForecastCode) => findings.some((one) => one.code === code);
  const words = [
    ...(has('ANYBODY_MAY_DRIVE')
      ? ['ANYBODY: any driver may be sent, also one who was never approved for the passenger.']
      : []),
    ...(has('LIST_IGNORED')
      ? ['OTHERS TOO: also drivers who were never approved for this passenger, only for others on board.']
      : []),
  ];
  if (words.length === 0) return [];
  const lock =
    'Lapsed lists open since dispatch.lapsedHardList is IGNORE; `tph settings set dispatch.lapsedHardList LOCK` keeps them locked.';
  return ['', ...[...words, lock].flatMap((line) => wrap(line, ink.width))];
}

const warningText = ({ message, hint }: ErrorDetail, ink: Ink): string =>
  `${ink.warn('warning:')} ${message}${hint === undefined ? '' : `; ${hint}`}`;
