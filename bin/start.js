// Loads the parts of the built program when they are asked for. `dist/program.js` holds those that the usual commands
// need, as functions in one script; any other is a file in `dist/parts`. What V8 compiled for a noun is kept in a file,
// which it takes back in a fraction of the time that compiling takes, and refuses where another version of it made it.
// The build leaves such files in `dist/code`; a start that finds none that fits makes one, there or in the user's cache
// folder, and does without where neither can be written. Only code of the user or of root is run.
const { closeSync, fstatSync, openSync, readFileSync, readSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** @typedef {{ readonly here: string }} Place the URL of a part */
/** @typedef {(load: (name: string) => unknown, module: { exports: unknown }, exports: unknown, place: Place) => void} Part */
/** @typedef {{ id: string, scripts: [name: string, bytes: number][] }} Head what a file of code holds, in its first line */

/**
 * Runs the program for the command line of the process.
 *
 * @param {string} program its file
 * @returns {Promise<string[]>} the parts that were loaded
 */
async function start(program) {
  const folder = dirname(program);
  const text = readFileSync(program, 'latin1');
  const id = text.slice(2, text.indexOf('\n'));
  const noun = process.argv[2] ?? '-';
  const isKept = /^(?:[a-z]{1,16}|-{1,2}[a-z]{0,9})$/.test(noun);
  const fileName = `${noun}.${process.version}-${process.platform}-${process.arch}`;
  const code =
    (isKept &&
      (readCode(join(folder, 'code', fileName), id) ?? readCode(join(userFolder(), fileName), id))) ||
    new Map();
  /** @type {Map<string, Script>} */
  const scripts = new Map();
  /** @type {Map<string, { exports: unknown }>} */
  const loaded = new Map();
  const parts = /** @type {Record<string, Part>} */ (run(program, text));

  /** @param {string} file @param {string} source @returns {unknown} what the script is worth */
  function run(file, source) {
    const name = basename(file);
    const script = new Script(source, { filename: file, cachedData: code.get(name) });
    scripts.set(name, script);
    return script.runInThisContext();
  }

  /** @param {string} name as a part asks for it */
  function load(name) {
    if (!name.startsWith('.')) return LATE.has(name) ? late(name) : require(name);
    const part = basename(name);
    const known = loaded.get(part);
    if (known !== undefined) return known.exports;
    const file = join(folder, 'parts', part);
    const make = parts[part] ?? /** @type {Part} */ (run(file, `(${readFileSync(file, 'latin1')})`));
    const module = { exports: {} };
    loaded.set(part, module);
    make(load, module, module.exports, {
      get here() {
        return require('node:url').pathToFileURL(file).href;
      },
    });
    return module.exports;
  }

  load.resolve = require.resolve;
  const entry = /** @type {typeof import('../src/main.ts') & typeof import('../src/host.ts')} */ (
    load('./tph.js')
  );
  process.exitCode = await entry.run(process.argv, entry.realHost());
  const isNew = [...scripts.values()].some(({ cachedDataRejected }) => cachedDataRejected !== false);
  if (isKept && isNew && process.exitCode === 0) {
    require('./keep.js').keep([join(folder, 'code'), userFolder()], fileName, id, () => {
      for (const [name, script] of scripts) code.set(name, script.createCachedData());
      return code;
    });
  }
  return [...loaded.keys()];
}

/** Modules of Node that take long to load, and are often imported for a use that does not come. */
const LATE = new Set(['node:child_process', 'node:crypto', 'node:os', 'node:stream']);

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
 * @param {string} file
 * @param {string} id of the build
 * @returns {Map<string, Buffer> | undefined} code by script; none where it is not of this build, or may be anybody's
 */
function readCode(file, id) {
  let handle;
  try {
    handle = openSync(file, 'r');
    const { size, uid, mode } = fstatSync(handle);
    const isOurs =
      process.getuid === undefined || ((uid === 0 || uid === process.getuid()) && (mode & 0o022) === 0);
    if (!isOurs) return undefined;
    const content = Buffer.allocUnsafeSlow(size);
    if (readSync(handle, content, 0, size, 0) !== size) return undefined;
    let at = content.indexOf(10) + 1;
    const head = /** @type {Head} */ (JSON.parse(content.toString('latin1', 0, at)));
    if (head.id !== id) return undefined;
    /** @type {Map<string, Buffer>} */
    const code = new Map();
    for (const [name, bytes] of head.scripts) {
      code.set(name, content.subarray(at, at + bytes));
      at += bytes;
    }
    return code;
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
