import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { runChild } from './child.mjs';
import { readJson, replaceFile } from './files.mjs';
import { fingerprint } from './fingerprint.mjs';
import { Problem } from './problem.mjs';
import { manifest, root } from './project.mjs';

const stampFile = `${root}/node_modules/.tph-installed.json`;

/**
 * Makes node_modules what package-lock.json says, for this Node. Does nothing when that is so already.
 *
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(say) {
  requireNode();
  const wanted = JSON.stringify({
    lock: fingerprint(root, ['package-lock.json']),
    node: `${process.platform}-${process.arch}-${process.versions.modules}`,
  });
  if (JSON.stringify(readJson(stampFile)) === wanted) return;
  if (!(installedByHand() && (await databaseLoads()))) {
    const started = performance.now();
    say('install: npm ci (where better-sqlite3 has to be compiled, this takes a minute or two)');
    await npmCi();
    say(`install: done in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  replaceFile(stampFile, wanted);
}

function requireNode() {
  const floor = manifest().engines.node.replace('>=', '');
  const [major = 0, minor = 0] = floor.split('.').map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
    throw new Problem(`tph needs Node ${floor} or newer; this is ${process.versions.node}`);
  }
}

/** True where `npm install` has brought node_modules in line with package-lock.json already. */
function installedByHand() {
  const locked = packages(`${root}/package-lock.json`);
  const present = packages(`${root}/node_modules/.package-lock.json`);
  const paths = new Set([...Object.keys(locked), ...Object.keys(present)]);
  paths.delete('');
  return [...paths].every((path) => {
    const [want, have] = [locked[path], present[path]];
    if (have === undefined) return want?.optional === true && !startsWithThisNode(want.engines?.node);
    return want?.integrity === have.integrity && existsSync(`${root}/${path}`);
  });
}

/**
 * Whether a package that begins with some Node (`>=22`) is for this one: npm leaves out the optional ones that are not.
 *
 * @param {string} [range]
 */
function startsWithThisNode(range) {
  const first = /^>=(\d+)$/.exec(range ?? '')?.[1];
  return (
    first !== undefined && Number(first) > 20 && Number.parseInt(process.versions.node, 10) >= Number(first)
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { integrity?: string, optional?: boolean, engines?: { node?: string } }>} by folder
 */
function packages(lockFile) {
  const lock = /** @type {{ packages?: Record<string, object> } | undefined} */ (readJson(lockFile));
  return lock?.packages ?? {};
}

/** better-sqlite3 is machine code: it can be there and yet not fit this Node. */
async function databaseLoads() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  return (await runChild([process.execPath, '-e', probe], { show: false })).code === 0;
}

async function npmCi() {
  const { code, output } = await runChild([...npm(), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    show: false,
  });
  if (code !== 0) {
    if (/gyp ERR!/.test(output)) {
      const said = /stack Error: .*/.exec(output)?.[0] ?? '';
      const log = /A complete log .*/.exec(output)?.[0] ?? '';
      throw new Problem(`${needsCompiler}\n\nnode-gyp said: ${said.replace('stack ', '')}\n${log}`, code);
    }
    throw new Problem(`${ends(output)}\n\ninstall failed: npm ci ended with exit code ${code}`, code);
  }
  if (!(await databaseLoads())) {
    throw new Problem(
      'better-sqlite3 was installed without its machine code, most likely because npm is set to skip install scripts\n' +
        'hint: run `npm rebuild better-sqlite3 --ignore-scripts=false`, then this command again',
    );
  }
}

/** @returns {string[]} the npm that started us, or the one on the path */
export function npm() {
  const own = process.env['npm_execpath'];
  if (own !== undefined && basename(own) === 'npm-cli.js') return [process.execPath, own];
  return process.platform === 'win32' ? ['cmd.exe', '/c', 'npm'] : ['npm'];
}

/** @param {string} output @returns {string} its first and last lines: npm says what is wrong first, a compiler last */
function ends(output) {
  const lines = output.trimEnd().split('\n');
  return (lines.length <= 30 ? lines : [...lines.slice(0, 10), '…', ...lines.slice(-20)]).join('\n');
}

const needsCompiler = `install failed: better-sqlite3 has no ready-made build for this machine and could not be compiled
hint: install a C++ compiler, make and Python 3, then run this command again
  Debian, Ubuntu   sudo apt-get install build-essential python3
  Fedora, RHEL     sudo dnf install gcc-c++ make python3
  Alpine           apk add build-base python3
  macOS            xcode-select --install
  Windows          winget install Python.Python.3.12, and the "Desktop development with C++" workload of Visual Studio`;
