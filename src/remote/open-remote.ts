import { randomUUID } from 'node:crypto';
import type { ActiveClient, Api, CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Session, Store } from '../contract/database.ts';
import { IDEMPOTENCY_HEADER, operationTable, requestOf, takesIdempotencyKey } from '../contract/http.ts';
import { invalid, TphError } from '../values/error.ts';
import { activeClient } from './active-client.ts';
import { InstanceClient } from './client.ts';
import type { Instance } from './instance.ts';
import { withIds } from './path-references.ts';
import { NotOffered } from './problem.ts';
import { refuseUnsendable } from './sendable.ts';
import { validOutput } from './valid-output.ts';

/** Data behind a remote instance, reached over HTTP (spec section 6). */
export function openRemote(instance: Instance): Store {
  return {
    open: async (session) => {
      const at = instance.sendsClock ? Math.floor(session.nowMs / 1000) : undefined;
      const http = new InstanceClient(instance, at);
      const { client, isTold } = await activeClient(http, instance, session.client);
      return new RemoteApi(instance, http, session, client, isTold);
    },
    admin: () => {
      const { name, url } = instance.profile;
      throw invalid(
        `this works on a database, and the profile \`${name}\` is an instance reached over HTTP`,
        `give --db, or run it on the machine that serves ${url}`,
        [{ field: '--profile', value: name, message: 'is no database' }],
      );
    },
  };
}

/** The operations, each carried out by one request. The instance's token says who acts, and its clock what time it is. */
class RemoteApi implements Api {
  readonly client: ActiveClient;
  readonly #instance: Instance;
  readonly #http: InstanceClient;
  readonly #session: Session;
  /** A tph server: it knows dry runs and idempotency keys. */
  readonly #isTph: boolean;

  constructor(
    instance: Instance,
    http: InstanceClient,
    session: Session,
    client: ActiveClient,
    isTph: boolean,
  ) {
    this.#instance = instance;
    this.#http = http;
    this.#session = session;
    this.#isTph = isTph;
    this.client = client;
  }

  async call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options: CallOptions = {},
  ): Promise<OutputOf<N>> {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw invalid(`the input of ${name} is not an object`, 'give an object of fields');
    await refuseUnsendable(name, input);
    try {
      const resolved = await withIds(name, input, (wanted) => this.#ask('reference.resolve', wanted, {}));
      return (await this.#ask(name, resolved, options)) as OutputOf<N>;
    } catch (error) {
      if (!(error instanceof NotOffered) || name !== 'eligible.adHoc') throw error;
      const { eligibleFromLists } = await import('./lists-eligible.ts');
      const http = new InstanceClient(this.#instance);
      return (await eligibleFromLists(
        http,
        this.#instance,
        this.client,
        this.#session,
        input,
      )) as OutputOf<N>;
    }
  }

  /** Nothing is held open; what is under way ends with the instance's signal. */
  async close(): Promise<void> {}

  async #ask(name: OperationName, input: object, { dryRun = false, ifMatch }: CallOptions): Promise<unknown> {
    const { writes } = operationTable[name] as (typeof operationTable)[string];
    const { profile, programVersion } = this.#instance;
    if (dryRun && writes && !this.#isTph) throw noDryRun(profile.url);
    const { method, path, headers, body } = requestOf(
      name,
      input as Readonly<Record<string, unknown>>,
      this.client.id,
      {
        dryRun,
        reason: this.#session.reason,
        ...(ifMatch === undefined ? {} : { ifMatch }),
      },
    );
    // The instance carries out a key once, so that a change whose answer was lost can be asked for again.
    const key = takesIdempotencyKey(name) && !dryRun ? { [IDEMPOTENCY_HEADER]: randomUUID() } : {};
    const answer = await this.#http.json({
      method,
      path,
      headers: { ...headers, ...key },
      body,
      repeatable: !writes || dryRun || (this.#isTph && takesIdempotencyKey(name)),
    });
    return validOutput(name, answer, { client: this.client, url: profile.url, programVersion });
  }
}

/** An instance that does not know dry runs would carry the change out. */
function noDryRun(url: string): TphError {
  const message = `${url} cannot do dry runs`;
  const hint = 'leave out --dry-run if it is to be changed';
  return new TphError('UNAVAILABLE', message, { hint, details: [{ field: '--dry-run', message, hint }] });
}
