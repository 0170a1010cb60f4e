import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CsvKind } from '../../src/contract/bulk.ts';
import { csvKinds } from '../../src/contract/bulk.ts';
import { understoodLines } from '../../src/csv/report.ts';
import { RowStream } from '../../src/csv/rows.ts';
import { type FileRequest, understandFile } from '../../src/csv/understand.ts';
import { definitionOf } from '../../src/records/registry.ts';
import { failure } from '../values/failure.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tph-understand-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function understand(content: string | Buffer, request: Partial<FileRequest> = {}) {
  const path = join(folder, 'file.csv');
  writeFileSync(path, content);
  return understandFile(path, 'file.csv', { kind: 'customers', ...request });
}
const fieldsOf = (header: string, request: Partial<FileRequest> = {}) =>
  understand(`${header}\nx\n`, request).understood.columns.map(({ field }) => field);
const refusal = (content: string | Buffer, request: Partial<FileRequest> = {}) =>
  failure(() => understand(content, request));

/** Every cell of a file, as it is read. */
function cells(content: Buffer, request: Partial<FileRequest> = {}): string[][] {
  const stream = new RowStream(understand(content, request).format);
  const rows: string[][] = [];
  for (let some = stream.next(); some !== undefined; some = stream.next())
    rows.push(...some.map((row) => [...row.cells]));
  stream.close();
  return rows;
}

const wide = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
const western = (text: string): Buffer =>
  Buffer.from(text.replaceAll('€', '\x80').replaceAll('’', '\x92'), 'latin1');
const text = 'First Name,Phone\nZoë O’Shea €,0851230001\n';

describe('encodings', () => {
  it('refuses a file that has two of them, naming the line', () => {
    const mixed = Buffer.concat([Buffer.from('First Name,Phone\nZoë,1\n'), western('André,2\n')]);
    expect(refusal(mixed)).toMatchObject({ code: 'INVALID', hint: expect.stringContaining('--encoding') });
    expect(refusal(mixed).message).toContain('line 3 has the byte 0xe9, which is not UTF-8, but line 2');
    expect(understand(mixed, { encoding: 'windows-1252' }).understood.encoding).toBe('Windows-1252');
    expect(understand(western('First Name,Phone\nRENÉ’S Zoë,1\n')).understood.encoding).toBe('Windows-1252');
  });

  it.each<[string, Buffer, boolean]>([
    ['UTF-8', Buffer.from(text), false],
    ['UTF-8', Buffer.from(`\uFEFF${text}`), true],
    ['Windows-1252', western(text), false],
    ['UTF-16 LE', wide(`\uFEFF${text}`), true],
    ['UTF-16 BE', wide(`\uFEFF${text}`, true), true],
    ['UTF-16 LE', wide(text), false],
    ['UTF-16 BE', wide(text, true), false],
  ])('reads %s', (encoding, bytes, bom) => {
    expect(understand(bytes).understood).toMatchObject({ encoding, bom });
    expect(cells(bytes)).toEqual([
      ['First Name', 'Phone'],
      ['Zoë O’Shea €', '0851230001'],
    ]);
  });

  it('reads characters that two pieces of a file divide', () => {
    const names = Array.from({ length: 40_000 }, (_, i) => `é€𝄞${i}`);
    for (const bytes of [
      Buffer.from(`name\n${names.join('\n')}\n`),
      wide(`\uFEFFname\n${names.join('\n')}\n`),
    ])
      expect(cells(bytes).slice(1).flat()).toEqual(names);
  });

  it('names the line of a byte that is no UTF-8 in a file that began so', () => {
    const good = Array.from({ length: 20_000 }, (_, i) => `é${i}`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`name\n${good}\n`), western('Zo\xeb\nx\n')]);
    expect(failure(() => cells(bytes)).message).toBe(
      '`file.csv` began as UTF-8, but line 20002 has the byte 0xeb, which is not',
    );
    expect(cells(bytes, { encoding: 'windows-1252' })).toHaveLength(20_003);
  });

  it('refuses what is no text, and says what it is', () => {
    expect(refusal(Buffer.from('PK\x03\x04rest')).message).toContain('a spreadsheet (.xlsx, .ods)');
    expect(refusal(Buffer.from('name\0,phone\n')).message).toContain('a NUL byte at position 5');
    expect(refusal(Buffer.from('')).message).toContain('is empty');
    expect(refusal(text, { encoding: 'klingon' }).message).toContain('--encoding `klingon`');
  });
});

describe('delimiters', () => {
  it.each([
    ['Name,Phone\n"Byrne; Ann",1\n', ','],
    ['Name;Phone\n"Byrne, Ann";1\n', ';'],
    ['Name\tPhone\nAnn, B, C\t1\n', '\t'],
    ['Name|Phone|Tags\nAnn|1|a,b,c\n', '|'],
    ['sep=;\nName;Phone\nAnn;1\n', ';'],
    ['Name\nAnn\n', ','],
    ['"Phone";"a"",b"\n', ';'],
  ])('of %j is %j', (content, delimiter) => {
    expect(understand(content, { map: content.includes('"a"') ? ['#2='] : [] }).understood.delimiter).toBe(
      delimiter,
    );
  });
});

describe('headers', () => {
  it.each<[CsvKind, string, readonly (string | null)[]]>([
    ['customers', 'MOBILE-NO.,Forename,Surname,E mail', ['phone', 'firstName', 'lastName', 'email']],
    [
      'customers',
      'Phone (mobile),first-name,Cost Centre,Created Date',
      ['phone', 'firstName', 'accountDepartments', null],
    ],
    ['customers', 'Full Name,Phone,tph__line,', ['fullName', 'phone', null, null]],
    ['drivers', 'Call Sign,Badge No', ['callsign', 'callsign']],
    ['scps', 'Ref,D.O.B.,Name', ['ref', 'dateOfBirth', 'displayName']],
    ['approvals', 'Callsign,SCP Ref,Valid until', ['driver', 'scp', 'expiresAt']],
    [
      'departments',
      'Account No,Department,Capabilities',
      ['account', 'departmentName', 'clientCapabilities'],
    ],
  ])('of %s: %s', (kind, header, fields) => {
    if (new Set(fields).size < fields.length && !fields.includes(null))
      expect(refusal(header, { kind }).message).toContain('are both callsign');
    else expect(fieldsOf(header, { kind })).toEqual(fields);
  });

  it('knows every field by its own name, as its flag and as the other kinds of spelling', () => {
    for (const [kind, type] of Object.entries(csvKinds) as [CsvKind, (typeof csvKinds)[CsvKind]][])
      for (const [name, field] of Object.entries(definitionOf(type).fields)) {
        if (field.kind === 'secret') continue;
        expect(
          fieldsOf(name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(), { kind }),
          name,
        ).toEqual([name]);
      }
  });

  it('tells all that are unknown or doubled at once, with the way out', () => {
    const error = refusal('Frist Name,Phone,Mobile,zzz\n');
    expect(error.details.map(({ message, hint }) => `${message} | ${hint}`)).toEqual([
      'the column `Frist Name` is unknown | did you mean firstName? write --map "Frist Name=firstName"; or ignore it with --map "Frist Name="',
      'the column `zzz` is unknown | say what it is with --map "zzz=FIELD", or ignore it with --map "zzz="',
      '`Phone` (column 2) and `Mobile` (column 3) are both phone | ignore one with --map "Mobile="',
    ]);
    expect(error.message).toContain('(and 2 more)');
  });

  it('follows --map, by name and by number', () => {
    expect(fieldsOf('Junk,Nummer,Junk', { map: ['Junk=', 'nummer=phone'] })).toEqual([null, 'phone', null]);
    expect(fieldsOf('a,a', { map: ['#1=phone', '#2='] })).toEqual(['phone', null]);
    expect(refusal('Phone\n', { map: ['Phoen=phone'] }).hint).toBe('did you mean `Phone`?');
    expect(refusal('Phone\n', { map: ['Phone=phoen'] }).hint).toContain('did you mean phone?');
  });

  it('refuses passwords unless they are asked for, a file without a header, and a million columns', () => {
    expect(refusal('Phone,Password\n').hint).toContain('--map "Password="');
    expect(fieldsOf('Phone,Password', { map: ['Password=password'] })).toEqual(['phone', 'password']);
    expect(refusal('Ann,0851230001\n').message).toContain('has no header row');
    expect(refusal(`${'a,'.repeat(1_000_000)}\n`).message).toContain('1,000,001 columns; the most is 10,000');
  });
});

describe('what stands above the header', () => {
  it('is left out, and said, where it is no table', () => {
    const titled =
      'Customers of Liffey Cars;;\n\nprinted 2026-01-12;;\nFirst Name;Mobile No;Notes\nAnn;0851230001;x\n';
    const { understood } = understand(titled);
    expect(understood).toMatchObject({ delimiter: ';', headerLine: 4, rowsAbove: 2 });
    expect(understoodLines(understood)[0]).toContain('header on line 4 (3 lines above it left out)');
  });

  it('is refused where it may be rows', () => {
    const { message, hint } = refusal('a,b,c\n1,2,3\nFirst Name,Mobile No,Notes\nAnn,0851230001,x\n');
    expect(message).toContain('line 3 seems to be the header');
    expect(hint).toContain('above line 3');
    expect(
      understand('Vor,Handy\nphone,first name\n', { map: ['Vor=phone', 'Handy='] }).understood.headerLine,
    ).toBe(1);
  });
});

describe('hints that are typed into a shell', () => {
  it('name a column by its number where its header is not safe', () => {
    const details = refusal('phone,$(touch x),`ls`,a"b,Kölner Nr.\n1,2,3,4,5\n').details;
    expect(details.map(({ hint }) => /--map "(.*?)=/.exec(hint ?? '')?.[1])).toEqual([
      '#2',
      '#3',
      '#4',
      'Kölner Nr.',
    ]);
    for (const { hint } of details) expect(hint).not.toMatch(/[$`]/);
  });
});
