// Loads the parts of the built program when they are asked for. `dist/program.js` holds those that several of the usual
// commands need, as functions in one script; any other is a file in `dist/parts`. The parts that a command needed before
// are kept together in a file of its own, with what V8 compiled of them, which it takes back in a fraction of the time
// that compiling takes, and refuses where another version of it made it: such a start reads nothing of the program.
// The build leaves such files in `dist/code`; a start that finds none that suffices makes one, there or in the user's
// cache folder, which is looked into first, and does without where neither can be written. The first start of a command
// keeps its parts, the second what V8 compiled of them by then. Only code of the user or of root is run, and only as it
// was written: V8 does not look whether what it takes back is damaged, and dies of it.
const { closeSync, fstatSync, openSync, readFileSync, readSync } = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

/** @typedef {{ readonly here: string, readonly folder: string }} Place the URL of a part, and the folder that it is in */
/** @typedef {(part: (name: string) => unknown, require: (name: string) => unknown, module: { exports: unknown }, place: Place) => void} Part */
/** @typedef {Readonly<Record<string, Part>>} Parts */
/** @typedef {{ id: string, source: number, code: number, sum: number }} Head what a file of code holds, in its first line: bytes */
/** @typedef {{ source: string, code: Buffer, folder: string }} Kept */
/** @typedef {{ id: string, flags: ReadonlySet<string> }} Build flags: the global ones, with `=` those that take a value */

/**
 * Runs the program for the command line of the process.
 *
 * @param {string} program its file
 * @returns {Promise<string[]>} the parts that were loaded
 */
async function start(program) {
  const folder = dirname(program);
  const { id, flags } = buildOf(program);
  const words = commandWords(process.argv.slice(2), flags);
  const suffix = `${process.version}-${process.platform}-${process.arch}${optionsOfNode()}`;
  const files = namesOf(words).map((name) => `${name}.${suffix}`);
  const own = userFolder();
  const kept = readKept(files, id, [...own, join(folder, 'code')]);
  /** @type {Map<string, { part: Part, exports: unknown }>} */
  const loaded = new Map();
  const { script, known } = compiled(program, kept);
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
  const begins = (/** @type {string} */ path) => {
    command = path;
  };
  process.exitCode = await entry.run(process.argv, entry.realHost(), begins, words);
  // `exclusion.set` for a verb, `eligible` for what is none: always one of those that were looked for.
  const file = command.split(' ').length > 2 ? files[0] : files.at(-1);
  const isFresh = script === undefined || rest !== undefined;
  if (
    command !== '' &&
    file !== undefined &&
    GOOD.has(process.exitCode) &&
    (isFresh || script.cachedDataRejected !== false)
  ) {
    const { keep, sourceOf } = require('./keep.js');
    const functions = Object.entries(known).concat([...loaded].map(([name, { part }]) => [name, part]));
    // Where it is found before any other of that name.
    const folders = kept !== undefined && own.includes(kept.folder) ? own : [join(folder, 'code'), ...own];
    keep(folders, file, id, sumOf, () =>
      isFresh
        ? { source: sourceOf(functions), code: Buffer.alloc(0) }
        : { source: kept?.source ?? '', code: script.createCachedData() },
    );
  }
  return [...loaded.keys()];
}

/** The exit codes of a command that did what it does: with 8 it answers no. */
const GOOD = new Set([0, 8]);

/** @param {string} program @param {Kept | undefined} kept @returns {{ script: Script | undefined, known: Parts }} */
function compiled(program, kept) {
  try {
    const script = kept && new Script(kept.source, { filename: program, cachedData: kept.code });
    return { script, known: /** @type {Parts} */ (script?.runInThisContext() ?? {}) };
  } catch {
    return { script: undefined, known: {} };
  }
}

/**
 * @param {readonly string[]} line what stands on the command line behind the program
 * @param {ReadonlySet<string>} flags the global ones
 * @returns {string[]} its noun and its verb, where nothing but global flags stands before them
 */
function commandWords(line, flags) {
  const words = [];
  for (let at = 0; at < line.length && words.length < 2; at += 1) {
    const word = line[at] ?? '';
    if (!word.startsWith('-')) words.push(word);
    else if (flags.has(`${word}=`)) at += 1;
    else if (!flags.has(word) && !isJoined(word, flags)) break;
  }
  return words;
}

/** @param {string} word @param {ReadonlySet<string>} flags @returns {boolean} whether it is `--db=x`, `-ojson` or `-nq` */
function isJoined(word, flags) {
  if (word.startsWith('--')) return flags.has(word.slice(0, word.indexOf('=') + 1));
  const [, letter, more = ''] = /^-(.)(.+)$/s.exec(word) ?? [];
  if (letter === undefined) return false;
  return (
    flags.has(`-${letter}=`) ||
    (flags.has(`-${letter}`) && (flags.has(`-${more}`) || isJoined(`-${more}`, flags)))
  );
}

/** @param {readonly string[]} words @returns {string[]} under which a command's parts may be kept, the likeliest first */
function namesOf([noun = '', verb = '']) {
  if (!/^[a-z]{1,16}$/.test(noun)) return [];
  return /^[a-z][a-z-]{0,15}$/.test(verb) ? [`${noun}.${verb}`, noun] : [noun];
}

/** Options of Node can make V8 refuse code that it made without them. Each set of them has files of its own. */
function optionsOfNode() {
  const options = givenOptions();
  return options === '' ? '' : `-${sumOf(Buffer.from(options)).toString(16)}`;
}

function givenOptions() {
  const { NODE_OPTIONS = '', NODE_PENDING_DEPRECATION = '' } = process.env;
  return [...process.execArgv, NODE_OPTIONS, NODE_PENDING_DEPRECATION].join(' ').trim();
}

/**
 * The CRC-32 of some bytes. To load Node's module for it takes ten times as long as to reckon it, so it is taken from
 * beneath where that is known to be there and to say nothing.
 *
 * @param {Buffer} bytes
 * @returns {number}
 */
function sumOf(bytes) {
  if (Number.parseInt(process.versions.node, 10) < 25 && givenOptions() === '')
    try {
      // @ts-expect-error: not among its types
      const sum = process.binding('zlib').crc32(bytes, 0);
      if (typeof sum === 'number') return sum;
    } catch {
      // It is not there.
    }
  return require('node:zlib').crc32(bytes);
}

/** @param {string} program @returns {Build} what the program begins with */
function buildOf(program) {
  const handle = openSync(program, 'r');
  try {
    const head = Buffer.alloc(512);
    const text = head.toString('latin1', 0, readSync(handle, head, 0, head.length, 0));
    const [id = '', ...flags] = text.slice(2, text.indexOf('\n')).split(' ');
    return { id, flags: new Set(flags) };
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
 * @param {readonly string[]} folders
 * @returns {Kept | undefined} what the first file that is there holds; none where it is not of this build, or may be anybody's
 */
function readKept(files, id, folders) {
  for (const file of files)
    for (const folder of folders) {
      const kept = readFile(folder, file, id);
      if (kept !== undefined) return kept;
    }
  return undefined;
}

/** @param {string} folder @param {string} file @param {string} id of the build @returns {Kept | undefined} */
function readFile(folder, file, id) {
  let handle;
  try {
    handle = openSync(join(folder, file), 'r');
    const { size, uid, mode } = fstatSync(handle);
    const isOurs =
      process.getuid === undefined || ((uid === 0 || uid === process.getuid()) && (mode & 0o022) === 0);
    if (!isOurs) return undefined;
    const content = Buffer.allocUnsafeSlow(size);
    if (readSync(handle, content, 0, size, 0) !== size) return undefined;
    const at = content.indexOf(10) + 1;
    const head = /** @type {Head} */ (JSON.parse(content.toString('latin1', 0, at)));
    if (head.id !== id || at + head.source + head.code !== size) return undefined;
    if (head.sum !== sumOf(content.subarray(at))) return undefined;
    const source = content.toString('latin1', at, at + head.source);
    return { source, code: content.subarray(at + head.source), folder };
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** @returns {string[]} the user's folder by the XDG base directory specification, where there is one */
function userFolder() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  try {
    const base = XDG_CACHE_HOME?.startsWith('/')
      ? XDG_CACHE_HOME
      : join(HOME || require('node:os').homedir(), '.cache');
    return isAbsolute(base) ? [join(base, 'tph', 'code')] : [];
  } catch {
    // Some containers run under a user id that no table names.
    return [];
  }
}

module.exports = { start };
