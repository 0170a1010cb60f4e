import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CsvKind, csvKinds } from '../../src/contract/bulk.ts';
import { exportColumns } from '../../src/csv/export-cell.ts';
import type { ExportPages } from '../../src/csv/export-csv.ts';
import { listedPages } from '../../src/csv/export-list.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { definitionOf } from '../../src/records/registry.ts';
import { copiesOf, hostIn, makeDemo, makeTrickyShop } from './export-world.ts';
import { locationOf, steady } from './support.ts';

const trickyShop = copiesOf(makeTrickyShop);
const demo = copiesOf(makeDemo);

const kinds = Object.keys(csvKinds) as CsvKind[];

describe('tph export', () => {
  it('writes every kind as CSV that means the same when it is read back', async () => {
    const { tph } = await trickyShop();
    let text = '';
    for (const kind of kinds) {
      const { code, out, err } = await tph('export', kind, '--include-protected');
      expect({ kind, code, err }).toEqual({ kind, code: 0, err: '' });
      text += `$ tph export ${kind} --include-protected\n${out}\n`;
    }
    await expect(steady(text)).toMatchFileSnapshot('golden/export.txt');
  });

  it('leaves protected fields out, and says so', async () => {
    const { tph } = await trickyShop();
    const plain = await tph('export', 'scps');
    expect(plain.out.split('\n')[0]).not.toContain('dateOfBirth');
    expect(plain.err).toBe('without dateOfBirth: --include-protected adds protected fields\n');
    const asked = await tph('export', 'scps', '--fields', 'ref,dateOfBirth');
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toContain('hint: add --include-protected');
    const given = await tph('export', 'scps', '--fields', 'ref,dateOfBirth', '--include-protected');
    expect(given.out).toBe('ref,dateOfBirth\nSCP-1,2015-04-02\n');
  });

  it('takes delimiters, line ends, a byte order mark, raw cells and filters', async () => {
    const { tph } = await trickyShop();
    const csv = await tph(
      'export',
      'customers',
      '--fields',
      'firstName,tags',
      '--delimiter',
      ';',
      '--bom',
      '--crlf',
    );
    expect(csv.out.startsWith('\ufefffirstName;tags\r\nAnn;"[""x|y""]"\r\n\'=1+1;\r\n')).toBe(true);
    const raw = await tph('export', 'customers', '--fields', 'firstName', '--raw', '--tag', 'none');
    expect(raw.out).toBe('firstName\n-Bea\n');
    const tabs = await tph(
      'export',
      'drivers',
      '--fields',
      'callsign,status',
      '--delimiter',
      'tab',
      '--status',
      'suspended',
    );
    expect(tabs.out).toBe("callsign\tstatus\n'@D8\tSUSPENDED\n");
    const lines = await tph('export', 'drivers', '--fields', 'callsign,clientCapabilities', '-o', 'jsonl');
    expect(lines.out.split('\n')[0]).toBe('{"callsign":"D7","clientCapabilities":["WAV","CHILD_SEAT"]}');
    const blank = await tph('export', 'customers', '--fields', 'lastName', '--tag', 'vip');
    expect(blank.out).toBe('lastName\n');
  });

  it('refuses what is no export, naming the way out', async () => {
    const { tph } = await trickyShop();
    for (const [words, hint] of [
      [['customers', '-o', 'json'], '`tph customer list -o json` gives json'],
      [['customers', '-o', 'table'], 'leave -o out'],
      [['customers', '--fields', 'firstname'], 'they have id, firstName'],
      [['customers', '--fields', 'password'], 'they have id, firstName'],
      [['customers', '--delimiter', 'x'], 'give one of , ; | or tab'],
      [['custmers'], 'did you mean `customers`?'],
      [['customers', 'no/such/folder.csv'], 'name a file in a folder that you may write'],
    ] as const) {
      const { code, out, err } = await tph('export', ...words);
      expect({ words, code, out }).toEqual({ words, code: 2, out: '' });
      expect(err).toContain(hint);
    }
  });

  it('makes a file that is there whole or not at all, for its owner only', async () => {
    const { tph, folder } = await trickyShop();
    const file = join(folder, 'drivers.csv');
    writeFileSync(file, 'old');
    const done = await tph('export', 'drivers', 'drivers.csv', '--yes');
    expect(done).toMatchObject({ code: 0, out: '', err: '3 drivers in drivers.csv\n' });
    expect(readFileSync(file, 'utf8')).toBe((await tph('export', 'drivers')).out);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const host = hostIn(folder);
    const running = run(['node', 'tph', 'export', 'customers', 'customers.csv'], host);
    host.interrupt();
    expect(await running).toBe(130);
    expect(existsSync(join(folder, 'customers.csv'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('ends quietly when nobody reads any more', async () => {
    const { folder } = await trickyShop();
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const host = {
      ...hostIn(folder),
      stdout,
    };
    expect(await run(['node', 'tph', 'export', 'customers'], host)).toBe(0);
  });
});

describe('records at hand and records over the list operation', () => {
  const all = async (pages: ExportPages) => {
    const rows: unknown[] = [];
    for await (const page of pages) rows.push(...page);
    return rows;
  };
  const same = async (folder: string) => {
    const session = {
      client: undefined,
      actor: 't',
      reason: null,
      nowMs: 1_768_204_800_000,
      lockWaitMs: 1000,
    };
    const api = await openStore(await locationOf(folder)).open(session);
    try {
      for (const kind of kinds) {
        const definition = definitionOf(csvKinds[kind]);
        const columns = [...exportColumns(definition, true), 'createdDate', 'updatedDate'];
        const listed = await all(listedPages(api, definition, columns));
        expect(listed.length).toBeGreaterThan(0);
        expect(await all(api.bulk?.export(definition.objectType, columns) as ExportPages)).toEqual(listed);
      }
    } finally {
      await api.close();
    }
  };

  it('are the same for the demo', async () => same((await demo()).folder));
  it('are the same for tricky records', async () => same((await trickyShop()).folder));
});
