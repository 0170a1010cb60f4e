// `node bench/import/run.mjs [--rows 1000000] [--rounds 3] [--folder DIR] [--program bin/tph.js]`: what a first import
// of customers, the same file once more, and an export take, beside the sqlite3 shell doing the same work with the
// same file on a copy of the same database, in turns. Medians of the rounds; peak memory of each; a JSON file of all.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/support/project.mjs';
import { isInPath, measured } from '../support/measured-process.mjs';
import { line, median, ratioOf } from '../support/report.mjs';
import { accountInserts, exportQuery, fingerprintQuery, plainImport, stagedInserts } from './baseline.mjs';
import { ACCOUNTS, accountRef, writeCustomers } from './customers.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: tmpdir() },
    program: { type: 'string', default: join(root, 'bin/tph.js') },
    json: { type: 'string', default: join(root, '.cache', 'bench-import.json') },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
if (!(await isInPath('sqlite3'))) {
  process.stderr.write(
    'bench/import compares with the `sqlite3` shell, which is not in PATH (Debian: sqlite3)\n',
  );
  process.exit(1);
}
const folder = mkdtempSync(join(values.folder, 'tph-bench-'));
const at = (/** @type {string} */ name) => join(folder, name);
const { PATH } = process.env;
const env = { PATH, HOME: folder, USER: 'ops', CI: 'true', LANG: 'C.UTF-8', TPH_DB: at('work.db') };

/** @typedef {import('../support/measured-process.mjs').Measured} Measured */

/** @param {Measured} ran @param {string} what @returns {Measured} */
function good(ran, what) {
  if (ran.code !== 0) throw new Error(`${what} ended with ${ran.code}: ${ran.stderr}`);
  return ran;
}

/** @param {readonly string[]} words @param {string} [stdout] */
async function tph(words, stdout) {
  const options = { env, cwd: folder, ...(stdout === undefined ? {} : { stdout }) };
  return good(
    await measured([process.execPath, resolve(values.program), ...words], options),
    `tph ${words[0]}`,
  );
}

/** @param {string} sql @param {string} [stdout] */
async function sqlite(sql, stdout) {
  const options = { env, input: sql, ...(stdout === undefined ? {} : { stdout }) };
  return good(await measured(['sqlite3', '-bail', at('work.db')], options), 'sqlite3');
}

function fresh() {
  for (const end of ['', '-wal', '-shm']) rmSync(at(`work.db${end}`), { force: true });
  copyFileSync(at('empty.db'), at('work.db'));
}

async function fingerprint() {
  await sqlite(fingerprintQuery, at('fingerprint'));
  return readFileSync(at('fingerprint'), 'utf8').trim();
}

/** What is measured, in the order of the table; each with what it is compared with. */
const cases = /** @type {const} */ ([
  ['plain .import', undefined],
  ['sqlite3 staged', undefined],
  ['sqlite3 staged, foreign keys', undefined],
  ['sqlite3 staged, 64 MB cache', undefined],
  ['sqlite3 -csv export', undefined],
  ['tph import', 'sqlite3 staged'],
  ['tph import again', 'tph import'],
  ['tph export', 'sqlite3 -csv export'],
]);
/** @typedef {(typeof cases)[number][0]} Case */
/** @type {Map<Case, Measured[]>} */
const results = new Map(cases.map(([name]) => [name, []]));
const note = (/** @type {Case} */ name, /** @type {Measured} */ ran) => {
  results.get(name)?.push(ran);
  process.stderr.write(`  ${name}: ${ran.seconds.toFixed(1)} s\n`);
};

/** @param {boolean} first only the first round has the variants of the baseline too */
async function round(first) {
  fresh();
  note('plain .import', await sqlite(plainImport(file)));
  /** @type {[Case, { foreignKeys: boolean, cacheMb?: number }][]} */
  const variants = [
    ['sqlite3 staged, foreign keys', { foreignKeys: true }],
    ['sqlite3 staged, 64 MB cache', { foreignKeys: false, cacheMb: 64 }],
  ];
  for (const [name, options] of [
    ...(first ? variants : []),
    /** @type {[Case, { foreignKeys: boolean }]} */ (['sqlite3 staged', { foreignKeys: false }]),
  ]) {
    fresh();
    note(name, await sqlite(stagedInserts({ file, ...options })));
  }
  const expected = await fingerprint();
  note('sqlite3 -csv export', await sqlite(`.mode csv\n.headers on\n${exportQuery()}`, at('export.csv')));

  fresh();
  note('tph import', await tph(['import', 'customers', file, '--results-dir', folder]));
  const found = await fingerprint();
  if (found !== expected) throw new Error(`the databases differ:\n  sqlite3 ${expected}\n  tph     ${found}`);
  note('tph import again', await tph(['import', 'customers', file, '--results-dir', folder]));
  if ((await fingerprint()) !== found) throw new Error('the second import changed something');
  note('tph export', await tph(['export', 'customers'], at('export.csv')));
}

const file = at('customers.csv');
try {
  await writeCustomers(file, rows);
  await tph(['init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE', '--no-input']);
  await sqlite(accountInserts(Array.from({ length: ACCOUNTS }, (_account, number) => accountRef(number))));
  copyFileSync(at('work.db'), at('empty.db'));
  process.stderr.write(
    `${rows} customers, ${Math.round(statSync(file).size / 1e6)} MB, ${rounds} rounds in ${folder}\n`,
  );
  for (let count = 0; count < rounds; count += 1) await round(count === 0);

  const of = (/** @type {Case} */ name, /** @type {'seconds' | 'cpuSeconds' | 'peakMb'} */ what) =>
    median((results.get(name) ?? []).map((ran) => ran[what]));
  line(['', 'seconds', 'rows/s', 'cpu s', 'peak MB', 'ratio', 'of'], 30);
  for (const [name, other] of cases) {
    const ratio = other === undefined ? '' : (of(name, 'seconds') / of(other, 'seconds')).toFixed(2);
    line(
      [
        name,
        of(name, 'seconds').toFixed(1),
        Math.round(rows / of(name, 'seconds')),
        of(name, 'cpuSeconds').toFixed(1),
        Math.round(of(name, 'peakMb')),
        ratio,
        other === undefined ? '' : `  ${other}`,
      ],
      30,
    );
  }
  /** @type {readonly (readonly [Case, aim: number])[]} */
  const aims = [
    ['tph import', 1.3],
    ['tph import again', 0.5],
    ['tph export', 2],
  ];
  const ratios = aims.map(([name, aim]) => {
    const other = /** @type {Case} */ (cases.find(([one]) => one === name)?.[1]);
    const own = results.get(name) ?? [];
    // Both of a round, which follow each other.
    const pairs = own.map((ran, round) => ran.seconds / (results.get(other)?.[round]?.seconds ?? Number.NaN));
    return { name, against: other, ...ratioOf(pairs), aim, peakMb: Math.round(of(name, 'peakMb')) };
  });
  writeFileSync(
    values.json,
    `${JSON.stringify({ rows, rounds, ratios, node: process.version, cores: cpus().length, results: Object.fromEntries(results) }, null, 2)}\n`,
  );
  process.stderr.write(`every figure: ${values.json}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
