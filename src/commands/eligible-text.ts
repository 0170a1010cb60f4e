import type { EligibilityDecision, EligibleDriver, ExcludedDriver } from '../resolver/eligibility.ts';
import { exclusionWords, explainExclusion, explainWarning } from '../resolver/reasons.ts';
import type { TripList } from '../resolver/trip-list.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { formatInstant } from '../values/instant.ts';
import { traceBlocks } from './eligible-trace.ts';
import type { Globals } from './globals.ts';
import { suggested } from './suggested.ts';
import { counted, shellWord } from './words.ts';

/** What is asked, as the flags give it. */
export interface EligibleFlags {
  readonly trip?: string;
  readonly day?: string;
  readonly customer: readonly string[];
  readonly scp: readonly string[];
  readonly capability: readonly string[];
  readonly dept?: string;
  readonly pickup?: string;
  readonly driver?: string;
  readonly explain?: true;
  readonly limit?: string;
}

const called = (driver: { readonly callsign: string; readonly name: string }): string =>
  driver.name === '' ? driver.callsign : `${driver.name} (${driver.callsign})`;

/** The answer first, then the drivers, then the reasons in plain words, then the next command. */
export function drawEligible(
  decision: EligibilityDecision,
  flags: EligibleFlags,
  timeZone: string,
  ink: Ink,
  globals: Globals,
): Block[] {
  const blocks: Block[] = [{ wrapped: headline(decision, flags, ink) }];
  const about = circumstances(decision, timeZone);
  if (about !== '') blocks.push({ wrapped: ink.dim(about) });
  for (const warning of decision.warnings)
    blocks.push({ wrapped: `${ink.warn('warning:')} ${explainWarning(warning, timeZone)}` });
  if (decision.drivers.length > 0)
    blocks.push('', table(driverColumns(decision, timeZone), decision.drivers));
  if (flags.explain === true && flags.driver === undefined)
    blocks.push('', ...traceBlocks(decision, timeZone, ink));
  else if (decision.lists.length > 0)
    blocks.push('', ...decision.lists.map((list) => ({ wrapped: listLine(list, ink) })));
  if (decision.excluded.length > 0) blocks.push('', ...excludedBlocks(decision.excluded, flags, ink));
  else if (decision.summary.excluded > 0 && flags.driver === undefined)
    blocks.push('', { wrapped: excludedLine(decision) });
  const next = nextCommand(decision, flags);
  if (next !== undefined) blocks.push('', `${ink.dim('next:')} ${suggested(next, globals)}`);
  return blocks;
}

function headline(
  { drivers, excluded, summary, trip }: EligibilityDecision,
  flags: EligibleFlags,
  ink: Ink,
): string {
  const what = trip === null ? 'this trip' : `trip ${trip.ref}`;
  if (flags.driver !== undefined) {
    const [yes] = drivers;
    if (yes !== undefined)
      return `${ink.good('yes:')} ${ink.strong(called(yes))} may take ${what}, as number ${yes.rank} of ${summary.eligible}`;
    return `${ink.bad('no:')} ${ink.strong(excluded[0] === undefined ? 'the driver' : called(excluded[0]))} may not take ${what}`;
  }
  const [first] = drivers;
  if (first === undefined)
    return `${ink.bad('nobody')} may take ${what}: all ${summary.considered} drivers are excluded`;
  const count = summary.eligible === 1 ? 'one driver' : `${summary.eligible} drivers`;
  return `${ink.good(count)} may take ${what}; ${ink.strong(called(first))} first`;
}

function circumstances(
  { asOf, phase, holdEndsAt, requiredCapabilities, summary }: EligibilityDecision,
  timeZone: string,
): string {
  return [
    `as of ${formatInstant(asOf, timeZone)}`,
    requiredCapabilities.length === 0
      ? 'no capability required'
      : `required: ${requiredCapabilities.join(', ')}`,
    phase === 'HOLD' && holdEndsAt !== null
      ? `held for the preferred until ${formatInstant(holdEndsAt, timeZone)}`
      : `open to all who may${summary.preferred > 0 ? ', preferred first' : ''}`,
  ]
    .map((part) => part.replaceAll(' ', '\u00a0'))
    .join(' ·\u00a0');
}

function driverColumns({ phase }: EligibilityDecision, timeZone: string): Column<EligibleDriver>[] {
  const columns: Column<EligibleDriver>[] = [
    { name: 'rank', title: '#', align: 'right', whole: true },
    { name: 'callsign', whole: true, text: (row, ink) => ink.strong(row.callsign) },
    { name: 'name' },
    {
      name: 'preferred',
      text: (row, ink) =>
        row.preferred ? ink.good(row.lists > 1 ? `yes, ${row.lists} lists` : 'yes') : 'no',
    },
    {
      name: 'priority',
      align: 'right',
      whole: true,
      text: (row) => (row.priority === null ? '' : String(row.priority)),
    },
  ];
  if (phase === 'HOLD')
    columns.push({
      name: 'availableFrom',
      title: 'from',
      whole: true,
      text: (row) =>
        row.availableFrom === null ? 'now' : formatInstant(row.availableFrom, timeZone).slice(11),
    });
  return [...columns, { name: 'id', whole: true, text: (row, ink) => ink.dim(row.id) }];
}

function listLine(list: TripList, ink: Ink): string {
  const rows = [
    [list.hardLive, 'HARD'],
    [list.softLive, 'SOFT'],
    [list.blockLive, 'BLOCK'],
    [list.lapsed, 'lapsed'],
  ].flatMap(([count, mode]) => (count === 0 ? [] : [`${count}\u00a0${mode}`]));
  const state = list.locked ? ink.warn('locked: only drivers on it') : 'not locked';
  const whose = list.kind === 'SCP' ? 'approved drivers of' : 'favourite drivers of';
  return `${whose} ${ink.strong(list.name)}: ${state} ${ink.dim(`(${rows.length === 0 ? 'no rows' : rows.join(', ')})`)}`;
}

function excludedBlocks(excluded: readonly ExcludedDriver[], flags: EligibleFlags, ink: Ink): Block[] {
  if (flags.driver !== undefined)
    return excluded.flatMap((driver) =>
      driver.reasons.map((reason) => ({
        wrapped: `${explainExclusion(reason)} ${ink.dim(`(${reason.code})`)}`,
        indent: 2,
      })),
    );
  const columns: Column<ExcludedDriver>[] = [
    { name: 'callsign', whole: true, text: (row, own) => own.strong(row.callsign) },
    { name: 'name' },
    { name: 'reasons', title: 'why not', text: (row) => row.reasons.map(exclusionWords).join('; ') },
  ];
  const nearestFirst = byNearness(excluded);
  return [ink.strong(`the ${counted(excluded.length, 'excluded driver')}`), table(columns, nearestFirst)];
}

/** Whoever is nearest to being eligible is the one that an operator can do something about. */
const byNearness = (excluded: readonly ExcludedDriver[]): readonly ExcludedDriver[] =>
  [...excluded].sort((a, b) => a.reasons.length - b.reasons.length);

const inWords: Readonly<Record<string, string>> = {
  DRIVER_NOT_ACTIVE: 'not active',
  MISSING_CAPABILITY: 'lacking a capability',
  BLOCKED: 'blocked',
  NOT_ON_HARD_LIST: 'not on a locked list',
  HARD_LIST_LAPSED: 'locked out by a lapsed list',
};

function excludedLine({ summary }: EligibilityDecision): string {
  const reasons = Object.entries(summary.byReason).map(
    ([code, count]) => `${count} ${inWords[code] ?? code}`,
  );
  return `excluded: ${summary.excluded} of ${summary.considered} drivers (${reasons.join(', ')})`;
}

/** Of all drivers: why not the others; of those, the nearest: what is against that one; of one: the whole answer. */
function nextCommand(decision: EligibilityDecision, flags: EligibleFlags): string | undefined {
  if (decision.summary.excluded === 0 && flags.driver === undefined) return undefined;
  const asked = [
    ...(flags.trip === undefined ? [] : ['--trip', flags.trip]),
    ...flags.customer.flatMap((ref) => ['--customer', ref]),
    ...flags.scp.flatMap((ref) => ['--scp', ref]),
    ...flags.capability.flatMap((ref) => ['--capability', ref]),
    ...(flags.dept === undefined ? [] : ['--dept', flags.dept]),
    ...(flags.pickup === undefined ? [] : ['--pickup', flags.pickup]),
  ];
  const trip = asked.length === 0 && decision.trip !== null ? ['--trip', decision.trip.ref] : asked;
  const [nearest] = byNearness(decision.excluded);
  const more =
    flags.explain === true && flags.driver === undefined && nearest !== undefined
      ? ['--driver', nearest.callsign]
      : ['--explain'];
  return ['tph eligible', ...[...trip, ...more].map(shellWord)].join(' ');
}
