import { type Command, Help } from 'commander';
import { wrap } from '../terminal/text.ts';

/** What a command's help is made of besides what commander knows. */
export interface HelpSource extends Command {
  readonly path: string;
  readonly exampleLines: readonly string[];
}

type Entry = readonly [term: string, text: string];

/** The help of a command: what it does, how it is written, examples; lines fit the width, each list has its own columns. */
export class TphHelp extends Help {
  override formatHelp(command: Command, helper: Help): string {
    const source = command as HelpSource;
    const width = helper.helpWidth ?? 80;
    const commands = helper.visibleCommands(command);
    const groups = [...new Set(commands.map((one) => one.helpGroup() || 'Commands:'))];
    const parts = [
      `Usage: ${helper.commandUsage(command)}`,
      wrap(helper.commandDescription(command), width).join('\n'),
      section(
        'Arguments:',
        helper.visibleArguments(command).map((one) => [`<${one.name()}>`, one.description] as const),
        width,
      ),
      ...groups.map((group) => {
        const members = commands.filter((one) => (one.helpGroup() || 'Commands:') === group);
        return section(
          group,
          members.map((one) => [helper.subcommandTerm(one), helper.subcommandDescription(one)] as const),
          width,
        );
      }),
      section(
        'Options:',
        helper.visibleOptions(command).map((one) => [helper.optionTerm(one), one.description] as const),
        width,
      ),
      source.exampleLines.length === 0
        ? ''
        : ['Examples:', ...source.exampleLines.map((line) => `  ${line}`)].join('\n'),
      command.parent === null
        ? '`tph <command> --help` says more.'
        : '`tph --help` lists the options that every command takes.',
    ];
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  }

  override commandUsage(command: Command): string {
    return `${(command as HelpSource).path} ${command.usage()}`;
  }

  override subcommandTerm(command: Command): string {
    const names = [command.name(), ...command.aliases()].join('|');
    return [names, ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(' ');
  }
}

function section(title: string, entries: readonly Entry[], width: number): string {
  if (entries.length === 0) return '';
  const terms = Math.min(28, Math.max(...entries.map(([term]) => term.length)));
  const indent = ' '.repeat(terms + 4);
  const lines = entries.flatMap(([term, text]) => {
    const [first = '', ...rest] = wrap(text, Math.max(20, width - terms - 4));
    const head = term.length > terms ? [`  ${term}`, indent + first] : [`  ${term.padEnd(terms)}  ${first}`];
    return [...head, ...rest.map((line) => indent + line)];
  });
  return [title, ...lines].map((line) => line.trimEnd()).join('\n');
}
