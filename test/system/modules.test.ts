import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { usualCommands } from '../../scripts/support/usual-commands.mjs';

/** What the build saw each command load; see scripts/build.mjs. */
const { modules } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../dist/build.json', import.meta.url)), 'utf8'),
) as { readonly modules: Readonly<Record<string, readonly string[]>> };

/** What no command that people wait for has a use for. */
const HEAVY = [
  ...['@inquirer/prompts', 'fastify', 'iconv-lite', 'kysely', 'pg', 'temporal-polyfill', 'zod'],
  ...['src/contract/operations.ts', 'src/db/builder.ts', 'src/db/tables.ts'],
];

// A module that is meant to be loaded is written down by `npx vitest run test/system/modules.test.ts -u`.
describe.each(usualCommands.map(({ name }) => name))('%s', (name) => {
  const loaded = modules[name] ?? [];

  it('loads what is written down, and nothing else', async () => {
    expect(loaded).toContain('src/main.ts');
    const file = `modules/${name.replaceAll(/\W+/g, '-')}.txt`;
    await expect(`${loaded.join('\n')}\n`).toMatchFileSnapshot(file);
  });

  it('loads nothing heavy', () => {
    const needed = name === 'customer find' ? [] : ['libphonenumber-js'];
    expect(loaded.filter((module) => [...HEAVY, ...needed].includes(module))).toEqual([]);
  });
});

it('loads nothing more for a command behind global flags', () => {
  const tracer = fileURLToPath(new URL('../../scripts/support/trace-parts.cjs', import.meta.url));
  const partsOf = (...words: readonly string[]) => {
    // There is no such database: it ends before it comes to that.
    const env = { HOME: '/dev/null', TPH_DB: '/dev/null/tph.db' };
    const { stdout } = spawnSync(process.execPath, [tracer, ...words], { env, encoding: 'utf8' });
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n['))) as readonly string[];
  };
  const set = ['set', 'Bad Weather', 'RUN_OFF'];
  const parts = partsOf('exclusion', ...set, '--client', 'ACME', '-nq', '--actor=cron');
  expect(parts.length).toBeGreaterThan(10);
  expect(partsOf('--client', 'ACME', '-nq', 'exclusion', '--actor=cron', ...set)).toEqual(parts);
});
