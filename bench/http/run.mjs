// `node bench/http/run.mjs [rounds]`: requests a second and p99 latency of the server, each beside a bare Fastify
// route that answers the same bytes, in turns of a second on loopback; processor time a request; and how long the
// event loop was held up at worst. Medians of the rounds.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { build } from 'esbuild';
import { buildConstants, root } from '../../scripts/support/project.mjs';

const rounds = Number(process.argv[2] ?? 5);
const ROUND = 1;
const DRIVERS = 500;
const folder = mkdtempSync(join(tmpdir(), 'tph-bench-'));

/** @typedef {{ url: string, child: import('node:child_process').ChildProcess }} Running */

/** @param {string} entry @returns {Promise<string>} the bundled file, beside the packages that it needs */
async function bundle(entry) {
  const outfile = join(root, '.cache', `bench-${entry}.mjs`);
  await build({
    entryPoints: [join(root, 'bench/http', `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: buildConstants(),
    logLevel: 'error',
  });
  return outfile;
}

/** @param {string} file @param {string[]} words @returns {Promise<Running>} */
function start(file, words) {
  const child = fork(file, words);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const { url } = /** @type {{ url: string }} */ (message);
      resolve({ url, child });
    });
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)));
  });
}

/** @param {Running} server @returns {Promise<{ longestMs: number, cpuMicroseconds: number }>} since it was reset */
function spent({ child }) {
  return new Promise((resolve) => {
    child.once('message', (message) =>
      resolve(/** @type {{ longestMs: number, cpuMicroseconds: number }} */ (message)),
    );
    child.send('measure');
  });
}

/** @param {Running} server @param {readonly string[]} paths asked in turn @param {Record<string, string>} headers */
async function measure(server, paths, headers) {
  server.child.send('reset');
  const result = await autocannon({
    url: server.url,
    headers,
    duration: ROUND,
    connections: 20,
    requests: paths.map((path) => ({ method: 'GET', path })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${paths[0]}: ${result.non2xx} refused, ${result.errors} failed`);
  const { longestMs, cpuMicroseconds } = await spent(server);
  return {
    perSecond: result.requests.average,
    p99: result.latency.p99,
    cpu: cpuMicroseconds / result.requests.total,
    longestMs,
  };
}

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */

/** @param {readonly Measured[]} rounds @param {keyof Measured} name */
function median(rounds, name) {
  const values = rounds.map((round) => round[name]).sort((a, b) => a - b);
  return /** @type {number} */ (values[Math.floor(values.length / 2)]);
}

/** @param {readonly (string | number)[]} cells */
function line(cells) {
  const [first = '', ...rest] = cells.map(String);
  process.stdout.write(`${first.padEnd(10)}${rest.map((cell) => cell.padStart(10)).join('')}\n`);
}

const servers = [];
try {
  const database = join(folder, 'tph.db');
  const { prepare } = await import(await bundle('data'));
  const { token, client, drivers, trip } = await prepare(database, DRIVERS);
  const file = await bundle('server');
  const tph = await start(file, ['tph', database]);
  servers.push(tph);
  const headers = { authorization: `Bearer ${token}` };
  const cases = {
    'GET one': drivers.map((/** @type {string} */ id) => `/client/${client}/driver/${id}`),
    'list 100': [`/client/${client}/driver?limit=100`],
    eligible: [`/client/${client}/trip/${trip}/eligible`],
  };
  line(['', 'tph/s', 'bare/s', 'ratio', 'p99 ms', 'bare p99', 'cpu µs', 'bare cpu', 'held ms']);
  for (const [name, paths] of Object.entries(cases)) {
    const body = await (await fetch(tph.url + paths[0], { headers })).text();
    const bare = await start(file, ['bare', Buffer.from(body).toString('base64')]);
    servers.push(bare);
    await measure(tph, paths, headers);
    await measure(bare, ['/bytes'], headers);
    const own = [];
    const other = [];
    // In turns, so that whatever else the machine does weighs on both.
    for (let round = 0; round < rounds; round += 1) {
      own.push(await measure(tph, paths, headers));
      other.push(await measure(bare, ['/bytes'], headers));
    }
    bare.child.kill();
    line([
      name,
      Math.round(median(own, 'perSecond')),
      Math.round(median(other, 'perSecond')),
      (median(own, 'perSecond') / median(other, 'perSecond')).toFixed(2),
      median(own, 'p99'),
      median(other, 'p99'),
      Math.round(median(own, 'cpu')),
      Math.round(median(other, 'cpu')),
      median(own, 'longestMs').toFixed(1),
    ]);
  }
} finally {
  for (const { child } of servers) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
