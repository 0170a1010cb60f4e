// Keeps the parts of a command with what V8 compiled of them; see start.js.
const { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Writes to the first folder that takes it. Never fails: without, the next start is only slower.
 *
 * @param {string[]} folders
 * @param {string} name of the file
 * @param {string} id of the build
 * @param {() => { source: string, code: Buffer }} content asked for where it can be written
 */
function keep(folders, name, id, content) {
  for (const folder of folders) {
    const half = join(folder, `${name}.${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const handle = openSync(half, 'wx', 0o644);
      try {
        const { source, code } = content();
        const text = Buffer.from(source, 'latin1');
        const head = JSON.stringify({ id, source: text.length, code: code.length });
        writeFileSync(handle, Buffer.concat([Buffer.from(`${head}\n`), text, code]));
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
