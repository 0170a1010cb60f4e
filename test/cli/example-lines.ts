import { TphCommand } from '../../src/commands/command.ts';
import { wholeProgram } from '../../src/commands/program.ts';

/** Those that want somebody at a terminal, a server, another machine, or that go on until they are stopped. */
export const ELSEWHERE: readonly RegExp[] = [
  /^tph init$/,
  /^tph db restore tph-backup\.db$/,
  /^tph log --follow/,
  // Of an import that was interrupted.
  /^tph import resume/,
  /^tph (serve|api|auth)\b/,
  /--profile live/,
  /postgres:/,
];

/** What must have been done before: the id that an example shows stands for one that this made. */
export const BEFORE: readonly (readonly [example: RegExp, lines: readonly string[]])[] = [
  [/^tph token revoke/, ['tph token create dispatch --role OPERATOR --group NIGHT']],
  [/^tph db restore/, ['tph db backup tph-backup.db']],
  [/^tph profile (use|remove)/, ['tph profile add live --url https://tph.example.com --client G1']],
  [/^tph profile (use|remove)/, ['tph profile add test --url http://127.0.0.1:8787']],
  [/^tph log undo/, ['tph driver update D11 --status SUSPENDED']],
  [/^tph import (show|undo)/, ['tph export customers customers.csv']],
  [/^tph import (show|undo)/, ['tph import customers customers.csv --on-conflict update']],
  ...['customers', 'drivers', 'scps', 'favourites', 'approvals', 'accounts', 'departments', 'employees']
    .concat('exclusions', 'recurring')
    .map((kind) => [new RegExp(`^tph import ${kind} `), [`tph export ${kind} ${kind}.csv`]] as const),
];

const everyCommand = (command: TphCommand): readonly TphCommand[] => [
  command,
  ...command.commands.flatMap((one) => (one instanceof TphCommand ? everyCommand(one) : [])),
];

/** Every example that a command's help gives, each once. */
export const examples: readonly string[] = [
  ...new Set(everyCommand(await wholeProgram()).flatMap((command) => command.exampleLines)),
];

/** An example with the id of a record of the demo in the place of the one that it shows. */
export async function withOwnIds(
  run: (line: string) => Promise<{ readonly raw: string }>,
  line: string,
): Promise<string> {
  const [shown] = /\bG\d+\b/.exec(line) ?? [];
  if (shown === undefined || /--client G1\b/.test(line)) return line;
  const list = line.startsWith('tph log')
    ? 'tph log --limit 1'
    : line.startsWith('tph import')
      ? 'tph import runs'
      : line.includes('--employee')
        ? 'tph employee list --account QUILL'
        : line.replace(/^tph (\w+) .*/, 'tph $1 list');
  const { raw } = await run(`${list} -o id`);
  return line.replace(shown, raw.split('\n')[0] ?? '');
}
