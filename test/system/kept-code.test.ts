import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin', import.meta.url));
const script = (word: string) => `//${word} --db= -o= --output= -n -q --no-input
({ 'tph.js': function (part, require, { exports }) {
  exports.realHost = () => undefined;
  exports.run = async (argv, host, begins, [noun, ...verb]) => {
    begins(['tph', noun, ...verb.filter((word) => word !== 'argument')].join(' '));
    if (argv.includes('more')) part('more');
    console.log(${JSON.stringify(word)});
    return { bad: 2, no: 8 }[noun] ?? 0;
  };
}, more: function () {} })`;

/** A copy of the starter with a program that says one word. */
function copy() {
  const folder = mkdtempSync(join(tmpdir(), 'tph-code-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(bin, join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'dist'));
  const build = (word: string) => writeFileSync(join(folder, 'dist/program.js'), script(word));
  build('first');
  const cache = join(folder, 'cache');
  const run = (...words: readonly string[]) => runIn({ XDG_CACHE_HOME: cache, HOME: folder }, ...words);
  const runIn = (env: NodeJS.ProcessEnv, ...words: readonly string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/tph.js'), ...words], {
      env,
      encoding: 'utf8',
      timeout: 20_000,
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
  return { build, run, runIn, kept, code: join(folder, 'dist/code'), own: join(cache, 'tph/code') };
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

it('keeps a command that answers no', () => {
  const { run, kept, code } = copy();
  run('no');
  expect(kept(code).map((file) => file.split('.v')[0])).toEqual(['no']);
});

it.each([
  ['-q', 'one', 'verb'],
  ['-o', 'json', 'one', 'verb'],
  ['-ojson', 'one', '-nq', 'verb'],
  ['-nqo', 'json', 'one', 'verb'],
  ['--db', 'one', '--no-input', 'one', '--output=json', 'verb'],
])('takes what is kept of a command behind global flags: %s %s %s %s', (...words) => {
  const { run, kept, code } = copy();
  run('one', 'verb', 'more');
  run('one', 'verb', 'more');
  const file = kept(code)[0] ?? '';
  const { ino } = statSync(join(code, file));
  expect(run(...words)).toBe('first');
  expect(kept(code)).toEqual([file]);
  expect(statSync(join(code, file)).ino).toBe(ino);
});

it('keeps under the noun what has no verb, whatever its argument is', () => {
  const { run, kept, code } = copy();
  run('one', 'argument');
  expect(kept(code).map((file) => file.split('.v')[0])).toEqual(['one']);
});

it('keeps what one user needs besides in his own folder, and reads it there', () => {
  const { run, kept, code, own } = copy();
  run('one');
  run('one');
  // As if the user might not write there, which whoever runs this test may.
  const [file = ''] = kept(code);
  const given = readFileSync(join(code, file));
  const held = () => ({ code: statSync(join(code, file)).ino, own: statSync(join(own, file)).ino });
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, file), given);
  run('one', '-x', 'more');
  run('one', '-x', 'more');
  const learned = held();
  expect(readFileSync(join(code, file)).equals(given)).toBe(true);
  expect([run('one', '-x', 'more'), held()]).toEqual(['first', learned]);
  expect([run('one'), held()]).toEqual(['first', learned]);
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

it('refuses what is damaged, wherever it is, and makes it anew', () => {
  const { run, kept, code } = copy();
  run('one');
  run('one');
  const file = join(code, kept(code)[0] ?? '');
  const good = readFileSync(file);
  const flipped = (at: number) => Buffer.from(good.map((byte, index) => (index === at ? byte ^ 4 : byte)));
  const body = good.indexOf(10) + 1;
  const damages = [
    ...Array.from({ length: 6 }, (_, n) => flipped(body + Math.floor(((good.length - body) * n) / 6))),
    ...[0, 10, body - 3, good.length - 1].map(flipped),
    Buffer.from(good).fill(0, body, body + 50),
    Buffer.from(good).fill(0, good.length - 200),
    good.subarray(0, good.length - 100),
    good.subarray(0, body),
    Buffer.alloc(0),
    Buffer.alloc(good.length),
  ];
  for (const damage of damages) {
    writeFileSync(file, damage);
    expect(run('one')).toBe('first');
    expect(readFileSync(file).equals(damage)).toBe(false);
  }
  run('one');
  expect(readFileSync(file).length).toBeGreaterThan(good.length - 20);
});

it('does without a folder of the user that cannot be made', () => {
  const { runIn, code } = copy();
  writeFileSync(code, 'no folder');
  const envs = [
    { HOME: '/proc' },
    { HOME: '/dev/null' },
    { HOME: 'relative' },
    { XDG_CACHE_HOME: '/proc/a/b' },
  ];
  for (const env of envs) expect(runIn(env, 'one')).toBe('first');
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
