import type { InputOf, OperationName, OutputOf } from '../contract/api.ts';
import { TphError } from '../values/error.ts';
import type { CommandCallOptions, CommandContext } from './context.ts';

/** Whether an operation refuses to take away the last live HARD approval of a passenger. */
export const isLastApproval = (error: unknown): error is TphError =>
  error instanceof TphError && error.details.some((detail) => detail['code'] === 'LAST_HARD_APPROVAL');

/**
 * As `context.call`, for operations that may take away the last live HARD approval of a passenger: that wants a reason
 * and, besides, confirmation or `--yes` (spec section 5).
 */
export function callGuarded<N extends OperationName>(
  context: CommandContext,
  name: N,
  input: InputOf<N>,
  options: CommandCallOptions = {},
): Promise<OutputOf<N>> {
  return guarded(context, (own, more) => own.call(name, input, { ...options, ...more }));
}

/** The same for any change; `change` must carry itself out with the context and options that it is given. */
export async function guarded<T>(
  context: CommandContext,
  change: (context: CommandContext, options: CommandCallOptions) => Promise<T>,
): Promise<T> {
  const { reason, yes, dryRun } = context.globals;
  try {
    // A reason alone would let it pass: what would be refused without one still wants confirmation.
    if (reason !== undefined && !yes && !dryRun) await change(context.withReason(null), { dryRun: true });
    return await change(context, {});
  } catch (error) {
    if (!isLastApproval(error)) throw error;
    if (dryRun) {
      await context.warn(
        `${error.message}: carrying it out wants --reason, and --yes where nobody can be asked`,
      );
      return change(context.withReason('dry run'), {});
    }
    if (!context.canAsk) throw error;
    const question = `${error.message}. Go on?`;
    const why = await context.need.text(reason, {
      flag: '--reason',
      question: `${error.message}. Why take it away?`,
    });
    await context.confirm(reason === undefined ? 'Go on?' : question);
    return change(context.withReason(why), {});
  }
}
