// The manual page, docs/tph.1.
import { environment } from './tree.mjs';

/** @typedef {import('./tree.mjs').Node} Node */
/** @typedef {import('./tree.mjs').Entry} Entry */

/**
 * @param {Node} program
 * @param {readonly (readonly [number, string])[]} exitCodes
 * @returns {string} roff, with the macros of man(7)
 */
export function manualPage(program, exitCodes) {
  const groups = [...new Set(program.commands.map((one) => one.group))];
  const lines = [
    '.\\" Written by `npm run docs` from the commands themselves: change their help, not this file.',
    '.TH TPH 1 "" "tph" "User Commands"',
    '.SH NAME',
    'tph \\- administration for taxi and private-hire operators',
    '.SH SYNOPSIS',
    bold(program.usage),
    '.SH DESCRIPTION',
    words(program.description),
    '.PP',
    words('`tph <command> --help` says what a command takes.'),
    ...groups.flatMap((group) => [
      `.SH ${group.toUpperCase()}`,
      ...program.commands.filter((one) => one.group === group).flatMap(section),
    ]),
    '.SH OPTIONS OF EVERY COMMAND',
    ...program.options.flatMap(entry),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([term = '', text = '']) => entry({ term, text })),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, text]) => entry({ term: String(code), text })),
    '.SH EXAMPLES',
    ...example(program.examples).slice(1),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * @param {Node} node
 * @returns {string[]}
 */
function section(node) {
  const isGroup = node.commands.length > 0;
  return [
    `.SS ${escaped(node.path)}`,
    words(node.description),
    ...(node.aliases.length === 0 ? [] : [words(`Also \`${node.aliases.join('`, `')}\`.`)]),
    ...(isGroup && node.options.length === 0 ? [] : ['.PP', bold(node.usage)]),
    ...[...node.arguments, ...node.options].flatMap(entry),
    ...(isGroup && node.options.length === 0 ? [] : example(node.examples)),
    ...node.commands.flatMap(section),
  ];
}

/** @param {Entry} one */
const entry = ({ term, text }) => ['.TP', bold(term), ...(text === '' ? ['\\&'] : [words(text)])];

/** @param {readonly string[]} lines */
const example = (lines) => (lines.length === 0 ? [] : ['.PP', '.EX', ...lines.map(line), '.EE']);

/** @param {string} text with code in backticks, which becomes bold */
const words = (text) =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\\fB${escaped(part)}\\fR` : escaped(part)))
    .join('')
    .replace(/^[.']/gm, '\\&$&');

/** @param {string} text */
const bold = (text) => `\\fB${escaped(text)}\\fR`;

/** @param {string} text a line that is no request, whatever it begins with */
const line = (text) => escaped(text).replace(/^[.']/, '\\&$&');

/** @param {string} text */
const escaped = (text) => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq');
