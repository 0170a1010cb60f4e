// Keeps the parts of a command with what V8 compiled of them; see start.js.
const {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

/**
 * Writes to the first folder that takes it and holds no such file of somebody else, who may need other parts. Never
 * fails: without, the next start is only slower.
 *
 * @param {string[]} folders
 * @param {string} name of the file
 * @param {string} id of the build
 * @param {(bytes: Buffer) => number} sumOf
 * @param {() => { source: string, code: Buffer }} content asked for where it can be written
 */
function keep(folders, name, id, sumOf, content) {
  for (const folder of folders) {
    const half = join(folder, `${name}.${process.pid}.tmp`);
    try {
      makeFolder(folder, LEVELS);
      if (isOfAnother(join(folder, name))) continue;
      const handle = openSync(half, 'wx', 0o644);
      try {
        const { source, code } = content();
        const text = Buffer.from(source, 'latin1');
        const body = Buffer.concat([text, code]);
        const head = JSON.stringify({ id, source: text.length, code: code.length, sum: sumOf(body) });
        writeFileSync(handle, Buffer.concat([Buffer.from(`${head}\n`), body]));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(half, join(folder, name));
      return;
    } catch {
      forget(half);
    }
  }
}

/** How many folders are made, one in the other. */
const LEVELS = 8;

/**
 * Node's own way to make those above as well never ends where the system has none below a folder that it has (`/proc`).
 *
 * @param {string} folder
 * @param {number} levels that may be made
 */
function makeFolder(folder, levels) {
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || levels <= 1) throw error;
    makeFolder(dirname(folder), levels - 1);
    mkdirSync(folder, { mode: 0o755 });
  }
}

/** @param {string} file @returns {boolean} whether it is there, and another user's */
function isOfAnother(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && process.getuid !== undefined && stat.uid !== process.getuid();
}

/**
 * @param {readonly (readonly [name: string, part: (...given: never[]) => void])[]} parts
 * @returns {string} a script that is worth these functions, by name
 */
const sourceOf = (parts) =>
  `({${[...new Map(parts)].map(([name, part]) => `${JSON.stringify(name)}:${part}`).join(',\n')}})\n`;

/** @param {string} file that was perhaps begun */
function forget(file) {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was not.
  }
}

module.exports = { keep, sourceOf };
