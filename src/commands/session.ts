import type { Api } from '../contract/api.ts';
import type { DatabaseAdmin, Session, Store } from '../contract/database.ts';
import { type ErrorDetail, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import type { Clock } from './context.ts';

/** What main puts together from the flags and the environment. */
export interface Launched extends Omit<Session, 'reason' | 'nowMs' | 'arrivedMs'> {
  readonly location: string;
  /** What to take as the present, each relative to the one before it. */
  readonly moments: readonly { readonly text: string; readonly from: string }[];
}

/** Opens the operations at the clock that the command line asks for. */
export class Sessions {
  readonly #launched: Launched;
  readonly #openStore: (location: string) => Promise<Store>;
  readonly #rawNowMs: number;
  readonly #opened: Api[] = [];
  #nowMs: number | undefined;
  #arrivedMs: number;
  #isClosed = false;

  constructor(launched: Launched, openStore: (location: string) => Promise<Store>, rawNowMs: number) {
    this.#launched = launched;
    this.#openStore = openStore;
    this.#rawNowMs = rawNowMs;
    this.#arrivedMs = rawNowMs;
  }

  /**
   * Moments such as `tomorrow` mean the client's, so the client is looked up first. `forAny`: where it is not said which
   * of several, the first will do.
   */
  async open(reason: string | null, forAny = false): Promise<Api> {
    const store = await this.#openStore(this.#launched.location);
    if (this.#nowMs === undefined && this.#launched.moments.length > 0) {
      const first = await openFor(store, this.#session(reason, this.#rawNowMs), forAny);
      try {
        this.#nowMs = await this.#readMoments(first.client.timeZone);
      } finally {
        await first.close();
      }
    }
    const api = await openFor(store, this.#session(reason, this.#nowMs ?? this.#rawNowMs), forAny);
    this.#opened.push(api);
    // An interrupted command may have been about to open it.
    if (this.#isClosed) await this.close();
    return api;
  }

  /** The client that was opened, if any was. */
  get clientName(): string | undefined {
    return this.#opened.at(-1)?.client.name;
  }

  /** Without a client there is no local time: moments are read as UTC. `location`: another database than the flags name. */
  async admin(reason: string | null, location = this.#launched.location): Promise<DatabaseAdmin> {
    const store = await this.#openStore(location);
    return store.admin(this.#session(reason, await this.#readMoments('UTC')));
  }

  async clock(timeZone: string): Promise<Clock> {
    const { dayAt } = await import('../values/zone.ts');
    const now = Math.floor((this.#nowMs ?? this.#rawNowMs) / 1000) as Instant;
    return { now, today: dayAt(now, timeZone), timeZone };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const api of this.#opened.splice(0)) await api.close();
  }

  #session(reason: string | null, nowMs: number): Session {
    const { client, actor, lockWaitMs } = this.#launched;
    return { client, actor, lockWaitMs, reason, nowMs, arrivedMs: this.#arrivedMs };
  }

  async #readMoments(timeZone: string): Promise<number> {
    let nowMs = this.#rawNowMs;
    for (const { text, from } of this.#launched.moments) {
      const { parseInstantInput } = await import('../values/instant.ts');
      const now = Math.floor(nowMs / 1000) as Instant;
      nowMs = naming(from, text, () => parseInstantInput(text, { now, timeZone, day: 'start' })) * 1000;
      // The clock of a process is as good as come; the moment of one command may be a question about the future.
      if (from === 'TPH_NOW') this.#arrivedMs = Math.max(this.#arrivedMs, nowMs);
    }
    return nowMs;
  }
}

async function openFor(store: Store, session: Session, forAny: boolean): Promise<Api> {
  try {
    return await store.open(session);
  } catch (error) {
    const details = forAny && error instanceof TphError ? error.details : [];
    const [first] = details.flatMap(({ field, candidates }) =>
      field === 'client' && Array.isArray(candidates) ? (candidates as readonly { id: string }[]) : [],
    );
    if (first === undefined) throw error;
    return store.open({ ...session, client: first.id });
  }
}

/** Runs a parser of one value; its error says which flag the value came from. */
export function naming<T>(flag: string, value: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TphError)) throw error;
    const message = `${flag} ${error.message}`;
    const detail: ErrorDetail = {
      field: flag,
      value,
      message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
    throw new TphError(error.code, message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: [detail],
    });
  }
}
