import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Measured
 * @property {number} seconds from the start of the process to its end
 * @property {number} cpuSeconds of all its threads; 0 where the system has neither bash nor /proc
 * @property {number} peakMb the most memory that it held; 0 where the system has no /proc
 * @property {number | null} code
 * @property {string} stderr
 */

/**
 * Runs a program to its end and says what it took. Its standard output goes to a file or nowhere. Where there is a bash,
 * it tells time and processor time to the end, as the kernel counted them; elsewhere they are what could be seen of it.
 *
 * @param {readonly string[]} command
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, input?: string, stdout?: string }} [options] input: text for its
 *   standard input; stdout: a file
 * @returns {Promise<Measured>}
 */
export function measured(command, { env = process.env, cwd, input, stdout } = {}) {
  const [file = '', ...words] = hasBash() ? ['bash', '-c', TIMED, 'bash', ...command] : command;
  const out = stdout === undefined ? 'ignore' : openSync(stdout, 'w');
  const started = performance.now();
  const child = spawn(file, words, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: [input === undefined ? 'ignore' : 'pipe', out, 'pipe', 'pipe'],
  });
  if (typeof out === 'number') closeSync(out);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-100_000);
  });
  let told = '';
  child.stdio[3]?.on('data', (bytes) => {
    told += String(bytes);
  });
  let peakMb = 0;
  let cpuSeconds = 0;
  // The kernel keeps the high-water mark; only the last moments before the end may escape.
  const look = () => {
    try {
      const seen = hasBash() ? childOf(child.pid) : child.pid;
      const high = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${seen}/status`, 'utf8'));
      if (high !== null) peakMb = Math.max(peakMb, Number(high[1]) / 1024);
      const fields = readFileSync(`/proc/${seen}/stat`, 'utf8')
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
      const seconds = (performance.now() - started) / 1000;
      const [real, user, system] = (/^([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(told.replaceAll(',', '.')) ?? [])
        .slice(1)
        .map(Number);
      const times =
        real === undefined || user === undefined || system === undefined
          ? { seconds, cpuSeconds }
          : { seconds: real, cpuSeconds: user + system };
      resolve({ ...times, peakMb, code, stderr });
    });
  });
}

/** Says on descriptor 3 what the command took, with whatever it started and waited for: all of it, user, system. */
const TIMED = 'exec 4>&2 2>&3; TIMEFORMAT="%3R %3U %3S"; time "$@" 2>&4 3>&- 4>&-';

/** @returns {boolean} whether there is a bash */
export function hasBash() {
  bash ??= spawnSync('bash', ['-c', ':']).status === 0;
  return bash;
}
/** @type {boolean | undefined} */
let bash;

/** @param {number | undefined} pid @returns {string} the process that it started; empty where it has none */
function childOf(pid) {
  const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return child;
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
