import type { CommandContext } from './context.ts';

/** What `context.call` does of itself, for changes of the database as a whole: says that a dry run changed nothing. */
export async function saidDryRun(context: CommandContext): Promise<void> {
  context.answerIsNo();
  await context.note('dry run: nothing was changed');
}
