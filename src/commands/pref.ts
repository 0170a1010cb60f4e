import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { changeAny } from './any-api.ts';
import { wantedArgument } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { familyOf, kindOfRef } from './family.ts';
import { guarded } from './last-approval.ts';
import { liveExpiry } from './live-check.ts';
import { expiring } from './pref-expiring.ts';
import { answerChange, changeFields } from './record-answer.ts';
import { shellWord } from './words.ts';

interface RenewFlags {
  readonly driver?: string;
  readonly customer?: string;
  readonly scp?: string;
  readonly expires?: string;
}

/** `tph pref renew` and `tph pref expiring`. */
export const register: Register = (command, context) => {
  expiring(command, context);
  wantedArgument(
    command
      .command('renew')
      .description('Give a favourite or an approval another expiry; `none` lets it run on.'),
    'ref',
    'the preference, by id; or name it by --driver with --customer or --scp',
  )
    .usage('[<ref>] --expires <when> [options]')
    .option('--driver <ref>', 'its driver, by callsign, name or id')
    .option('--customer <ref>', 'its customer, by phone, e-mail, name or id')
    .option('--scp <ref>', 'its special-category passenger, by ref, name or id')
    .option('--expires <when>', 'when it lapses; a day means through the end of that day; none: never')
    .examples([
      'tph pref renew G123 --expires 2027-06-30',
      'tph pref renew --driver D07 --scp SCP-101 --expires +90d --reason "vetted again"',
    ])
    .action(async (given: string | undefined, flags: RenewFlags) => {
      refuseUnclear(given, flags);
      const expires = await context.need.text(flags.expires, {
        flag: '--expires',
        question: 'Until when? (2027-06-30, +90d, none)',
        example: '2027-06-30',
        check: (answer) => context.instantOrNone(answer, '--expires', 'through'),
        ...(flags.expires === undefined && context.canAsk ? { isRight: await liveExpiry(context) } : {}),
      });
      const expiresAt = await context.instantOrNone(expires, '--expires', 'through');
      const definition = await kindNamed(context, given, flags);
      await context.expectFields(changeFields(definition));
      const ref = given ?? (await byParties(context, flags));
      const prefix = operationPrefix(definition.objectType);
      const changed = await guarded(context, (own, options) =>
        changeAny(own, prefix, 'update', { ref, expiresAt }, options),
      );
      await answerChange(context, definition, 'update', changed);
    });
};

function refuseUnclear(given: string | undefined, { driver, customer, scp }: RenewFlags): void {
  const problem = (flag: string, message: string, missing = false) =>
    invalid(message, 'give the id, or --driver with one of --customer and --scp', [
      { field: flag, message, ...(missing ? { missing } : {}) },
    ]);
  if (given !== undefined) {
    const beside = [
      ['--driver', driver] as const,
      ['--customer', customer] as const,
      ['--scp', scp] as const,
    ].find(([, value]) => value !== undefined);
    if (beside !== undefined)
      throw problem(beside[0], `${beside[0]} and an id both say which preference is meant`);
    return;
  }
  if (driver === undefined && customer === undefined && scp === undefined)
    throw problem('<ref>', '<ref> is missing', true);
  if (driver === undefined) throw problem('--driver', '--driver is missing', true);
  if (customer !== undefined && scp !== undefined)
    throw problem('--scp', '--customer and --scp are two preferences');
  if (customer === undefined && scp === undefined)
    throw problem('--customer', '--customer or --scp is missing', true);
}

async function kindNamed(
  context: CommandContext,
  given: string | undefined,
  { scp }: RenewFlags,
): Promise<RecordDefinition> {
  if (given !== undefined) return kindOfRef(familyOf(['DriverScp', 'DriverCustomer']), given, context);
  return definitionOf(scp === undefined ? 'DriverCustomer' : 'DriverScp');
}

async function byParties(context: CommandContext, { driver, customer, scp }: RenewFlags): Promise<Id> {
  const page =
    scp === undefined
      ? await context.call('driverCustomer.list', { driver, customer, limit: 1 })
      : await context.call('driverScp.list', { driver, scp, limit: 1 });
  const [row] = page.items;
  if (row !== undefined) return row.id;
  const [flag, other = ''] = scp === undefined ? ['--customer', customer] : ['--scp', scp];
  const message = `the driver ${quote(driver)} has no preference for ${quote(other)}`;
  const hint = `make one with \`tph pref create --driver ${shellWord(driver ?? '')} ${flag} ${shellWord(other)}\``;
  throw new TphError('NOT_FOUND', message, { hint, details: [{ field: flag, message, hint }] });
}
