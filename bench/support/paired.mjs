import { statSync } from 'node:fs';
import { measured } from './measured-process.mjs';
import { line, median, quantile, spread } from './report.mjs';

/**
 * A command of tph and what it is compared with, each a whole process whose output goes to a file.
 *
 * @typedef {object} Pair
 * @property {string} name
 * @property {string} against
 * @property {number} [aim]
 * @property {readonly string[]} command
 * @property {NodeJS.ProcessEnv} [env] what the command finds in its environment besides
 * @property {readonly string[]} baseline
 * @property {string} [input] text for the baseline's standard input
 */

/**
 * @typedef {object} Paired what the runs of a pair took
 * @property {number[]} seconds
 * @property {number[]} baselineSeconds
 * @property {number[]} cpuSeconds
 * @property {number[]} baselineCpuSeconds
 * @property {number} peakMb
 * @property {number} baselinePeakMb
 * @property {number} bytes of the output
 * @property {import('./report.mjs').Ratio} ratio
 */

/**
 * Runs each pair so many times, in turns, after one that is not counted; ends with a table.
 *
 * @param {readonly Pair[]} pairs
 * @param {{ rounds: number, env: NodeJS.ProcessEnv, folder: string }} options
 * @returns {Promise<Map<string, Paired>>} by name
 */
export async function runPairs(pairs, { rounds, env, folder }) {
  /** @type {Map<string, Paired>} */
  const results = new Map();
  const stdout = `${folder}/output`;
  const once = async (
    /** @type {readonly string[]} */ command,
    /** @type {string | undefined} */ input,
    /** @type {NodeJS.ProcessEnv} */ more = {},
  ) => {
    const ran = await measured(command, {
      env: { ...env, ...more },
      cwd: folder,
      stdout,
      ...(input === undefined ? {} : { input }),
    });
    if (ran.code !== 0) throw new Error(`${command.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
    return ran;
  };
  for (let round = 0; round <= rounds; round += 1)
    for (const { name, against, aim, command, baseline, input, env: own } of pairs) {
      const base = await once(baseline, input);
      const ran = await once(command, undefined, own);
      if (round === 0) continue;
      const result = results.get(name) ?? {
        ...{ seconds: [], baselineSeconds: [], cpuSeconds: [], baselineCpuSeconds: [] },
        ...{ peakMb: 0, baselinePeakMb: 0, bytes: statSync(stdout).size },
        ratio: { name, against, ratio: 0, low: 0, high: 0, aim },
      };
      results.set(name, result);
      result.seconds.push(ran.seconds);
      result.baselineSeconds.push(base.seconds);
      result.cpuSeconds.push(ran.cpuSeconds);
      result.baselineCpuSeconds.push(base.cpuSeconds);
      result.peakMb = Math.max(result.peakMb, Math.round(ran.peakMb));
      result.baselinePeakMb = Math.max(result.baselinePeakMb, Math.round(base.peakMb));
    }
  line(
    ['', 'ms', 'baseline', 'ratio', 'quartiles', 'CPU ratio', 'aim', 'peak MB', 'base MB', 'output KB'],
    34,
  );
  for (const [name, result] of results) {
    const ratios = result.seconds.map(
      (own, index) => own / /** @type {number} */ (result.baselineSeconds[index]),
    );
    const ratio = median(ratios);
    const low = quantile(ratios, 0.25);
    const high = quantile(ratios, 0.75);
    result.ratio = { ...result.ratio, ratio, low, high, peakMb: result.peakMb };
    const cpu = median(result.cpuSeconds) / median(result.baselineCpuSeconds);
    const times = [result.seconds, result.baselineSeconds].map((all) => (median(all) * 1000).toFixed(0));
    const sizes = [result.peakMb, result.baselinePeakMb, Math.round(result.bytes / 1024)];
    line(
      [name, ...times, ratio.toFixed(2), spread(low, high), cpu.toFixed(2), result.ratio.aim ?? '', ...sizes],
      34,
    );
  }
  return results;
}

/**
 * The sqlite3 shell on a file, and what it is told.
 *
 * @param {string} file
 * @param {readonly string[]} format its flags
 * @param {Readonly<Record<string, string | number | bigint>>} parameters
 * @param {string} sql
 */
export function shell(file, format, parameters, sql) {
  const set = Object.entries(parameters).map(
    ([name, value]) => `.param set :${name} ${typeof value === 'string' ? `"'${value}'"` : value}`,
  );
  return {
    baseline: ['sqlite3', '-bail', '-readonly', ...format, file],
    input: ['.param init', ...set, sql].join('\n'),
  };
}
