// `node bench/release/run.mjs [--rounds 11] [--scale 1] [--program bin/tph.js]`: what becomes of 100,000 recurring trips with
// 300,000 links to 2,000 groups on a day, looked at and not created, from the start of the process to its end, beside the
// sqlite3 shell with the best SQL for the same rows on the same file. Medians of interleaved pairs, and peak memory; at a
// tenth of the data too.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { root } from '../../scripts/support/project.mjs';
import { isInPath } from '../support/measured-process.mjs';
import { runPairs, shell } from '../support/paired.mjs';
import { DAY, DAY_START, NOW, releaseDatabase, WEEKDAY } from './data.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    scale: { type: 'string', default: '1' },
    program: { type: 'string', default: join(root, 'bin/tph.js') },
    json: { type: 'string', default: join(root, '.cache', 'bench-release.json') },
  },
});
if (!(await isInPath('sqlite3'))) {
  process.stderr.write(
    'bench/release compares with the `sqlite3` shell, which is not in PATH (Debian: sqlite3)\n',
  );
  process.exit(1);
}
const program = resolve(values.program);
const sql = readFileSync(join(root, 'bench/release/day.sql'), 'utf8');

/** @param {string} file @returns {import('../support/paired.mjs').Pair[]} */
function pairsOn(file) {
  const connection = new BetterSqlite3(file, { readonly: true });
  const client = /** @type {bigint} */ (
    connection.prepare('select id from client').safeIntegers().pluck().get()
  );
  connection.close();
  const tph = (/** @type {string} */ format) => ({
    command: [process.execPath, program, 'release', '--day', String(DAY), '-o', format],
    env: { TPH_DB: file, TPH_NOW: String(NOW) },
  });
  const parameters = { client, day: DAY, weekday: WEEKDAY, midnight: DAY_START };
  const against = 'sqlite3, the best SQL';
  return [
    {
      name: 'a day of runs',
      against,
      aim: 2.5,
      ...tph('csv'),
      ...shell(file, ['-csv', '-header'], parameters, sql),
    },
    {
      name: 'a day of runs, as JSON',
      against,
      aim: 2.5,
      ...tph('json'),
      ...shell(file, ['-json'], parameters, sql),
    },
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'tph-bench-'));
const { PATH } = process.env;
const options = { env: { PATH, HOME: folder, USER: 'ops', CI: 'true', LANG: 'C.UTF-8' }, folder };
try {
  const scale = Number(values.scale);
  const results = await runPairs(pairsOn(await releaseDatabase(scale, program)), {
    ...options,
    rounds: Number(values.rounds),
  });
  process.stdout.write('\nat a tenth\n');
  const tenth = await runPairs(pairsOn(await releaseDatabase(scale / 10, program)), {
    ...options,
    rounds: 3,
  });
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  const ratios = [...results.values()].map((result) => result.ratio);
  const found = { results: Object.fromEntries(results), tenth: Object.fromEntries(tenth) };
  writeFileSync(values.json, `${JSON.stringify({ ...machine, scale, ratios, ...found }, null, 2)}\n`);
  process.stderr.write(`every figure: ${values.json}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
