import { describe, expect, it } from 'vitest';
import { TphCommand } from '../../src/commands/command.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import { buildProgram, wholeProgram } from '../../src/commands/program.ts';
import { shellWords } from './support.ts';

const paper = { write: () => {}, width: 80 };
/** Only actions use the context, and none runs here. */
const noContext = {} as CommandContext;

function everyCommand(command: TphCommand): TphCommand[] {
  return [
    command,
    ...command.commands.flatMap((one) => (one instanceof TphCommand ? everyCommand(one) : [])),
  ];
}

const program = await wholeProgram();
const commands = everyCommand(program);

describe('every command', () => {
  it('is there: six verbs for each record noun, and the others', async () => {
    const paths = commands.map((command) => `${[command.path, ...command.aliases()].join(' | ')}\n`);
    await expect(paths.join('')).toMatchFileSnapshot('golden/commands.txt');
  });

  it.each(commands.map((command) => [command.path, command] as const))(
    '%s has a description and an example',
    (path, command) => {
      expect(command.description()).toMatch(/^\S[\s\S]*[.…]$/);
      expect(command.exampleLines.length).toBeGreaterThan(0);
      for (const line of command.exampleLines) expect(line).toMatch(/^tph \S/);
      if (command.commands.length === 0) expect(command.exampleLines[0]).toMatch(new RegExp(`^${path}( |$)`));
    },
  );

  it('explains each of its flags', () => {
    const silent = commands.flatMap((command) =>
      command.options
        .filter((option) => !option.hidden && option.description === '')
        .map((option) => `${command.path} ${option.flags}`),
    );
    expect(silent).toEqual([]);
  });

  it('defines no flag twice', () => {
    for (const command of commands) {
      const flags = command.options.map((option) => option.long);
      expect(new Set(flags).size, command.path).toBe(flags.length);
    }
  });
});

describe('every example', () => {
  const examples = [...new Set(commands.flatMap((command) => command.exampleLines))];

  it.each(examples)('%s can be read', async (line) => {
    let ran = 0;
    const fresh = buildProgram(paper, '0.0.0', noContext);
    fresh.hook('preSubcommand', (_program, command) => {
      // After the hook that furnishes the noun.
      // `tph log` does something itself, and has a command.
      for (const one of everyCommand(command as TphCommand))
        if (one.commands.length === 0 || Reflect.get(one, '_actionHandler') != null)
          one.action(() => {
            ran += 1;
          });
    });
    const words = shellWords(line.replace(/ [|>].*$/, '')).slice(1);
    try {
      await fresh.parseAsync(words, { from: 'user' });
      expect(ran).toBe(1);
    } catch (error) {
      // Help is an answer, too.
      expect(error).toMatchObject({ code: 'commander.helpDisplayed' });
    }
  });
});
