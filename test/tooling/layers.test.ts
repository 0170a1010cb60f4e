import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkLayers } from '../../scripts/layers/check.mjs';

/** Checks a source folder with these files; each broken rule as `file:line rule found`. */
function check(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tph-layers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return checkLayers(folder).map(({ file, line, rule, found }) => `${file}:${line} ${rule} ${found}`);
}

const clean = {
  'values/day.ts': 'export type Day = string & { day: true };\nexport const first = 1;\n',
  'records/driver.ts': "import { first } from '../values/day.ts';\nexport const driver = { first };\n",
  'resolver/reasons.ts':
    "import type { driver } from '../records/driver.ts';\nexport const words = (d: typeof driver) => [d];\n",
  'contract/driver.ts': "import { driver } from '../records/driver.ts';\nexport const op = { driver };\n",
  'db/open.ts':
    "import Database from 'better-sqlite3';\nexport const open = () => new Database(':memory:');\n",
  'operations/driver.ts':
    "import { op } from '../contract/driver.ts';\nimport { open } from '../db/open.ts';\nexport const run = async () => [op, open()];\n",
  'terminal/table.ts':
    "import width from 'string-width';\nexport const bold = (text: string) => [width(text), text];\n",
  'commands/driver.ts':
    "import type { Command } from 'commander';\nimport type { Host } from '../host.ts';\nimport { words } from '../resolver/reasons.ts';\nimport { bold } from '../terminal/table.ts';\nexport const add = (c: Command, h: Host) => [c, h, bold(words({ first: 1 }))];\n",
  'host.ts':
    'export interface Host { now(): Date }\nexport const realHost = () => ({ now: () => new Date(), env: process.env, out: console });\n',
  'main.ts':
    "import { realHost } from './host.ts';\nexport const run = async () => [realHost(), await import('./operations/driver.ts'), await import('./commands/driver.ts')];\n",
};

test('a tree that keeps to the arrows has nothing to say', () => {
  expect(check(clean)).toEqual([]);
});

describe('arrow', () => {
  test.each([
    ['values/a.ts', '../records/driver.ts'],
    ['records/a.ts', '../resolver/reasons.ts'],
    ['resolver/a.ts', '../contract/driver.ts'],
    ['db/a.ts', '../contract/driver.ts'],
    ['operations/a.ts', '../terminal/table.ts'],
    ['remote/a.ts', '../operations/driver.ts'],
    ['remote/a.ts', '../server/routes.ts'],
    ['server/a.ts', '../db/open.ts'],
    ['server/a.ts', '../remote/client.ts'],
    ['csv/a.ts', '../operations/driver.ts'],
    ['terminal/a.ts', '../records/driver.ts'],
    ['config/a.ts', '../records/driver.ts'],
    ['commands/a.ts', '../db/open.ts'],
    ['commands/a.ts', '../operations/driver.ts'],
    ['commands/a.ts', '../config/paths.ts'],
    ['host.ts', './terminal/table.ts'],
  ])('%s may not import %s, in any form', (file, target) => {
    for (const statement of [
      `import { x } from '${target}';`,
      `import type { X } from '${target}';`,
      `import '${target}';`,
      `export type { X } from '${target}';\nexport const y = 1;`,
      `export * from '${target}';\nexport const y = 1;`,
      `export type X = import('${target}').X;`,
    ]) {
      const [only, ...more] = check({ [file]: statement });
      expect(only).toMatch(`${file}:1 arrow \`${file.replace(/\.ts$|\/.*/g, '')}\` imports `);
      expect(more).toEqual([]);
    }
    if (!/^(values|records|resolver)/.test(file)) {
      expect(check({ [file]: `export const x = () => import('${target}');` })).toHaveLength(1);
    }
  });

  test.each([
    ['resolver/a.ts', '../records/driver.ts'],
    ['commands/a.ts', '../resolver/eligibility.ts'],
    ['commands/a.ts', '../host.ts'],
    ['terminal/a.ts', '../host.ts'],
    ['config/a.ts', '../host.ts'],
  ])('%s may import types of %s, not values', (file, target) => {
    expect(check({ [file]: `import type { X } from '${target}';` })).toEqual([]);
    expect(check({ [file]: `import { X } from '${target}';` })).toHaveLength(1);
    expect(check({ [file]: `import { type X } from '${target}';` })).toHaveLength(1);
  });

  test('says which layers are allowed', () => {
    expect(check({ 'commands/a.ts': "\nimport { x } from '../db/open.ts';" })).toEqual([
      'commands/a.ts:2 arrow `commands` imports `db/open.ts`; it may import contract, csv, records, values, terminal, resolver/reasons.ts, types of resolver, types of host',
    ]);
  });
});

describe('pure', () => {
  test.each([
    ["import { readFileSync } from 'node:fs';", 'imports `node:fs`'],
    ["import { createHash } from 'crypto';", 'imports `node:crypto`'],
    ['export async function f() {}', 'uses an async function'],
    ['export const f = async () => 1;', 'uses an async function'],
    ['export class A { async f() {} }', 'uses an async function'],
    ['export const x = await y;', 'uses `await`'],
    ['export const f = () => Promise.resolve(1);', 'uses `Promise`'],
    ['export type F = () => Promise<number>;', 'uses the type `Promise`'],
    ["export const f = () => import('../values/day.ts');", 'uses `import()`'],
    ['export const f = () => Math.random();', 'uses `Math.random`'],
    ['export const f = (g: () => void) => setTimeout(g, 1);', 'uses `setTimeout`'],
  ])('%s is refused in values, records and resolver, and nowhere else', (statement, found) => {
    for (const layer of ['values', 'records', 'resolver']) {
      expect(check({ [`${layer}/a.ts`]: statement })).toContain(`${layer}/a.ts:1 pure ${found}`);
    }
    expect(check({ 'operations/a.ts': statement })).toEqual([]);
  });
});

describe('home', () => {
  test.each([
    ['kysely', 'operations/a.ts', 'db/a.ts'],
    ['kysely/helpers/sqlite', 'operations/a.ts', 'db/a.ts'],
    ['better-sqlite3', 'main.ts', 'db/a.ts'],
    ['pg', 'operations/a.ts', 'db/a.ts'],
    ['fastify', 'main.ts', 'server/a.ts'],
    ['@fastify/swagger', 'contract/a.ts', 'server/a.ts'],
    ['commander', 'terminal/a.ts', 'commands/a.ts'],
    ['commander', 'operations/a.ts', 'main.ts'],
    ['@inquirer/prompts', 'commands/a.ts', 'terminal/a.ts'],
    ['string-width', 'commands/a.ts', 'terminal/a.ts'],
    ['cli-progress', 'csv/a.ts', 'terminal/a.ts'],
    ['papaparse', 'commands/a.ts', 'csv/a.ts'],
    ['iconv-lite', 'db/a.ts', 'csv/a.ts'],
  ])('%s is refused in %s and allowed in %s', (name, elsewhere, home) => {
    for (const statement of [`import x from '${name}';`, `import type { X } from '${name}';`]) {
      expect(check({ [elsewhere]: statement })).toEqual([
        expect.stringContaining(`${elsewhere}:1 home imports`),
      ]);
      expect(check({ [home]: statement })).toEqual([]);
    }
  });

  test('a package without a home may be used anywhere', () => {
    expect(check({ 'values/a.ts': "import { Temporal } from 'temporal-polyfill';" })).toEqual([]);
  });
});

describe('outside', () => {
  test.each([
    ['new Date()', 'Date'],
    ['Date.now()', 'Date'],
    ['x instanceof Date', 'Date'],
    ['[Date]', 'Date'],
    ['{ Date }', 'Date'],
    ['console.log(1)', 'console'],
    ['process.env.TPH_DB', 'process'],
    ['(process as unknown)', 'process'],
    ['performance.now()', 'performance'],
    ['globalThis.Date', 'globalThis'],
    ["fetch('https://example.com')", 'fetch'],
    ['Temporal.Now.instant()', 'Temporal.Now'],
  ])('%s', (expression, name) => {
    const text = `import { Temporal } from 'temporal-polyfill';\nexport const y = (x: unknown) => [Temporal, x, (${expression})];\n`;
    for (const file of ['values/a.ts', 'operations/a.ts', 'commands/a.ts', 'main.ts']) {
      expect(check({ [file]: text })).toEqual([`${file}:2 outside uses \`${name}\``]);
    }
    for (const file of ['host.ts', 'server/a.ts']) expect(check({ [file]: text })).toEqual([]);
    expect(check({ 'remote/a.ts': text })).toHaveLength(name === 'fetch' ? 0 : 1);
  });

  test('the same things under the name of a module', () => {
    expect(check({ 'db/a.ts': "import { env } from 'node:process';" })).toEqual([
      'db/a.ts:1 outside imports `node:process`',
    ]);
  });

  test('types, names of members, strings, comments and own names are something else', () => {
    const text = `
      // new Date(), console.log, process.exit
      const text = 'new Date()' + \`console.log(\${1})\`;
      const pattern = /Date\\(process\\)/;
      export interface Clock { now(): Date; fetch: typeof fetch; process?: Date[] }
      export const print = (value: Date | undefined, host: { console: Clock }) => [value as Date, host.console, { fetch: 1 }];
      export function fetch(Date: string) { return [Date, text, pattern]; }
    `;
    expect(check({ 'contract/a.ts': text })).toEqual([]);
  });
});

describe('cycle', () => {
  test('is shown whole', () => {
    const files = {
      'db/a.ts': "export const a = 1;\nimport { b } from './b.ts';\nexport const x = b;",
      'db/b.ts': "import { c } from './c.ts';\nexport const b = c;",
      'db/c.ts': "import { a } from './a.ts';\nexport const c = a;",
    };
    expect(check(files)).toEqual(['db/a.ts:2 cycle db/a.ts → db/b.ts → db/c.ts → db/a.ts']);
  });

  test('counts imports at run time, not those of types', () => {
    const a = "import { b } from './b.ts';\nexport const a = b;";
    expect(check({ 'db/a.ts': a, 'db/b.ts': "export const b = () => import('./a.ts');" })).toHaveLength(1);
    expect(
      check({ 'db/a.ts': a, 'db/b.ts': "import type { a } from './a.ts';\nexport const b = 1;" }),
    ).toEqual([]);
  });
});

test.each([
  ["export * from './driver.ts';"],
  ["export { driver } from './driver.ts';\nexport type { X } from '../values/day.ts';"],
  ["import { driver } from './driver.ts';\nexport { driver };"],
])('barrel: %s', (text) => {
  expect(check({ 'records/a.ts': text })).toEqual(['records/a.ts:1 barrel the file only re-exports']);
});

test('house: a file in no layer, and an import from beside the source', () => {
  expect(check({ 'helpers/a.ts': 'export const x = 1;', 'util.ts': 'export const x = 1;' })).toEqual([
    'helpers/a.ts:1 house `helpers` is not a layer',
    'util.ts:1 house `util` is not a layer',
  ]);
  expect(check({ 'main.ts': "import manifest from '../package.json';" })).toEqual([
    'main.ts:1 house imports `../package.json`, which is not in src/',
  ]);
});

test('visible: a computed import', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
  expect(check({ 'main.ts': 'export const f = (n: string) => import(`./commands/${n}.ts`);' })).toEqual([
    'main.ts:1 visible imports a computed path',
  ]);
});
