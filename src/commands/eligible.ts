import type { EligibilityDecision, EligibleDriver, ExcludedDriver } from '../resolver/eligibility.ts';
import { exclusionWords, explainExclusion, explainWarning } from '../resolver/reasons.ts';
import type { TripList } from '../resolver/trip-list.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { invalid } from '../values/error.ts';
import { formatInstant } from '../values/instant.ts';
import type { CommandContext, Register } from './context.ts';
import { repeated, shellWord } from './words.ts';

interface Flags {
  readonly trip?: string;
  readonly customer: readonly string[];
  readonly scp: readonly string[];
  readonly capability: readonly string[];
  readonly dept?: string;
  readonly pickup?: string;
  readonly driver?: string;
  readonly explain?: true;
  readonly limit?: string;
}

/** Who may drive a trip, and why not the others (spec sections 4.1 and 5). */
export const register: Register = (command, context) => {
  command
    .option('--trip <ref>', 'a stored trip')
    .option('--customer <ref>', 'without a stored trip: a customer who rides; repeat for more', repeated, [])
    .option(
      '--scp <ref>',
      'without a stored trip: a special-category passenger; repeat for more',
      repeated,
      [],
    )
    .option(
      '--capability <code>',
      'without a stored trip: what is required besides; repeat for more',
      repeated,
      [],
    )
    .option('--dept <ref>', 'without a stored trip: the department, for what its bookings need')
    .option(
      '--pickup <instant>',
      'without a stored trip: when, such as "2026-01-13T08:15"; now when left out',
    )
    .option('--driver <ref>', 'only this driver, with every reason against')
    .option('--explain', 'list the excluded drivers too, each with every reason')
    .option('--limit <n>', 'show at most so many eligible drivers')
    .examples([
      'tph eligible --trip T-1001',
      'tph eligible --trip T-1001 --driver D11',
      'tph eligible --scp SCP-101 --pickup "2026-01-13T08:15" --explain',
    ])
    .action(async (flags: Flags) => {
      const decision = await ask(context, flags);
      const { timeZone } = await context.clock();
      if (flags.driver === undefined ? decision.summary.eligible === 0 : decision.drivers.length === 0)
        context.answerIsNo();
      const cut = flags.driver === undefined ? decision.summary.eligible - decision.drivers.length : 0;
      if (cut > 0) await context.note(`${cut} more eligible drivers are cut off by --limit`);
      await context.answer({
        value: decision,
        rows:
          flags.driver !== undefined && decision.drivers.length === 0 ? decision.excluded : decision.drivers,
        draw: (ink) => draw(decision, flags, timeZone, ink),
      });
    });
};

async function ask(context: CommandContext, flags: Flags): Promise<EligibilityDecision> {
  const narrowing = {
    driver: flags.driver,
    explain: flags.explain ?? flags.driver !== undefined,
    limit: flags.limit === undefined ? undefined : context.integer(flags.limit, '--limit', 1, 1_000_000),
  };
  const names = {
    customer: '--customer',
    scp: '--scp',
    capability: '--capability',
    dept: '--dept',
    ref: '--trip',
    driver: '--driver',
  };
  const adHoc =
    flags.customer.length + flags.scp.length + flags.capability.length > 0 ||
    flags.dept !== undefined ||
    flags.pickup !== undefined;
  if (adHoc && flags.trip !== undefined)
    throw invalid(
      '--trip names a stored trip, which has its passengers, needs and time',
      'leave out --trip, or the flags that describe a trip',
      [
        {
          field: '--trip',
          message: '--trip goes with neither --customer, --scp, --capability, --dept nor --pickup',
        },
      ],
    );
  if (!adHoc) {
    const ref = await context.need.reference(flags.trip, 'Trip', {
      flag: '--trip',
      question: 'Which trip?',
      example: 'T-1001',
    });
    return context.call('trip.eligible', { ref, ...narrowing }, { flags: names });
  }
  return context.call(
    'eligible.adHoc',
    {
      customers: flags.customer,
      scps: flags.scp,
      capabilities: flags.capability,
      department: flags.dept,
      pickupAt:
        flags.pickup === undefined ? undefined : await context.instant(flags.pickup, '--pickup', 'start'),
      ...narrowing,
    },
    { flags: names },
  );
}

const called = (driver: { readonly callsign: string; readonly name: string }): string =>
  driver.name === '' ? driver.callsign : `${driver.name} (${driver.callsign})`;

function draw(decision: EligibilityDecision, flags: Flags, timeZone: string, ink: Ink): Block[] {
  const blocks: Block[] = [headline(decision, flags, ink)];
  const about = circumstances(decision, timeZone);
  if (about !== '') blocks.push(ink.dim(about));
  for (const warning of decision.warnings)
    blocks.push(`${ink.warn('warning:')} ${explainWarning(warning, timeZone)}`);
  if (decision.drivers.length > 0)
    blocks.push('', table(driverColumns(decision, timeZone), decision.drivers));
  if (decision.lists.length > 0) blocks.push('', ...decision.lists.map((list) => listLine(list, ink)));
  if (decision.excluded.length > 0) blocks.push('', ...excludedBlocks(decision.excluded, flags, ink));
  else if (decision.summary.excluded > 0 && flags.driver === undefined)
    blocks.push('', excludedLine(decision));
  const next = nextCommand(decision, flags);
  if (next !== undefined) blocks.push('', `${ink.dim('next:')} ${next}`);
  return blocks;
}

function headline({ drivers, excluded, summary, trip }: EligibilityDecision, flags: Flags, ink: Ink): string {
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
  ].join(' · ');
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
  ].flatMap(([count, mode]) => (count === 0 ? [] : [`${count} ${mode}`]));
  const state = list.locked ? ink.warn('locked: only drivers on it') : 'not locked';
  const whose = list.kind === 'SCP' ? 'approved drivers of' : 'favourite drivers of';
  return `${whose} ${ink.strong(list.name)}: ${state} ${ink.dim(`(${rows.length === 0 ? 'no rows' : rows.join(', ')})`)}`;
}

function excludedBlocks(excluded: readonly ExcludedDriver[], flags: Flags, ink: Ink): Block[] {
  if (flags.driver !== undefined)
    return excluded.flatMap((driver) =>
      driver.reasons.map((reason) => `  ${explainExclusion(reason)} ${ink.dim(`(${reason.code})`)}`),
    );
  const columns: Column<ExcludedDriver>[] = [
    { name: 'callsign', whole: true, text: (row, own) => own.strong(row.callsign) },
    { name: 'name' },
    { name: 'reasons', title: 'why not', text: (row) => row.reasons.map(exclusionWords).join('; ') },
  ];
  // Whoever is nearest to being eligible is the one that an operator can do something about.
  const nearestFirst = [...excluded].sort((a, b) => a.reasons.length - b.reasons.length);
  return [`excluded: ${excluded.length}`, table(columns, nearestFirst)];
}

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

function nextCommand(decision: EligibilityDecision, flags: Flags): string | undefined {
  if (decision.summary.excluded === 0 || flags.explain === true || flags.driver !== undefined)
    return undefined;
  const asked = [
    ...(flags.trip === undefined ? [] : ['--trip', flags.trip]),
    ...flags.customer.flatMap((ref) => ['--customer', ref]),
    ...flags.scp.flatMap((ref) => ['--scp', ref]),
    ...flags.capability.flatMap((ref) => ['--capability', ref]),
    ...(flags.dept === undefined ? [] : ['--dept', flags.dept]),
    ...(flags.pickup === undefined ? [] : ['--pickup', flags.pickup]),
  ];
  return [
    'tph eligible',
    ...(asked.length === 0 && decision.trip !== null ? ['--trip', decision.trip.ref] : asked).map(shellWord),
    '--explain',
  ].join(' ');
}
