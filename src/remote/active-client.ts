import type { ActiveClient } from '../contract/api.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseIdOrDecimal } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import type { InstanceClient } from './client.ts';
import type { Instance } from './instance.ts';
import { NotOffered } from './problem.ts';

/** The client that a session works for: `ref`, else the profile's, else the only one that the token may see. */
export async function clientAsTold(
  http: InstanceClient,
  { profile }: Instance,
  ref: string | undefined,
): Promise<ActiveClient> {
  const wanted = ref ?? profile.client ?? undefined;
  const id = wanted === undefined ? undefined : parseIdOrDecimal(wanted);
  if (id !== undefined) return described(await http.json(reading(`/client/${id}`)), profile.url);
  return choose(await clientsOf(http, profile.url), wanted);
}

/**
 * The same; of an instance that does not say who its clients are, what the profile says instead. `isTold` is false of
 * such an instance: it has only the seeds' endpoints.
 */
export async function activeClient(
  http: InstanceClient,
  instance: Instance,
  ref: string | undefined,
): Promise<{ readonly client: ActiveClient; readonly isTold: boolean }> {
  try {
    return { client: await clientAsTold(http, instance, ref), isTold: true };
  } catch (error) {
    if (!(error instanceof NotOffered)) throw error;
    return { client: clientAsKept(instance, ref, error), isTold: false };
  }
}

function clientAsKept({ profile, note }: Instance, ref: string | undefined, cause: NotOffered): ActiveClient {
  const { name, url, client, timeZone, country } = profile;
  const id = parseIdOrDecimal(ref ?? client ?? '');
  if (id === undefined)
    throw new TphError('UNAVAILABLE', `the instance at ${url} does not say which clients it has`, {
      hint: `name the client by its id with --client, if this is the right address: \`tph profile list\``,
      cause,
    });
  if (timeZone === null)
    note(
      `note: the instance does not tell the client’s time zone: times are UTC, unless \`tph profile add ${name} --replace\` gives one with --time-zone`,
    );
  return { id, name, timeZone: timeZone ?? 'UTC', country: country ?? 'ZZ' };
}

const reading = (path: string) => ({ method: 'GET', path, repeatable: true });

async function clientsOf(http: InstanceClient, url: string): Promise<readonly ActiveClient[]> {
  const page = await http.json(reading('/client?limit=500'));
  const items = typeof page === 'object' && page !== null && 'items' in page ? page.items : page;
  return Array.isArray(items) ? items.map((item) => described(item, url)) : [];
}

function choose(clients: readonly ActiveClient[], ref: string | undefined): ActiveClient {
  const [only, another] = clients;
  const names = clients.map(({ id, name }) => `${name} (${id})`).join(', ');
  if (ref === undefined) {
    if (only !== undefined && another === undefined) return only;
    if (only === undefined) throw new TphError('NOT_FOUND', 'the token may see no client');
    const candidates = clients.map(({ id, name }) => ({ id, name }));
    throw invalid(
      'several clients share this instance: which one?',
      `give --client or TPH_CLIENT: ${names}`,
      [{ field: 'client', message: 'the client is missing', candidates }],
    );
  }
  const found = clients.find(({ name }) => fold(name) === fold(ref));
  if (found !== undefined) return found;
  const near = nearest(
    ref,
    clients.map(({ name }) => name),
    1,
  )[0];
  const message = `there is no client ${quote(ref)}`;
  const hint = near === undefined ? `the clients are ${names}` : `did you mean ${quote(near)}?`;
  throw new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: 'client', value: ref, message, hint }],
  });
}

/** What a session needs to know of its client; the rest of the record is not looked at. */
function described(record: unknown, url: string): ActiveClient {
  const given = (typeof record === 'object' && record !== null ? record : {}) as Readonly<
    Record<string, unknown>
  >;
  const { id, name, timeZone, country } = given;
  const own = typeof id === 'string' ? parseIdOrDecimal(id) : undefined;
  if (own !== undefined && typeof name === 'string' && isTimeZone(timeZone) && typeof country === 'string')
    return { id: own satisfies Id, name, timeZone, country };
  throw new TphError('UNAVAILABLE', `what ${url} says of the client is not what it should be`, {
    hint: 'it may be no tph instance, or one of another version',
  });
}

function isTimeZone(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}
