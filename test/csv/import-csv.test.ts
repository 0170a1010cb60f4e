import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import { type Bulk, csvKinds, type ImportStart } from '../../src/contract/bulk.ts';
import { csvText, type ExportPages } from '../../src/csv/export-csv.ts';
import { importerOf } from '../../src/csv/remote-importer.ts';
import { understoodLines } from '../../src/csv/report.ts';
import { template } from '../../src/csv/template.ts';
import { definitionOf } from '../../src/records/registry.ts';
import { TphError } from '../../src/values/error.ts';
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

  it('never drops a person who is called Null without a word', async () => {
    const rows =
      "first name,surname,phone\nAnn,Null,085 012 3400\nNULL,Li,085 012 3401\nBo,'Null,085 012 3402\n";
    const summary = await at.import({ kind: 'customers', file: at.file('null.csv', rows) });
    expect(summary).toMatchObject({ created: 3, warnings: 2 });
    expect(summary.countedWarnings.map(({ message, line }) => [line, message])).toEqual([
      [2, "`Null` was read as no name; write 'Null for a name"],
      [3, "`NULL` was read as no name; write 'NULL for a name"],
    ]);
    const whole = at.file('name.csv', 'Name,phone\nnone,085 012 3403\nAnn Null,085 012 3404\n');
    expect(await at.import({ kind: 'customers', file: whole })).toMatchObject({ created: 2, warnings: 1 });
    const { items } = await at.api.call('customer.list', {});
    expect(items.map(({ firstName, lastName }) => [firstName, lastName])).toEqual([
      ['Ann', null],
      [null, 'Li'],
      ['Bo', 'Null'],
      [null, null],
      ['Ann', 'Null'],
    ]);
  });

  it('marks what it writes as UTF-8 for spreadsheets, and keeps passwords out of it', async () => {
    const western = Buffer.from(
      'first name,phone,password\nZo\xeb,085 012 3400,Secret-12345\nBo,nonsense,Secret-54321\n',
      'latin1',
    );
    const summary = await at.import({
      kind: 'customers',
      file: at.file('western.csv', western),
      mode: 'partial',
      map: ['password=password'],
    });
    const success = read(summary.files.success) ?? '';
    expect(success).toMatch(/^\uFEFFfirst name,phone,password,.*\r\nZoë,085 012 3400,,2,created,G/);
    expect(read(summary.files.failed)).toContain('Secret-54321');
    expect(read(summary.files.failed)?.startsWith('\uFEFF')).toBe(true);
  });

  it('leaves out a title, and counts lines as the file does', async () => {
    const titled = at.file(
      'titled.csv',
      'Our customers,\n,\nName,Phone\nAnn Byrne,085 012 3400\nBo Li,none such\n',
    );
    for (const mode of ['partial', 'atomic'] as const) {
      const summary = await at.import({ kind: 'customers', file: titled, mode });
      expect(summary).toMatchObject({ total: 2, failed: 1, problems: [{ line: 5 }] });
    }
  });

  it('takes links to one time by its hour, and so they travel', async () => {
    for (const name of ['Bad Weather', 'Easter 2026'])
      await at.api.call('scheduleExclusionGroup.create', { name });
    const links =
      '[{""group"":""Bad Weather"",""time"":""08:15""},{""group"":""Easter 2026"",""time"":""15:30"",""isReturn"":true},{""group"":""Easter 2026""}]';
    const times = '08:15 MON-FRI;15:30 MON return;15:30 TUE';
    const file = at.file(
      'runs.csv',
      `ref,times,exclusionLinks\nSR-1,${times},"${links}"\nSR-2,09:00 MON,Bad Weather;Easter 2026\n`,
    );
    const summary = await at.import({ kind: 'recurring', file });
    expect(summary).toMatchObject({ created: 2, failed: 0 });
    const { items } = await at.api.call('recurringTrip.list', {});
    const [first] = items;
    const idAt = (time: string, isReturn: boolean) =>
      first?.times.find((one) => one.time === time && one.isReturn === isReturn)?.id;
    expect(first?.exclusionLinks.map(({ group, timeId }) => [group['name'], timeId])).toEqual([
      ['Bad Weather', idAt('08:15', false)],
      ['Easter 2026', idAt('15:30', true)],
      ['Easter 2026', null],
    ]);
    expect(await at.import({ kind: 'recurring', file })).toMatchObject({ unchanged: 2 });
    const definition = definitionOf(csvKinds.recurring);
    const columns = ['ref', 'times', 'exclusionLinks'];
    const style = { columns, timeZone: 'Europe/Dublin', delimiter: ',', raw: false, bom: false, crlf: false };
    const pages = at.api.bulk?.export('RecurringTrip', columns) as ExportPages;
    let text = '';
    for await (const piece of csvText(definition, pages, style)) text += piece;
    expect(text).toContain(`"${links}"`);
    const later = at.file(
      'later.csv',
      'ref,exclusionLinks\nSR-2,"{""group"":""Bad Weather"",""time"":""10:00""}"\n',
    );
    const refused = await at.import({ kind: 'recurring', file: later, onConflict: 'update' });
    expect(refused.problems[0]).toMatchObject({ line: 2, message: expect.stringContaining('10:00') });
  });

  it('lists the records that an ambiguous reference fits', async () => {
    for (const phone of ['085 012 3400', '085 012 3401'])
      await at.api.call('customer.create', { phone, firstName: 'Ann', lastName: 'Byrne' });
    await at.api.call('driver.create', { callsign: 'D1' });
    const file = at.file('amb.csv', 'driver,customer,mode\nD1,Ann Byrne,HARD\n');
    const { problems } = await at.import({ kind: 'favourites', file });
    expect(problems[0]).toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringMatching(/G\d+ Ann Byrne.*G\d+ Ann/),
    });
  });

  it('refuses who is born in the future', async () => {
    const file = at.file('scps.csv', 'ref,dateOfBirth\nS1,2026-01-12\nS2,2026-01-13\n');
    const { problems } = await at.import({ kind: 'scps', file });
    expect(problems).toMatchObject([{ line: 3, message: expect.stringContaining('lies in the future') }]);
    await expect(
      at.api.call('specialCategoryPassenger.create', { ref: 'S3', dateOfBirth: 20270101 as never }),
    ).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('stops at the very failure that is asked for, and says where', async () => {
    await at.import({ kind: 'customers', file: at.file('x.csv', 'phone,first name\n085 012 3401,Old\n') });
    const rows = [
      'A,085 012 3400',
      'B,no phone',
      'C,085 012 3401',
      'D,085 012 3402',
      'E,none',
      'F,085 012 3403',
    ];
    const few = at.file('few.csv', `first name,phone\n${rows.join('\n')}\n`);
    for (const [maxErrors, problems, written, stoppedLine] of [
      [1, [3], ['A'], 4],
      [2, [3, 4], [], 5],
      [3, [3, 4, 6], ['D'], 7],
      [4, [3, 4, 6], ['F'], null],
    ] as const) {
      const summary = await at.import({ kind: 'customers', file: few, mode: 'partial', maxErrors });
      expect(summary.problems.map(({ line }) => line)).toEqual(problems);
      expect(summary).toMatchObject({
        stopped: stoppedLine !== null,
        stoppedLine,
        failed: problems.length,
        created: written.length,
        total: (stoppedLine ?? 8) - 2,
      });
      expect(summary.history).toMatchObject({ total: (stoppedLine ?? 8) - 2, failed: problems.length });
      const success = read(summary.files.success)?.trim().split('\r\n').length ?? 1;
      expect(success - 1).toBe(summary.total - summary.failed);
      expect(read(summary.files.failed)?.trim().split('\r\n')).toHaveLength(problems.length + 1);
    }
    const names = (await at.api.call('customer.list', {})).items.map(({ firstName }) => firstName);
    expect(names).toEqual(['Old', 'A', 'D', 'F']);
    const atomic = await at.import({ kind: 'customers', file: few, maxErrors: 2 });
    expect(atomic).toMatchObject({ state: 'REJECTED', failed: 2, stoppedLine: 5 });
    const all = at.file('all.csv', 'first name,phone\nA,085 012 3400\nB,no phone\n');
    const whole = await at.import({ kind: 'customers', file: all, mode: 'partial', maxErrors: 1 });
    expect(whole).toMatchObject({ stopped: false, stoppedLine: null, failed: 1 });
  });

  it('rejects the row with a stray quote alone, and again where nobody mended it', async () => {
    const stray =
      'Phone,Notes,First Name\n020 910 0991,"a" b,x\n020 910 0992,"c",y\n020 910 0993,"=1+1" d,"Bob" X\n';
    const file = at.file('stray.csv', `${stray}020 910 0994,d,z\n`);
    const first = await at.import({ kind: 'customers', file, mode: 'partial' });
    expect(first).toMatchObject({ total: 4, created: 2, failed: 2 });
    expect(first.problems.map(({ line }) => line)).toEqual([2, 4]);
    const failed = read(first.files.failed) ?? '';
    expect(failed).toContain('020 910 0991,"a" b,x,2,');
    expect(failed).not.toMatch(/[,"]=/);
    const again = at.file('again.csv', failed);
    expect(await at.import({ kind: 'customers', file: again, mode: 'partial' })).toMatchObject({
      total: 2,
      created: 0,
      failed: 2,
    });
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

  it('says how a file changed, and does not mind one that was only touched', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `D${i}`).join('\n');
    const file = at.file('drivers.csv', `callsign\n${rows}\n`);
    const { size } = statSync(join(at.folder, file));
    const grown = at.import(
      { kind: 'drivers', file },
      { onRow: ({ line }) => line === 500 && appendFileSync(join(at.folder, file), 'D99999\n') },
    );
    await expect(grown).rejects.toMatchObject({
      message: `\`drivers.csv\` changed while it was read: it had ${size} bytes, and has ${size + 7}`,
    });
    const touched = await at.import(
      { kind: 'drivers', file },
      { onRow: ({ line }) => line === 500 && utimesSync(join(at.folder, file), 1, 1) },
    );
    expect(touched).toMatchObject({ state: 'DONE', created: 30_001 });
  });

  it('says of a partial run that fails how much of it is written', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `D${i}`).join('\n');
    const file = at.file('drivers.csv', `callsign\n${rows}\n`);
    const full = new TphError('UNAVAILABLE', 'the disk is full; nothing was changed', { hint: 'free some' });
    const run = at.import(
      { kind: 'drivers', file, mode: 'partial' },
      {
        openImporter: async (start) => {
          const importer = await (at.api.bulk as Bulk).import(start);
          const { run: id, nextBatch } = importer;
          return {
            run: id,
            nextBatch,
            rows: (number, given) => (number === 3 ? Promise.reject(full) : importer.rows(number, given)),
            finish: (rejected) => importer.finish(rejected),
            abandon: () => importer.abandon(),
          };
        },
      },
    );
    const success = /2000 rows were written before that, listed in (.*)$/;
    const error = await run.catch((caught: TphError) => caught);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', hint: 'free some' });
    expect(String(error)).not.toContain('nothing was changed');
    const listed = success.exec((error as TphError).message)?.[1] ?? '';
    expect(readFileSync(listed, 'utf8').trim().split('\r\n')).toHaveLength(2001);
  });

  it('keeps what is written where the result files cannot be, and says so', async () => {
    const file = at.file('drivers.csv', 'callsign\nD1\nD2\n');
    const folder = join(at.folder, 'results');
    const summary = await at.import(
      { kind: 'drivers', file, resultsDir: 'results' },
      { onRow: ({ line }) => line === 3 && rmSync(folder, { recursive: true }) },
    );
    expect(summary).toMatchObject({ state: 'DONE', created: 2, files: { success: null, failed: null } });
    expect(summary.filesProblem).toMatch(/result files cannot be written to `.*results` \(ENOENT\)/);
    expect((await at.api.call('driver.list', {})).items).toHaveLength(2);
  });

  it('takes a department by its name alone where the row names its account', async () => {
    await at.import({
      kind: 'accounts',
      file: at.file('accounts.csv', 'ref,company name\nACME,Acme Ltd\nBETA,Beta Ltd\n'),
    });
    await at.import({
      kind: 'departments',
      file: at.file('departments.csv', 'account,department name\nACME,Sales\nBETA,Sales\nACME,Legal\n'),
    });
    const [employees, customers] = [
      'customer,account,departments\n085 012 3456,ACME,Sales;Legal\n085 012 3456,BETA,ACME/Legal\n',
      'first name,phone,default account,departments\nAnn,085 012 3456,BETA,Sales\nBo,085 012 3457,,Sales\n',
    ];
    const people = await at.import({ kind: 'customers', mode: 'partial', file: at.file('c.csv', customers) });
    expect(people).toMatchObject({ created: 1, failed: 1 });
    expect(people.problems).toMatchObject([{ line: 3, code: 'NOT_FOUND' }]);
    const summary = await at.import({
      kind: 'employees',
      mode: 'partial',
      file: at.file('e.csv', employees),
    });
    expect(summary).toMatchObject({ created: 1, failed: 1 });
    expect(summary.problems[0]).toMatchObject({ line: 3 });
    const [employee] = (await at.api.call('accountEmployee.list', {})).items;
    const names = employee?.accountDepartments.map((one) => one['departmentName']);
    expect(names).toEqual(['Sales', 'Legal']);
  });

  it('begins no run where it is interrupted before the first row', async () => {
    const file = at.file('people.csv', 'first name,phone\nAnn,085 012 3400\n');
    const abort = new AbortController();
    const io = { signal: abort.signal, onUnderstood: () => abort.abort() };
    await expect(at.import({ kind: 'customers', file, mode: 'partial' }, io)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect((await at.api.call('import.list', {})).items).toEqual([]);
  });

  it('warns once, and stops at the same failure, where the rows go to another instance', async () => {
    const rows = ['A,850123400', 'B,none', 'C,020 910 0991', 'D,850123401'].join('\n');
    const file = at.file('far.csv', `first name,phone\n${rows}\n`);
    const { client, call } = at.api;
    const open = importerOf({ client, call: call.bind(at.api) as Api['call'] }, { nowSeconds: 0 });
    const openImporter = async (start: ImportStart) => (await open(start)).importer;
    for (const dryRun of [true, false]) {
      const whole = await at.import({ kind: 'customers', file, mode: 'partial', dryRun }, { openImporter });
      expect(whole).toMatchObject({ created: 3, failed: 1, warnings: 3 });
    }
    await at.import({ kind: 'customers', file: at.file('old.csv', 'first name,phone\nOld,085 012 3403\n') });
    const more = ['E,085 012 3402', 'F,085 012 3403', 'G,085 012 3404', 'H,none', 'I,085 012 3405'];
    const next = at.file('next.csv', `first name,phone\n${more.join('\n')}\n`);
    for (const [maxErrors, created, stoppedLine] of [
      [1, 1, 4],
      [2, 1, 6],
    ] as const) {
      const request = { kind: 'customers', file: next, mode: 'partial', maxErrors } as const;
      const summary = await at.import(request, { openImporter });
      expect(summary).toMatchObject({ failed: maxErrors, created, stoppedLine });
    }
    const atomic = await at.import({ kind: 'customers', file: next, maxErrors: 1 }, { openImporter });
    expect(atomic).toMatchObject({ state: 'REJECTED', failed: 1, problems: [{ line: 3 }] });
  });

  it('finds rows with one key where a dry run judges the file in parts', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `P${i},+35385${3_000_000 + i}\n`).join('');
    const file = at.file('customers.csv', `first name,phone\n${rows}Again,085 300 0000\n`);
    const { client, call } = at.api;
    const far = { client, call: call.bind(at.api) as Api['call'] };
    const open = importerOf(far, { nowSeconds: 0 });
    const summary = await at.import(
      { kind: 'customers', file, dryRun: true },
      { plansInParts: true, openImporter: async (start) => (await open(start)).importer },
    );
    expect(summary).toMatchObject({ created: 1499, failed: 2 });
    expect(summary.problems.map(({ line }) => line)).toEqual([2, 1502]);
    expect(summary.problems[0]?.message).toContain('lines 2 and 1502 have the same phone');
  });
});
