import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './project.mjs';

/**
 * Runs a program in the project's folder until it ends. An interrupt from the keyboard reaches it as well as us:
 * we wait for what it makes of it.
 *
 * @param {readonly string[]} command the program and its arguments
 * @param {{ show: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} options show: its output goes where ours goes;
 *   otherwise it is kept. cwd: another folder than the project's
 * @returns {Promise<{ code: number, output: string }>} 128 + signal number as the code of a killed program
 */
export function runChild([program = '', ...args], { show, env = {}, cwd = root }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const wait = () => {};
    process.on('SIGINT', wait);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      resolve({ code: code ?? 128 + (signal === null ? 1 : constants.signals[signal]), output });
    });
  });
}
