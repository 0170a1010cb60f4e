// `node bench/scale/run.mjs [--drivers 1000] [--rows 100000] [--folder DIR] [--postgres URL]`: the figures of
// docs/scale.md. One client with so many drivers and as many runs a day, on a SQLite file, then the same data, copied, on
// PostgreSQL: what a row of each kind takes with its indexes, and how many changes, reads, decisions, runs and imported
// rows a second one process does. Without `--postgres`, the URL of an empty database, a server of its own is started,
// which syncs nothing to the disk.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '../../scripts/support/files.mjs';
import { root } from '../../scripts/support/project.mjs';
import { ACCOUNTS, accountRef, writeCustomers } from '../import/customers.mjs';
import { bundled } from '../support/bundled.mjs';
import { measured } from '../support/measured-process.mjs';
import { line } from '../support/report.mjs';

const { values } = parseArgs({
  options: {
    drivers: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
    postgres: { type: 'string' },
  },
});

/** @typedef {import('./measure.ts').Measured} Measured */
/** @typedef {{ sqlite: Measured, postgres?: Measured, why?: string }} Found */

/** @returns {Promise<Found>} */
async function measureBoth() {
  const outfile = await bundled('scale/measure.ts');
  const words = [
    outfile,
    values.drivers,
    values.folder,
    ...(values.postgres === undefined ? [] : [values.postgres]),
  ];
  const folder = mkdtempSync(join(values.folder, 'tph-scale-'));
  try {
    const stdout = join(folder, 'found.json');
    const ran = await measured([process.execPath, ...words], { stdout });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return JSON.parse(readFileSync(stdout, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows a second of a first import of customers into a file, with the program's own start. */
async function importRate() {
  const folder = mkdtempSync(join(values.folder, 'tph-scale-'));
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, USER: 'ops', CI: 'true', TPH_DB: join(folder, 'tph.db') };
  const tph = async (/** @type {string[]} */ ...words) => {
    const ran = await measured([process.execPath, join(root, 'bin/tph.js'), ...words], { env, cwd: folder });
    if (ran.code !== 0) throw new Error(`tph ${words[0]}: ${ran.stderr}`);
    return ran;
  };
  try {
    const file = join(folder, 'customers.csv');
    await writeCustomers(file, Number(values.rows));
    await tph('init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE', '--no-input');
    const accounts = Array.from(
      { length: ACCOUNTS },
      (_account, number) => `${accountRef(number)},Account\n`,
    );
    writeFileSync(join(folder, 'accounts.csv'), `ref,name\n${accounts.join('')}`);
    await tph('import', 'accounts', 'accounts.csv');
    const { seconds } = await tph('import', 'customers', file);
    return Math.round(Number(values.rows) / seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = await measureBoth();
const imported = await importRate().catch((error) => {
  process.stderr.write(`the import was not measured: ${error instanceof Error ? error.message : error}\n`);
  return undefined;
});
replaceFile(join(root, '.cache/bench-scale.json'), `${JSON.stringify({ ...found, imported }, null, 2)}\n`);
if (found.why !== undefined) process.stderr.write(`PostgreSQL was not measured: ${found.why}\n`);

/** @type {Measured[]} */
const both = [found.sqlite, ...(found.postgres === undefined ? [] : [found.postgres])];
line(['a second', 'SQLite', ' PostgreSQL'], 44);
/** @type {Record<keyof Measured['rates'], string>} */
const names = {
  creates: 'customers made, one after another',
  createsOfEight: 'customers made, 8 sessions of one process',
  reads: 'drivers read',
  decisions: `decisions among ${values.drivers} drivers`,
  decisionsOfEight: 'decisions, 8 sessions of one process',
  previewed: 'runs of a day looked at',
  released: 'trips released',
};
for (const [name, text] of Object.entries(names))
  line([text, ...both.map(({ rates }) => rates[/** @type {keyof Measured['rates']} */ (name)])], 44);
if (imported !== undefined) line(['customers imported from a file', imported], 44);
line(['rows copied and compared', '', found.postgres?.copied ?? ''], 44);
line(['\nbytes a row with its indexes', 'SQLite', ' PostgreSQL'], 45);
for (const { table, bytesARow } of found.sqlite.sizes)
  line([table, bytesARow, found.postgres?.sizes.find((size) => size.table === table)?.bytesARow ?? ''], 44);
