import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';

/** The flags of `tph exclusion calendar`. */
export interface CalendarFlags {
  readonly month?: string;
  readonly year?: string;
  readonly group?: string;
  readonly recurring?: string;
  readonly by?: string;
}

/** A month or a year of OFF days, by group or by recurring trip, with the causes (spec section 5). */
export function registerCalendar(command: TphCommand, context: CommandContext): void {
  command
    .command('calendar')
    .description(
      'A month or a year, day by day: which groups are OFF, or with --by trip which runs are suppressed.',
    )
    .option('--month <month>', 'the month, such as 2026-01; this one when left out')
    .option('--year <year>', 'a whole year instead, such as 2026')
    .option('--group <ref>', 'only this exclusion group, and with --by trip the runs linked to it')
    .option('--recurring <ref>', 'only this recurring trip, and with --by group the groups linked to it')
    .option('--by <group|trip>', 'whose days they are (default: trip with --recurring, else group)')
    .examples([
      'tph exclusion calendar --month 2026-02',
      'tph exclusion calendar --group "Bad Weather"',
      'tph exclusion calendar --recurring SR-01 --month 2026-04',
      'tph exclusion calendar --recurring SR-01 --year 2026',
    ])
    .action(async (flags: CalendarFlags) => {
      await (await import('./exclusion-month.ts')).answerCalendar(context, flags);
    });
}
