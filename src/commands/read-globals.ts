import type { Command } from 'commander';
import { OUTPUT_FORMATS, type OutputFormat } from '../terminal/answer.ts';
import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import type { Globals } from './globals.ts';

/** The global flags of a command line; they may stand after any of its words, and the last one counts. */
export function readGlobals(command: Command): Globals {
  const given: Record<string, unknown> = {};
  for (const one of ancestry(command))
    for (const [name, value] of Object.entries(one.opts()))
      if (one.getOptionValueSource(name) === 'cli') given[name] = value;
  const text = (name: string) => (typeof given[name] === 'string' ? { [name]: given[name] } : {});
  return {
    ...text('db'),
    ...text('profile'),
    ...text('client'),
    ...text('at'),
    ...text('actor'),
    ...text('lockWait'),
    ...reason(given['reason']),
    ...fields(given['fields']),
    output: format(given['output']),
    dryRun: given['dryRun'] === true,
    yes: given['yes'] === true,
    input: given['input'] !== false,
    quiet: given['quiet'] === true,
    verbose: given['verbose'] === true,
    color: given['color'] !== false,
    exitCode: given['exitCode'] === true,
  };
}

const ancestry = (command: Command): readonly Command[] =>
  command.parent === null ? [command] : [...ancestry(command.parent), command];

function format(given: unknown): OutputFormat {
  if (given === undefined) return 'table';
  const found = OUTPUT_FORMATS.find((one) => one === String(given).toLowerCase());
  if (found !== undefined) return found;
  const message = `--output ${quote(given)} is no format`;
  const near = nearest(String(given), OUTPUT_FORMATS, 1)[0];
  const listed = `give one of ${OUTPUT_FORMATS.join(', ')}`;
  throw invalid(message, near === undefined ? listed : `did you mean ${near}? ${listed}`, [
    { field: '--output', message },
  ]);
}

function fields(given: unknown): { readonly fields?: readonly string[] } {
  if (given === undefined) return {};
  const names = String(given)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw invalid('--fields names no field', 'give names joined by commas, such as --fields id,name');
  return { fields: [...new Set(names)] };
}

function reason(given: unknown): { readonly reason?: string } {
  if (given === undefined) return {};
  const text = String(given).trim();
  if (text === '' || text.length > 500 || /\p{Cc}/u.test(text))
    throw invalid('--reason is empty, too long or not plain text', 'say why in 1 to 500 characters', [
      { field: '--reason', message: '--reason is empty, too long or not plain text' },
    ]);
  return { reason: text };
}

/** Whether errors are to be reported as JSON, asked before it is known whether the command line can be read at all. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      /^(-ojson|-o=json|--output=json)$/i.test(word) ||
      (/^(-o|--output)$/.test(word) && argv[index + 1]?.toLowerCase() === 'json'),
  );
}
