import type { Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { DatabaseAdmin } from '../contract/database.ts';
import type { Host } from '../host.ts';
import type { Choices } from '../records/choice.ts';
import type { ObjectType } from '../records/field.ts';
import type { Answer } from '../terminal/answer.ts';
import type { Day } from '../values/day.ts';
import type { Instant } from '../values/instant.ts';
import type { TphCommand } from './command.ts';
import type { Globals } from './globals.ts';
import type { ImportStates } from './import-states.ts';
import type { Remotes } from './remotes.ts';
import type { Served, ServeFlags } from './serving.ts';

/**
 * What a noun's module exports: it hangs its verbs (or, for a command without verbs such as `eligible`, its flags
 * and action) on the command that the frame has made for the noun. `context` may be used in actions only. `verb` is the
 * next word of the command line: where it is a verb of the noun's own, the others may be left out.
 */
export type Register = (command: TphCommand, context: CommandContext, verb?: string) => void;

/** The moment that a command takes as the present, as the client's clock shows it. */
export interface Clock {
  readonly now: Instant;
  readonly today: Day;
  readonly timeZone: string;
}

export interface CommandCallOptions extends CallOptions {
  /** Flags (or `<argument>` names) of input fields where they are not the field's own: `{ department: '--dept' }`. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** How a missing value is called: in the error without a terminal, and in the question on one. */
export interface Wanted {
  /** `--day`, or `<ref>` for an argument. */
  readonly flag: string;
  readonly question: string;
  /** For the hint: `give --day <day>, such as tomorrow`. */
  readonly example?: string | undefined;
  /** What may be given instead, which ends the hint: `--day for all trips of a day`. */
  readonly instead?: string;
}

/**
 * Gives back what was given; where that is undefined, asks for it on a terminal, and elsewhere throws INVALID that
 * names the flag.
 */
export interface Need {
  text(
    given: string | undefined,
    wanted: Wanted & {
      readonly initial?: string;
      readonly hidden?: boolean;
      /** Throws INVALID for an answer that will not do; on a terminal it is then asked for again. */
      readonly check?: (text: string) => unknown;
      /** Judges what is typed so far, key by key. */
      readonly isRight?: (text: string) => boolean;
    },
  ): Promise<string>;
  choice(
    given: string | undefined,
    wanted: Wanted & {
      readonly choices: readonly string[];
      readonly initial?: string;
      /** What some of them mean. */
      readonly describe?: Readonly<Record<string, string>>;
    },
  ): Promise<string>;
  /** A searchable pick list of the kind's records; answers the reference that was given, or the id picked. */
  reference(given: string | undefined, type: ObjectType, wanted: Wanted): Promise<string>;
}

/** What a command is given to work with. */
export interface CommandContext {
  readonly host: Host;
  readonly globals: Globals;
  /** The operations, opened on first use for the client, actor, reason and clock of the global flags. */
  api(): Promise<Api>;
  /** Where several clients share the database and none is named, any will do: the command is about none of them. */
  forAnyClient(): void;
  /** The database as a whole, for `init` and `db`; another than the flags name where `location` does. */
  admin(location?: string): Promise<DatabaseAdmin>;
  clock(): Promise<Clock>;
  /** Profiles, tokens and raw requests, for `profile`, `auth` and `api`. */
  remotes(): Promise<Remotes>;
  /** The imports that this user has under way, for `import`. */
  importStates(): Promise<ImportStates>;
  /** Starts the server; an interruption from then on stops it in good order. */
  serve(flags: ServeFlags): Promise<Served>;

  /**
   * Calls an operation; the way to do it for commands. Passes `--dry-run` on to those that write; turns field
   * names in errors into flags; on a terminal lets a person pick among the records that an ambiguous reference
   * fits, and tries again; prints the answer's warnings on stderr; notes for `--exit-code` that a dry run would
   * change something.
   */
  call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options?: CommandCallOptions,
  ): Promise<OutputOf<N>>;
  /** The same with another `--reason`: null for none. */
  withReason(reason: string | null): CommandContext;

  /**
   * Refuses `--fields` names other than these. A command that changes something calls it first: otherwise a slip in
   * `--fields` would be found only after the change.
   */
  expectFields(known: readonly string[]): Promise<void>;
  /** Prints the command's answer on stdout, in the format asked for. Once in a command. */
  answer(answer: Answer): Promise<void>;
  /** A line on stderr, silenced by `-q`. */
  note(text: string): Promise<void>;
  /** A line on stderr that begins with `warning:`, silenced by `-q`. */
  warn(text: string): Promise<void>;
  /** Says that the answer is no: exit code 8 with `--exit-code`. */
  answerIsNo(): void;
  /** Says that rows were rejected: exit code 3, the answer standing all the same. */
  someRejected(): void;
  /**
   * Takes over the first interruption: it aborts the signal instead of ending the command, which then ends in good order
   * with `INTERRUPTED`. A second one ends it all the same.
   */
  interruption(): AbortSignal;

  readonly need: Need;
  /** Whether questions can be asked: on a terminal, and not told otherwise (spec section 5). */
  readonly canAsk: boolean;
  /**
   * Goes on when the person says yes, or `--yes` did, or nothing is changed anyway (`--dry-run`). Throws INTERRUPTED
   * on no, and INVALID naming `--yes` where it cannot ask. `shown` goes to stderr before the question.
   */
  confirm(question: string, shown?: string): Promise<void>;
  /** Throws what `confirm` would where it cannot ask; call it before anything else, so that nothing is begun in vain. */
  mustBeAbleToConfirm(): void;

  /** Reads a day or an instant that a flag gives, in any form of spec section 2; errors name the flag. */
  day(text: string, flag: string): Promise<Day>;
  instant(text: string, flag: string, day: 'start' | 'through'): Promise<Instant>;
  /** As `day`, and null for `none` or `null`. */
  dayOrNone(text: string, flag: string): Promise<Day | null>;
  instantOrNone(text: string, flag: string, day: 'start' | 'through'): Promise<Instant | null>;
  /** A whole number in range that a flag gives. */
  integer(text: string, flag: string, min: number, max: number): number;
  /** The one of `values` that a text chooses, as `chosen` reads it; errors name the flag. */
  choice<V extends string>(
    text: string,
    flag: string,
    values: readonly V[],
    aliases?: Choices<V>['aliases'],
  ): V;

  /** Runs another command of the program, with the same streams; answers its exit code. */
  run(argv: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<number>;
}
