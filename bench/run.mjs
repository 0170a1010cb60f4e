// `npm run bench [-- startup import … --full]`: runs the benchmarks, all unless some are named, each in a process of its own,
// and ends with one table of their ratios; .cache/bench.json holds what each of them wrote. docs/performance.md says
// what they compare, and why that is fair. Without `--full` it takes half an hour at most: fewer rounds, and imports of
// 200,000 rows instead of a million.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../scripts/build.mjs';
import { runChild } from '../scripts/support/child.mjs';
import { readJson, replaceFile } from '../scripts/support/files.mjs';
import { ensureInstalled } from '../scripts/support/install.mjs';
import { Problem, runScript } from '../scripts/support/problem.mjs';
import { root } from '../scripts/support/project.mjs';
import { line, spread, verdict } from './support/report.mjs';

const all = readdirSync(join(root, 'bench')).filter((name) => existsSync(scriptOf(name)));

/** @param {string} name */
function scriptOf(name) {
  return join(root, 'bench', name, 'run.mjs');
}

/** @param {string} name @returns {string} what that benchmark writes */
const fileOf = (name) => join(root, '.cache', `bench-${name}.json`);

/** What a benchmark is told, unless everything is wanted. @type {Record<string, readonly string[]>} */
const shorter = {
  growth: ['--rounds', '5'],
  http: ['3'],
  import: ['--rows', '200000'],
  startup: ['--rounds', '15'],
};
/** What it is told else. @type {Record<string, readonly string[]>} */
const full = { growth: ['--scales', '0.01,0.1,1,5'], import: ['--rounds', '5'] };

/** @typedef {{ ratios?: import('./support/report.mjs').Ratio[] }} Written */

await runScript(async () => {
  const isFull = process.argv.includes('--full');
  const named = process.argv.slice(2).filter((word) => word !== '--full');
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new Problem(`there is no benchmark \`${unknown}\`\nhint: there are ${all.join(', ')}`);
  const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
  await ensureInstalled(say);
  say(await build({ clean: false }));
  mkdirSync(join(root, '.cache'), { recursive: true });

  /** @type {Record<string, unknown>} */
  const written = {};
  /** @type {string[]} */
  const failed = [];
  for (const name of named.length > 0 ? named : all) {
    say(`\n${name}`);
    rmSync(fileOf(name), { force: true });
    const { code } = await runChild(
      [process.execPath, scriptOf(name), ...((isFull ? full : shorter)[name] ?? [])],
      {
        show: true,
        env: { NODE_EXTRA_CA_CERTS: undefined, NODE_OPTIONS: undefined },
      },
    );
    if (code !== 0) failed.push(name);
    written[name] = readJson(fileOf(name)) ?? null;
  }
  replaceFile(join(root, '.cache/bench.json'), `${JSON.stringify(written, null, 2)}\n`);

  process.stdout.write('\n');
  line(['', 'ratio', 'spread', 'aim', '', 'peak MB', '  against'], 44);
  for (const [name, found] of Object.entries(written))
    for (const one of /** @type {Written | null} */ (found)?.ratios ?? []) {
      const aim =
        one.aim !== undefined ? `≤ ${one.aim}` : one.atLeast !== undefined ? `≥ ${one.atLeast}` : '';
      const figures = [one.ratio.toFixed(2), spread(one.low, one.high), aim, verdict(one), one.peakMb ?? ''];
      line([`${name}: ${one.name}`, ...figures, `  ${one.against}`], 44);
    }
  say('every figure: .cache/bench.json');
  if (failed.length > 0) throw new Problem(`these benchmarks failed: ${failed.join(', ')}`);
  return 0;
});
