import { setTimeout as sleep } from 'node:timers/promises';
import { quote, TphError } from '../values/error.ts';
import { type Answer, exchange, type Outcome, type Outgoing, seconds } from './exchange.ts';
import { PATIENCE, type Patience } from './instance.ts';
import { retryAfterMs } from './retry-after.ts';

const MOST_ATTEMPTS = 5;

/**
 * Sends a request, and again where that is safe: `repeatable` requests (reads, writes with an idempotency key) after
 * a passing failure or 502, 503, 504; any request that was not let in (429) or cannot have arrived. Throws
 * UNAVAILABLE when no answer came in the end; an answer of any status is given back. `tell` hears of long waits.
 */
export async function sendPatiently(
  outgoing: Outgoing,
  repeatable: boolean,
  stop: AbortSignal,
  patience: Patience = PATIENCE,
  tell: (text: string) => void = () => {},
): Promise<Answer> {
  let waited = 0;
  const telling = setInterval(() => {
    waited += patience.tellMs;
    tell(`still trying: no answer of ${quote(new URL(outgoing.url).host)} for ${seconds(waited)}`);
  }, patience.tellMs);
  try {
    return await sendAgain(outgoing, repeatable, stop, patience);
  } finally {
    clearInterval(telling);
  }
}

async function sendAgain(
  outgoing: Outgoing,
  repeatable: boolean,
  stop: AbortSignal,
  patience: Patience,
): Promise<Answer> {
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(patience.totalMs)]);
  let waited = 0;
  let mayHaveArrived = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await exchange(outgoing, patience.attemptMs, deadline);
    if ('failure' in outcome && !outcome.failure.unsent) mayHaveArrived = true;
    const wait =
      attempt >= MOST_ATTEMPTS || deadline.aborted
        ? undefined
        : waitFor(outcome, repeatable, attempt, patience);
    if (wait === undefined || waited + wait > patience.totalMs)
      return settled(outcome, outgoing, mayHaveArrived, stop, patience);
    waited += wait;
    await sleep(wait, undefined, { signal: deadline }).catch(() => undefined);
  }
}

/** Milliseconds until the request goes out again; undefined where it does not. */
function waitFor(
  outcome: Outcome,
  repeatable: boolean,
  attempt: number,
  patience: Patience,
): number | undefined {
  // Spread, so that many who failed together do not come back together.
  const backOff = patience.backOffMs * 2 ** (attempt - 1) * (0.5 + Math.random());
  if ('failure' in outcome) {
    const { passing, unsent } = outcome.failure;
    return passing && (repeatable || unsent) ? backOff : undefined;
  }
  const { status, headers } = outcome.answer;
  if (status !== 429 && !(repeatable && (status === 502 || status === 503 || status === 504)))
    return undefined;
  return Math.max(backOff, retryAfterMs(headers) ?? 0);
}

function settled(
  outcome: Outcome,
  { method }: Outgoing,
  mayHaveArrived: boolean,
  stop: AbortSignal,
  patience: Patience,
): Answer {
  if ('answer' in outcome) return outcome.answer;
  if (stop.aborted) throw new TphError('INTERRUPTED', 'interrupted');
  const { error } = outcome.failure;
  const late = error.cause instanceof Error && error.cause.name === 'TimeoutError';
  const message =
    late && !/did not answer/.test(error.message)
      ? `no answer within ${seconds(patience.totalMs)}`
      : error.message;
  const hint =
    method !== 'GET' && mayHaveArrived
      ? 'it may have been carried out all the same: look before you do it again'
      : error.hint;
  throw new TphError('UNAVAILABLE', message, { ...(hint === undefined ? {} : { hint }), cause: error });
}
