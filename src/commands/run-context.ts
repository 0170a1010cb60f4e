import type { Api, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { DatabaseAdmin } from '../contract/database.ts';
import { writesAnything } from '../contract/names.ts';
import type { Host } from '../host.ts';
import { type Choices, chosen } from '../records/choice.ts';
import type { Answer, Ink } from '../terminal/answer.ts';
import { type Ask, asker, canAsk } from '../terminal/ask.ts';
import { tell, write } from '../terminal/stream.ts';
import { wrap } from '../terminal/text.ts';
import { allVisible, visible } from '../terminal/visible.ts';
import { widthOf } from '../terminal/width.ts';
import type { Day } from '../values/day.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { anyApi } from './any-api.ts';
import type { TphCommand } from './command.ts';
import type { Clock, CommandCallOptions, CommandContext, Need } from './context.ts';
import { dayFlag, instantFlag, isNone } from './flag-values.ts';
import type { Globals } from './globals.ts';
import type { ImportStates } from './import-states.ts';
import { needs } from './need.ts';
import type { Remotes } from './remotes.ts';
import type { Served, ServeFlags } from './serving.ts';
import { naming, type Sessions } from './session.ts';

/** What a run of the program shares among the contexts of its command. */
export interface Run {
  readonly host: Host;
  /** The command that runs; its flags name the fields in errors. */
  readonly command: TphCommand;
  readonly globals: Globals;
  readonly sessions: Sessions;
  readonly remotes: () => Promise<Remotes>;
  readonly importStates: () => Promise<ImportStates>;
  readonly runAnother: CommandContext['run'];
  readonly serve: (flags: ServeFlags) => Promise<Served>;
  /** From now on the first interruption calls this, and the command goes on; a second one ends it. */
  readonly onInterruption: (stop: () => void) => void;
  /** Set while the command runs. */
  answeredNo: boolean;
  rejectedRows: boolean;
  saidDryRun: boolean;
  /** Then nothing more is begun or said. */
  readonly isInterrupted: () => boolean;
  /** With `-o json`, stderr of a failure holds the error alone: notes wait until the command has succeeded. */
  readonly heldNotes: string[];
}

/** The context of the command that runs. `started` answers undefined until the command line is read. */
export class RunContext implements CommandContext {
  readonly need: Need;
  readonly #started: () => Run | undefined;
  readonly #reason: string | null | undefined;
  #api: Promise<Api> | undefined;
  #ask: Ask | undefined;
  #isForAnyClient = false;

  constructor(started: () => Run | undefined, reason?: string | null) {
    this.#started = started;
    this.#reason = reason;
    this.need = needs(
      () => (this.canAsk ? this.#asker : undefined),
      async () => {
        const api = await this.api();
        return { api: anyApi(api), timeZone: api.client.timeZone };
      },
    );
  }

  get #run(): Run {
    const run = this.#started();
    if (run === undefined) throw new Error('a context is used outside of an action');
    if (run.isInterrupted()) throw new TphError('INTERRUPTED', 'interrupted');
    return run;
  }

  get #asker(): Ask {
    this.#ask ??= asker(this.host.stdin, this.host.stderr);
    return this.#ask;
  }

  get host(): Host {
    return this.#run.host;
  }

  get globals(): Globals {
    return this.#run.globals;
  }

  get canAsk(): boolean {
    const { stdin, stderr, env } = this.host;
    return canAsk(stdin, stderr, env, this.globals.input);
  }

  get #reasonInForce(): string | null {
    return this.#reason === undefined ? (this.globals.reason ?? null) : this.#reason;
  }

  api(): Promise<Api> {
    this.#api ??= this.#run.sessions.open(this.#reasonInForce, this.#isForAnyClient);
    return this.#api;
  }

  forAnyClient(): void {
    this.#isForAnyClient = true;
  }

  admin(location?: string): Promise<DatabaseAdmin> {
    return this.#run.sessions.admin(this.#reasonInForce, location);
  }

  remotes(): Promise<Remotes> {
    return this.#run.remotes();
  }

  importStates(): Promise<ImportStates> {
    return this.#run.importStates();
  }

  serve(flags: ServeFlags): Promise<Served> {
    return this.#run.serve(flags);
  }

  async clock(): Promise<Clock> {
    const { client } = await this.api();
    return this.#run.sessions.clock(client.timeZone);
  }

  withReason(reason: string | null): CommandContext {
    return new RunContext(this.#started, reason);
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options: CommandCallOptions = {},
  ): Promise<OutputOf<N>> {
    const api = await this.api();
    const dryRun = writesAnything(name) && (options.dryRun ?? this.globals.dryRun);
    let current = input;
    for (;;) {
      try {
        const output = await api.call(name, current, { dryRun });
        if (options.dryRun === undefined) await this.#report(output, dryRun);
        // What people read is drawn from it, among our own colours; programs get it as it is stored.
        return this.globals.output === 'table' ? allVisible(output) : output;
      } catch (error) {
        const picked = this.canAsk
          ? await (await import('./pick-among.ts')).pickAmong(
              error,
              current,
              this.#asker,
              api.client.timeZone,
            )
          : undefined;
        if (picked !== undefined) current = picked;
        else if (error instanceof TphError)
          throw (await import('./flag-names.ts')).inFlags(error, name, this.#run.command, options.flags);
        else throw error;
      }
    }
  }

  async #report(output: unknown, dryRun: boolean): Promise<void> {
    const { changed, warnings } = output as { readonly changed?: unknown; readonly warnings?: unknown };
    if (Array.isArray(warnings))
      for (const { message, hint } of warnings as { readonly message?: unknown; readonly hint?: unknown }[])
        if (typeof message === 'string')
          await this.warn(typeof hint === 'string' ? `${message}; ${hint}` : message);
    if (!dryRun) return;
    if (changed === true || created(output)) this.answerIsNo();
    if (!this.#run.saidDryRun) await this.note('dry run: nothing was changed');
    this.#run.saidDryRun = true;
  }

  async answer(answer: Answer): Promise<void> {
    const { output, fields, color, quiet, dryRun } = this.globals;
    const isAsked = fields !== undefined || output !== 'table' || dryRun;
    if (quiet && answer.isReport === true && !isAsked) return;
    const { render } = await import('../terminal/render.ts');
    const ink = async (): Promise<Ink> =>
      (await import('../terminal/ink.ts')).inkFor(this.host.stdout, this.host.env, color);
    await write(this.host.stdout, await render(answer, output, fields, ink));
  }

  async expectFields(known: readonly string[]): Promise<void> {
    const { fields } = this.globals;
    if (fields !== undefined) (await import('../terminal/render.ts')).refuseUnknown(fields, known);
  }

  async note(text: string): Promise<void> {
    if (this.globals.quiet) return;
    const shown = visible(text);
    if (this.globals.output === 'json') this.#run.heldNotes.push(shown);
    else await tell(this.host.stderr, `${inLines(shown, this.host.stderr)}\n`);
  }

  warn(text: string): Promise<void> {
    return this.note(`warning: ${text}`);
  }

  answerIsNo(): void {
    this.#run.answeredNo = true;
  }

  someRejected(): void {
    this.#run.rejectedRows = true;
  }

  interruption(): AbortSignal {
    const interrupted = new AbortController();
    this.#run.onInterruption(() => interrupted.abort());
    return interrupted.signal;
  }

  mustBeAbleToConfirm(): void {
    const { dryRun, yes } = this.globals;
    if (!dryRun && !yes && !this.canAsk) throw unconfirmed('');
  }

  async confirm(question: string, shown?: string): Promise<void> {
    if (this.globals.dryRun || this.globals.yes) return;
    if (!this.canAsk) throw unconfirmed(shown ?? '');
    if (shown !== undefined && shown !== '')
      await tell(this.host.stderr, `${inLines(visible(shown), this.host.stderr)}\n`);
    if (await this.#asker.confirm(question)) return;
    throw new TphError('INTERRUPTED', 'not confirmed', { hint: 'nothing was changed' });
  }

  async day(text: string, flag: string): Promise<Day> {
    return dayFlag(text, flag, (await this.clock()).today);
  }

  async instant(text: string, flag: string, day: 'start' | 'through'): Promise<Instant> {
    return instantFlag(text, flag, day, await this.clock());
  }

  async dayOrNone(text: string, flag: string): Promise<Day | null> {
    return isNone(text) ? null : this.day(text, flag);
  }

  async instantOrNone(text: string, flag: string, day: 'start' | 'through'): Promise<Instant | null> {
    return isNone(text) ? null : this.instant(text, flag, day);
  }

  integer(text: string, flag: string, min: number, max: number): number {
    const value = /^[+-]?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw naming(flag, text, () => {
      throw invalid(`${quote(text)} is not a whole number in range`, `give one from ${min} to ${max}`);
    });
  }

  choice<V extends string>(
    text: string,
    flag: string,
    values: readonly V[],
    aliases?: Choices<V>['aliases'],
  ): V {
    const found = chosen(text, { values, aliases });
    if (found !== undefined) return found;
    return naming(flag, text, () => {
      throw invalid(`${quote(text)} is not one of the values`, `give one of ${values.join(', ')}`);
    });
  }

  run(argv: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<number> {
    return this.#run.runAnother(argv, env);
  }
}

/** On a terminal, broken between words, but for indented lines, which are commands to copy; a log keeps its lines whole. */
const inLines = (text: string, stream: Host['stderr']): string =>
  stream.isTTY !== true
    ? text
    : text
        .split('\n')
        .flatMap((line) => (line.startsWith('  ') ? [line] : wrap(line, widthOf(stream))))
        .join('\n');

/** Where nobody can be asked; what a person would have been shown stands in the details. */
function unconfirmed(shown: string): TphError {
  const message = 'this wants confirmation, and nobody can be asked here';
  const hint = 'give --yes to confirm, or --dry-run to see what it would do';
  const lines = shown.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return invalid(message, hint, [{ field: '--yes', message, missing: true }]);
  return invalid(message, hint, [
    { field: '--yes', message: '--yes is missing', missing: true },
    ...lines.map((line) => ({ message: line.trim() })),
  ]);
}

/** Whether a release would create trips. */
const created = (output: unknown): boolean =>
  ((output as { readonly summary?: { readonly created?: number } }).summary?.created ?? 0) > 0;
