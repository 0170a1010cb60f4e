// Loads the parts of the built program when they are asked for. `dist/program.js` holds those that several of the usual
// commands need, as functions in one script; any other is a file in `dist/parts`. The parts that a command needed before
// are kept together in a file of its own, with what V8 compiled of them, which it takes back in a fraction of the time
// that compiling takes, and refuses where another version of it made it: such a start reads nothing of the program.
// The build leaves such files in `dist/code`; a start that finds none that fits makes one, there or in the user's cache
// folder, and does without where neither can be written. The first start of a command keeps its parts, the second what
// V8 compiled of them by then. Only code of the user or of root is run.
const { closeSync, fstatSync, openSync, readFileSync, readSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** @typedef {{ readonly here: string, readonly folder: string }} Place the URL of a part, and the folder that it is in */
/** @typedef {(part: (name: string) => unknown, require: (name: string) => unknown, module: { exports: unknown }, place: Place) => void} Part */
/** @typedef {Readonly<Record<string, Part>>} Parts */
/** @typedef {{ id: string, source: number, code: number }} Head what a file of code holds, in its first line: bytes */
/** @typedef {{ source: string, code: Buffer }} Kept */

/**
 * Runs the program for the command line of the process.
 *
 * @param {string} program its file
 * @returns {Promise<string[]>} the parts that were loaded
 */
async function start(program) {
  const folder = dirname(program);
  const id = idOf(program);
  const suffix = `${process.version}-${process.platform}-${process.arch}`;
  const files = namesOf(process.argv).map((name) => `${name}.${suffix}`);
  const kept = readKept(files, id, join(folder, 'code')) ?? readKept(files, id, userFolder());
  /** @type {Map<string, { part: Part, exports: unknown }>} */
  const loaded = new Map();
  const script = kept && new Script(kept.source, { filename: program, cachedData: kept.code });
  const known = /** @type {Parts} */ (script?.runInThisContext() ?? {});
  /** @type {Parts | undefined} */
  let rest;

  /** @param {string} file @param {string} source @returns {unknown} what the script is worth */
  const run = (file, source) => new Script(source, { filename: file }).runInThisContext();

  const partFolder = join(folder, 'parts');
  /** @param {string} name @returns {Part} that is not among those kept */
  function other(name) {
    rest ??= /** @type {Parts} */ (run(program, readFileSync(program, 'latin1')));
    const file = join(partFolder, name);
    return rest[name] ?? /** @type {Part} */ (run(file, `(${readFileSync(file, 'latin1')})`));
  }

  // Called some hundred times at a start.
  /** @param {string} name of a part @returns {unknown} what it exports */
  function load(name) {
    const before = loaded.get(name);
    if (before !== undefined) return before.exports;
    const part = known[name] ?? other(name);
    const module = { part, exports: {} };
    loaded.set(name, module);
    part(load, outside, module, {
      folder: partFolder,
      get here() {
        return require('node:url').pathToFileURL(join(partFolder, name)).href;
      },
    });
    return module.exports;
  }

  const entry = /** @type {typeof import('../src/main.ts') & typeof import('../src/host.ts')} */ (
    load('tph.js')
  );
  let command = '';
  process.exitCode = await entry.run(process.argv, entry.realHost(), (path) => {
    command = path;
  });
  const name = command.replace(/^tph /, '').replaceAll(' ', '.');
  const isFresh = script === undefined || rest !== undefined;
  if (process.exitCode === 0 && name !== '' && (isFresh || script.cachedDataRejected !== false)) {
    const { keep, sourceOf } = require('./keep.js');
    const functions = Object.entries(known).concat([...loaded].map(([own, { part }]) => [own, part]));
    keep([join(folder, 'code'), userFolder()], `${name}.${suffix}`, id, () =>
      isFresh
        ? { source: sourceOf(functions), code: Buffer.alloc(0) }
        : { source: kept?.source ?? '', code: script.createCachedData() },
    );
  }
  return [...loaded.keys()];
}

/** @param {readonly string[]} argv @returns {string[]} under which a command's parts may be kept, the likeliest first */
function namesOf([, , noun = '', verb = '']) {
  if (!/^[a-z]{1,16}$/.test(noun)) return [];
  return /^[a-z][a-z-]{0,15}$/.test(verb) ? [`${noun}.${verb}`, noun] : [noun];
}

/** @param {string} program @returns {string} the id of the build, which the program begins with */
function idOf(program) {
  const handle = openSync(program, 'r');
  try {
    const head = Buffer.alloc(64);
    const text = head.toString('latin1', 0, readSync(handle, head, 0, head.length, 0));
    return text.slice(2, text.indexOf('\n'));
  } finally {
    closeSync(handle);
  }
}

/** Modules of Node that take long to load, and are often imported for a use that does not come. */
const LATE = new Set(['node:child_process', 'node:crypto', 'node:os', 'node:stream']);

/** @param {string} name of a module that is no part of the program */
const outside = (name) => (LATE.has(name) ? late(name) : require(name));
outside.resolve = require.resolve;

/** @param {string} name @returns {object} the module, loaded when anything in it is used */
function late(name) {
  /** @type {object | undefined} */
  let module;
  const get = () => (module ??= /** @type {object} */ (require(name)));
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(get(), key),
      has: (_, key) => Reflect.has(get(), key),
      ownKeys: () => Reflect.ownKeys(get()),
      getOwnPropertyDescriptor: (_, key) => ({
        ...Reflect.getOwnPropertyDescriptor(get(), key),
        configurable: true,
      }),
    },
  );
}

/**
 * @param {readonly string[]} files
 * @param {string} id of the build
 * @param {string} folder
 * @returns {Kept | undefined} what the first file that is there holds; none where it is not of this build, or may be anybody's
 */
function readKept(files, id, folder) {
  for (const file of files) {
    const kept = readFile(join(folder, file), id);
    if (kept !== undefined) return kept;
  }
  return undefined;
}

/** @param {string} file @param {string} id of the build @returns {Kept | undefined} */
function readFile(file, id) {
  let handle;
  try {
    handle = openSync(file, 'r');
    const { size, uid, mode } = fstatSync(handle);
    const isOurs =
      process.getuid === undefined || ((uid === 0 || uid === process.getuid()) && (mode & 0o022) === 0);
    if (!isOurs) return undefined;
    const content = Buffer.allocUnsafeSlow(size);
    if (readSync(handle, content, 0, size, 0) !== size) return undefined;
    const at = content.indexOf(10) + 1;
    const head = /** @type {Head} */ (JSON.parse(content.toString('latin1', 0, at)));
    if (head.id !== id || at + head.source + head.code !== size) return undefined;
    const source = content.toString('latin1', at, at + head.source);
    return { source, code: content.subarray(at + head.source) };
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** By the XDG base directory specification. */
function userFolder() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const base = XDG_CACHE_HOME?.startsWith('/')
    ? XDG_CACHE_HOME
    : join(HOME || require('node:os').homedir(), '.cache');
  return join(base, 'tph', 'code');
}

module.exports = { start };
