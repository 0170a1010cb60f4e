import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin', import.meta.url));
const script = (word: string) => `//${word}
({ 'tph.js': function (part, require, { exports }) {
  exports.realHost = () => undefined;
  exports.run = async (argv, host, begins) => {
    begins(\`tph \${argv.slice(2, 4).join(' ')}\`);
    console.log(${JSON.stringify(word)});
    return argv[2] === 'bad' ? 2 : 0;
  };
} })`;

/** A copy of the starter with a program that says one word. */
function copy() {
  const folder = mkdtempSync(join(tmpdir(), 'tph-code-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(bin, join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'dist'));
  const build = (word: string) => writeFileSync(join(folder, 'dist/program.js'), script(word));
  build('first');
  const cache = join(folder, 'cache');
  const run = (...words: readonly string[]) => {
    const env = { XDG_CACHE_HOME: cache, HOME: folder };
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/tph.js'), ...words], {
      env,
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`.trim();
  };
  const kept = (where: string) => {
    try {
      return readdirSync(where);
    } catch {
      return [];
    }
  };
  return { build, run, kept, code: join(folder, 'dist/code'), own: join(cache, 'tph/code') };
}

it('keeps the parts of a command that went well, and at the second start their code', () => {
  const { run, kept, code } = copy();
  expect([run('one', 'verb'), run('bad'), run('No/Noun')]).toEqual(['first', 'first', 'first']);
  const [file = '', ...others] = kept(code);
  expect([file.split('.').slice(0, 2), others]).toEqual([['one', 'verb'], []]);
  const stat = () => statSync(join(code, file));
  const { ino, size } = stat();
  expect(run('one', 'verb')).toBe('first');
  const learned = stat();
  expect(learned.ino).not.toBe(ino);
  expect(learned.size).toBeGreaterThan(size);
  expect(run('one', 'verb')).toBe('first');
  expect(stat()).toMatchObject({ mtimeMs: learned.mtimeMs, ino: learned.ino });
});

it('keeps nothing for a verb that needs no more than is kept of its noun', () => {
  const { run, kept, code } = copy();
  run('one');
  run('one');
  expect(run('one', 'verb')).toBe('first');
  expect(kept(code).map((file) => file.split('.v')[0])).toEqual(['one']);
});

it('runs no code of another build, nor what is damaged or could be anybody’s', () => {
  const { build, run, kept, code } = copy();
  run('one');
  run('one');
  const file = join(code, kept(code)[0] ?? '');
  const isReplaced = (spoil: () => void, word: string) => {
    spoil();
    const { ino } = statSync(file);
    expect(run('one')).toBe(word);
    return statSync(file).ino !== ino;
  };
  expect(isReplaced(() => chmodSync(file, 0o666), 'first')).toBe(true);
  expect(isReplaced(() => writeFileSync(file, 'garbage'), 'first')).toBe(true);
  run('one');
  // As long as the program before: V8 itself compares nothing but lengths.
  expect(isReplaced(() => build('other'), 'other')).toBe(true);
  run('one');
  expect(isReplaced(() => {}, 'other')).toBe(false);
});

it('keeps it for the user where the program’s folder takes nothing, and does without where nothing does', () => {
  const { run, kept, code, own } = copy();
  writeFileSync(code, 'no folder');
  expect(run('one')).toBe('first');
  expect(kept(own)).toHaveLength(1);
  rmSync(own, { recursive: true });
  writeFileSync(own, 'no folder');
  expect(run('one')).toBe('first');
});
