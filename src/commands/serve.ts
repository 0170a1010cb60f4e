import type { Register } from './context.ts';

const HOST = '127.0.0.1';
const PORT = 8787;
const RATE = 100;
const CONNECTIONS = 1000;

/** `tph serve`: the same operations over HTTP, until it is interrupted (spec section 6). */
export const register: Register = (command, context) => {
  command
    .description(
      'Serve the same operations over HTTP. Who asks needs a token: make one first, with `tph token create`. Tokens go in clear: put a proxy that speaks TLS in front before other machines reach it.',
    )
    .option('--host <address>', `address to listen on (default: ${HOST}, this machine alone)`)
    .option('--port <number>', `port, 0 for any that is free (default: ${PORT})`)
    .option('--rate-limit <count>', `requests a second for each token, 0 for no limit (default: ${RATE})`)
    .option('--max-connections <count>', `connections at once (default: ${CONNECTIONS})`)
    .examples(['tph serve', 'tph serve --port 9000 --rate-limit 500', 'tph serve --host 0.0.0.0'])
    .action(async (flags: { host?: string; port?: string; rateLimit?: string; maxConnections?: string }) => {
      const count = (
        text: string | undefined,
        flag: string,
        least: number,
        most: number,
        otherwise: number,
      ) => (text === undefined ? otherwise : context.integer(text, flag, least, most));
      const served = await context.serve({
        host: flags.host ?? HOST,
        port: count(flags.port, '--port', 0, 65_535, PORT),
        requestsPerSecond: count(flags.rateLimit, '--rate-limit', 0, 1_000_000, RATE),
        maxConnections: count(flags.maxConnections, '--max-connections', 1, 1_000_000, CONNECTIONS),
      });
      await context.answer({
        value: { url: served.url },
        idOf: (value: { url: string }) => value.url,
        draw: (ink) => [
          `listening on ${ink.strong(served.url)}`,
          `${ink.dim('API reference:')} ${served.url}/docs`,
        ],
      });
      await served.stopped;
    });
};
