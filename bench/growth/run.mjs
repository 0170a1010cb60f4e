// `node bench/growth/run.mjs [--scales 0.01,0.1,1] [--rounds 9] [--folder DIR] [--json FILE]`: how the processor time and the
// memory of whole commands grow with the data: 1,000, 10,000 and 100,000 customers, as many changes in the log, as many drivers
// with ten times as many favourites, as many recurring trips. Of each the least of the rounds, as whatever else the machine does only
// adds to it, without what a Node that does nothing takes.
// The figure is the exponent: 0 is flat, 1 grows as the data does; beside it those of the two steps.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/support/project.mjs';
import { decisionsDatabase, NOW } from '../decisions/data.mjs';
import { ACCOUNTS, accountRef, writeCustomers } from '../import/customers.mjs';
import { releaseDatabase } from '../release/data.mjs';
import { measured } from '../support/measured-process.mjs';
import { cellsOf, line } from '../support/report.mjs';
import { cases } from './cases.mjs';

const { values } = parseArgs({
  options: {
    scales: { type: 'string', default: '0.01,0.1,1' },
    rounds: { type: 'string', default: '9' },
    folder: { type: 'string', default: tmpdir() },
    program: { type: 'string', default: join(root, 'bin/tph.js') },
    json: { type: 'string', default: join(root, '.cache', 'bench-growth.json') },
  },
});
const scales = values.scales.split(',').map(Number);
const folder = mkdtempSync(join(values.folder, 'tph-growth-'));
const at = (/** @type {string} */ name) => join(folder, name);
const tph = (/** @type {readonly string[]} */ words) => [process.execPath, resolve(values.program), ...words];
const nothing = [process.execPath, '-e', '0'];

/** @param {string} database @param {number} [now] @returns {NodeJS.ProcessEnv} */
function envOf(database, now) {
  const { PATH } = process.env;
  const clock = now === undefined ? {} : { TPH_NOW: String(now) };
  return { PATH, HOME: folder, USER: 'ops', CI: 'true', LANG: 'C.UTF-8', TPH_DB: database, ...clock };
}

/** Runs a command and then says what its processes took, to a thousandth of a second. */
const SHELL = ['-c', '"$@" > /dev/null; code=$?; times >&2; exit $code', 'bash'];

/**
 * The processor time of a command, its own and the system's for it: what it waits for others on a busy machine is not in it.
 *
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {number} milliseconds
 */
function timed(command, env) {
  const { status, error, stderr } = spawnSync('bash', [...SHELL, ...command], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`, { cause: error });
  const parts = [...(stderr.trimEnd().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  );
}

/** @param {number} scale @returns {Promise<import('./cases.mjs').Databases & { imported: { ms: number, peakMb: number } }>} */
async function prepare(scale) {
  const customers = Math.round(100_000 * scale);
  process.stderr.write(`making ${customers} customers and as much of the rest\n`);
  const own = at(String(scale));
  mkdirSync(own);
  const database = join(own, 'customers.db');
  const env = envOf(database);
  timed(tph(['init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE']), env);
  const accounts = Array.from({ length: ACCOUNTS }, (_account, number) => accountRef(number));
  writeFileSync(join(own, 'accounts.csv'), `ref,name\n${accounts.map((ref) => `${ref},${ref}\n`).join('')}`);
  timed(tph(['import', 'accounts', join(own, 'accounts.csv'), '--results-dir', own]), env);
  copyFileSync(database, join(own, 'empty.db'));
  const csv = join(own, 'customers.csv');
  await writeCustomers(csv, customers);
  const ran = await measured(tph(['import', 'customers', csv, '--results-dir', own]), { env, cwd: folder });
  if (ran.code !== 0) throw new Error(`the import ended with ${ran.code}: ${ran.stderr}`);
  timed(
    tph(['customer', 'create', '--first-name', 'Zebedee', '--last-name', 'Quill', '--phone', '087 000 0001']),
    env,
  );
  const release = join(own, 'release.db');
  copyFileSync(await releaseDatabase(scale), release);
  return {
    customers: database,
    decisions: await decisionsDatabase(scale),
    release,
    csv,
    empty: join(own, 'empty.db'),
    imported: { ms: ran.cpuSeconds * 1000, peakMb: ran.peakMb },
  };
}

/**
 * The exponent of times over scales, the slope between their logarithms that lies closest to all of them.
 *
 * @param {readonly number[]} of scales
 * @param {readonly number[]} times
 */
function exponent(of, times) {
  const x = of.map(Math.log);
  const y = times.map((time) => Math.log(Math.max(time, 0.1)));
  const mean = (/** @type {readonly number[]} */ all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const up = x.reduce((sum, one, index) => sum + (one - meanX) * ((y[index] ?? 0) - meanY), 0);
  return up / x.reduce((sum, one) => sum + (one - meanX) ** 2, 0);
}

/** @typedef {{ name: string, most: number | undefined, ms: number[], peakMb: number[] }} Grown */

/** @param {Grown} grown @returns {import('../support/report.mjs').Ratio} */
function ratioOf({ name, most, ms, peakMb }) {
  const steps = scales
    .slice(1)
    .map((_scale, index) => exponent(scales.slice(index, index + 2), ms.slice(index, index + 2)));
  return {
    name,
    against: `exponent, ${scales.join(' → ')} × 100,000`,
    ratio: exponent(scales, ms),
    low: Math.min(...steps),
    high: Math.max(...steps),
    aim: most,
    peakMb: Math.round(peakMb.at(-1) ?? 0),
  };
}

try {
  const databases = [];
  for (const scale of scales) databases.push(await prepare(scale));
  /** @type {Grown[]} */
  const all = [];
  for (const { name, on, most, rounds = Number(values.rounds), command, before } of cases) {
    const envs = databases.map((one) => envOf(one[on], on === 'customers' ? undefined : NOW));
    /** @type {number[][]} */
    const times = scales.map(() => []);
    const peakMb = [];
    let floor = Number.POSITIVE_INFINITY;
    for (const env of envs) {
      if (before !== undefined) timed(tph(before), env);
      peakMb.push((await measured(tph(command), { env, cwd: folder })).peakMb);
    }
    // In turns, so that whatever else the machine does weighs on all sizes.
    for (let round = 0; round < rounds; round += 1)
      for (const [index, env] of envs.entries()) {
        if (before !== undefined) timed(tph(before), env);
        floor = Math.min(floor, timed(nothing, env));
        times[index]?.push(timed(tph(command), env));
      }
    const ms = times.map((one) => Math.min(...one) - floor);
    all.push({ name, most, ms, peakMb });
    process.stderr.write(`  ${name}: ${ms.map((one) => one.toFixed(0)).join(', ')} ms\n`);
  }
  all.push({
    name: 'import',
    most: 1,
    ms: databases.map(({ imported }) => imported.ms),
    peakMb: databases.map(({ imported }) => imported.peakMb),
  });
  const ratios = all.map(ratioOf);
  const heads = scales.map((scale) => `${scale} ms`);
  const peaks = scales.map((scale) => `${scale} MB`);
  line(['', ...heads, ...peaks, 'exponent', 'steps', 'aim'], 26);
  for (const [index, { name, ms, peakMb }] of all.entries()) {
    const one = ratios[index];
    if (one === undefined) continue;
    const cells = [...ms.map((time) => time.toFixed(1)), ...peakMb.map((mb) => Math.round(mb))];
    line([name, ...cells, ...cellsOf(one).slice(0, 3)], 26);
  }
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.version, scales, ratios, results: all }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
