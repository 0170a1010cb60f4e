// `node bench/decisions/run.mjs [--rounds 11] [--scale 1] [--program bin/tph.js]`: whole decisions, from the start of the
// process to its end, beside the sqlite3 shell with the best SQL for the same answer on the same file: 100,000 drivers,
// 1,000,000 favourites, 200,000 approvals, 300,000 driver capabilities, 10,000 trips a day. Medians of interleaved
// pairs, and peak memory; at a tenth of the data too, to show that memory grows no faster than what is answered.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { root } from '../../scripts/support/project.mjs';
import { isInPath } from '../support/measured-process.mjs';
import { runPairs, shell } from '../support/paired.mjs';
import { ALL, DAY, decisionsDatabase, FEW, NOW } from './data.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    scale: { type: 'string', default: '1' },
    program: { type: 'string', default: join(root, 'bin/tph.js') },
    json: { type: 'string', default: join(root, '.cache', 'bench-decisions.json') },
  },
});
if (!(await isInPath('sqlite3'))) {
  process.stderr.write(
    'bench/decisions compares with the `sqlite3` shell, which is not in PATH (Debian: sqlite3)\n',
  );
  process.exit(1);
}
const program = resolve(values.program);
const text = (/** @type {string} */ name) => readFileSync(join(root, 'bench/decisions', name), 'utf8');
const judged = text('trip.sql') + text('judged.sql');
const counted = text('trip.sql') + text('summary.sql');
const best = text('day.sql');
// The same without counting the drivers of one mask once. Nobody has to write it so: it is here for what counting saves.
const plain = best.replace(
  'select active, mask, count(*) as n from m group by active, mask',
  'select active, mask, 1 as n from m',
);

/** @param {string} file @returns {import('../support/paired.mjs').Pair[]} */
function pairsOn(file) {
  const connection = new BetterSqlite3(file, { readonly: true });
  const client = /** @type {bigint} */ (
    connection.prepare('select id from client').safeIntegers().pluck().get()
  );
  connection.close();
  const tph = (/** @type {string} */ words) => ({
    command: [process.execPath, program, 'eligible', ...words.split(' ')],
    env: { TPH_DB: file, TPH_NOW: String(NOW) },
  });
  const one = (/** @type {string} */ trip, /** @type {string[]} */ format, /** @type {string} */ sql) =>
    shell(file, format, { client, now: NOW, trip: trip.toLowerCase() }, sql);
  const day = (/** @type {string} */ sql) => shell(file, ['-csv'], { client, now: NOW, day: DAY }, sql);
  const against = 'sqlite3, the best SQL';
  return [
    {
      name: 'a trip, few rows',
      against,
      aim: 3.2,
      ...tph(`--trip ${FEW} -o json`),
      ...one(FEW, ['-csv'], counted),
    },
    {
      name: 'a trip, nearly every driver',
      against,
      aim: 1.6,
      ...tph(`--trip ${ALL} -o csv`),
      ...one(ALL, ['-csv', '-header'], judged + text('drivers.sql')),
    },
    {
      name: 'a trip, every reason',
      against,
      ...tph(`--trip ${FEW} --explain -o json`),
      ...one(FEW, ['-json'], judged + text('reasons.sql')),
    },
    { name: 'a day', against, aim: 0.3, ...tph(`--day ${DAY} -o csv`), ...day(best) },
    {
      name: 'a day, each driver by each need',
      against: 'sqlite3, not the best SQL',
      ...tph(`--day ${DAY} -o csv`),
      ...day(plain),
    },
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'tph-bench-'));
const { PATH } = process.env;
const options = { env: { PATH, HOME: folder, USER: 'ops', CI: 'true', LANG: 'C.UTF-8' }, folder };
try {
  const scale = Number(values.scale);
  const results = await runPairs(pairsOn(await decisionsDatabase(scale, program)), {
    ...options,
    rounds: Number(values.rounds),
  });
  process.stdout.write('\nat a tenth\n');
  const tenth = await runPairs(pairsOn(await decisionsDatabase(scale / 10, program)), {
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
