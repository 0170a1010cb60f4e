import { Command, type CommanderError, type Help, Option } from 'commander';
import { invalid, quote, type TphError } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { GLOBAL_FLAGS } from './globals.ts';
import { TphHelp } from './help.ts';

/** Where help goes, and how wide it may be. */
export interface HelpPaper {
  readonly write: (text: string) => void;
  readonly width: number;
}

const globalFlags = (isHidden: boolean) =>
  GLOBAL_FLAGS.map(([flags, help]) => new Option(flags, help).hideHelp(isHidden));
const shownFlags = () => globalFlags(false);
/** The same for every command but the program. */
const hiddenFlags = globalFlags(true);

/**
 * A command of the program. Every one takes the global flags, wherever they stand; shows examples in its help; and
 * reports wrong usage as a `TphError` INVALID with the nearest spellings.
 */
export class TphCommand extends Command {
  readonly #paper: HelpPaper;
  #examples: readonly string[] = [];

  constructor(name: string, paper: HelpPaper, isProgram = false) {
    super(name);
    this.#paper = paper;
    for (const option of isProgram ? shownFlags() : hiddenFlags) this.addOption(option);
    this.enablePositionalOptions();
    this.helpCommand(false);
    this.helpOption('-h, --help', 'show this help');
    this.#frame();
  }

  override createCommand(name: string): TphCommand {
    return new TphCommand(name, this.#paper);
  }

  /** commander hands its own settings down to commands made with `command()`, but not to those that are added. */
  override copyInheritedSettings(source: Command): this {
    super.copyInheritedSettings(source);
    this.#frame();
    return this;
  }

  #frame(): void {
    this.exitOverride((error: CommanderError) => {
      if (error.exitCode === 0) throw error;
      throw error.code === 'commander.help'
        ? this.#noCommand()
        : usageError(this, error.message.replace(/^error: /, ''));
    });
    this.configureOutput({
      writeOut: this.#paper.write,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => this.#paper.width,
      getOutHasColors: () => false,
    });
  }

  /** Command lines that show how it is used, each beginning with `tph`. Every command has one at least. */
  examples(lines: readonly string[]): this {
    this.#examples = lines;
    return this;
  }

  get exampleLines(): readonly string[] {
    return this.#examples;
  }

  /** `tph driver create`. */
  get path(): string {
    return this.parent instanceof TphCommand ? `${this.parent.path} ${this.name()}` : this.name();
  }

  override createHelp(): Help {
    return new TphHelp();
  }

  #noCommand(): TphError {
    const listed = `the commands are ${this.commands.map((command) => command.name()).join(', ')}`;
    return usageError(this, `\`${this.path}\` needs a command`, undefined, undefined, listed);
  }

  // commander calls the following by these names.

  unknownOption(flag: string): never {
    const flags = this.options.flatMap(({ long }) => (long ? [long] : []));
    const near = nearest(flag, flags, 1)[0];
    throw usageError(this, `there is no flag ${quote(flag)} for \`${this.path}\``, near, flag);
  }

  unknownCommand(): never {
    const name = this.args[0] ?? '';
    const names = this.commands.map((command) => command.name());
    const near = nearest(name, [...names, ...this.commands.flatMap((command) => command.aliases())], 1)[0];
    const listed = this.parent === null ? undefined : `the commands are ${names.join(', ')}`;
    throw usageError(this, `there is no command ${quote(name)} in \`${this.path}\``, near, undefined, listed);
  }

  missingArgument(name: string): never {
    throw usageError(
      this,
      `<${name}> is missing`,
      undefined,
      `<${name}>`,
      `write \`${this.path} ${this.usage()}\``,
    );
  }

  optionMissingArgument(option: Option): never {
    throw usageError(
      this,
      `${option.long ?? option.flags} needs a value`,
      undefined,
      option.long,
      `write \`${option.flags}\``,
    );
  }

  _excessArguments(received: readonly string[]): never {
    const extra = received[this.registeredArguments.length] ?? '';
    const message = `\`${this.path}\` takes no ${this.registeredArguments.length === 0 ? 'argument' : 'further argument'} ${quote(extra)}`;
    throw usageError(this, message, undefined, undefined, 'put text that has blanks in quotes');
  }
}

function usageError(
  command: TphCommand,
  message: string,
  near?: string,
  field?: string,
  hint = `see \`${command.path} --help\``,
): TphError {
  return invalid(
    message,
    near === undefined ? hint : `did you mean \`${near}\`?`,
    field === undefined ? [] : [{ field, message }],
  );
}

/** Adds an argument that must be there: asked for on a terminal, so commander itself does not demand it. */
export function wantedArgument(command: TphCommand, name: string, help: string): TphCommand {
  command.argument(`[${name}]`, help);
  return command.usage(
    [...command.registeredArguments.map((one) => `<${one.name()}>`), '[options]'].join(' '),
  );
}

/** Makes the verb that is wanted, where it is one of these, and otherwise all of them: each takes a while to make. */
export function makeVerbs(verbs: Readonly<Record<string, () => void>>, wanted: string | undefined): void {
  const only = wanted !== undefined && Object.hasOwn(verbs, wanted) ? verbs[wanted] : undefined;
  for (const make of only === undefined ? Object.values(verbs) : [only]) make();
}
