import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvKinds } from '../../src/contract/bulk.ts';
import { understoodLines } from '../../src/csv/report.ts';
import { template } from '../../src/csv/template.ts';
import { type Desk, desk } from './support.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});
afterEach(() => at.close());

const results = () => readdirSync(at.folder).filter((name) => /\.(success|failed)\.csv$/.test(name));
const read = (path: string | null) => (path === null ? null : readFileSync(path, 'utf8'));

describe('importCsv', () => {
  it('imports customers as a spreadsheet writes them', async () => {
    const file = at.file(
      'list.csv',
      '\uFEFFFirst Name;Surname;Mobile No;E-Mail;Tags\r\nAnn;Byrne;085 012 3456;ANN@example.org;VIP,Regular\r\nBo;Li;851234567;;\r\n',
    );
    const summary = await at.import({ kind: 'customers', file });
    expect(summary).toMatchObject({ total: 2, created: 2, failed: 0, warnings: 1, state: 'DONE' });
    expect(understoodLines(summary.understood)).toEqual([
      "list.csv: UTF-8 with BOM, ';' between cells, 5 columns",
      'columns: First Name → firstName, Surname → lastName, Mobile No → phone, E-Mail → email, Tags → tags',
      'the first 2 rows: Mobile No: the leading zero that a spreadsheet took off was put back (1 ×, first on line 3)',
    ]);
    const { items } = await at.api.call('customer.list', {});
    expect(items.map(({ phone, email, tags }) => [phone, email, tags])).toEqual([
      ['+353850123456', 'ann@example.org', ['VIP', 'Regular']],
      ['+353851234567', null, []],
    ]);
    expect(read(summary.files.success)).toBe(
      `\uFEFFFirst Name;Surname;Mobile No;E-Mail;Tags;tph__line;tph__outcome;tph__id\r\nAnn;Byrne;085 012 3456;ANN@example.org;VIP,Regular;2;created;${items[0]?.id}\r\nBo;Li;851234567;;;3;created;${items[1]?.id}\r\n`,
    );
    expect(statSync(summary.files.success ?? '').mode & 0o777).toBe(0o600);
    expect(await at.import({ kind: 'customers', file })).toMatchObject({
      total: 2,
      unchanged: 2,
      created: 0,
    });
  });

  it('writes nothing of an atomic run with a bad row, and a failed file that can be mended', async () => {
    const file = at.file(
      'drivers.csv',
      'Callsign,Phone,Status,Notes\nD1,085 012 3456,active,\nD2,4.47E+11,retired,\n',
    );
    await expect(at.import({ kind: 'drivers', file })).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('`Notes` is unknown'),
    });
    const summary = await at.import({ kind: 'drivers', file, map: ['Notes='] });
    expect(summary).toMatchObject({ total: 2, created: 0, failed: 1, state: 'REJECTED' });
    expect(summary.problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 'Phone'],
      [3, 'Status'],
    ]);
    expect((await at.api.call('driver.list', {})).items).toEqual([]);
    const failed = read(summary.files.failed) ?? '';
    expect(failed).toMatch(
      /^Callsign,Phone,Status,Notes,tph__line,tph__column,tph__code,tph__message\r\nD2,4.47E\+11,retired,,3,Phone,INVALID,/,
    );
    const mended = at.file(
      'mended.csv',
      failed.replace('4.47E+11', '+447400123456').replace('retired', 'inactive'),
    );
    expect(await at.import({ kind: 'drivers', file: mended, map: ['Notes='] })).toMatchObject({
      created: 1,
      failed: 0,
    });
  });

  it('writes the good rows of a partial run, and none of two that have one key', async () => {
    const file = at.file(
      'people.csv',
      'name,phone\nAnn Byrne,085 012 3456\n"Li, Bo",086 1234567\nCarl,+353 85 0123456\nDee,nonsense\n',
    );
    const summary = await at.import({ kind: 'customers', file, mode: 'partial' });
    expect(summary).toMatchObject({ total: 4, created: 1, failed: 3, state: 'DONE' });
    expect(summary.problems.map(({ line, code, message }) => [line, code, message])).toEqual([
      [2, 'CONFLICT', 'lines 2 and 4 have the same phone'],
      [4, 'CONFLICT', 'lines 2 and 4 have the same phone'],
      [5, 'INVALID', 'phone `nonsense` has the letter n'],
    ]);
    expect((await at.api.call('customer.list', {})).items).toMatchObject([
      { firstName: 'Bo', lastName: 'Li' },
    ]);
    expect(results()).toHaveLength(2);
  });

  it('lists the values that name no record', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `D${i % 25},085 012 3456,HARD`).join('\n');
    const file = at.file('favourites.csv', `Driver,Customer Phone,Mode\n${rows}\n`);
    const summary = await at.import({ kind: 'favourites', file });
    expect(summary.state).toBe('REJECTED');
    const driver = summary.missing.find(({ field }) => field === 'driver');
    expect(driver).toMatchObject({ column: 'Driver', distinct: 25 });
    expect(driver?.values).toHaveLength(20);
    expect(driver?.values[0]).toEqual({ value: 'D0', count: 2 });
  });

  it('lets the column decide the order of dates, or refuses', async () => {
    const scps = (...dates: string[]) =>
      at.file('scps.csv', `ref,D.O.B.\n${dates.map((date, i) => `S${i},${date}`).join('\n')}\n`);
    await expect(at.import({ kind: 'scps', file: scps('03/04/2015', '05/06/2015') })).rejects.toMatchObject({
      message: expect.stringContaining('day first or month first: line 2 has `03/04/2015`'),
    });
    await expect(at.import({ kind: 'scps', file: scps('13/04/2015', '05/16/2015') })).rejects.toMatchObject({
      message: expect.stringContaining('line 2 has `13/04/2015`, line 3 has `05/16/2015`'),
    });
    await at.import({ kind: 'scps', file: scps('03/04/2015', '25/12/14', '2 Mar 2016', '20170101') });
    const { items } = await at.api.call('specialCategoryPassenger.list', {});
    expect(items.map(({ dateOfBirth }) => dateOfBirth)).toEqual([20150403, 20141225, 20160302, 20170101]);
  });

  it('reads the template of every kind as it prints it', async () => {
    for (const kind of Object.keys(csvKinds) as (keyof typeof csvKinds)[]) {
      const file = at.file(`${kind}.csv`, template(kind));
      const { problems } = await at.import({ kind, file, dryRun: true });
      expect(
        problems.filter(({ code }) => code !== 'NOT_FOUND'),
        kind,
      ).toEqual([]);
    }
    expect(results()).toEqual([]);
  });

  it('reads stdin, and writes result files to a folder that is named', async () => {
    const stdin = new PassThrough();
    stdin.end('callsign\nD7\n');
    const summary = await at.import({ kind: 'drivers', file: '-', resultsDir: 'out' }, { stdin });
    expect(summary.files.success).toBe(join(at.folder, 'out', `stdin.${summary.run}.success.csv`));
  });

  it('stops at an interruption and writes nothing of an atomic run', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `D${i}`).join('\n');
    const file = at.file('drivers.csv', `callsign\n${rows}\n`);
    const abort = new AbortController();
    const summary = await at.import(
      { kind: 'drivers', file },
      { signal: abort.signal, onRow: ({ line }) => line === 1500 && abort.abort() },
    );
    expect(summary.state).toBe('INTERRUPTED');
    expect((await at.api.call('driver.list', {})).items).toEqual([]);
    expect(results()).toEqual([]);
  });

  it('refuses a results folder that cannot be written, before anything else', async () => {
    const file = at.file('drivers.csv', 'callsign\nD1\n');
    await expect(at.import({ kind: 'drivers', file, resultsDir: 'drivers.csv' })).rejects.toMatchObject({
      code: 'INVALID',
    });
    expect((await at.api.call('driver.list', {})).items).toEqual([]);
  });

  it('says of a file that somebody is writing to that it changed, not that it is wrong', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `D${i}`).join('\n');
    const file = at.file('drivers.csv', `callsign\n${rows}\n`);
    const run = at.import(
      { kind: 'drivers', file },
      { onRow: ({ line }) => line === 500 && at.file('drivers.csv', `callsign\n${rows}\n"D99999`) },
    );
    await expect(run).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses a file that changes while it is read', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `D${i}`).join('\n');
    const file = at.file('drivers.csv', `callsign\n${rows}\n`);
    const run = at.import(
      { kind: 'drivers', file },
      { onRow: ({ line }) => line === 500 && at.file('drivers.csv', `callsign\n${rows}\nD9999\n`) },
    );
    await expect(run).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await at.api.call('driver.list', {})).items).toEqual([]);
  });
});
