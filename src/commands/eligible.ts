import type { EligibilityDecision } from '../resolver/eligibility.ts';
import type { Column } from '../terminal/answer.ts';
import { invalid } from '../values/error.ts';
import type { CommandContext, Register } from './context.ts';
import { drawEligible, type EligibleFlags } from './eligible-text.ts';
import { repeated } from './words.ts';

/** Who may drive a trip, and why not the others (spec sections 4.1 and 5). */
export const register: Register = (command, context) => {
  command
    .option('--trip <ref>', 'a stored trip')
    .option(
      '--day <day>',
      'instead of a trip: all trips with a pickup on a day that are not cancelled, a line each, those that the fewest may drive first; with --exit-code, 8 where nobody may drive one of them',
    )
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
    .option('--limit <n>', 'show at most so many eligible drivers, or with --day trips')
    .examples([
      'tph eligible --trip T-1001',
      'tph eligible --trip T-1001 --driver D11',
      'tph eligible --scp SCP-101 --pickup "2026-01-13T08:15" --explain',
      'tph eligible --day tomorrow --limit 20',
    ])
    .action(async (flags: EligibleFlags) => {
      if (flags.day !== undefined) {
        const { eligibleDay } = await import('./eligible-day.ts');
        return eligibleDay(context, flags.day, flags);
      }
      const decision = await ask(context, flags);
      const { timeZone } = await context.clock();
      if (flags.driver === undefined ? decision.summary.eligible === 0 : decision.drivers.length === 0)
        context.answerIsNo();
      const cut = flags.driver === undefined ? decision.summary.eligible - decision.drivers.length : 0;
      if (cut > 0) await context.note(`${cut} more eligible drivers are cut off by --limit`);
      const isExcluded = flags.driver !== undefined && decision.drivers.length === 0;
      await context.answer({
        value: decision,
        rows: isExcluded ? decision.excluded : decision.drivers,
        columns: isExcluded ? excludedNames : driverNames,
        rowsIn: isExcluded ? 'excluded' : 'drivers',
        draw: (ink) => drawEligible(decision, flags, timeZone, ink, context.globals),
      });
    });
};

const driverNames = columnsNamed([
  'rank',
  'id',
  'callsign',
  'name',
  'preferred',
  'priority',
  'lists',
  'availableFrom',
]);
const excludedNames = columnsNamed(['id', 'callsign', 'name', 'reasons']);

function columnsNamed(names: readonly string[]): readonly Column<never>[] {
  return names.map((name) => ({ name }));
}

async function ask(context: CommandContext, flags: EligibleFlags): Promise<EligibilityDecision> {
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
      instead: '--day for all trips of a day, or --customer and --scp for who rides where no trip is stored',
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
