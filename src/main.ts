import { CommanderError } from 'commander';
import type { TphCommand } from './commands/command.ts';
import { ANSWER_IS_NO, EXIT_CODES } from './commands/exit-codes.ts';
import type { Globals } from './commands/globals.ts';
import type { ImportState } from './commands/import-states.ts';
import { buildProgram } from './commands/program.ts';
import { readGlobals, wantsJson } from './commands/read-globals.ts';
import { type Run, RunContext } from './commands/run-context.ts';
import { Sessions } from './commands/session.ts';
import { launch } from './config/launch.ts';
import type { Host } from './host.ts';
import { errorJson, errorText } from './terminal/error-text.ts';
import { ClosedPipe, EndedByHand, guardPipe, tell } from './terminal/stream.ts';
import { widthOf } from './terminal/width.ts';
import { TphError } from './values/error.ts';

/**
 * Runs the program for a command line as `process.argv` has it: the first two words are not looked at. Answers the
 * exit code (spec section 5) once every byte is written; never throws. `begins` hears which command it is, such as
 * `tph driver list`. `leading`: its
 * noun and verb, which need not be the first words; all that it can do is loaded where they are not known.
 */
export async function run(
  argv: readonly string[],
  host: Host,
  begins: (path: string) => void = () => {},
  leading: readonly string[] = argv.slice(2, 4),
): Promise<number> {
  if (argv[2] === '__complete') {
    await (await import('./main/complete.ts')).complete(argv.slice(3), host);
    return 0;
  }
  const words = asHelp(argv.slice(2));
  const help: string[] = [];
  const interruption = interrupts(host, () => end(started));
  const ended = new Ended();
  let started: (Run & Ending) | undefined;
  const program = buildProgram(
    { write: (text) => help.push(text), width: Math.min(widthOf(host.stdout), 100) },
    __TPH_VERSION__,
    new RunContext(() => started),
    asHelp(leading),
  );
  program.hook('preAction', (_program, command) => {
    begins((command as TphCommand).path);
    started = begin(command as TphCommand, host, interruption.happened, ended);
  });
  const unguard = [guardPipe(host.stdout), guardPipe(host.stderr)];
  try {
    await Promise.race([
      program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' }),
      interruption.promise,
    ]);
    for (const note of started?.heldNotes ?? []) await tell(host.stderr, `${note}\n`);
    if (started?.rejectedRows === true) return EXIT_CODES.REJECTED;
    return started?.globals.exitCode === true && started.answeredNo ? ANSWER_IS_NO : 0;
  } catch (error) {
    return await fail(error, help, words, host, started);
  } finally {
    interruption.stop();
    ended.end();
    await closeSoon(started, interruption.happened());
    for (const stop of unguard) stop();
  }
}

/** How long an interrupted command may take to end in good order, in milliseconds. */
const PATIENCE_MS = 1000;

/** After an interruption nobody waits for a database that is still at work on a question. */
async function closeSoon(started: Run | undefined, isInterrupted: boolean): Promise<void> {
  const closed = started?.sessions.close();
  if (!isInterrupted) return closed;
  const { sleep } = await import('./db/pause.ts');
  await Promise.race([closed, sleep(PATIENCE_MS)]);
}

/** That the run is over; the signal is made for those who ask, since what makes it takes long to load. */
class Ended {
  #controller: AbortController | undefined;
  #isOver = false;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOver) this.#controller.abort();
    return this.#controller.signal;
  }

  end(): void {
    this.#isOver = true;
    this.#controller?.abort();
  }
}

const end = (started: Ending | undefined): boolean => {
  started?.ending?.();
  return started?.ending !== undefined;
};

/** `tph help driver create` is `tph driver create --help`. */
const asHelp = (words: readonly string[]): readonly string[] =>
  words[0] === 'help' ? [...words.slice(1), '--help'] : words;

/** How a command that goes on until it is told ends in good order; undefined: an interruption just ends it. */
interface Ending {
  ending?: (() => void) | undefined;
}

function begin(command: TphCommand, host: Host, isInterrupted: () => boolean, ended: Ended): Run & Ending {
  const globals = readGlobals(command);
  const launched = launch(globals, host);
  const heldNotes: string[] = [];
  const note = (text: string) => void (globals.quiet || heldNotes.push(text));
  const wiring = {
    ...{ host, globals, launched, version: __TPH_VERSION__, note },
    get signal() {
      return ended.signal;
    },
  };
  const openStore = async (location: string) =>
    launched.profile === undefined || location !== launched.location
      ? (await import('./operations/open-store.ts')).openStore(location)
      : (await import('./main/remotes.ts')).remoteStore(wiring, launched.profile);
  const begun: Run & Ending = {
    host,
    command,
    globals,
    sessions: new Sessions(launched, openStore, host.nowMs()),
    remotes: async () => (await import('./main/remotes.ts')).remotes(wiring),
    importStates: async () =>
      new (await import('./config/import-states.ts')).ImportStateFiles<ImportState>(host.env),
    runAnother: (argv, env = {}) => run(['node', 'tph', ...argv], { ...host, env: { ...host.env, ...env } }),
    answeredNo: false,
    rejectedRows: false,
    onInterruption: (stop) => {
      begun.ending = stop;
    },
    saidDryRun: false,
    isInterrupted,
    heldNotes,
    serve: async (flags) => {
      const { startServing } = await import('./main/serving.ts');
      const served = await startServing({ host, globals, launched, version: __TPH_VERSION__ }, flags);
      begun.ending = served.stop;
      return served;
    },
  };
  return begun;
}

interface Interruption {
  /** Fails when it happens; never settles otherwise. */
  readonly promise: Promise<never>;
  readonly happened: () => boolean;
  readonly stop: () => void;
}

/** `end` answers whether it takes care of the first interruption; a second one ends the program all the same. */
function interrupts(host: Host, end: () => boolean): Interruption {
  let hasHappened = false;
  let isEnding = false;
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    stop = host.onInterrupt(() => {
      if (!isEnding && end()) {
        isEnding = true;
        return;
      }
      hasHappened = true;
      reject(new TphError('INTERRUPTED', 'interrupted'));
    });
  });
  return { promise, happened: () => hasHappened, stop };
}

/** With `-q`, or without a terminal, nobody watches: the text has to say which command failed, and for whom. */
function whatFailed(started: Run | undefined, { env, stderr }: Host): string | undefined {
  if (started === undefined || (stderr.isTTY === true && !started.globals.quiet)) return undefined;
  const client = started.sessions.clientName ?? started.globals.client ?? env['TPH_CLIENT'];
  return client === undefined ? started.command.path : `${started.command.path} for ${client}`;
}

/** Says what went wrong, and what the program ends with. Help and the version are no failures, but come this way. */
async function fail(
  error: unknown,
  help: readonly string[],
  words: readonly string[],
  host: Host,
  started: Run | undefined,
): Promise<number> {
  if (error instanceof ClosedPipe) return 0;
  if (error instanceof EndedByHand) return EXIT_CODES.INTERRUPTED;
  if (error instanceof CommanderError && error.exitCode === 0) {
    await tell(host.stdout, help.join(''));
    return 0;
  }
  const known = error instanceof TphError ? error : unexpected(error);
  await tell(
    host.stderr,
    wantsJson(words) ? errorJson(known) : await forPeople(known, error, words, host, started),
  );
  return EXIT_CODES[known.code];
}

async function forPeople(
  known: TphError,
  error: unknown,
  words: readonly string[],
  host: Host,
  started: Run | undefined,
): Promise<string> {
  const { inkFor } = await import('./terminal/ink.ts');
  const ink = inkFor(host.stderr, host.env, !words.includes('--no-color'));
  const told = started === undefined ? known : await onSameData(known, started.globals);
  const text = errorText(told, ink, whatFailed(started, host));
  if (known.code !== 'INTERNAL' || !words.some((word) => word === '-v' || word === '--verbose')) return text;
  return `${text}${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

/** The commands that hints name work on the data that the failed one worked on. */
async function onSameData(error: TphError, globals: Globals): Promise<TphError> {
  const { suggested } = await import('./commands/suggested.ts');
  const told = (text: string | undefined) =>
    text?.replace(/`(tph [^`]+)`/g, (_, command: string) => `\`${suggested(command, globals)}\``);
  const hinted = <T extends { readonly hint?: string | undefined }>(one: T) => {
    const hint = told(one.hint);
    return hint === undefined ? {} : { hint };
  };
  return new TphError(error.code, error.message, {
    ...hinted(error),
    details: error.details.map((detail) => ({ ...detail, ...hinted(detail) })),
    cause: error.cause,
  });
}

function unexpected(error: unknown): TphError {
  const message = error instanceof Error ? error.message : String(error);
  const [firstLine = ''] = message.split('\n');
  return new TphError('INTERNAL', `unexpected failure: ${firstLine}`, {
    hint: 'run it again with -v for more',
    cause: error,
  });
}
