import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CsvKind, csvKinds } from '../../src/contract/bulk.ts';
import { copiesOf, makeDemo, makeTrickyShop } from './export-world.ts';
import { type Cli, emptyFolder, steady, transcript } from './support.ts';

const kinds = Object.keys(csvKinds) as CsvKind[];
const trickyShop = copiesOf(makeTrickyShop);
const demo = copiesOf(makeDemo);

const FILE = `First Name;Surname;Mobile No;E-mail;Account;Tags
Eve;Fagan;085 012 3460;eve@example.org;ACME;VIP
Ann;'Null;085 012 3456;ann@example.org;;
Deirdre;Nolan;085 012 3458;;;
Flo;Mara;4.47E+11;;;
Gus;Mara;085 012 3461;;ACNE;
`;

/** Names of files say which run they are of. */
const plain = (text: string, folder: string): string =>
  steady(text)
    .replaceAll(folder, '…')
    .replace(/(\d\d:\d\d:\d\d|1970-01-01 \d\d:\d\d)/g, '…');

describe('tph import', () => {
  it('says what it understood, what it would do, what it did, and takes it back', async () => {
    const { tph, folder } = await trickyShop();
    writeFileSync(join(folder, 'new.csv'), FILE);
    const first = await transcript({ tph }, [
      'tph import customers new.csv --dry-run',
      'tph import customers new.csv',
      'tph import customers new.csv --mode partial --on-conflict update --reason "from the old system"',
    ]);
    const [run = ''] = (await tph('import', 'runs', '-o', 'id')).out.split('\n');
    const failed = readdirSync(folder).find((name) => name.startsWith(`new.${run}.failed`)) ?? '';
    const mended = readFileSync(join(folder, failed), 'utf8')
      .replace('4.47E+11', '085 012 3462')
      .replace('ACNE', 'ACME');
    writeFileSync(join(folder, 'mended.csv'), mended);
    const rest = await transcript({ tph }, [
      'tph import customers mended.csv --mode partial',
      'tph log --limit 2 --object "085 012 3458"',
      'tph import runs',
      `tph import show ${run}`,
      `tph import undo ${run}`,
      'tph customer update "085 012 3460" --last-name Touched',
      `tph import undo ${run} --dry-run`,
      `tph import undo ${run} --yes`,
      `tph import undo ${run} --yes`,
      'tph customer list --fields firstName,lastName,phone -o csv',
    ]);
    await expect(plain(first + rest, folder)).toMatchFileSnapshot('golden/import.txt');
  });

  it('answers programs with one value, or a line a row', async () => {
    const { tph, folder } = await trickyShop();
    writeFileSync(join(folder, 'new.csv'), FILE);
    const json = await tph('import', 'customers', 'new.csv', '-o', 'json');
    expect(json.code).toBe(3);
    expect(json.json()).toMatchObject({
      total: 5,
      created: 0,
      failed: 3,
      state: 'REJECTED',
      problemsCut: false,
      problems: [
        { line: 4 },
        { line: 5, column: 'Mobile No', code: 'INVALID' },
        { line: 6, code: 'NOT_FOUND' },
      ],
      missing: [{ column: 'Account', distinct: 1, values: [{ value: 'ACNE', count: 1 }] }],
    });
    const lines = await tph('import', 'customers', 'new.csv', '--mode', 'partial', '-o', 'jsonl');
    expect(lines.code).toBe(3);
    const outcomes = lines.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(outcomes.map(({ line, outcome }) => `${line} ${outcome}`).sort()).toEqual([
      '2 created',
      '3 unchanged',
      '4 failed',
      '5 failed',
      '6 failed',
    ]);
    expect(lines.err).toContain('5 rows: 1 created, 1 unchanged, 3 rejected');
    const dry = await tph(
      'import',
      'customers',
      'new.csv',
      '-n',
      '--exit-code',
      '--on-conflict',
      'skip',
      '-o',
      'json',
    );
    expect(dry).toMatchObject({ code: 3 });
    expect(dry.json()).toMatchObject({ run: null, dryRun: true, files: { failed: null, success: null } });
  });

  it('reads stdin', async () => {
    const cli = await trickyShop();
    const kept = await cli.tph('export', 'drivers');
    writeFileSync(join(cli.folder, 'drivers.csv'), kept.out);
    const missing = await cli.tph('import', 'drivers');
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.err).toContain('<file> is missing');
    const unknown = await cli.tph('import', 'driver', 'drivers.csv');
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.err).toContain('did you mean `drivers`?');
    const none = await cli.tph('import', 'drivers', 'none.csv');
    expect([2, 5]).toContain(none.code);
  });

  it('prints a template of every kind that says what goes where', async () => {
    const { tph } = await trickyShop();
    for (const kind of kinds) {
      const { out, code } = await tph('import', kind, '--template');
      expect({ kind, code }).toEqual({ kind, code: 0 });
      expect(out.trim().split('\n')).toHaveLength(2);
    }
  });
});

describe('what was exported', () => {
  const styles = [['--delimiter', ';', '--bom', '--crlf'], ['--delimiter', 'tab'], []];
  const roundTrip = async (cli: Cli, styles: readonly (readonly string[])[]) => {
    const { tph, folder } = cli;
    for (const kind of kinds)
      for (const flags of styles) {
        const written = await tph('export', kind, '--yes', `${kind}.csv`, '--include-protected', ...flags);
        expect({ kind, code: written.code, err: written.code === 0 ? '' : written.err }).toMatchObject({
          code: 0,
          err: '',
        });
        const read = await tph('import', kind, `${kind}.csv`, '-n', '-o', 'json', '--results-dir', folder);
        expect({ kind, flags, err: read.out === '' ? read.err : '' }).toEqual({ kind, flags, err: '' });
        const { total, unchanged, problems } = read.json<{
          total: number;
          unchanged: number;
          problems: unknown[];
        }>();
        expect({ kind, flags, problems }).toEqual({ kind, flags, problems: [] });
        expect({ kind, unchanged }).toEqual({ kind, unchanged: total });
        expect(total).toBeGreaterThan(0);
      }
  };
  it('is unchanged when it is read back: tricky records', async () => roundTrip(await trickyShop(), styles));
  it('is unchanged when it is read back: the demo', async () => roundTrip(await demo(), [[]]));

  it('fills an empty database in the order of the kinds', async () => {
    const from = await trickyShop();
    const to = emptyFolder();
    await to.tph('init', '--name', 'Other Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE');
    await to.tph('brand', 'create', 'LIFFEY');
    for (const code of ['WAV', 'CHILD_SEAT']) await to.tph('capability', 'create', code);
    await to.tph('group', 'create', 'SCHOOLS');
    for (const kind of ['accounts', 'drivers'] as const) {
      const { out } = await from.tph('export', kind);
      const withoutIds = out.replace(/^G?(id|\d+),/gm, '');
      writeFileSync(join(to.folder, `${kind}.csv`), withoutIds);
      const { code, err } = await to.tph('import', kind, `${kind}.csv`);
      expect({ kind, code, err: code === 0 ? '' : err }).toEqual({ kind, code: 0, err: '' });
      expect((await to.tph('export', kind)).out.replace(/^G?(id|\d+),/gm, '')).toBe(withoutIds);
    }
  });
});
