import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { Problem } from './problem.mjs';
import { root } from './project.mjs';

/** @typedef {(typeof usualCommands)[number]['name']} UsualCommand */

/** The commands that people wait for, on the example operator; what they load is kept together and compiled. */
export const usualCommands = /** @type {const} */ ([
  {
    name: 'exclusion set',
    words: ['exclusion', 'set', 'Bad Weather', 'RUN_OFF'],
    // The same a second time would find nothing to do.
    again: ['exclusion', 'set', 'Bad Weather', 'RUN_SCHEDULE'],
  },
  { name: 'eligible --trip', words: ['eligible', '--trip', 'T-1001'] },
  { name: 'customer find', words: ['customer', 'find', '020 910 0001'] },
  { name: 'release', words: ['release', '--day', '2026-01-13'] },
]);

/** @template T @param {(env: NodeJS.ProcessEnv) => Promise<T>} work with an environment in which the example operator is the database */
async function withExample(work) {
  const folder = mkdtempSync(join(tmpdir(), 'tph-usual-'));
  const { PATH } = process.env;
  const env = {
    PATH,
    HOME: folder,
    USER: 'ops',
    LANG: 'C.UTF-8',
    TPH_DB: join(folder, 'tph.db'),
    TPH_NOW: '2026-01-12T08:00:00Z',
  };
  try {
    return await work(env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs the commands with the program that is built, and writes down which parts each of them loads.
 *
 * @returns {Promise<ReadonlyMap<UsualCommand, readonly string[]>>}
 */
export function partsOfUsualCommands() {
  return withExample(async (env) => {
    await good(['demo', '--load'], env);
    /** @type {Map<UsualCommand, readonly string[]>} */
    const parts = new Map();
    for (const { name, words } of usualCommands) {
      const output = await good(words, env, tracer);
      parts.set(name, JSON.parse(output.slice(output.lastIndexOf('\n[') + 1)));
    }
    return parts;
  });
}

/** Runs each of the commands twice: its parts are kept beside the program, and then the code that V8 makes of them. */
export const compileUsualCommands = () =>
  withExample(async (env) => {
    await good(['demo', '--load'], env);
    for (const { words, ...others } of usualCommands) {
      await good(words, env);
      await good('again' in others ? others.again : words, env);
    }
  });

const tracer = join(root, 'scripts/support/trace-parts.cjs');

/**
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [program]
 */
async function good(words, env, program = join(root, 'bin/tph.js')) {
  const { code, output } = await runChild([process.execPath, program, ...words], { show: false, env });
  if (code !== 0) throw new Problem(`tph ${words.join(' ')} ended with exit code ${code}\n${output}`);
  return output;
}
