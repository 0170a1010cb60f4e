import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../host.ts';
import { quote, TphError } from '../values/error.ts';
import { parseInstanceUrl } from '../values/instance-url.ts';
import { nearest } from '../values/nearest.ts';
import { type Profile, parseProfileName } from '../values/profile.ts';
import { exclusively } from './exclusively.ts';
import { readUserFile, writeUserFile } from './user-file.ts';

/** The user's folder for settings, by the XDG base directory specification: relative paths do not count. */
export function configFolder(env: Environment): string {
  const set = env['XDG_CONFIG_HOME'];
  const folder = set !== undefined && isAbsolute(set) ? set : join(env['HOME'] || homedir(), '.config');
  return join(folder, 'tph');
}

interface Kept {
  readonly inUse: string | null;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** The user's profiles (spec section 6), in `profiles.json`. */
export class ProfileFile {
  readonly file: string;

  constructor(env: Environment) {
    this.file = join(configFolder(env), 'profiles.json');
  }

  list(): readonly Profile[] {
    return [...this.#read().profiles.values()];
  }

  /** The profile that commands work on when they are told nothing else. */
  inUse(): string | undefined {
    return this.#read().inUse ?? undefined;
  }

  /** Throws NOT_FOUND with the nearest spelling. */
  get(name: string): Profile {
    const { profiles } = this.#read();
    const found = profiles.get(name);
    if (found !== undefined) return found;
    const names = [...profiles.keys()];
    const near = nearest(name, names, 1)[0];
    const message = `there is no profile ${quote(name)}`;
    const hint =
      near !== undefined
        ? `did you mean ${quote(near)}?`
        : names.length > 0
          ? `the profiles are ${names.join(', ')}`
          : 'make one with `tph profile add <name> --url <url>`';
    throw new TphError('NOT_FOUND', message, {
      hint,
      details: [{ field: '--profile', value: name.slice(0, 200), message, hint }],
    });
  }

  /** Adds a profile or puts another in its place; answers the one that was there. */
  put(profile: Profile): Profile | undefined {
    return exclusively(this.file, () => {
      const { inUse, profiles } = this.#read();
      this.#write({ inUse, profiles: new Map([...profiles, [profile.name, profile]]) });
      return profiles.get(profile.name);
    });
  }

  /** Throws NOT_FOUND. */
  remove(name: string): Profile {
    return exclusively(this.file, () => {
      const gone = this.get(name);
      const { inUse, profiles } = this.#read();
      const rest = new Map([...profiles].filter(([one]) => one !== name));
      this.#write({ inUse: inUse === name ? null : inUse, profiles: rest });
      return gone;
    });
  }

  /** Sets the profile that commands work on; undefined: none. Throws NOT_FOUND. */
  use(name: string | undefined): void {
    exclusively(this.file, () => {
      if (name !== undefined) this.get(name);
      this.#write({ ...this.#read(), inUse: name ?? null });
    });
  }

  #read(): Kept {
    const { inUse, profiles } = readUserFile(this.file) ?? {};
    const entries =
      typeof profiles === 'object' && profiles !== null ? Object.entries(profiles) : ([] as const);
    return {
      inUse: typeof inUse === 'string' ? inUse : null,
      profiles: new Map(entries.map(([name, value]) => [name, this.#profile(name, value)])),
    };
  }

  #profile(name: string, value: unknown): Profile {
    const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const text = (field: string) => (typeof given[field] === 'string' ? given[field] : null);
    const url = text('url');
    if (url === null)
      throw new TphError('INVALID', `the profile ${quote(name)} in ${quote(this.file)} has no url`, {
        hint: `make it again with \`tph profile add ${parseProfileName(name)} --url <url>\``,
      });
    const settings = given['settings'];
    return {
      name,
      url: parseInstanceUrl(url, true),
      client: text('client'),
      timeZone: text('timeZone'),
      country: text('country'),
      settings: typeof settings === 'object' && settings !== null ? (settings as Profile['settings']) : {},
    };
  }

  #write({ inUse, profiles }: Kept): void {
    const entries = [...profiles].map(([name, { name: _name, ...profile }]) => [name, profile]);
    writeUserFile(this.file, { inUse, profiles: Object.fromEntries(entries) });
  }
}
