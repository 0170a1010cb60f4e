import type { ActiveClient } from '../contract/api.ts';
import type { Profile } from '../values/profile.ts';

/** The user's profiles. */
export interface ProfileBook {
  /** The file that holds them. */
  readonly file: string;
  list(): readonly Profile[];
  /** The name of the profile that commands work on when they are told nothing else. */
  inUse(): string | undefined;
  /** Throws NOT_FOUND with the nearest spelling. */
  get(name: string): Profile;
  /** Adds a profile or puts another in its place; answers the one that was there. */
  put(profile: Profile): Profile | undefined;
  remove(name: string): Profile;
  /** Undefined: none. */
  use(name: string | undefined): void;
}

/** The user's tokens by profile. */
export interface TokenBook {
  readonly file: string;
  /** The token for a profile and where it is from. Throws where it may not be used. */
  find(profile: Profile): { readonly token: string; readonly from: 'TPH_TOKEN' | 'file' } | undefined;
  keep(profile: Profile, token: string): void;
  /** Whether there was one. */
  forget(name: string): boolean;
}

export interface RawRequest {
  readonly method: string;
  /** Below the profile's address; begins with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
}

/** Remote instances, for the commands that are about them (spec section 6). */
export interface Remotes {
  readonly profiles: ProfileBook;
  readonly tokens: TokenBook;
  /** The profile that the command line names, or that is in use. Throws INVALID where there is none. */
  current(): Profile;
  /** The client that a token is for, as the instance says; null where the instance does not say. Throws NOT_SIGNED_IN. */
  clientOf(profile: Profile, token: string): Promise<ActiveClient | null>;
  /** What an instance answers with 2xx: JSON as a value, anything else as text; undefined for nothing. */
  send(profile: Profile, request: RawRequest): Promise<unknown>;
}
