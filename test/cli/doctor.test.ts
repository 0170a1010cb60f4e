import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clockFindings, diskFindings } from '../../src/operations/doctor-database.ts';
import { commandsOverHttp } from '../remote/command-line.ts';
import { type Cli, emptyFolder, shellWords, shop, steady, transcript } from './support.ts';

const NOW = '2026-01-12T12:00:00Z';

/** Runs command lines one after the other; each must succeed. */
async function prepare(cli: Pick<Cli, 'tph'>, lines: string): Promise<void> {
  for (const line of lines.trim().split('\n')) {
    const { code, err } = await cli.tph(...shellWords(line.trim()).slice(1));
    if (code !== 0) throw new Error(`${line}: ${err}`);
  }
}

interface Report {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly code: string;
    readonly count: number;
    readonly records: readonly { readonly name: string; readonly detail: string; readonly fix: string }[];
    readonly fix: string;
  }[];
}
const reported = async (cli: Pick<Cli, 'tph'>): Promise<Report> =>
  (await cli.tph('doctor', '-o', 'json')).json<Report & Record<string, unknown>>();

/** Runs the command beside each record, with what a person would be asked for: flags by how the command begins. */
async function mend(cli: Pick<Cli, 'tph'>, known: Readonly<Record<string, string>>): Promise<void> {
  const { findings } = await reported(cli);
  for (const fix of new Set(findings.flatMap(({ records }) => records.map((one) => one.fix))))
    await prepare(
      cli,
      `${fix} ${Object.entries(known).find(([command]) => fix.startsWith(command))?.[1] ?? ''} --yes`,
    );
}

const at = (cli: Cli, now: string) => cli.on({ env: { TPH_NOW: now } });

describe('tph doctor', () => {
  it('finds nothing in a new database', async () => {
    const cli = await shop();
    expect(await transcript(at(cli, NOW), ['tph doctor --exit-code'])).toBe(
      `$ tph doctor --exit-code
nothing found
looked at: integrity, references, schema, permissions, disk, clock, lists,
drivers, exclusions, accounts, customers

`,
    );
    expect(await cli.tph('doctor', '-q')).toMatchObject({ code: 0, out: '', err: '' });
  });

  it('tells of lists without drivers, of rows without effect and of drivers who are not active', async () => {
    const cli = await shop();
    await prepare(
      at(cli, '2025-11-01T12:00:00Z'),
      `tph driver create D7 --first-name Ann --last-name Byrne
      tph driver create D8 --first-name Bo --last-name Li
      tph driver create D9 --status SUSPENDED
      tph scp create SCP-1 --display-name "Aoife K."
      tph scp create SCP-2 --display-name "Grace O."
      tph scp create SCP-3 --display-name "Isla R."
      tph customer create --first-name Cara --phone "085 012 3456"
      tph pref create --driver D7 --scp SCP-1 --mode HARD --expires 2025-12-31
      tph pref create --driver D7 --scp SCP-2 --mode HARD --expires 2026-01-31
      tph pref create --driver D8 --scp SCP-2 --mode SOFT
      tph pref create --driver D9 --scp SCP-3 --mode HARD
      tph pref create --driver D7 --customer "085 012 3456" --mode HARD`,
    );
    const now = at(cli, NOW);
    const off = await transcript(now, ['tph doctor --exit-code']);
    await prepare(now, 'tph settings set dispatch.approvedScpDrivers on');
    const open = await transcript(now, ['tph doctor --exit-code']);
    await prepare(now, 'tph settings set dispatch.lapsedHardList LOCK');
    const locked = await transcript(now, ['tph doctor --exit-code']);
    await expect(steady(off + open + locked)).toMatchFileSnapshot('golden/doctor-lists.txt');
    await mend(now, { 'tph pref add': '--driver D7' });
    // The suspension may end: what is left is a note, with nothing to take away.
    expect(await reported(now)).toMatchObject({
      ok: true,
      findings: [{ code: 'SUSPENDED_DRIVER_LISTED', severity: 'INFO', fix: 'tph pref list --driver D9' }],
    });
  });

  it('has nobody renewed who may not drive, and no last approval deleted', async () => {
    const cli = await shop();
    await prepare(
      at(cli, '2025-11-01T12:00:00Z'),
      `tph settings set dispatch.approvedScpDrivers on
      tph settings set dispatch.lapsedHardList LOCK
      tph driver create A3
      tph driver create A4
      tph driver create D9
      tph scp create SCP-1
      tph scp create SCP-2
      tph scp create SCP-3
      tph pref create --driver A3 --scp SCP-1 --mode HARD --expires 2026-01-20
      tph pref create --driver A4 --scp SCP-1 --mode HARD --expires 2026-01-20
      tph pref create --driver A3 --scp SCP-2 --mode HARD --expires 2025-12-31
      tph pref create --driver A4 --scp SCP-2 --mode HARD --expires 2025-12-01
      tph pref create --driver D9 --scp SCP-3 --mode HARD
      tph driver update A3 --status SUSPENDED
      tph driver update D9 --status INACTIVE`,
    );
    const now = at(cli, NOW);
    const { findings } = await reported(now);
    const fixes = findings.map(({ code, records }) => [code, ...records.map(({ fix }) => fix)]);
    expect(fixes).toEqual([
      [
        'LIST_LOST',
        'tph pref renew --driver A4 --scp SCP-2 --expires 2027-01-12',
        'tph pref add --scp SCP-3 --mode HARD',
      ],
      ['LIST_LOSING', 'tph pref renew --driver A4 --scp SCP-1 --expires 2027-01-21'],
      ['IDLE_DRIVER_LISTED', 'tph pref add --scp SCP-3 --mode HARD'],
      ['SUSPENDED_DRIVER_LISTED', 'tph pref list --driver A3'],
    ]);
    // Once another is approved, the row of who has left may go.
    await mend(now, { 'tph pref add': '--driver A4' });
    expect((await reported(now)).findings).toMatchObject([
      {
        code: 'IDLE_DRIVER_LISTED',
        fix: expect.stringMatching(/^tph pref delete G\d+ --reason "driver is inactive"$/),
      },
      { code: 'SUSPENDED_DRIVER_LISTED' },
    ]);
    await mend(now, {});
    expect(await reported(now)).toMatchObject({ ok: true });
  });

  it('has a command for each row where one row is not all', async () => {
    const cli = await shop();
    await prepare(
      at(cli, NOW),
      `tph settings set dispatch.approvedScpDrivers on
      tph driver create D1
      tph driver create D2
      tph driver create D3
      tph driver create D4
      tph scp create SCP-1
      tph scp create SCP-2
      tph pref create --driver D1 --scp SCP-1 --mode HARD
      tph pref create --driver D1 --scp SCP-2 --mode HARD
      tph pref create --driver D2 --scp SCP-1 --mode SOFT
      tph pref create --driver D4 --scp SCP-1 --mode SOFT
      tph pref create --driver D3 --scp SCP-1 --mode HARD
      tph pref create --driver D3 --scp SCP-2 --mode HARD
      tph driver update D3 --status INACTIVE`,
    );
    expect((await reported(at(cli, NOW))).findings.map(({ code, count }) => `${code} ${count}`)).toEqual([
      'IDLE_DRIVER_LISTED 2',
      'SOFT_WITHOUT_EFFECT 2',
    ]);
    expect((await at(cli, NOW).tph('doctor')).out).toMatch(/\n {6}then the other 3 commands above\n$/);
    await mend(at(cli, NOW), {});
    expect(await reported(at(cli, NOW))).toMatchObject({ ok: true, findings: [] });
  });

  it('repeats the flags that say which data was looked at', async () => {
    const cli = await shop();
    const db = join(cli.folder, 'a file.db');
    const flags = ['--db', db, '--client', 'Two Cars'];
    const zone = ['--time-zone', 'Europe/London', '--country', 'GB'];
    await cli.tph('init', 'One', ...zone, '--db', db);
    await cli.tph('client', 'create', 'Two Cars', ...zone, '--db', db);
    await cli.tph('exclusion', 'create', 'Bad Weather', ...flags);
    const told = `tph exclusion link "Bad Weather" --db "${db}" --client "Two Cars"`;
    expect((await cli.tph('doctor', ...flags)).out).toContain(`\n    ${told}\n`);
    expect((await cli.tph('doctor', ...flags)).out).toMatch(new RegExp(`\nnext: ${told}\n$`));
    const report = (await cli.tph('doctor', ...flags, '-o', 'json')).json<Report & Record<string, unknown>>();
    expect(report.findings).toMatchObject([{ fix: told, records: [{ fix: told }] }]);
    const status = await cli.tph('exclusion', 'status', 'Bad Weather', ...flags);
    expect(status.out).toContain(`--group "Bad Weather" --db "${db}" --client "Two Cars"\n`);
  });

  it('tells of exclusion groups that do nothing, and of overrides that were forgotten', async () => {
    const cli = await shop();
    await prepare(
      at(cli, '2025-11-01T12:00:00Z'),
      `tph recurring create SR-1 --time "08:15 MON-FRI"
      tph exclusion create "Bad Weather"
      tph exclusion create Strike
      tph exclusion create Holidays
      tph exclusion create Works
      tph exclusion create Fair --mode RUN_OFF
      tph exclusion link "Bad Weather" SR-1
      tph exclusion link Strike SR-1
      tph exclusion link Works SR-1
      tph exclusion link Fair SR-1
      tph exclusion set Strike RUN_OFF --actor cron
      tph exclusion set Works RUN_ON --resume 20260301`,
    );
    await prepare(
      at(cli, '2025-12-20T12:00:00Z'),
      `tph exclusion set "Bad Weather" RUN_OFF
      tph exclusion update Strike --start 2026-06-01`,
    );
    const text = await transcript(at(cli, NOW), ['tph doctor']);
    await expect(steady(text)).toMatchFileSnapshot('golden/doctor-exclusions.txt');
    await prepare(
      at(cli, NOW),
      `tph exclusion set Strike RUN_SCHEDULE
      tph exclusion set Fair RUN_SCHEDULE
      tph exclusion delete Holidays --yes`,
    );
    expect((await at(cli, NOW).tph('doctor')).out).toMatch(/^nothing found\n/);
  });

  it('tells of departments that nobody can use, and of runs on their bill', async () => {
    const cli = await shop();
    await prepare(
      at(cli, NOW),
      `tph account create ACME
      tph account create OLD
      tph dept create --account ACME --name Sales
      tph dept create --account ACME --name Legal
      tph dept create --account ACME --name Closed --active no
      tph dept create --account OLD --name Archive
      tph customer create --first-name Ann --phone "085 012 3456"
      tph customer create --first-name Bo --phone "085 012 3457"
      tph dept add-employee ACME/Sales --customer Ann
      tph dept add-employee ACME/Legal --customer Bo
      tph recurring create SR-1 --time "08:15 MON-FRI" --account OLD
      tph recurring create SR-2 --time "08:15 MON-FRI" --dept ACME/Closed
      tph recurring create SR-3 --time "08:15 MON-FRI" --dept ACME/Sales
      tph account update OLD --active no`,
    );
    const employees = (await cli.tph('employee', 'list', '-o', 'json')).json<{ id: string }[]>();
    const [ann = { id: '' }, bo = { id: '' }] = employees;
    await prepare(
      at(cli, NOW),
      `tph dept update ACME/Sales --primary-contact ${ann.id}
      tph dept update ACME/Legal --primary-contact ${bo.id}
      tph employee update ${bo.id} --active no`,
    );
    const text = await transcript(at(cli, NOW), ['tph doctor']);
    await prepare(at(cli, NOW), 'tph customer delete Ann --yes');
    const gone = await transcript(at(cli, NOW), ['tph doctor -o csv']);
    await expect(steady(text + gone)).toMatchFileSnapshot('golden/doctor-accounts.txt');
    await prepare(at(cli, NOW), `tph employee update ${bo.id} --active yes`);
    await mend(at(cli, NOW), { 'tph dept add-employee': '--customer Bo' });
    await prepare(
      at(cli, NOW),
      `tph recurring update SR-1 --account ACME
      tph recurring update SR-2 --dept ACME/Legal`,
    );
    // Now that somebody may book on each, they can be its contact.
    await mend(at(cli, NOW), {});
    expect(await reported(at(cli, NOW))).toMatchObject({ ok: true, findings: [] });
  });

  it('tells of customers who look alike, and of no others', async () => {
    const cli = await shop();
    await prepare(
      cli,
      `tph customer create --first-name Ann --last-name Byrne --phone "085 012 3456" --email ann@example.org
      tph customer create --first-name ANN --last-name Byrne --phone "085 012 3465"
      tph customer create --first-name Ann --last-name Byrne --phone "085 999 0000"
      tph customer create --first-name Bo --phone "085 012 3457"
      tph customer create --first-name Bo --phone "085 012 3458" --email ANN@example.org
      tph customer create --first-name Cara --phone "085 777 0000" --shared-phone
      tph customer create --first-name Cara --phone "085 777 0000" --shared-phone
      tph customer create --first-name Dan --phone "085 777 0000" --shared-phone
      tph customer create --first-name Zoé --last-name Müller --phone "085 111 0001"
      tph customer create --first-name Zoe --last-name Muller --phone "085 111 0002"
      tph customer create --first-name Zoë --last-name Muller --phone "085 999 1111"`,
    );
    const report = await reported(cli);
    expect(report.ok).toBe(true);
    expect(report.findings).toMatchObject([{ code: 'CUSTOMER_TWINS', severity: 'INFO', count: 4 }]);
    const records = report.findings[0]?.records.map(({ name, detail }) => `${name}: ${steady(detail)}`);
    expect(records?.sort()).toEqual([
      'ANN Byrne: same name and nearly the same phone as Ann Byrne G…',
      'Bo: same e-mail as Ann Byrne G…',
      'Cara: same name and phone as Cara G…',
      'Zoe Muller: same name and nearly the same phone as Zoé Müller G…',
    ]);
    // No command makes one of two: to delete either would not mend it.
    for (const { fix } of report.findings[0]?.records ?? []) {
      expect(fix).toMatch(/^tph customer show G\d+$/);
      await prepare(cli, fix);
    }
    expect((await cli.tph('doctor', '--exit-code')).code).toBe(0);
  });

  it('changes nothing, not even a resume that is due', async () => {
    const cli = await shop();
    await prepare(
      at(cli, '2025-11-01T12:00:00Z'),
      'tph exclusion create Strike --mode RUN_OFF --resume 20251201',
    );
    const before = (await at(cli, NOW).tph('log', '-o', 'json')).json<unknown[]>();
    await at(cli, NOW).tph('doctor');
    expect((await at(cli, NOW).tph('log', '-o', 'json')).json<unknown[]>()).toEqual(before);
  });

  it('looks at the file: who may read it, and the clock', async () => {
    const cli = await shop();
    const db = join(cli.folder, 'tph.db');
    await prepare(at(cli, '2026-06-01T12:00:00Z'), 'tph driver create D7');
    chmodSync(db, 0o644);
    onTestFinished(() => chmodSync(db, 0o600));
    const ran = await at(cli, NOW).tph('doctor', '--exit-code', '-o', 'json');
    expect(ran.code).toBe(8);
    expect(ran.json()).toMatchObject({
      ok: false,
      findings: [
        { code: 'FILE_READABLE', severity: 'WARNING', fix: `chmod 600 ${db}` },
        { code: 'CLOCK_BEHIND', severity: 'WARNING', records: [], count: 1 },
      ],
      skipped: [],
    });
    expect((await cli.tph('doctor', '--fields', 'code,nonsense')).code).toBe(2);
    expect((await at(cli, NOW).tph('doctor', '-o', 'id')).out).toBe('FILE_READABLE\nCLOCK_BEHIND\n');
  });

  it('does not open a database of another version, which would migrate it', async () => {
    const cli = await shop();
    const db = new BetterSqlite3(join(cli.folder, 'tph.db'));
    db.exec("insert into schema_version (version, applied_at, program) values (9999, 1768219200, 'tph')");
    db.close();
    const ran = await at(cli, NOW).tph('doctor', '--exit-code', '-o', 'json');
    expect(ran.code).toBe(8);
    expect(ran.json()).toMatchObject({
      ok: false,
      findings: [{ code: 'SCHEMA_NEWER', severity: 'ERROR', fix: 'tph --version' }],
      checked: ['integrity', 'references', 'schema', 'permissions', 'disk', 'clock'],
      skipped: [{ what: 'data', why: 'the database has to be mended first' }],
    });
    expect(readdirSync(cli.folder).filter((file) => file.endsWith('.bak'))).toEqual([]);
  });

  it('says of a damaged database that it is, and how to put a backup in its place', async () => {
    const cli = await shop();
    for (let n = 0; n < 30; n += 1) await cli.tph('driver', 'create', `D${n}`);
    const file = join(cli.folder, 'tph.db');
    const whole = new BetterSqlite3(file);
    whole.pragma('wal_checkpoint(truncate)');
    whole.close();
    const content = readFileSync(file);
    content.fill(0xa5, 8192, 8192 * 5);
    writeFileSync(file, content);
    const ran = await at(cli, NOW).tph('doctor', '--exit-code');
    expect(ran).toMatchObject({ code: 8, err: '' });
    expect(ran.out).toContain('DATABASE_DAMAGED');
    expect(ran.out).toContain('\n    tph db restore\n');
    expect(ran.out).toContain('not looked at: the data; the database has to be mended first');
  });

  it('finds no database where there is none', async () => {
    expect(await emptyFolder().tph('doctor')).toMatchObject({ code: 5, out: '' });
  });

  it('over HTTP looks at the data, and says that it cannot look at the database', async () => {
    const cli = await shop();
    await prepare(cli, 'tph exclusion create Strike');
    const env = { HOME: cli.folder, TPH_DB: join(cli.folder, 'tph.db') };
    const { host, code } = await commandsOverHttp(cli.folder)(['doctor', '--exit-code'], {
      cwd: cli.folder,
      env,
    });
    expect(code).toBe(8);
    expect(steady(host.out())).toBe(`1 finding: 1 warning

SEVERITY  FOUND                                              CODE
WARNING   1 exclusion group is linked to no recurring trip:  GROUP_UNLINKED
          switching it holds nothing back

GROUP_UNLINKED
  Strike: RUN_SCHEDULE
    tph exclusion link Strike

not looked at: the database; the data is on an instance reached over HTTP: run
it there
next: tph exclusion link Strike
`);
  });
});

describe('what the machine must have', () => {
  it.each([
    ['room for twice a large database', 2_000_000_000, 1_000_000_000, []],
    ['less', 1_999_999_999, 1_000_000_000, ['DISK_LOW']],
    ['64 MiB for a small one', 67_108_864, 5, []],
    ['less than that', 67_108_863, 5, ['DISK_LOW']],
  ])('disk: %s', (_name, free, size, codes) => {
    expect(diskFindings('/data', free, size).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['years before the program', 1_700_000_000, null, ['CLOCK_WRONG']],
    ['no change yet', 1_768_219_200, null, []],
    ['within what two machines may differ', 1_768_219_200, 1_768_219_500, []],
    ['behind the newest change', 1_768_219_200, 1_768_219_501, ['CLOCK_BEHIND']],
  ])('clock: %s', (_name, now, newest, codes) => {
    expect(clockFindings(now as never, newest as never).map(({ code }) => code)).toEqual(codes);
  });
});
