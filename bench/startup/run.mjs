// `node bench/startup/run.mjs [--rounds 31] [--customers 100000] [--folder DIR] [--json FILE]`: how long whole commands
// take, from the start of the process to its end, on a database of 100,000 customers, beside a Node that does nothing,
// and beside `gh --version` where it is installed, below which a change should stay. Each run of a command is paired with a run of that Node right before
// it: the figures are medians of the ratios, with the quartiles; the same by processor time, where there is a bash to
// tell it, from pairs of their own; and the most memory that one run held.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/support/project.mjs';
import { ACCOUNTS, accountRef, writeCustomers } from '../import/customers.mjs';
import { hasBash, isInPath, measured } from '../support/measured-process.mjs';
import { line, median, quantile, ratioOf, spread, verdict } from '../support/report.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    customers: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
    program: { type: 'string', default: join(root, 'bin/tph.js') },
    json: { type: 'string', default: join(root, '.cache', 'bench-startup.json') },
  },
});
const folder = mkdtempSync(join(values.folder, 'tph-bench-'));
const at = (/** @type {string} */ name) => join(folder, name);
const { PATH } = process.env;
// Nothing else of the environment: NODE_OPTIONS and NODE_EXTRA_CA_CERTS alone can double the time of every process.
const env = { PATH, HOME: folder, USER: 'ops', CI: 'true', LANG: 'C.UTF-8', TPH_DB: at('tph.db') };
const tph = (/** @type {readonly string[]} */ words) => [process.execPath, resolve(values.program), ...words];

/** @param {readonly string[]} command @returns {number} milliseconds */
function timed([program = '', ...words]) {
  const started = performance.now();
  const { status, error } = spawnSync(program, words, { env, cwd: folder, stdio: 'ignore' });
  const ended = performance.now();
  if (error !== undefined || status !== 0)
    throw new Error(`${[program, ...words].join(' ')} ended with ${status}`, { cause: error });
  return ended - started;
}

/**
 * @param {readonly string[]} command
 * @returns {Promise<number>} milliseconds of processor time, of the process and what it started; NaN where nobody tells it
 */
async function processorTime(command) {
  if (!hasBash()) return Number.NaN;
  return (await measured(command, { env, cwd: folder })).cpuSeconds * 1000;
}

/** @param {string} mode */
const flip = (mode) => tph(['exclusion', 'set', 'Bad Weather', mode]);

/** @typedef {{ name: string, aim?: number, belowGh?: true, before?: readonly string[], command: readonly string[] }} Case */

/** @type {Case[]} */
const cases = [
  { name: 'tph --version', aim: 1.2, command: tph(['--version']) },
  // Every run changes something: before it the group is put back, which is not measured.
  {
    name: 'exclusion set … RUN_OFF',
    aim: 1.5,
    belowGh: true,
    before: flip('RUN_SCHEDULE'),
    command: flip('RUN_OFF'),
  },
  { name: 'exclusion set, as it is', aim: 1.5, belowGh: true, command: flip('RUN_OFF') },
  { name: 'eligible --trip', aim: 2, command: tph(['eligible', '--trip', 'T-1001']) },
  { name: 'customer find', aim: 2, command: tph(['customer', 'find', '085 123 4567']) },
  { name: 'release --day', command: tph(['release', '--day', 'tomorrow']) },
];
const gh = ['gh', '--version'];
const nothing = [process.execPath, '-e', '0'];

try {
  process.stderr.write(`making a database of ${values.customers} customers\n`);
  timed(tph(['demo', '--load']));
  const accounts = Array.from({ length: ACCOUNTS }, (_, number) => accountRef(number));
  writeFileSync(at('accounts.csv'), ['ref,name', ...accounts.map((ref) => `${ref},${ref}`)].join('\n'));
  timed(tph(['import', 'accounts', at('accounts.csv'), '--results-dir', folder, '--yes']));
  await writeCustomers(at('customers.csv'), Number(values.customers));
  timed(tph(['import', 'customers', at('customers.csv'), '--results-dir', folder, '--yes']));
  const hasGh = await isInPath('gh');
  if (hasGh) cases.push({ name: 'gh --version', command: gh });

  /**
   * @typedef {object} Result
   * @property {number[]} ms
   * @property {number[]} nothingMs
   * @property {number[]} ratios
   * @property {number[]} cpuRatios
   * @property {number[]} ghRatios
   * @property {number[]} ghCpuRatios
   * @property {number} peakMb
   */
  /** @type {Map<string, Result>} */
  const results = new Map();
  for (const { name, before, command } of cases) {
    for (const warm of [before, command, command]) if (warm !== undefined) timed(warm);
    if (before !== undefined) timed(before);
    const { peakMb } = await measured(command, { env, cwd: folder });
    results.set(name, {
      ...{ ms: [], nothingMs: [], ratios: [], cpuRatios: [], ghRatios: [], ghCpuRatios: [] },
      peakMb: Math.round(peakMb),
    });
  }
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const { name, before, command, belowGh } of cases) {
      if (before !== undefined) timed(before);
      const nothingMs = timed(nothing);
      const ms = timed(command);
      const result = results.get(name);
      result?.nothingMs.push(nothingMs);
      result?.ms.push(ms);
      result?.ratios.push(ms / nothingMs);
      if (before !== undefined) timed(before);
      const nothingCpu = await processorTime(nothing);
      const cpu = await processorTime(command);
      result?.cpuRatios.push(cpu / nothingCpu);
      if (belowGh !== true || !hasGh) continue;
      result?.ghRatios.push(ms / timed(gh));
      result?.ghCpuRatios.push(cpu / (await processorTime(gh)));
    }

  /** @type {import('../support/report.mjs').Ratio[]} */
  const ratios = [];
  line(['', 'ms', 'node -e 0', 'ratio', 'quartiles', 'by cpu', 'aim', 'peak MB'], 26);
  for (const { name, aim } of cases) {
    const result = results.get(name);
    if (result === undefined) continue;
    const low = quantile(result.ratios, 0.25);
    const ratio = median(result.ratios);
    const high = quantile(result.ratios, 0.75);
    ratios.push({ name, against: 'node -e 0', ratio, low, high, aim, peakMb: result.peakMb });
    const times = [median(result.ms).toFixed(1), median(result.nothingMs).toFixed(1)];
    const byCpu = median(result.cpuRatios).toFixed(2);
    line([name, ...times, ratio.toFixed(2), spread(low, high), byCpu, aim ?? '', result.peakMb], 26);
  }
  for (const { name, belowGh } of cases) {
    const result = results.get(name);
    if (belowGh !== true || result === undefined) continue;
    if (!hasGh) {
      ratios.push({ name, against: 'gh --version, which is not installed', ratio: null, aim: 1 });
      process.stdout.write(
        `${name}: whether it is below gh --version is not known, since gh is not installed\n`,
      );
      continue;
    }
    const { ghRatios, ghCpuRatios, peakMb } = result;
    const figure = { name, against: 'gh --version', ...ratioOf(ghRatios), aim: 1, peakMb };
    ratios.push(figure);
    const { ratio, low, high } = figure;
    const byCpu = median(ghCpuRatios).toFixed(2);
    process.stdout.write(
      `${name}: ${ratio.toFixed(2)} (${spread(low, high)}) of gh --version, by processor time ${byCpu}: ${verdict(figure)}\n`,
    );
  }
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  writeFileSync(
    values.json,
    `${JSON.stringify({ ...machine, customers: Number(values.customers), ratios, results: Object.fromEntries(results) }, null, 2)}\n`,
  );
  process.stderr.write(`every figure: ${values.json}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
