// `node bench/http/run.mjs [seconds]`: requests a second and p99 latency of the server, each beside a bare Fastify
// route that answers the same bytes, in one run on loopback; and how long the server's event loop was held up.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { build } from 'esbuild';
import { buildConstants, root } from '../../scripts/support/project.mjs';

const seconds = Number(process.argv[2] ?? 5);
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

/** @param {Running} server @returns {Promise<{ longestMs: number, p99Ms: number }>} */
function heldUp({ child }) {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(/** @type {{ longestMs: number, p99Ms: number }} */ (message)));
    child.send('measure');
  });
}

/** @param {string} url @param {Record<string, string>} headers @param {number} duration */
async function measure(url, headers, duration) {
  const result = await autocannon({ url, headers, duration, connections: 20 });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: Math.round(result.requests.average), p99: result.latency.p99 };
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
    'GET one': `/client/${client}/driver/${drivers[0]}`,
    'list 100': `/client/${client}/driver?limit=100`,
    eligible: `/client/${client}/trip/${trip}/eligible`,
  };
  process.stdout.write(`${'case'.padEnd(10)}${'tph/s'.padStart(9)}${'p99 ms'.padStart(8)}${'bare/s'.padStart(9)}${'p99 ms'.padStart(8)}${'ratio'.padStart(7)}${'longest hold-up ms'.padStart(20)}\n`);
  for (const [name, path] of Object.entries(cases)) {
    const body = await (await fetch(tph.url + path, { headers })).text();
    const bare = await start(file, ['bare', Buffer.from(body).toString('base64')]);
    servers.push(bare);
    await measure(tph.url + path, headers, 1);
    await measure(`${bare.url}/bytes`, headers, 1);
    tph.child.send('reset');
    const own = await measure(tph.url + path, headers, seconds);
    const { longestMs } = await heldUp(tph);
    const other = await measure(`${bare.url}/bytes`, headers, seconds);
    bare.child.kill();
    const ratio = (own.perSecond / other.perSecond).toFixed(2);
    process.stdout.write(
      `${name.padEnd(10)}${String(own.perSecond).padStart(9)}${String(own.p99).padStart(8)}${String(other.perSecond).padStart(9)}${String(other.p99).padStart(8)}${ratio.padStart(7)}${longestMs.toFixed(1).padStart(20)}\n`,
    );
  }
} finally {
  for (const { child } of servers) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
