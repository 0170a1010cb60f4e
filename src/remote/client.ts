import { CLOCK_HEADER, HINTS_HEADER } from '../contract/http.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { clean } from './clean.ts';
import type { Answer, Outgoing } from './exchange.ts';
import type { Instance } from './instance.ts';
import { type Asked, problem } from './problem.ts';
import { sendPatiently } from './retry.ts';

/** A request to an instance, before the token is added. */
export interface InstanceRequest {
  readonly method: string;
  /** Below the profile's address: begins with `/`; with the query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string | undefined;
  /** Whether the instance treats a second copy as the same request. */
  readonly repeatable: boolean;
}

/** Speaks JSON over HTTP with one instance. */
export class InstanceClient {
  readonly #instance: Instance;
  /** Unix seconds to take as the present instead of the instance's own clock. */
  readonly #at: string | undefined;

  constructor(instance: Instance, at?: number) {
    this.#instance = instance;
    this.#at = at === undefined ? undefined : String(at);
  }

  /** The JSON that the instance answers with 2xx; undefined for an empty answer. Throws a `TphError` otherwise. */
  async json(request: InstanceRequest): Promise<unknown> {
    const { answer, asked } = await this.#done(request);
    if (answer.text === '') return undefined;
    if (!isJson(answer)) throw notJson(answer, asked);
    return whole(answer, asked);
  }

  /** The same of whatever kind: JSON as a value, anything else as text. */
  async any(request: InstanceRequest): Promise<unknown> {
    const { answer, asked } = await this.#done(request);
    if (answer.text === '') return undefined;
    return isJson(answer) ? whole(answer, asked) : answer.text;
  }

  async #done(request: InstanceRequest): Promise<{ readonly answer: Answer; readonly asked: Asked }> {
    const { answer, asked } = await this.#send(request);
    const { status } = answer;
    if (status >= 300 && status < 400) throw redirected(answer, asked);
    if (status < 200 || status >= 300)
      throw problem(answer, isJson(answer) ? parsed(answer.text) : undefined, asked);
    if (this.#at !== undefined && answer.headers.get(CLOCK_HEADER) !== this.#at) throw ownClock(asked);
    return { answer, asked };
  }

  async #send(request: InstanceRequest): Promise<{ readonly answer: Answer; readonly asked: Asked }> {
    const { profile, token, programVersion, signal, patience, tell } = this.#instance;
    const { method, path, body } = request;
    if (method !== 'GET') refuseActor(this.#instance);
    const secret = token();
    const outgoing: Outgoing = {
      method,
      url: profile.url + path,
      headers: {
        accept: 'application/json, application/problem+json',
        'user-agent': `tph/${programVersion}`,
        [HINTS_HEADER]: 'commands',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
        ...(this.#at === undefined ? {} : { [CLOCK_HEADER]: this.#at }),
        authorization: `Bearer ${secret}`,
      },
      ...(body === undefined ? {} : { body }),
    };
    const answer = await sendPatiently(outgoing, request.repeatable, signal, patience, tell);
    const [place = ''] = path.split('?');
    return {
      answer: without(secret, answer),
      asked: {
        what: `${method} ${place}`,
        url: profile.url,
        profile: profile.name,
        writes: method !== 'GET',
      },
    };
  }
}

function refuseActor({ actor, profile }: Instance): void {
  if (actor === undefined) return;
  const message = `--actor ${quote(actor)} cannot be said to ${profile.url}: its token says who acts`;
  const hint = 'leave it out, or use another token';
  throw invalid(message, hint, [{ field: '--actor', value: actor, message, hint }]);
}

function ownClock({ url }: Asked): TphError {
  const message = `${url} goes by its own clock`;
  const hint = 'leave out --at and TPH_NOW, or use a token that may set the clock';
  return invalid(message, hint, [{ field: '--at', message, hint }]);
}

/** An instance that sends the token back must not have it shown. */
function without(secret: string, answer: Answer): Answer {
  const hide = (text: string) => text.replaceAll(secret, '(token)');
  const isInHeaders = [...answer.headers.values()].some((value) => value.includes(secret));
  if (!isInHeaders && !answer.text.includes(secret)) return answer;
  const headers = new Headers([...answer.headers].map(([name, value]) => [name, hide(value)]));
  return { status: answer.status, headers, text: hide(answer.text) };
}

const isJson = ({ headers }: Answer): boolean =>
  /^application\/([\w.+-]*\+)?json\b/i.test(headers.get('content-type') ?? '');

function whole(answer: Answer, { url, what, writes }: Asked): unknown {
  const body = parsed(answer.text);
  if (body !== undefined) return body;
  throw new TphError('UNAVAILABLE', `the answer of ${url} to ${quote(what)} is no whole JSON`, {
    hint: writes
      ? 'it was carried out, but what it says is lost: look before you do it again'
      : 'try again; if it stays so, something between here and the instance changes its answers',
  });
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function redirected({ status, headers }: Answer, { url, profile }: Asked): TphError {
  const to = clean(headers.get('location') ?? '');
  const where = to === '' ? '' : ` to ${quote(to)}`;
  return new TphError('UNAVAILABLE', `${url} sends on${where} (HTTP ${status}), which is not followed`, {
    hint: `if the instance has moved there, say so: \`tph profile add ${profile} --url <url> --replace\``,
  });
}

function notJson({ headers, status }: Answer, { url, what }: Asked): TphError {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const isPage = /html/i.test(type);
  const came = isPage ? 'a web page' : type === '' ? 'something without a content type' : quote(clean(type));
  return new TphError(
    'UNAVAILABLE',
    `${url} answered ${quote(what)} with ${came} instead of JSON (HTTP ${status})`,
    {
      hint: isPage
        ? 'check the profile’s address: a sign-in page or a proxy may stand in between'
        : 'check the profile’s address: `tph profile list`',
    },
  );
}
