// `npm test`: installs where needed, then every check and every test. Arguments go to vitest: `npm test -- test/resolver`.
import { buildInputs, isBuilt } from './build.mjs';
import { runChild } from './support/child.mjs';
import { readJson, replaceFile } from './support/files.mjs';
import { fingerprint } from './support/fingerprint.mjs';
import { ensureInstalled } from './support/install.mjs';
import { runScript } from './support/problem.mjs';
import { root } from './support/project.mjs';

const color = process.stdout.isTTY === true;
const node = process.execPath;
const bin = `${root}/node_modules`;
const code = [
  'src',
  'test',
  'scripts',
  'bench',
  'bin',
  'vitest.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} command
 * @property {readonly string[]} inputs the files and folders that decide how it ends
 * @property {() => boolean} [done] whether what it makes is there
 */

/** @type {readonly Step[]} */
const steps = [
  {
    name: 'typecheck',
    command: [node, `${bin}/typescript/bin/tsc`, '--pretty', String(color)],
    inputs: code,
  },
  {
    name: 'lint',
    command: [
      node,
      `${bin}/@biomejs/biome/bin/biome`,
      'check',
      '--error-on-warnings',
      `--colors=${color ? 'force' : 'off'}`,
    ],
    inputs: [...code, 'biome.json', '.gitignore'],
  },
  {
    name: 'layers',
    command: [node, 'scripts/layers.mjs'],
    inputs: ['src', 'scripts', 'package-lock.json'],
  },
  {
    name: 'build',
    command: [node, 'scripts/build.mjs'],
    inputs: buildInputs,
    done: isBuilt,
  },
];

const passedFile = `${root}/.cache/passed.json`;

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * @param {Step} step
 * @returns {Promise<number>} its exit code; 0 when there was nothing to do
 */
async function runStep({ name, command, inputs, done = () => true }) {
  const passed = /** @type {Record<string, string>} */ (readJson(passedFile) ?? {});
  const state = fingerprint(root, inputs);
  const label = name.padEnd(10);
  if (process.env['CI'] !== 'true' && passed[name] === state && done()) {
    say(`${label}unchanged since it passed, skipped`);
    return 0;
  }
  const started = performance.now();
  const { code, output } = await runChild(command, { show: false });
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (code !== 0) {
    say(`${output.trimEnd()}\n\n${label}failed after ${seconds} (exit code ${code})`);
    return code;
  }
  replaceFile(passedFile, JSON.stringify({ ...passed, [name]: state }));
  say(`${label}passed in ${seconds}`);
  return 0;
}

await runScript(async () => {
  await ensureInstalled(say);
  for (const step of steps) {
    const code = await runStep(step);
    if (code !== 0) return code;
  }
  const colors = color ? [] : ['--no-color'];
  const vitest = [
    node,
    `${bin}/vitest/vitest.mjs`,
    'run',
    '--configLoader',
    'runner',
    ...colors,
    ...process.argv.slice(2),
  ];
  return (await runChild(vitest, { show: true })).code;
});
