import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manualPage } from '../../scripts/docs/man.mjs';
import { commandReference } from '../../scripts/docs/markdown.mjs';
import { everyNode, nodeOf } from '../../scripts/docs/tree.mjs';
import { EXIT_MEANINGS } from '../../src/commands/exit-meanings.ts';
import { wholeProgram } from '../../src/commands/program.ts';

const file = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const program = nodeOf(await wholeProgram());
const has = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

test.each([
  ['commands.md', commandReference(program, EXIT_MEANINGS)],
  ['tph.1', manualPage(program, EXIT_MEANINGS)],
])('docs/%s is what the commands say: `npm run docs` writes it', (name, current) => {
  expect(
    readFileSync(file(name), 'utf8') === current,
    `docs/${name} is not current: run \`npm run docs\``,
  ).toBe(true);
});

test('the reference has every command, with its flags and an example', () => {
  const reference = readFileSync(file('commands.md'), 'utf8');
  for (const { path, options, examples, commands } of everyNode(program).slice(1)) {
    const [, own = ''] = reference.split(new RegExp(`^#+ ${path}$`, 'm'));
    const section = own.split(/^#/m)[0] ?? '';
    for (const { term } of options) expect(section, path).toContain(`- \`${term}\``);
    if (commands.length === 0) for (const line of examples) expect(section, path).toContain(line);
  }
  for (const [code] of EXIT_MEANINGS) expect(reference).toContain(`| ${code} |`);
});

test('every link of the reference leads to a heading', () => {
  const reference = readFileSync(file('commands.md'), 'utf8');
  const anchors = new Set(
    [...reference.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')),
  );
  const links = [...reference.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(anchors).toContain(link);
});

test.skipIf(!has('man'))('man shows the manual page and has nothing to say against it', () => {
  const shown = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', file('tph.1')], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '80', MANROFFOPT: '', LC_ALL: 'C.UTF-8' },
  });
  expect(shown.stderr).toBe('');
  expect(shown.status).toBe(0);
  expect(shown.stdout).toContain('tph driver create');
  expect(shown.stdout).toMatch(/EXIT STATUS[\s\S]*130 +Interrupted/);
});

test.skipIf(!has('mandoc'))('mandoc finds no mistake in the manual page', () => {
  const { stdout } = spawnSync('mandoc', ['-Tlint', '-Wwarning', file('tph.1')], { encoding: 'utf8' });
  // The page has no date, so that it changes only when a command does.
  expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
});
