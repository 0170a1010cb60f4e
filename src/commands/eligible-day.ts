import type { DayEligibility, DayTrip } from '../resolver/eligibility-day.ts';
import type { WarningCode } from '../resolver/reasons.ts';
import { EXCLUSION_CODES, type ExclusionCode } from '../resolver/reasons.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { formatDay, weekdayOf } from '../values/day.ts';
import { invalid } from '../values/error.ts';
import { localTimeAt } from '../values/zone.ts';
import type { CommandContext } from './context.ts';
import type { EligibleFlags } from './eligible-text.ts';
import type { Globals } from './globals.ts';
import { suggested } from './suggested.ts';
import { counted, shellWord } from './words.ts';

/** Who may drive the trips of a day: a line a trip, worst first (spec sections 4.1 and 5). */
export async function eligibleDay(
  context: CommandContext,
  text: string,
  flags: EligibleFlags,
): Promise<void> {
  refuseOthers(flags);
  const day = await context.day(text, '--day');
  const limit = flags.limit === undefined ? undefined : context.integer(flags.limit, '--limit', 1, 1_000_000);
  const decided = await context.call(
    'eligible.day',
    { day, limit },
    { flags: { day: '--day', limit: '--limit' } },
  );
  const { timeZone } = await context.clock();
  const { trips, summary } = decided;
  if (summary.nobody > 0) context.answerIsNo();
  if (summary.trips > trips.length)
    await context.note(`${counted(summary.trips - trips.length, 'more trip')} cut off by --limit`);
  await context.answer({
    value: decided,
    rows: trips,
    columns: csvColumns as readonly Column<never>[],
    rowsIn: 'trips',
    idOf: (row: DayTrip) => row.trip.id,
    draw: (ink) => draw(decided, timeZone, ink, context.globals),
  });
}

/** A day has its trips, and a trip its passengers and needs. */
function refuseOthers(flags: EligibleFlags): void {
  const given = [
    ['--trip', flags.trip !== undefined],
    ['--customer', flags.customer.length > 0],
    ['--scp', flags.scp.length > 0],
    ['--capability', flags.capability.length > 0],
    ['--dept', flags.dept !== undefined],
    ['--pickup', flags.pickup !== undefined],
    ['--driver', flags.driver !== undefined],
    ['--explain', flags.explain === true],
  ] as const;
  const other = given.find(([, isGiven]) => isGiven)?.[0];
  if (other === undefined) return;
  const message = `--day asks about all trips of a day: ${other} does not go with it`;
  throw invalid(message, `leave out ${other}, or --day`, [{ field: other, message }]);
}

function draw(
  { day, trips, summary }: DayEligibility,
  timeZone: string,
  ink: Ink,
  globals: Globals,
): Block[] {
  const when = ink.strong(`${weekdayOf(day)} ${formatDay(day)}`);
  const [worst] = trips;
  if (worst === undefined) return [`no trip is planned for ${when}`];
  const nobody =
    summary.nobody === 0
      ? 'each has somebody who may drive it'
      : `${ink.bad(`nobody may drive ${summary.nobody}`)}`;
  const single = summary.single === 0 ? '' : `; ${ink.warn(`one driver only for ${summary.single}`)}`;
  const warned = summary.warned === 0 ? '' : `; ${summary.warned} with a warning`;
  return [
    { wrapped: `${when}: ${counted(summary.trips, 'trip')}, ${nobody}${single}${warned}` },
    '',
    table(columns(timeZone, trips), trips),
    '',
    `${ink.dim('next:')} ${suggested(`tph eligible --trip ${shellWord(worst.trip.ref)} --explain`, globals)}`,
  ];
}

function columns(timeZone: string, trips: readonly DayTrip[]): Column<DayTrip>[] {
  return [
    { name: 'time', whole: true, text: (row) => localTimeAt(row.pickupAt, timeZone) },
    { name: 'trip', whole: true, text: (row, ink) => ink.strong(row.trip.ref) },
    { name: 'passengers', text: (row) => row.passengers.join(', ') },
    {
      name: 'eligible',
      title: 'may drive',
      align: 'right',
      whole: true,
      text: ({ summary }, ink) => countInk(summary.eligible, ink),
    },
    { name: 'preferred', align: 'right', whole: true, text: (row) => String(row.summary.preferred) },
    ...(trips.some((row) => row.phase === 'HOLD')
      ? [{ name: 'phase', whole: true, text: (row: DayTrip) => (row.phase === 'HOLD' ? 'held' : 'open') }]
      : []),
    { name: 'why', text: why },
  ];
}

const countInk = (eligible: number, ink: Ink): string =>
  eligible === 0 ? ink.bad('nobody') : eligible === 1 ? ink.warn('1') : String(eligible);

/** What narrows the choice: the locks, the needs, and what an operator ought to look at. */
function why({ locked, requiredCapabilities, summary, warnings }: DayTrip): string {
  const blocked = summary.byReason.BLOCKED ?? 0;
  const codes = new Set(warnings.map((warning) => warning.code));
  return [
    ...(locked.length === 0 ? [] : [`locked for ${locked.map((list) => list.name).join(', ')}`]),
    ...(requiredCapabilities.length === 0 ? [] : [`needs ${requiredCapabilities.join(', ')}`]),
    ...(blocked === 0 ? [] : [`${blocked} blocked`]),
    ...[...codes].map((code) => WARNING_WORDS[code]),
  ].join('; ');
}

const WARNING_WORDS: Readonly<Record<WarningCode, string>> = {
  SCP_APPROVALS_OFF: 'approvals are switched off',
  HARD_LIST_LAPSED: 'a list has lapsed',
  LIST_CONFLICT: 'no driver is on all locked lists',
  LAPSES_BEFORE_PICKUP: 'a row lapses before the pickup',
  SOFT_ON_LOCKED_LIST: 'SOFT rows without effect',
};

const REASON_COLUMNS: Readonly<Record<ExclusionCode, string>> = {
  DRIVER_NOT_ACTIVE: 'driverNotActive',
  MISSING_CAPABILITY: 'missingCapability',
  BLOCKED: 'blocked',
  NOT_ON_HARD_LIST: 'notOnHardList',
  HARD_LIST_LAPSED: 'hardListLapsed',
};

const count = (name: string, of: (row: DayTrip) => number): Column<DayTrip> => ({
  name,
  text: (row) => String(of(row)),
  value: of,
});

/** A trip in CSV: a column for each count. */
const csvColumns: readonly Column<DayTrip>[] = [
  { name: 'trip', text: (row) => row.trip.ref },
  { name: 'pickupAt', text: (row) => String(row.pickupAt) },
  { name: 'passengers', text: (row) => row.passengers.join('; ') },
  { name: 'phase' },
  count('eligible', (row) => row.summary.eligible),
  count('preferred', (row) => row.summary.preferred),
  count('excluded', (row) => row.summary.excluded),
  ...EXCLUSION_CODES.map((code) => count(REASON_COLUMNS[code], (row) => row.summary.byReason[code] ?? 0)),
  { name: 'requiredCapabilities', text: (row) => row.requiredCapabilities.join('; ') },
  { name: 'locked', text: (row) => row.locked.map((list) => list.name).join('; ') },
  { name: 'warnings', text: (row) => [...new Set(row.warnings.map((one) => one.code))].join('; ') },
  { name: 'asOf', text: (row) => String(row.asOf) },
  { name: 'holdEndsAt', text: (row) => (row.holdEndsAt === null ? '' : String(row.holdEndsAt)) },
  { name: 'id', text: (row) => row.trip.id, value: (row) => row.trip.id },
];
