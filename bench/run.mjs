// `npm run bench [-- startup import … --full --rounds N --scale N]`: runs the benchmarks, all unless some are named, each in a
// process of its own, and ends with one table of their ratios. .cache/bench.json holds what each of them wrote when it
// ran last, with the date and the load of the machine before and after. docs/performance.md says what they compare, and why
// that is fair. Without `--full` it takes fewer rounds, and imports of 200,000 rows instead of a
// million. `--rounds` is for all but `http` and `scale`, and `--scale`, the part of the data, for `decisions` and `release`.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { runChild } from '../scripts/support/child.mjs';
import { readJson, replaceFile } from '../scripts/support/files.mjs';
import { ensureInstalled } from '../scripts/support/install.mjs';
import { Problem, runScript } from '../scripts/support/problem.mjs';
import { root } from '../scripts/support/project.mjs';
import { cellsOf, line } from './support/report.mjs';

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
/** Which benchmarks take which flag. */
const flags = {
  rounds: ['decisions', 'growth', 'import', 'release', 'startup'],
  scale: ['decisions', 'release'],
};

/** @typedef {{ ratios?: import('./support/report.mjs').Ratio[] }} Written */

/** @returns {number} how many processes wanted a processor, a minute's average */
const load = () => Number((loadavg()[0] ?? 0).toFixed(2));

function given() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        full: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        scale: { type: 'string' },
      },
    });
    return { ...values, named: positionals };
  } catch (error) {
    throw new Problem(
      `${/** @type {Error} */ (error).message}\nhint: the flags are --full, --rounds and --scale`,
    );
  }
}

await runScript(async () => {
  const { full: isFull, named, ...asked } = given();
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new Problem(`there is no benchmark \`${unknown}\`\nhint: there are ${all.join(', ')}`);
  for (const flag of /** @type {const} */ (['rounds', 'scale'])) {
    const value = asked[flag];
    if (value !== undefined && !(Number(value) > 0))
      throw new Problem(`--${flag} is \`${value}\`\nhint: give a number above 0`);
    const deaf = named.find((name) => !flags[flag].includes(name));
    if (value !== undefined && deaf !== undefined)
      throw new Problem(`--${flag} is not for ${deaf}\nhint: it is for ${flags[flag].join(', ')}`);
  }
  /** @param {string} name */
  const told = (name) => [
    ...((isFull ? full : shorter)[name] ?? []),
    ...(asked.rounds !== undefined && flags.rounds.includes(name) ? ['--rounds', asked.rounds] : []),
    ...(asked.scale !== undefined && flags.scale.includes(name) ? ['--scale', asked.scale] : []),
  ];
  const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
  await ensureInstalled(say);
  say(await build({ clean: false }));
  mkdirSync(join(root, '.cache'), { recursive: true });

  const results = join(root, '.cache/bench.json');
  /** @type {string[]} */
  const failed = [];
  const names = named.length > 0 ? named : all;
  for (const name of names) {
    say(`\n${name}`);
    rmSync(fileOf(name), { force: true });
    const [date, loadBefore] = [new Date().toISOString(), load()];
    const { code } = await runChild([process.execPath, scriptOf(name), ...told(name)], {
      show: true,
      env: { NODE_EXTRA_CA_CERTS: undefined, NODE_OPTIONS: undefined },
    });
    if (code !== 0) failed.push(name);
    const circumstances = { date, loadBefore, loadAfter: load(), flags: told(name) };
    // After each: what one that takes long has found is kept, whatever becomes of the next.
    const written = {
      ...(readJson(results) ?? {}),
      [name]: { ...circumstances, ...(readJson(fileOf(name)) ?? { failed: true }) },
    };
    replaceFile(results, `${JSON.stringify(written, null, 2)}\n`);
  }

  process.stdout.write('\n');
  line(['', 'ratio', 'spread', 'aim', '', 'peak MB', '  against'], 44);
  const found = /** @type {Record<string, Written>} */ (readJson(results) ?? {});
  for (const name of names)
    for (const one of found[name]?.ratios ?? []) line([`${name}: ${one.name}`, ...cellsOf(one)], 44);
  say('every figure: .cache/bench.json');
  if (failed.length > 0) throw new Problem(`these benchmarks failed: ${failed.join(', ')}`);
  return 0;
});
