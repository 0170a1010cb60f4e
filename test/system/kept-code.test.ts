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
({ 'tph.js': function (require, module, exports) {
  exports.realHost = () => undefined;
  exports.run = async (argv) => { console.log(${JSON.stringify(word)}); return argv[2] === 'bad' ? 2 : 0; };
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
  const run = (noun: string) => {
    const env = { XDG_CACHE_HOME: cache, HOME: folder };
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/tph.js'), noun], {
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

it('keeps the code of a command that went well, once for each noun', () => {
  const { run, kept, code } = copy();
  expect([run('one'), run('bad'), run('No/Noun')]).toEqual(['first', 'first', 'first']);
  const [file = '', ...others] = kept(code);
  expect([file.split('.')[0], others]).toEqual(['one', []]);
  const { mtimeMs, ino } = statSync(join(code, file));
  expect(run('one')).toBe('first');
  expect(statSync(join(code, file))).toMatchObject({ mtimeMs, ino });
});

it('runs no code of another build, nor what is damaged or could be anybody’s', () => {
  const { build, run, kept, code } = copy();
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
  // As long as the program before: V8 itself compares nothing but lengths.
  expect(isReplaced(() => build('other'), 'other')).toBe(true);
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
