import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Measured
 * @property {number} seconds from the start of the process to its end
 * @property {number} cpuSeconds of all its threads; 0 where the system has no /proc
 * @property {number} peakMb the most memory that it held; 0 where the system has no /proc
 * @property {number | null} code
 * @property {string} stderr
 */

/**
 * Runs a program to its end and says what it took. Its standard output goes to a file or nowhere.
 *
 * @param {readonly string[]} command
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, input?: string, stdout?: string }} [options] input: text for its
 *   standard input; stdout: a file
 * @returns {Promise<Measured>}
 */
export function measured(command, { env = process.env, cwd, input, stdout } = {}) {
  const [file = '', ...words] = command;
  const out = stdout === undefined ? 'ignore' : openSync(stdout, 'w');
  const started = performance.now();
  const child = spawn(file, words, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: [input === undefined ? 'ignore' : 'pipe', out, 'pipe'],
  });
  if (typeof out === 'number') closeSync(out);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-100_000);
  });
  let peakMb = 0;
  let cpuSeconds = 0;
  // The kernel keeps the high-water mark; only the last moments before the end may escape.
  const look = () => {
    try {
      const high = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (high !== null) peakMb = Math.max(peakMb, Number(high[1]) / 1024);
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      cpuSeconds = Math.max(cpuSeconds, (Number(fields[11]) + Number(fields[12])) / TICKS);
    } catch {
      // It has ended, or there is no /proc.
    }
  };
  const watch = setInterval(look, 10);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
    child.once('close', (code) => {
      clearInterval(watch);
      resolve({ seconds: (performance.now() - started) / 1000, cpuSeconds, peakMb, code, stderr });
    });
  });
}

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** @param {string} program @returns {Promise<boolean>} whether it can be started */
export async function isInPath(program) {
  try {
    return (await measured([program, '--version'])).code === 0;
  } catch {
    return false;
  }
}
