import { setTimeout as wait } from 'node:timers/promises';
import { invalid, quote, TphError } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { buildApp } from './app.ts';
import { logEvent } from './log.ts';
import { GRACE, type ServerOptions } from './options.ts';

export interface Listening extends ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** A server that listens. */
export interface Serving {
  readonly url: string;
  /** Takes no more requests, finishes those in flight, and closes the store. */
  stop(): Promise<void>;
}

/** Starts listening. NOT_ALLOWED for an address beyond this machine while there is no token (spec section 6). */
export async function serve(options: Listening): Promise<Serving> {
  const { host, port, store, log, nowMs } = options;
  const now = Math.floor(nowMs() / 1000) as Instant;
  if (!isLoopback(host) && !(await store.hasTokens(now)))
    throw new TphError('NOT_ALLOWED', `others can reach ${quote(host)}, and there is no token yet`, {
      hint: 'make one first with `tph token create`, or serve on 127.0.0.1',
    });
  const app = buildApp(options);
  try {
    // Where a name stands for two addresses, the framework would open a second server, which nothing bounds.
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
  } catch (error) {
    throw refusalToListen(error, host, port);
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address : { port, family: 'IPv4' };
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${bound.port}`;
  logEvent(log, 'listening', { url });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    logEvent(log, 'stopping');
    const late = new AbortController();
    const force = wait(GRACE, undefined, { signal: late.signal }).then(
      () => app.server.closeAllConnections(),
      () => {},
    );
    // A connection whose request has been answered would otherwise be kept for another.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 20);
    await app.close();
    clearInterval(sweep);
    late.abort();
    await force;
    await store.close();
    logEvent(log, 'stopped');
  };
  return {
    url,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function refusalToListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new TphError('UNAVAILABLE', `port ${port} of ${quote(host)} is taken`, {
      hint: 'give another with --port',
    });
  if (code === 'EACCES') return invalid(`port ${port} is not for you`, 'give a port above 1023 with --port');
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return invalid(`this machine has no address ${quote(host)}`, 'give one of its addresses with --host');
  return error;
}
