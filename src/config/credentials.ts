import { join } from 'node:path';
import type { Environment } from '../host.ts';
import { TphError } from '../values/error.ts';
import { originOf } from '../values/instance-url.ts';
import { isToken, type Profile } from '../values/profile.ts';
import { exclusively } from './exclusively.ts';
import { configFolder } from './profiles.ts';
import { readUserFile, refuseReadableByOthers, writeUserFile } from './user-file.ts';

/** A token and where it came from. */
export interface FoundToken {
  readonly token: string;
  readonly from: 'TPH_TOKEN' | 'file';
}

interface Kept {
  readonly origin: string;
  readonly token: string;
}

/** Tokens by profile (spec section 6): from `TPH_TOKEN`, else from `credentials.json`, which only its owner may read. */
export class Credentials {
  readonly file: string;
  readonly #env: Environment;

  constructor(env: Environment) {
    this.file = join(configFolder(env), 'credentials.json');
    this.#env = env;
  }

  /**
   * Undefined where there is none. Throws INVALID for a `TPH_TOKEN` that is no token, NOT_ALLOWED for a file that
   * others can read, NOT_SIGNED_IN where the profile has moved to another address since: a token goes only to the
   * instance that it was given for.
   */
  find(profile: Profile): FoundToken | undefined {
    const set = this.#env['TPH_TOKEN']?.trim();
    if (set !== undefined && set !== '') {
      if (isToken(set)) return { token: set, from: 'TPH_TOKEN' };
      throw new TphError('INVALID', 'what TPH_TOKEN holds is no token', {
        hint: 'a token is one line of printable characters, as `tph token create` showed it',
      });
    }
    const kept = this.#read().get(profile.name);
    if (kept === undefined) return undefined;
    if (kept.origin === originOf(profile.url)) return { token: kept.token, from: 'file' };
    throw new TphError('NOT_SIGNED_IN', `the token of profile \`${profile.name}\` is for ${kept.origin}`, {
      hint: `\`tph auth login --profile ${profile.name}\` with a token for ${originOf(profile.url)}`,
    });
  }

  /** Throws NOT_SIGNED_IN where there is none. */
  token(profile: Profile): string {
    const found = this.find(profile);
    if (found !== undefined) return found.token;
    throw new TphError('NOT_SIGNED_IN', `not signed in to ${profile.url}`, {
      hint: `\`tph auth login --profile ${profile.name}\`, or give the token in TPH_TOKEN`,
    });
  }

  keep(profile: Profile, token: string): void {
    exclusively(this.file, () => {
      this.#write(new Map([...this.#read(), [profile.name, { origin: originOf(profile.url), token }]]));
    });
  }

  /** Whether there was one to forget. */
  forget(name: string): boolean {
    if (!this.#read().has(name)) return false;
    return exclusively(this.file, () => {
      const kept = new Map(this.#read());
      const had = kept.delete(name);
      if (had) this.#write(kept);
      return had;
    });
  }

  #read(): ReadonlyMap<string, Kept> {
    refuseReadableByOthers(this.file);
    const entries = Object.entries(readUserFile(this.file)?.['tokens'] ?? {}) as [string, Partial<Kept>][];
    return new Map(
      entries.flatMap(([name, { origin, token }]) =>
        typeof origin === 'string' && typeof token === 'string' && isToken(token)
          ? [[name, { origin, token }] as const]
          : [],
      ),
    );
  }

  #write(tokens: ReadonlyMap<string, Kept>): void {
    writeUserFile(this.file, { tokens: Object.fromEntries(tokens) });
  }
}
