import { OUTPUT_FORMATS, type OutputFormat } from '../terminal/answer.ts';

/** The flags that every command takes (spec section 5), as they were given. */
export interface Globals {
  readonly db?: string;
  readonly profile?: string;
  readonly client?: string;
  readonly output: OutputFormat;
  /** Of `--fields a,b`. */
  readonly fields?: readonly string[];
  readonly at?: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** False with `--no-input`. */
  readonly input: boolean;
  readonly lockWait?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly exitCode: boolean;
}

/** How each is written, and what it does. */
export const GLOBAL_FLAGS: readonly (readonly [flags: string, help: string])[] = [
  ['--db <path>', 'database file or postgres:// URL (TPH_DB; default: in the user’s data folder)'],
  ['--profile <name>', 'remote instance to work on instead (TPH_PROFILE; see tph profile)'],
  ['--client <ref>', 'client to work for (TPH_CLIENT; default: the only one)'],
  ['-o, --output <format>', `${OUTPUT_FORMATS.join(', ')} (default: table)`],
  ['--fields <a,b>', 'show only these fields, in this order'],
  ['--at <instant>', 'take this as the present moment'],
  ['--actor <name>', 'who does it, for the audit trail (default: the system’s user)'],
  ['--reason <text>', 'why, for the audit trail'],
  ['-n, --dry-run', 'say what would change, and change nothing'],
  ['-y, --yes', 'do not ask for confirmation'],
  ['--no-input', 'never ask for anything'],
  ['--lock-wait <time>', 'how long to wait for other writers (default: 30s)'],
  ['-q, --quiet', 'no notes, and no word of a change that went well'],
  ['-v, --verbose', 'more about unexpected failures'],
  ['--no-color', 'no colour'],
  ['--exit-code', 'exit with 8 when the answer is no, or a dry run would change something'],
];
