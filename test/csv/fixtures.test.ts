import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvKinds } from '../../src/contract/bulk.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import type { ObjectType } from '../../src/records/field.ts';
import { definitionOf } from '../../src/records/registry.ts';
import type { Mess } from './fixtures/mess.ts';
import { dates } from './fixtures/mess-dates.ts';
import { delimiters } from './fixtures/mess-delimiters.ts';
import { encodings } from './fixtures/mess-encodings.ts';
import { headers } from './fixtures/mess-headers.ts';
import { lines } from './fixtures/mess-lines.ts';
import { phones } from './fixtures/mess-phones.ts';
import { quotes } from './fixtures/mess-quotes.ts';
import { values } from './fixtures/mess-values.ts';
import { acid, libreoffice } from './fixtures/recorded.ts';

let folder = '';
let made = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tph-mess-'));
  const { code } = await tph(
    folder,
    'init',
    'Liffey Cars',
    '--time-zone',
    'Europe/Dublin',
    '--country',
    'IE',
  );
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tph(cwd: string, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const host = testHost({ cwd, env: { HOME: cwd, TPH_DB: join(cwd, 'tph.db') } });
  const code = await run(['node', 'tph', ...words], host);
  return { code, out: host.out(), err: host.err() };
}

/** A database of its own for each file. */
function freshFolder(): string {
  const own = join(folder, String(made++));
  mkdirSync(own);
  copyFileSync(join(folder, 'tph.db'), join(own, 'tph.db'));
  return own;
}

async function recordsOf(cwd: string, type: ObjectType): Promise<Record<string, unknown>[]> {
  const { out } = await tph(cwd, definitionOf(type).noun, 'list', '--limit', '500', '-o', 'json');
  const records = JSON.parse(out) as (Record<string, unknown> & { id: string })[];
  return records.sort((a, b) => Number(BigInt(a.id.slice(1)) - BigInt(b.id.slice(1))));
}

interface Problem {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

async function check(mess: Mess): Promise<void> {
  const { kind = 'customers', records = [], failed = [] } = mess;
  const cwd = freshFolder();
  writeFileSync(join(cwd, 'file.csv'), mess.file);
  const words = ['import', kind, 'file.csv', '--mode', 'partial', '-o', 'json', ...(mess.flags ?? [])];
  const { code, out, err } = await tph(cwd, ...words);
  const found = await recordsOf(cwd, csvKinds[kind]);
  if (mess.refused !== undefined) {
    expect({ code, found }, err).toEqual({ code: 2, found: [] });
    for (const word of mess.refused) expect(err).toContain(word);
    return;
  }
  expect({ code, found }, err).toEqual({
    code: failed.length === 0 ? 0 : 3,
    found: records.map((record) => expect.objectContaining(record)),
  });
  for (const word of mess.says ?? []) expect(err).toContain(word);
  const { problems = [] } = JSON.parse(out) as { problems?: Problem[] };
  expect([...new Set(problems.map(({ line }) => line))]).toEqual(failed.map(({ line }) => line));
  for (const { line, column, words: wanted } of failed) {
    const said = problems
      .filter((problem) => problem.line === line && (column === undefined || problem.column === column))
      .map(({ message, hint }) => `${message}\n${hint}`.toLowerCase());
    for (const word of wanted) expect(said.join('\n')).toContain(word.toLowerCase());
  }
}

describe('files that nobody here wrote', () => {
  it.each([...acid, ...libreoffice].map((mess) => [mess.name, mess] as const))('%s', (_name, mess) =>
    check(mess),
  );
});

describe.each([
  ['encodings', encodings],
  ['lines', lines],
  ['delimiters', delimiters],
  ['quotes', quotes],
  ['headers', headers],
  ['phones', phones],
  ['dates', dates],
  ['values', values],
] as const)('mess that people reported: %s', (_group, messes) => {
  it.each(messes.map((mess) => [`${mess.name} (${mess.source})`, mess] as const))('%s', (_name, mess) =>
    check(mess),
  );
});
