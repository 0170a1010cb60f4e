import { recurringTrip } from '../records/recurring-trip.ts';
import { wantedArgument } from './command.ts';
import { takesTimeOf } from './completion-values.ts';
import type { Register } from './context.ts';
import { liveDay } from './live-check.ts';
import { answerChange } from './record-answer.ts';

/** Leaving single days out of a recurring trip (spec section 5). */
export const register: Register = (command, context) => {
  const verb = (name: 'skip' | 'unskip', description: string, examples: readonly string[]) => {
    const one = command.command(name).description(description);
    takesTimeOf(one, 0);
    wantedArgument(one, 'ref', 'recurring trip, by ref or id')
      .option('--day <day>', 'the day: 20260113, tomorrow, friday, +7d')
      .option('--time <HH:MM>', 'only the run at this local time; all of the day when left out')
      .examples(examples)
      .action(async (given: string | undefined, flags: { readonly day?: string; readonly time?: string }) => {
        const ref = await context.need.reference(given, 'RecurringTrip', {
          flag: '<ref>',
          question: 'Which recurring trip?',
        });
        const text = await context.need.text(flags.day, {
          flag: '--day',
          question: 'Which day?',
          example: 'tomorrow',
          check: (answer) => context.day(answer, '--day'),
          ...(flags.day === undefined && context.canAsk ? { isRight: await liveDay(context) } : {}),
        });
        const day = await context.day(text, '--day');
        const input = { ref, day, time: flags.time };
        const changed = await context.call(
          `recurringTrip.${name}`,
          name === 'skip' ? { ...input, reason: context.globals.reason } : input,
          { flags: { reason: '--reason' } },
        );
        await answerChange(context, recurringTrip, 'update', changed);
      });
  };
  verb('skip', 'Leave a recurring trip out on one day; --reason says why.', [
    'tph recurring skip SR-08 --day tomorrow --reason "an aunt collects her"',
    'tph recurring skip SR-08 --day 20260113 --time 13:30 --reason "speech therapy"',
  ]);
  verb('unskip', 'Take back what was skipped on one day.', ['tph recurring unskip SR-08 --day tomorrow']);
};
