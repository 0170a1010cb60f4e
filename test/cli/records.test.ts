import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { locationOf, shop, steady, transcript } from './support.ts';

/** A small operator, one record of each kind, made the way the specification prints it. */
const operator = [
  'tph capability create WAV --name "Wheelchair accessible vehicle"',
  'tph brand create LIFFEY --name "Liffey Cars" --is-default',
  'tph group create SCHOOLS --name "Schools desk"',
  'tph driver create D7 --first-name Ann --last-name Byrne --phone "085 012 3456" --capability wav',
  'tph driver add D9 --first-name Bo --last-name Li',
  'tph account create ACME --name "Acme Ltd" --tag school --brand liffey',
  'tph dept create --account ACME --name Sales --primary-group schools --merge-preference own-department',
  'tph customer add --phone "085 111 2233" --first-name Cara --last-name Daly --tag VIP --account ACME',
  'tph employee create --customer "Cara Daly" --account ACME --dept ACME/sales',
  'tph scp create SCP-1 --display-name "Aoife K." --date-of-birth 2015-04-02 --guardian "Cara Daly" --capability WAV',
  'tph pref add --driver D7 --scp SCP-1 --mode HARD --expires 2026-06-30 --notes "vetted"',
  'tph pref add --driver "Bo Li" --customer "+353 85 111 2233"',
  'tph exclusion create "Bad Weather" --start 2026-02-16 --end 2026-02-20',
  'tph recurring create SR-1 --name "St Brigid’s" --time "08:15 MON-FRI" --time "15:30 MON,WED return until 2026-06-26" --customer "Cara Daly" --scp SCP-1 --exclusion "bad weather" --account acme --dept acme/sales',
  'tph trip create T-1 --pickup 2026-01-13T08:15 --customer "Cara Daly" --scp SCP-1',
] as const;

const nouns = [
  'capability',
  'brand',
  'group',
  'driver',
  'account',
  'dept',
  'customer',
  'employee',
  'scp',
  'pref',
];
const rest = ['exclusion', 'recurring', 'trip', 'client'];

describe('records on an 80-column terminal', () => {
  it('are created, listed and shown', async () => {
    const cli = await shop();
    await expect(steady(await transcript(cli, operator))).toMatchFileSnapshot('golden/records-create.txt');
    const lists = [...nouns, ...rest].map((noun) => `tph ${noun} list`);
    const text = await transcript(cli, [
      ...lists,
      'tph pref list --scp SCP-1',
      'tph pref ls --expiring 365d',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    await expect(text.replace(/G\d{10,}/g, (id) => 'G'.padEnd(id.length, '1'))).toMatchFileSnapshot(
      'golden/records-list.txt',
    );
    const shows = [
      'driver D7',
      'dept ACME/Sales',
      'customer "Cara Daly"',
      'scp SCP-1',
      'recurring SR-1',
      'trip T-1',
      'exclusion "BAD weather"',
    ];
    await expect(
      steady(
        await transcript(
          cli,
          shows.map((one) => `tph ${one.replace(' ', ' show ')}`),
        ),
      ),
    ).toMatchFileSnapshot('golden/records-show.txt');
  });

  it('are changed field by field, deleted and restored', async () => {
    const cli = await shop();
    await transcript(cli, operator);
    const text = await transcript(cli, [
      'tph driver update D7 --status suspended --remove-capability WAV --clear-phone',
      'tph driver update D7 --status SUSPENDED',
      'tph driver update D7',
      'tph driver update D7 --status ACTIVE --dry-run --exit-code',
      'tph driver update D7 --status FAST --phone 12 --add-capability XYZ',
      'tph customer update "Cara Daly" --add-tag morning --remove-tag vip --password "correct horse"',
      'tph customer update "Cara Daly" --tag a --add-tag b --clear-notes --notes x',
      'tph exclusion update "Bad Weather" --end 2026-02-01',
      'tph exclusion update "Bad Weather" --start 0 --end tomorow',
      'tph exclusion update "Bad Weather" --start none --clear-end-day',
      'tph recurring update SR-1 --remove-time "8:15 weekdays" --add-time "08:20 MON-FRI" --skip "2026-02-02; reason=bank holiday" --no-active',
      'tph recurring update SR-1 --customer "Cara Daly" --scp SCP-1 --scp SCP-1',
      'tph account update ACME --auth-type pin --iban IE29AIBK93115212345679',
      'tph brand update LIFFEY --is-default no',
      'tph brand update LIFFEY --is-default perhaps',
      'tph pref update G1 --mode SOFT',
      'tph driver delete D9',
      'tph driver delete D9 --dry-run',
      'tph driver delete D9 --yes --reason left',
      'tph driver show D9',
      'tph driver list --deleted',
      'tph driver restore D9',
      'tph driver restore D9',
      'tph customer add --phone 0851112233 --first-name Somebody',
      'tph driver create D10 --key import-7',
      'tph driver create D10 --key import-7',
      'tph driver create D11 --key import-7',
      'tph driver create D10',
      'tph driver create G123',
    ]);
    await expect(steady(text)).toMatchFileSnapshot('golden/records-change.txt');
  });
});

describe('lists', () => {
  it('are cut at 100 rows in a table only, and say so', async () => {
    const cli = await shop();
    const session = {
      client: undefined,
      actor: 'tester',
      reason: null,
      nowMs: 1_768_204_800_000,
      lockWaitMs: 0,
    };
    const api = await openStore(await locationOf(cli.folder)).open(session);
    for (let n = 1; n <= 101; n += 1) await api.call('brand.create', { code: `B${n}`, name: `Brand ${n}` });
    await api.close();
    const cut = await cli.tph('brand', 'list');
    expect(cut.out.trimEnd().split('\n')).toHaveLength(101);
    expect(cut.err).toBe(
      'warning: only the first 100 brands are shown: --limit 1000 shows more, -o json all\n',
    );
    expect((await cli.tph('brand', 'list', '-o', 'json')).json()).toHaveLength(101);
    const two = await cli.tph('brand', 'list', '-o', 'id', '--limit', '2');
    expect(two.out.trimEnd().split('\n')).toHaveLength(2);
    expect(two.err).toContain('only the first 2 brands');
    expect((await cli.tph('brand', 'list', '--limit', '101')).err).toBe('101 brands\n');
  });

  it('filter by flags of the kind', async () => {
    const cli = await shop();
    await transcript(cli, operator);
    const ids = async (...words: string[]) =>
      (await cli.tph(...words, '-o', 'jsonl', '--fields', 'ref')).out.match(/"[A-Z]+-\d+"/g);
    expect(await ids('recurring', 'list', '--scp', 'SCP-1')).toEqual(['"SR-1"']);
    expect(await ids('recurring', 'list', '--no-active')).toBeNull();
    expect(await ids('recurring', 'list', '--active')).toEqual(['"SR-1"']);
    expect(await ids('trip', 'list', '--day', '20260113')).toEqual(['"T-1"']);
    expect(await ids('trip', 'list', '--day', '2026-01-14')).toBeNull();
    expect(await ids('scp', 'list', '--search', 'aoi')).toEqual(['"SCP-1"']);
    const prefs = async (...words: string[]) =>
      (await cli.tph('pref', 'list', ...words, '-o', 'json'))
        .json<{ mode: string }[]>()
        .map(({ mode }) => mode);
    expect(await prefs()).toEqual(['HARD', 'SOFT']);
    expect(await prefs('--driver', 'D7')).toEqual(['HARD']);
    expect(await prefs('--customer', '0851112233')).toEqual(['SOFT']);
    expect(await prefs('--mode', 'soft')).toEqual(['SOFT']);
    expect(await prefs('--expired', '--at', '2026-07-01T00:00')).toEqual(['HARD']);
    expect(await prefs('--live', '--at', '2026-06-30T23:59')).toEqual(['HARD', 'SOFT']);
    expect(await prefs('--expiring', '30d')).toEqual([]);
    expect(await prefs('--expiring', '30d', '--at', '2026-06-15')).toEqual(['HARD']);
  });
});

describe('output formats', () => {
  it('are the same data for people, programs and spreadsheets', async () => {
    const cli = await shop();
    await transcript(cli, operator);
    const text = await transcript(cli, [
      'tph driver list -o json --fields callsign,status,clientCapabilities',
      'tph driver list -o jsonl --fields id,callsign',
      'tph recurring list -o csv',
      'tph pref list -o csv --fields driver,scp,customer,mode,expiresAt',
      'tph driver list -o id',
      'tph driver list --fields callsign,lastName',
      'tph driver show D7 --fields callsign,lastName,phone',
      'tph driver show D7 --fields callsing',
      'tph driver create D12 --fields calsign',
      'tph driver show D12',
      'tph driver create D12 -o json --fields callsign,changed,changes',
      'tph driver create D13 -o id',
      'tph driver update D13 -n -o json --fields changed --first-name Zed',
    ]);
    await expect(steady(text)).toMatchFileSnapshot('golden/records-formats.txt');
  });

  it('quote CSV by RFC 4180', async () => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D1', '--first-name', 'Ann "The Van"', '--last-name', 'Byrne, jr');
    expect((await cli.tph('driver', 'list', '-o', 'csv', '--fields', 'firstName,lastName')).out).toBe(
      'firstName,lastName\r\n"Ann ""The Van""","Byrne, jr"\r\n',
    );
  });

  it('give one JSON value for every change, and none where it fails', async () => {
    const cli = await shop();
    expect((await cli.tph('driver', 'create', 'D1', '-o', 'json')).json()).toMatchObject({
      callsign: 'D1',
      changed: true,
      created: true,
    });
    expect((await cli.tph('driver', 'update', 'D1', '--last-name', 'B', '-o', 'json')).json()).toMatchObject({
      changes: [{ field: 'lastName', before: null, after: 'B' }],
    });
    const failed = await cli.tph('driver', 'create', 'D1', '-o', 'json');
    expect(failed).toMatchObject({ code: 6, out: '' });
    expect(JSON.parse(failed.err).error.details[0]).toMatchObject({ field: 'callsign', flag: '<callsign>' });
    expect((await cli.tph('driver', 'delete', 'D1', '--yes', '-o', 'json')).json()).toMatchObject({
      changed: true,
      affects: [],
    });
  });
});

it('a record is given another name of its own, also where that is called ref', async () => {
  const cli = await shop();
  for (const [noun, name] of [
    ['account', 'ACME'],
    ['scp', 'SCP-1'],
  ] as const) {
    await cli.tph(noun, 'create', name);
    expect(await cli.tph(noun, 'update', name, '--ref', `${name}-NEW`)).toMatchObject({ code: 0 });
    expect((await cli.tph(noun, 'show', `${name}-NEW`, '-o', 'json')).json()).toMatchObject({
      ref: `${name}-NEW`,
    });
    expect((await cli.tph(noun, 'show', name)).code).toBe(5);
  }
});
