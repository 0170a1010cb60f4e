import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CopyOptions, CopyStep, DatabaseCopy } from '../../src/contract/database.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { stateOf } from '../system/import-rig.ts';
import { makeTrickyShop } from './export-world.ts';
import { shellWords } from './support.ts';

const KINDS =
  'customers drivers scps favourites approvals accounts departments employees exclusions recurring'.split(
    ' ',
  );

/** A database with three clients, one of them deleted; made once. */
let made: string;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'tph-copy-'));
  await makeTrickyShop(made);
  const { folder, must } = new Place();
  for (const line of [
    'tph client create "Seine Taxis" --time-zone Europe/Paris --country FR',
    'tph client create Former --time-zone Europe/Paris --country FR --client "Liffey Cars"',
    'tph driver create D7 --client "Seine Taxis"',
    'tph client delete Former --client Former --yes',
  ])
    await must(line);
  renameSync(join(folder, 'tph.db'), join(made, 'tph.db'));
  rmSync(folder, { recursive: true });
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'tph-copy-'));
  readonly source = join(this.folder, 'tph.db');

  constructor() {
    copyFileSync(join(made, 'tph.db'), this.source);
  }

  /** For one test. */
  static here(): Place {
    const place = new Place();
    onTestFinished(() => rmSync(place.folder, { recursive: true, force: true }));
    return place;
  }

  async tph(line: string): Promise<{ code: number; out: string; err: string }> {
    const host = testHost({ cwd: this.folder, env: { HOME: this.folder, TPH_DB: this.source } });
    const code = await run(['node', ...shellWords(line)], host);
    return { code, out: host.out(), err: host.err() };
  }

  readonly must = async (line: string): Promise<string> => {
    const { code, out, err } = await this.tph(line);
    expect(code, `${line}: ${err}`).toBe(0);
    return out;
  };

  async exports(db: string): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for (const kind of KINDS) {
      const file = join(this.folder, `${kind}.csv`);
      rmSync(file, { force: true });
      await this.must(`tph export ${kind} ${file} --client "Liffey Cars" --db ${db}`);
      all[kind] = readFileSync(file, 'latin1');
    }
    return all;
  }

  copy(to: string, onStep: (step: CopyStep) => void = () => {}, signal = new AbortController().signal) {
    return copyInto(this.source, to, { dryRun: false, onStep, signal });
  }

  /** Copies until so many steps are done. */
  async copyFor(steps: number, to: string): Promise<void> {
    const stop = new AbortController();
    let done = 0;
    const copying = this.copy(
      to,
      () => {
        done += 1;
        if (done === steps) stop.abort();
      },
      stop.signal,
    );
    await expect(copying).rejects.toMatchObject({ code: 'INTERRUPTED' });
  }
}

const session = { client: undefined, actor: 'ops', reason: null, nowMs: 1_768_219_200_000, lockWaitMs: 5000 };
const copyInto = (from: string, to: string, options: CopyOptions): Promise<DatabaseCopy> =>
  openStore(from).admin(session).copyTo(to, options);

/** A place for a copy in each engine. */
const targets: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  'SQLite file': async (place) => join(place.folder, 'copy.db'),
  ...(server === null
    ? {}
    : {
        'PostgreSQL database without tables': () => postgres(true),
        'PostgreSQL database with empty tables': () => postgres(false),
      }),
};

async function postgres(isEmpty: boolean): Promise<string> {
  const database = await makeDatabase({ isEmpty });
  onTestFinished(() => database.dispose());
  return database.url;
}

describe.each(Object.entries(targets))('db copy into a %s', (name, make) => {
  // Where the tables come from makes no difference from there on.
  const once = it.skipIf(name.endsWith('empty tables'));

  it('takes everything there and back', async () => {
    const place = Place.here();
    const there = await make(place);
    const out = await place.must(`tph db copy --to ${there}`);
    expect(out).toMatch(/^copied [\d,]+ rows in \d+ tables .*\nverified: the counts and checksums/);
    expect(await place.exports(there)).toEqual(await place.exports(place.source));
    const back = join(place.folder, 'back.db');
    await place.must(`tph db copy --from ${there} --to ${back}`);
    // Every row of every table, the last id and the history of the schema among them.
    expect(stateOf(back)).toEqual(stateOf(place.source));
    expect(JSON.parse(await place.must(`tph db check --db ${there} -o json`))).toEqual({
      ok: true,
      problems: [],
    });
    // References and unique names are in force again.
    await place.must(`tph driver create D20 --db ${there} --client "Liffey Cars"`);
    expect((await place.tph(`tph driver create D20 --db ${there} --client "Liffey Cars"`)).code).toBe(6);
  });

  once('goes on with a copy that was interrupted, with what has changed since', async () => {
    const place = Place.here();
    const to = await make(place);
    await place.copyFor(20, to);
    const refused = await place.tph(`tph driver list --db ${to} --client "Liffey Cars"`);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('unfinished copy');
    // The very command, to be copied from there.
    const again = /hint: run `tph (db copy --from \S+ --to \S+)/.exec(refused.err)?.[1] ?? '';
    expect(again).toContain(place.source);
    await place.must('tph driver update D7 --first-name Changed --client "Liffey Cars"');
    await place.must('tph driver create D77 --client "Liffey Cars"');
    await place.copyFor(30, to);
    const copied = await place.copy(to);
    expect(copied).toMatchObject({ resumed: true, verified: true });
    const back = join(place.folder, 'back.db');
    await copyInto(to, back, { dryRun: false, onStep: () => {}, signal: new AbortController().signal });
    expect(stateOf(back)).toEqual(stateOf(place.source));
  });

  once('refuses a place that holds data, or the unfinished copy of another', async () => {
    const place = Place.here();
    const to = await make(place);
    await place.copyFor(5, to);
    const refused = await Place.here().tph(`tph db copy --to ${to}`);
    expect(refused.code).toBe(6);
    expect(refused.err).toContain('unfinished copy of another database');
    await place.must(`tph db copy --to ${to}`);
    expect((await place.tph(`tph db copy --to ${to}`)).code).toBe(6);
    expect((await place.tph(`tph db copy --to ${to} --dry-run`)).code).toBe(6);
  });
});

it('a dry run counts, and makes nothing', async () => {
  const place = Place.here();
  const value = JSON.parse(await place.must('tph db copy --to new.db --dry-run -o json')) as DatabaseCopy;
  expect(value).toMatchObject({ verified: null, resumed: false, dryRun: true });
  expect(value.tables.find(({ table }) => table === 'driver')).toEqual({
    table: 'driver',
    rows: 4,
    checksum: null,
    same: null,
  });
  expect((await place.tph('tph db status --db new.db')).code).toBe(5);
});

it('a copy that differs is said to, ends with exit code 1, and is no database', async () => {
  const place = Place.here();
  const to = join(place.folder, 'copy.db');
  const spoil = ({ phase }: CopyStep) => {
    if (phase !== 'comparing') return;
    const database = new BetterSqlite3(to);
    database.exec(`update driver set first_name = 'Other' where first_name = 'Bo'`);
    database.close();
  };
  const refused = place.copy(to, spoil);
  await expect(refused).rejects.toMatchObject({ code: 'INTERNAL', details: [{ field: 'driver' }] });
  expect((await place.tph(`tph driver list --db ${to}`)).code).toBe(2);
});

it('a database is not copied into itself', async () => {
  const place = Place.here();
  const refused = await place.tph('tph db copy --to ./tph.db');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('--to');
});
