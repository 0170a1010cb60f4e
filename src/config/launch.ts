import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment, Host } from '../host.ts';
import { isPostgresUrl, refuseOtherUrl } from '../values/database-url.ts';
import { parseDuration } from '../values/duration.ts';
import { invalid, quote } from '../values/error.ts';
import { ProfileFile } from './profiles.ts';

/** The global flags that say where the data is, and for whom. */
export interface LaunchFlags {
  readonly db?: string;
  readonly profile?: string;
  readonly client?: string;
  readonly actor?: string;
  readonly lockWait?: string;
  readonly at?: string;
}

/** Where a command works, for whom and as whom, once flags, environment and defaults are put together (spec section 5). */
export interface Launch {
  /** Of the database, where no profile is named. */
  readonly location: string;
  /** The name of the profile to work on instead of a database. */
  readonly profile: string | undefined;
  /** Undefined: the only client of the database. */
  readonly client: string | undefined;
  readonly actor: string;
  readonly lockWaitMs: number;
  /** The moments to take as the present, as written, each relative to the one before it: `TPH_NOW`, then `--at`. */
  readonly moments: readonly { readonly text: string; readonly from: string }[];
}

const LOCK_WAIT = '30s';
const MOST_LOCK_WAIT_SECONDS = 86_400;

/** Throws INVALID for a flag that cannot be used. */
export function launch(flags: LaunchFlags, host: Host): Launch {
  const { env } = host;
  const profile = profileName(flags, host);
  const moments = [
    { text: env['TPH_NOW'], from: 'TPH_NOW' },
    { text: flags.at, from: '--at' },
  ];
  return {
    location: location(flags.db, host),
    profile,
    client: flags.client ?? (env['TPH_CLIENT'] || undefined),
    actor: actor(flags.actor, host),
    lockWaitMs: lockWaitMs(flags.lockWait),
    moments: moments.filter(
      (one): one is { text: string; from: string } => one.text !== undefined && one.text !== '',
    ),
  };
}

/**
 * A flag comes before the environment, and that before the profile in use. Two that are given in one place
 * contradict each other: what was meant for one must not be done to the other.
 */
function profileName({ db, profile }: LaunchFlags, { env }: Host): string | undefined {
  if (profile !== undefined && db !== undefined)
    throw wrong('--profile', profile, 'goes not with --db', 'give one: an instance, or a database');
  if (profile !== undefined || db !== undefined) return profile;
  const named = env['TPH_PROFILE'] || undefined;
  if (named !== undefined && env['TPH_DB'])
    throw wrong('TPH_PROFILE', named, 'is set, and TPH_DB too', 'say which with --profile or --db');
  if (named !== undefined) return named === 'none' ? undefined : named;
  return env['TPH_DB'] ? undefined : new ProfileFile(env).inUse();
}

function location(flag: string | undefined, { env, cwd }: Host): string {
  const given = flag ?? (env['TPH_DB'] || undefined);
  if (given === undefined) return join(dataFolder(env), 'tph', 'tph.db');
  if (given.trim() === '' || given.includes('\0'))
    throw wrong('--db', given, 'is no file name', 'give the path of a database file');
  refuseOtherUrl(given);
  if (isPostgresUrl(given)) return given;
  if (/^postgres(ql)?:/i.test(given))
    throw wrong(
      '--db',
      given.replace(/:.*/, ':…'),
      'is no URL of a database',
      'write postgres://user@host/database',
    );
  return resolve(cwd, given);
}

/** The user's folder for data, by the XDG base directory specification: relative paths do not count. */
export function dataFolder(env: Environment): string {
  const set = env['XDG_DATA_HOME'];
  return set !== undefined && isAbsolute(set) ? set : join(env['HOME'] || homedir(), '.local', 'share');
}

function actor(flag: string | undefined, host: Host): string {
  if (flag === undefined) return host.userName();
  const name = flag.trim();
  if (name === '' || name.length > 200 || /\p{Cc}/u.test(name))
    throw wrong('--actor', flag, 'is no name', 'give 1 to 200 printable characters');
  return name;
}

function lockWaitMs(flag: string | undefined): number {
  const seconds = parseDuration(flag ?? LOCK_WAIT);
  if (seconds === undefined || seconds > MOST_LOCK_WAIT_SECONDS)
    throw wrong('--lock-wait', flag, 'is no time to wait', 'give 0 to 1d, such as 30s or 5m');
  return seconds * 1000;
}

function wrong(flag: string, value: unknown, what: string, hint: string) {
  const message = `${flag} ${quote(value)} ${what}`;
  return invalid(message, hint, [{ field: flag, value: String(value), message, hint }]);
}
