import type { Api, CallOptions, InputOf, OperationName, OutputOf } from '../../src/contract/api.ts';
import type { Session, Store } from '../../src/contract/database.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { openRemote } from '../../src/remote/open-remote.ts';
import { TphError } from '../../src/values/error.ts';
import type { Id } from '../../src/values/id.ts';
import { profileFor } from './fixture.ts';
import { ServedFile } from './served-file.ts';

/** A token belongs to one client; others are made and looked after where the database is. */
function isBeyondToken(name: OperationName, input: unknown, own: Id): boolean {
  if (!name.startsWith('client.')) return false;
  return (input as { readonly ref?: unknown } | undefined)?.ref !== own;
}

/** A SQLite file behind a server, reached over HTTP as everybody else reaches one. */
export class ServedStore implements Store {
  readonly #local: Store;
  readonly #served: ServedFile;

  constructor(file: string) {
    this.#local = openStore(file);
    this.#served = new ServedFile(file, 0);
  }

  get admin(): Store['admin'] {
    return this.#local.admin;
  }

  async open(session: Session): Promise<Api> {
    const client = await this.#clientOf(session);
    const { nowMs, arrivedMs = nowMs } = session;
    this.#served.nowMs = arrivedMs;
    const token = await this.#served.token(client, session.actor);
    const api = await openRemote({
      profile: profileFor(await this.#served.url(), { client }),
      token: () => token,
      programVersion: 'test',
      sendsClock: arrivedMs !== nowMs,
      signal: new AbortController().signal,
      note: (text) => {
        throw new Error(`a server needs no excuse: ${text}`);
      },
    }).open({ ...session, client });
    const call = async <N extends OperationName>(
      name: N,
      input: InputOf<N>,
      options?: CallOptions,
    ): Promise<OutputOf<N>> => {
      if (session.viewer === undefined && isBeyondToken(name, input, client))
        return this.#here(session, name, input, options);
      this.#served.nowMs = arrivedMs;
      return api.call(name, input, options).catch((error) => this.#explained(error, session));
    };
    return { client: api.client, call, close: () => api.close() };
  }

  stop(): Promise<void> {
    return this.#served.stop();
  }

  async #clientOf(session: Session): Promise<Id> {
    const local = await this.#local.open(session);
    await local.close();
    return local.client.id;
  }

  /** The tokens of a client that is gone are no longer known; that it is gone is known where the database is. */
  async #explained(error: unknown, session: Session): Promise<never> {
    if (error instanceof TphError && error.code === 'NOT_SIGNED_IN') await this.#clientOf(session);
    throw error;
  }

  async #here<N extends OperationName>(
    session: Session,
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<OutputOf<N>> {
    const local = await this.#local.open(session);
    return local.call(name, input, options).finally(() => local.close());
  }
}
