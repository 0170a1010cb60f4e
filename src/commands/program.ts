import { type HelpPaper, TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { GROUPS, type Noun, nouns } from './nouns.ts';

/**
 * The program with all its nouns; what a noun can do is loaded when the noun is used. Where `words`, a command line,
 * begins with a noun, the others are left out, and where a verb of its own follows, so are those of all records.
 */
export function buildProgram(
  paper: HelpPaper,
  version: string,
  context: CommandContext,
  words: readonly string[] = [],
): TphCommand {
  const used = nouns.filter((one) => one.noun === words[0]);
  const program = new TphCommand('tph', paper, true)
    .description(
      'Who may drive a trip, which runs go out, which department pays: administration for taxi and private-hire operators.',
    )
    .usage('<command> [options]')
    .version(version, '--version', 'show the version')
    .examples([
      'tph demo',
      'tph eligible --trip T-1001 --explain',
      'tph release --day tomorrow',
      'tph driver list --help',
    ]);
  for (const group of GROUPS)
    for (const noun of (used.length > 0 ? used : nouns).filter((one) => one.group === group)) {
      const command = program.command(noun.noun).description(noun.summary).helpGroup(group);
      if (noun.kinds.length > 0) command.usage('<command> [options]');
    }
  program.hook('preSubcommand', async (_program, command) => {
    const noun = nouns.find((one) => one.noun === command.name());
    if (noun !== undefined && command instanceof TphCommand) await furnish(command, noun, context, words[1]);
  });
  return program;
}

/** The program with everything that it can do, to be looked at rather than run. */
export async function wholeProgram(): Promise<TphCommand> {
  // Only actions use the context.
  const context = {} as CommandContext;
  const program = buildProgram({ write: () => {}, width: 80 }, '', context);
  for (const noun of nouns) {
    const command = program.commands.find((one) => one.name() === noun.noun);
    if (command instanceof TphCommand) await furnish(command, noun, context);
  }
  return program;
}

/** Gives a noun's command what it can do; only its own verbs where `verb` is one of them. */
export async function furnish(
  command: TphCommand,
  noun: Noun,
  context: CommandContext,
  verb?: string,
): Promise<void> {
  (await noun.load?.())?.register(command, context, verb);
  const own = [...command.commands];
  if (verb !== undefined && own.some((one) => one.name() === verb || one.aliases().includes(verb))) return;
  if (noun.kinds.length > 0) {
    // Those of all records come first in its help.
    const listed = command.commands as typeof own;
    listed.length = 0;
    (await import('./record-command.ts')).addRecordVerbs(command, noun.kinds, context);
    listed.push(...own);
  }
  if (command.commands.length > 0 && command.exampleLines.length === 0)
    command.examples(
      command.commands.flatMap((verb) => (verb instanceof TphCommand ? verb.exampleLines.slice(0, 1) : [])),
    );
}
