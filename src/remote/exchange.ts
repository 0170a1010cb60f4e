import { quote, TphError } from '../values/error.ts';
import { LARGEST_ANSWER } from './instance.ts';
import { type NetworkFailure, networkFailure } from './network-failure.ts';

/** One HTTP request as it goes out. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An HTTP answer that came whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export type Outcome = { readonly answer: Answer } | { readonly failure: NetworkFailure };

/** Sends a request once. Redirects are not followed: they would carry the token to whoever is named. */
export async function exchange(outgoing: Outgoing, attemptMs: number, stop: AbortSignal): Promise<Outcome> {
  const tooLong = AbortSignal.timeout(attemptMs);
  const { url, method, headers, body } = outgoing;
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([tooLong, stop]),
      ...(body === undefined ? {} : { body }),
    });
    return {
      answer: { status: response.status, headers: response.headers, text: await whole(response, url) },
    };
  } catch (error) {
    if (error instanceof TphError) throw error;
    if (!tooLong.aborted || stop.aborted) return { failure: networkFailure(error, url) };
    const { host } = new URL(url);
    const message = `${quote(host)} did not answer within ${seconds(attemptMs)}`;
    const late = new TphError('UNAVAILABLE', message, { hint: 'try again later', cause: error });
    // Asked again, an instance that is too slow only gets slower, and whoever asks waits twice as long.
    return { failure: { error: late, unsent: false, passing: false } };
  }
}

export const seconds = (ms: number): string =>
  `${ms < 1000 ? Math.round(ms) / 1000 : Math.round(ms / 1000)} s`;

async function whole(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER)
      throw new TphError(
        'UNAVAILABLE',
        `the answer of ${quote(new URL(url).host)} is larger than ${LARGEST_ANSWER / 1_048_576} MiB`,
        { hint: 'ask for less at a time, such as with --limit' },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
