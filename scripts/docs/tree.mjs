// The command tree as plain data, which the reference and the manual page are written from.

/**
 * @typedef {{ readonly term: string, readonly text: string }} Entry
 * @typedef {object} Node
 * @property {string} path `tph driver create`
 * @property {string} group the heading under which help lists it; empty for verbs
 * @property {string} summary
 * @property {string} description
 * @property {string} usage the whole line
 * @property {readonly string[]} aliases
 * @property {readonly Entry[]} arguments
 * @property {readonly Entry[]} options those that help shows
 * @property {readonly string[]} examples
 * @property {readonly Node[]} commands
 */

/** @typedef {import('../../src/commands/command.ts').TphCommand} Command */

/**
 * @param {Command} command furnished with all that it can do
 * @returns {Node}
 */
export function nodeOf(command) {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help');
  return {
    path: command.path,
    group: (command.helpGroup() ?? '').replace(/:$/, ''),
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: help.commandUsage(command),
    aliases: command.aliases(),
    arguments: help
      .visibleArguments(command)
      .map((one) => ({ term: `<${one.name()}>`, text: one.description })),
    options: options.map((option) => ({ term: help.optionTerm(option), text: option.description })),
    examples: command.exampleLines,
    commands: command.commands.map((one) => nodeOf(/** @type {Command} */ (one))),
  };
}

/**
 * @param {Node} node
 * @returns {Node[]} it and all below it
 */
export function everyNode(node) {
  return [node, ...node.commands.flatMap(everyNode)];
}

/** What the program reads from the environment, besides what the flags above name. */
export const environment = [
  ['TPH_DB, TPH_CLIENT, TPH_PROFILE', 'What --db, --client and --profile would say.'],
  ['TPH_NOW', 'Taken as the present moment by every command of a process; for tests and rehearsals.'],
  ['TPH_NO_INPUT, CI', 'When set, nothing is ever asked for.'],
  ['NO_COLOR', 'When set, no colour. TERM=dumb and a pipe turn it off too.'],
];
