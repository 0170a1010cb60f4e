import type { Profile } from '../values/profile.ts';

/** How long the adapter waits, in milliseconds. */
export interface Patience {
  /** For one answer, headers and body. */
  readonly attemptMs: number;
  /** For a call as a whole, with everything that is tried again. */
  readonly totalMs: number;
  /** Before the first time that something is tried again; doubled each time. */
  readonly backOffMs: number;
  /** Before whoever watches is told that there is no answer yet, and again after as long. */
  readonly tellMs: number;
}

export const PATIENCE: Patience = { attemptMs: 30_000, totalMs: 45_000, backOffMs: 200, tellMs: 5000 };

/** The most bytes of one answer. */
export const LARGEST_ANSWER = 33_554_432;

/** A remote instance, and how to speak to it. */
export interface Instance {
  readonly profile: Profile;
  /** Asked for when the first request is made; throws NOT_SIGNED_IN where there is none. */
  readonly token: () => string;
  readonly programVersion: string;
  /** Who is to act, where the user says so: refused for changes, since only the token says it. */
  readonly actor?: string | undefined;
  /** Whether the session's clock is asked for in place of the instance's own. */
  readonly sendsClock: boolean;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
  /** Takes a line for the user that is neither data nor an error. */
  readonly note: (text: string) => void;
  /** Takes a line for somebody who watches, such as that there is no answer yet; left out where nobody does. */
  readonly tell?: ((text: string) => void) | undefined;
  /** `PATIENCE` when left out. */
  readonly patience?: Patience;
}
