import { CommanderError } from 'commander';
import { TphCommand } from './commands/command.ts';
import { ANSWER_IS_NO, EXIT_CODES } from './commands/exit-codes.ts';
import { buildProgram } from './commands/program.ts';
import { readGlobals, wantsJson } from './commands/read-globals.ts';
import { type Run, RunContext } from './commands/run-context.ts';
import { Sessions } from './commands/session.ts';
import { launch } from './config/launch.ts';
import type { Host } from './host.ts';
import { errorJson, errorText } from './terminal/error-text.ts';
import { ClosedPipe, guardPipe, write } from './terminal/stream.ts';
import { widthOf } from './terminal/width.ts';
import { TphError } from './values/error.ts';

/**
 * Runs the program for a command line as `process.argv` has it: the first two words are not looked at. Answers the
 * exit code (spec section 5) once every byte is written; never throws.
 */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const words = asHelp(argv.slice(2));
  const help: string[] = [];
  let started: Run | undefined;
  const program = buildProgram(
    { write: (text) => help.push(text), width: Math.min(widthOf(host.stdout), 100) },
    __TPH_VERSION__,
    new RunContext(() => started),
  );
  program.hook('preAction', (_program, command) => {
    started = begin(command as TphCommand, host);
  });
  const interruption = interrupts(host);
  const unguard = [guardPipe(host.stdout), guardPipe(host.stderr)];
  try {
    await Promise.race([program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' }), interruption.promise]);
    for (const note of started?.heldNotes ?? []) await write(host.stderr, `${note}\n`);
    return started?.globals.exitCode === true && started.answeredNo ? ANSWER_IS_NO : 0;
  } catch (error) {
    return await fail(error, help, words, host).catch(closedOrThrow);
  } finally {
    interruption.stop();
    await started?.sessions.close();
    for (const stop of unguard) stop();
  }
}

/** `tph help driver create` is `tph driver create --help`. */
const asHelp = (words: readonly string[]): readonly string[] => (words[0] === 'help' ? [...words.slice(1), '--help'] : words);

function begin(command: TphCommand, host: Host): Run {
  const globals = readGlobals(command);
  const openStore = async (location: string) => (await import('./operations/open-store.ts')).openStore(location);
  return {
    host,
    command,
    globals,
    sessions: new Sessions(launch(globals, host), openStore, host.nowMs()),
    runAnother: (argv, env = {}) => run(['node', 'tph', ...argv], { ...host, env: { ...host.env, ...env } }),
    answeredNo: false,
    saidDryRun: false,
    heldNotes: [],
  };
}

function interrupts(host: Host): { readonly promise: Promise<never>; stop(): void } {
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    stop = host.onInterrupt(() => reject(new TphError('INTERRUPTED', 'interrupted')));
  });
  return { promise, stop };
}

/** Says what went wrong, and what the program ends with. */
async function fail(error: unknown, help: readonly string[], words: readonly string[], host: Host): Promise<number> {
  if (error instanceof ClosedPipe) return 0;
  if (error instanceof CommanderError && error.exitCode === 0) {
    await write(host.stdout, help.join(''));
    return 0;
  }
  const known = error instanceof TphError ? error : unexpected(error);
  if (wantsJson(words)) {
    await write(host.stderr, errorJson(known));
    return EXIT_CODES[known.code];
  }
  const { inkFor } = await import('./terminal/ink.ts');
  await write(host.stderr, errorText(known, inkFor(host.stderr, host.env, !words.includes('--no-color'))));
  if (known.code === 'INTERNAL' && words.some((word) => word === '-v' || word === '--verbose'))
    await write(host.stderr, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_CODES[known.code];
}

function unexpected(error: unknown): TphError {
  const message = error instanceof Error ? error.message : String(error);
  const [firstLine = ''] = message.split('\n');
  return new TphError('INTERNAL', `unexpected failure: ${firstLine}`, { hint: 'run it again with -v for more', cause: error });
}

function closedOrThrow(error: unknown): number {
  if (error instanceof ClosedPipe) return 0;
  throw error;
}
