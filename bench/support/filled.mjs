import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { root } from '../../scripts/support/project.mjs';
import { measured } from './measured-process.mjs';

/** Numbers that look random and are the same every time (mulberry32). @param {number} seed */
export function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below) | 0;
  };
}

/** Distinct numbers below a bound. @param {(below: number) => number} random @param {number} count @param {number} below */
export function distinct(random, count, below) {
  /** @type {Set<number>} */
  const found = new Set();
  while (found.size < Math.min(count, below)) found.add(random(below));
  return [...found];
}

/**
 * What fills a database: a row goes into the table of that name, its values in the order of the columns; `id` gives
 * the ids, which rise.
 *
 * @typedef {object} Filling
 * @property {(table: string, columns: readonly string[]) => (...values: readonly unknown[]) => void} into
 * @property {() => bigint} id
 * @property {bigint} client
 * @property {BetterSqlite3.Database} connection
 */

/**
 * A database that `tph init` made and `fill` filled, in .cache; made anew where the modules that fill it have changed.
 *
 * @param {string} name
 * @param {number} scale
 * @param {readonly string[]} modules the URLs of the modules whose text decides what is in it
 * @param {(filling: Filling) => void} fill
 * @param {string} [program]
 * @returns {Promise<string>} the file
 */
export async function filledDatabase(name, scale, modules, fill, program = join(root, 'bin/tph.js')) {
  const folder = join(root, '.cache', 'bench-data');
  const hash = createHash('sha256');
  for (const url of [import.meta.url, ...modules]) hash.update(readFileSync(fileURLToPath(url)));
  hash.update(readFileSync(join(root, 'src/db/schema-version.ts')));
  const file = join(folder, `${name}-${scale}-${hash.digest('hex').slice(0, 12)}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder))
    if (old.startsWith(`${name}-${scale}-`)) rmSync(join(folder, old), { recursive: true, force: true });
  process.stderr.write(`making the data of ${name}, scale ${scale}\n`);
  const half = `${file}.part`;
  const { PATH } = process.env;
  const ran = await measured(
    [
      process.execPath,
      program,
      'init',
      'Liffey Cars',
      '--time-zone',
      'Europe/Dublin',
      '--country',
      'IE',
      '--no-input',
    ],
    { env: { PATH, HOME: folder, USER: 'ops', CI: 'true', TPH_DB: half } },
  );
  if (ran.code !== 0) throw new Error(`tph init ended with ${ran.code}: ${ran.stderr}`);
  const connection = new BetterSqlite3(half);
  try {
    fillOpen(connection, fill);
  } finally {
    connection.close();
  }
  renameSync(half, file);
  return file;
}

/** @param {BetterSqlite3.Database} connection @param {(filling: Filling) => void} fill */
function fillOpen(connection, fill) {
  connection.defaultSafeIntegers(true);
  for (const pragma of ['synchronous = off', 'foreign_keys = off', 'cache_size = -500000'])
    connection.pragma(pragma);
  const client = /** @type {bigint} */ (connection.prepare('select id from client').pluck().get());
  let last = /** @type {bigint} */ (connection.prepare('select last from id_sequence').pluck().get());
  // Indexes are made once the rows are there, which takes a third of the time.
  const indexes = /** @type {{ name: string, sql: string }[]} */ (
    connection.prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null").all()
  );
  // What the planner is told of an index goes with it.
  const told = connection.prepare('select tbl, idx, stat from sqlite_stat1').raw().all();
  connection.exec('begin');
  for (const { name } of indexes) connection.exec(`drop index "${name}"`);
  fill({
    connection,
    client,
    id: () => {
      last += 1n;
      return last;
    },
    into: (table, columns) => {
      const marks = columns.map(() => '?').join(', ');
      const statement = connection.prepare(
        `insert into "${table}" (${columns.join(', ')}) values (${marks})`,
      );
      return (...values) => void statement.run(...values);
    },
  });
  for (const { sql } of indexes) connection.exec(sql);
  connection.exec('delete from sqlite_stat1');
  const tell = connection.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)');
  for (const row of told) tell.run(row);
  connection.prepare('update id_sequence set last = ?').run(last);
  connection.exec('commit');
  connection.pragma('wal_checkpoint(truncate)');
}
