// One of the servers that are measured, in a process of its own: `tph` on a database, the same while there are changes
// (`busy`), or a bare route.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Fastify from 'fastify';
import { openSqlite } from '../../src/db/sqlite.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { gathered } from '../../src/server/log.ts';
import { serve } from '../../src/server/serve.ts';

const [kind = '', argument = ''] = process.argv.slice(2);
let cpu = process.cpuUsage();
const delay = monitorEventLoopDelay({ resolution: 1 });

async function start(): Promise<string> {
  if (kind === 'bare') {
    const app = Fastify({ logger: false });
    const body = Buffer.from(argument, 'base64').toString();
    app.get('/bytes', (_request, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(body),
    );
    return app.listen({ host: '127.0.0.1', port: 0 });
  }
  const options = { nowMs: Date.now(), lockWaitMs: 5000 };
  if (kind === 'busy') commitOften(argument);
  const store = await openStore(argument).share?.(options);
  if (store === undefined) throw new Error('the store cannot be shared');
  const { url } = await serve({
    ...options,
    nowMs: () => Date.now(),
    store,
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
    requestsPerSecond: 0,
    maxConnections: 1000,
    log: gathered((lines) => void process.stderr.write(lines)).log,
  });
  return url;
}

/** Another connection, as another process would have it. */
function commitOften(file: string): void {
  const { connection } = openSqlite({ file, lockWaitMs: 5000 });
  connection.pragma('synchronous = off');
  const change = connection.prepare('update client set updated_date = updated_date');
  setInterval(() => change.run(), 20);
}

process.on('message', (message) => {
  if (message === 'reset') {
    delay.reset();
    cpu = process.cpuUsage();
    return;
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ longestMs: delay.max / 1e6, cpuMicroseconds: user + system });
});
const url = await start();
delay.enable();
process.send?.({ url });
