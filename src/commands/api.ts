import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { invalid, quote, TphError } from '../values/error.ts';
import { wantedArgument } from './command.ts';
import type { CommandContext, Register } from './context.ts';

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] as const;

/** `tph api <METHOD> <path> [-d JSON]`: one request as it is written, with the profile's token (spec section 6). */
export const register: Register = (command, context) => {
  wantedArgument(
    wantedArgument(command, 'method', METHODS.join(', ')),
    'path',
    'path, such as /client/G1/driver',
  )
    .description(
      'Send a request as it is written, with the token of the profile: that in TPH_TOKEN, else the one that `tph auth login` kept.',
    )
    .option('-d, --data <json>', 'what to send: JSON, @file, or - for stdin')
    .examples([
      'tph api GET "/client/G1/driver?limit=5" --profile live',
      `tph api POST /client/G1/driver -d '{"callsign":"D7"}' --profile live`,
      'tph api POST /client/G1/driver/G5 -d @change.json',
    ])
    .action(
      async (given: string | undefined, wanted: string | undefined, flags: { readonly data?: string }) => {
        const { need, globals } = context;
        const method = context.choice(
          await need.choice(given, { flag: '<method>', question: 'Which method?', choices: METHODS }),
          '<method>',
          METHODS,
        );
        const path = readPath(
          await need.text(wanted, { flag: '<path>', question: 'Which path?', example: '/client/G1/driver' }),
        );
        if (method === 'GET' && flags.data !== undefined)
          throw invalid('a GET carries nothing', 'leave out --data, or put it into the query', [
            { field: '--data', message: 'goes not with GET' },
          ]);
        const { current, send } = await context.remotes();
        const profile = current();
        if (globals.dryRun && method !== 'GET') throw noDryRun();
        const value = await send(profile, {
          method,
          path,
          headers: globals.reason === undefined ? {} : { 'x-reason': encodeURIComponent(globals.reason) },
          body: flags.data === undefined ? undefined : await readData(flags.data, context),
        });
        await context.answer({
          value: value ?? null,
          rows: rowsOf(value),
          draw: () =>
            value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value, null, 2)],
        });
      },
    );
};

/** An instance that does not know dry runs would carry the request out. */
function noDryRun(): TphError {
  const message = '--dry-run cannot be promised for a request as it is written';
  const hint = 'a tph server takes `dryRun=true` in the query';
  return invalid(message, hint, [{ field: '--dry-run', message, hint }]);
}

/** Only below the profile's own address: the token must go nowhere else. */
function readPath(text: string): string {
  const path = text.trim();
  if (/^\/(?!\/)[\x21-\x7e]*$/.test(path) && !path.includes('#') && !path.includes('\\')) return path;
  throw refused(
    '<path>',
    text,
    'is no path',
    'begin with one /, such as /client/G1/driver, and percent-encode what is not ASCII',
  );
}

async function readData(given: string, { host }: CommandContext): Promise<string> {
  const text =
    given === '-'
      ? await whole(host.stdin)
      : given.startsWith('@')
        ? fileText(resolve(host.cwd, given.slice(1)))
        : given;
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : '';
    throw refused('--data', text, 'is no JSON', `${why}; -d takes JSON, @file, or - for stdin`);
  }
}

async function whole(stdin: AsyncIterable<string | Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new TphError(code === 'ENOENT' ? 'NOT_FOUND' : 'INVALID', `cannot read ${quote(file)}: ${code}`, {
      hint: 'give -d @<file> a file that is there and can be read',
      cause: error,
    });
  }
}

/** The items of a list; else what came, as one row. */
function rowsOf(value: unknown): readonly object[] {
  const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : value;
  const rows = Array.isArray(items) ? items : value === undefined ? [] : [value];
  return rows.map((row: unknown) => (typeof row === 'object' && row !== null ? row : { value: row }));
}

function refused(field: string, value: string, problem: string, hint: string): TphError {
  const message = `${field} ${quote(value)} ${problem}`;
  return invalid(message, hint, [{ field, value: value.slice(0, 200), message, hint }]);
}
