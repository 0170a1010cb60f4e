import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fingerprint } from '../../scripts/support/fingerprint.mjs';
import { licenceTexts } from '../../scripts/support/licences.mjs';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tph-scripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

describe('bin/tph.js', () => {
  function runShim(files: Readonly<Record<string, string>>, ...args: string[]) {
    const folder = folderWith({ 'package.json': '{"type":"module"}', ...files });
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    return spawnSync(process.execPath, [join(folder, 'bin/tph.js'), ...args], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
  }

  test('says how to build what is not built', () => {
    const { status, stdout, stderr } = runShim({});
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('`npm run build`');
  });

  test('hands over the arguments and the host, and ends with the code it gets, all output written', () => {
    const program = `//build
      ({ 'tph.js': function (part, require, { exports }) {
        exports.realHost = () => process.stdout;
        exports.run = async (argv, host) => {
          host.write('x'.repeat(1_000_000));
          host.write(argv.slice(2).join());
          return 6;
        };
      } })`;
    const { status, stdout } = runShim({ 'dist/program.js': program }, 'a', '--b');
    expect({ status, length: stdout.length, end: stdout.slice(-6) }).toEqual({
      status: 6,
      length: 1_000_005,
      end: 'xa,--b',
    });
  });
});

describe('fingerprint', () => {
  test('changes with a content, a name and a new file, and with nothing else', () => {
    const folder = folderWith({ 'src/a.ts': '1', 'src/deep/b.ts': '2', 'other.ts': '3' });
    const seen = [fingerprint(folder, ['src', 'missing'])];
    const now = () => fingerprint(folder, ['src', 'missing']);
    writeFileSync(join(folder, 'other.ts'), '4');
    writeFileSync(join(folder, 'src/a.ts'), '1');
    expect(now()).toBe(seen[0]);

    writeFileSync(join(folder, 'src/deep/b.ts'), '5');
    seen.push(now());
    renameSync(join(folder, 'src/a.ts'), join(folder, 'src/c.ts'));
    seen.push(now());
    writeFileSync(join(folder, 'missing'), '');
    seen.push(now());
    expect(new Set(seen).size).toBe(4);
  });
});

describe('licences of what is bundled', () => {
  const inner = 'node_modules/outer/node_modules/@scope/inner';
  const files = {
    'node_modules/outer/package.json': '{"name":"outer","version":"1.0.0","license":"MIT"}',
    'node_modules/outer/license': 'Outer text',
    [`${inner}/package.json`]: '{"name":"@scope/inner","version":"2.0.0","license":"ISC"}',
    [`${inner}/LICENSE.txt`]: 'Inner text',
    'node_modules/bare/package.json': '{"name":"bare","version":"3.0.0"}',
  };

  test('each package once, with its text', () => {
    const sources = [
      'src/main.ts',
      'node_modules/outer/a.js',
      'node_modules/outer/b.js',
      `${inner}/lib/c.js`,
    ];
    const text = licenceTexts(folderWith(files), sources);
    expect(text.match(/^(outer 1|@scope\/inner 2).*|^\w+ text$/gm)).toEqual([
      'outer 1.0.0 (MIT)',
      'Outer text',
      '@scope/inner 2.0.0 (ISC)',
      'Inner text',
    ]);
  });

  test('a package without a text stops the build', () => {
    expect(() => licenceTexts(folderWith(files), ['node_modules/bare/x.js'])).toThrow(
      'bare has no licence text',
    );
  });
});
