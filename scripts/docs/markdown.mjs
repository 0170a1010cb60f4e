// The command reference, docs/commands.md.
import { environment } from './tree.mjs';

/** @typedef {import('./tree.mjs').Node} Node */
/** @typedef {import('./tree.mjs').Entry} Entry */

/**
 * @param {Node} program
 * @param {readonly (readonly [number, string])[]} exitCodes
 * @returns {string}
 */
export function commandReference(program, exitCodes) {
  const groups = [...new Set(program.commands.map((one) => one.group))];
  const parts = [
    '# Commands',
    '<!-- Written by `npm run docs` from the commands themselves: change their help, not this file. -->',
    program.description,
    `\`\`\`\n${program.usage}\n\`\`\``,
    ...groups.map((group) =>
      [
        `**${group}**`,
        '',
        ...program.commands
          .filter((one) => one.group === group)
          .map((one) => `- [${code(one.path)}](#${anchor(one.path)}): ${text(one.summary)}`),
      ].join('\n'),
    ),
    '## Options of every command',
    list(program.options),
    '## Environment',
    list(environment.map(([term = '', meaning = '']) => ({ term, text: meaning }))),
    '## Exit codes',
    [
      '| code | meaning |',
      '|---:|---|',
      ...exitCodes.map(([number, meaning]) => `| ${number} | ${text(meaning)} |`),
    ].join('\n'),
    ...program.commands.flatMap((one) => section(one, 2)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/**
 * @param {Node} node
 * @param {number} depth
 * @returns {string[]}
 */
function section(node, depth) {
  const isGroup = node.commands.length > 0;
  const aliases = node.aliases.map(code).join(', ');
  return [
    `${'#'.repeat(Math.min(depth, 6))} ${node.path}`,
    text(node.description) + (aliases === '' ? '' : ` Also ${aliases}.`),
    `\`\`\`\n${node.usage}\n\`\`\``,
    ...(node.arguments.length === 0 ? [] : [list(node.arguments)]),
    ...(node.options.length === 0 ? [] : [list(node.options)]),
    // What a group of commands shows are the first examples of its commands, which stand with them.
    ...(node.examples.length === 0 || (isGroup && node.options.length === 0)
      ? []
      : [`\`\`\`sh\n${node.examples.join('\n')}\n\`\`\``]),
    ...node.commands.flatMap((one) => section(one, depth + 1)),
  ];
}

/** @param {readonly Entry[]} entries */
const list = (entries) =>
  entries
    .map((entry) => `- ${code(entry.term)}${entry.text === '' ? '' : `: ${text(entry.text)}`}`)
    .join('\n');

/** @param {string} words */
const code = (words) => `\`${words}\``;

/** @param {string} words a line of help, its backticks kept */
const text = (words) =>
  words
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[<>*_|\\]/g, '\\$&')))
    .join('`');

/** @param {string} path */
const anchor = (path) => path.replaceAll(' ', '-');
